//! Reading a request: a bounded tree of elements without prefixes, and the members of a message in it.
//!
//! Comments and processing instructions fall away; a document type is refused, so that no entity is ever expanded.

use std::str::FromStr;

use time::OffsetDateTime;
use time::macros::datetime;

use crate::catalogue::Guid;

mod characters;
mod element;
mod scalar;

pub(crate) use characters::{characters, is_taken_by_wcf};
pub(crate) use element::{Document, Element, Namespace, parse};

/// Why a request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// No well-formed XML, or a text that is no base64.
    Malformed,
    /// An element whose text is not of its type.
    Scalar {
        /// Where the reader stood, in bytes.
        at: usize,
        /// The conversion's own words.
        why: String,
    },
}

/// How an implementation takes members that do not stand in the order of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Any order will do (ASP.NET's XmlSerializer).
    Free,
    /// A member behind its place is taken as absent (WCF's DataContractSerializer).
    Schema,
}

/// How the members of a message are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// What becomes of members out of order.
    pub(crate) order: Order,
    /// The namespace of every member.
    pub(crate) namespace: Namespace,
}

impl Reading {
    /// The members of these names, given in the order of the schema; what is unknown, repeated or nil is left aside.
    pub(crate) fn members<'e, 'x, const N: usize>(
        self,
        element: Option<&'e Element<'x>>,
        names: [&str; N],
    ) -> [Option<&'e Element<'x>>; N] {
        let mut members = [None; N];
        let mut first = 0;
        for child in element.into_iter().flat_map(|element| &element.children) {
            let Some(index) = self.index(child, &names[first..]).map(|index| index + first) else { continue };
            if members[index].is_none() {
                members[index] = Some(child);
            }
            if self.order == Order::Schema {
                first = index + 1;
            }
        }
        members.map(|member| member.filter(|child| !child.nil))
    }

    /// The text of a member; empty where it is absent.
    pub(crate) fn string(self, member: Option<&Element<'_>>) -> String {
        member.map(Element::string).unwrap_or_default()
    }

    /// The number of a member; zero where it is absent.
    pub(crate) fn number<N: Default + FromStr>(self, member: Option<&Element<'_>>) -> Result<N, Unreadable> {
        member.map_or(Ok(N::default()), |member| member.scalar().number())
    }

    /// The id of a member; zeros where it is absent.
    pub(crate) fn guid(self, member: Option<&Element<'_>>) -> Result<Guid, Unreadable> {
        member.map_or(Ok(Guid::default()), Element::guid)
    }

    /// The time of a member; the first there is where it is absent.
    pub(crate) fn date_time(self, member: Option<&Element<'_>>) -> Result<OffsetDateTime, Unreadable> {
        const FIRST: OffsetDateTime = datetime!(0001-01-01 00:00 UTC);
        member.map_or(Ok(FIRST), Element::date_time)
    }

    /// The items of an array.
    pub(crate) fn items<'e, 'x>(
        self,
        element: &'e Element<'x>,
        name: &'e str,
    ) -> impl Iterator<Item = &'e Element<'x>> {
        element.children.iter().filter(move |child| child.name == name && child.namespace == self.namespace)
    }

    fn index(self, child: &Element<'_>, names: &[&str]) -> Option<usize> {
        names.iter().position(|name| child.name == *name && child.namespace == self.namespace)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn names(order: Order, body: &str) -> [Option<String>; 3] {
        let text = format!("<r xmlns='http://www.microsoft.com/SoftwareDistribution'>{body}</r>");
        let root = parse(&text).unwrap().root;
        let reading = Reading { order, namespace: Namespace::ServerSync };
        reading.members(Some(&root), ["a", "b", "c"]).map(|member| member.map(|element| element.text.to_string()))
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn members_in_order_are_found_by_both() {
        for order in [Order::Free, Order::Schema] {
            assert_eq!(names(order, "<a>1</a><x/><c>3</c>"), [some("1"), None, some("3")]);
        }
    }

    #[test]
    fn a_member_behind_its_place_is_absent_where_order_matters() {
        assert_eq!(names(Order::Schema, "<b>2</b><a>1</a><c>3</c>"), [None, some("2"), some("3")]);
        assert_eq!(names(Order::Free, "<b>2</b><a>1</a><c>3</c>"), [some("1"), some("2"), some("3")]);
    }

    #[test]
    fn of_a_repeated_member_the_first_counts() {
        assert_eq!(names(Order::Free, "<a>1</a><a>2</a>"), [some("1"), None, None]);
    }

    #[test]
    fn a_nil_member_and_one_of_another_namespace_are_absent() {
        let nil = "<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'/><b xmlns='urn:x'>2</b>";
        assert_eq!(names(Order::Free, nil), [None, None, None]);
    }
}
