//! The tree of a request: well-formed, at most so deep and of so many elements, its namespaces resolved.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

use super::Unreadable;

/// Deeper than any message of the protocol, and the limit of WCF's own reader. ASP.NET has none, and passes over what it does
/// not know: so what lies deeper is read for its form alone, down to the 65,535 levels that the tokenizer counts.
const DEPTH: usize = 32;
/// More than the largest roll-up message holds. A tree takes no more than 96 bytes for each byte of its text, which
/// `tests/tests/memory.rs` measures.
const ELEMENTS: usize = 200_000;

/// A request that is well-formed.
#[derive(Debug)]
pub(crate) struct Document<'x> {
    /// Its only root.
    pub(crate) root: Element<'x>,
    /// The namespace of the root as it is written.
    pub(crate) namespace: String,
    /// Whether elements were left out, for they lay too deep.
    pub(crate) is_too_deep: bool,
}

/// An element of a request.
#[derive(Debug)]
pub(crate) struct Element<'x> {
    /// Name without its prefix.
    pub(crate) name: &'x str,
    /// Namespace, as far as we know it.
    pub(crate) namespace: Namespace,
    /// All character data directly inside it.
    pub(crate) text: Cow<'x, str>,
    /// Its child elements.
    pub(crate) children: Vec<Element<'x>>,
    /// Its attributes that are of no namespace, in their order.
    pub(crate) attributes: Vec<(String, String)>,
    /// Whether it says `xsi:nil`.
    pub(crate) nil: bool,
    /// Where its end tag ends, in bytes.
    pub(crate) end: usize,
}

/// The namespaces of which requests are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namespace {
    Soap11,
    Soap12,
    ServerSync,
    DssAuth,
    Monitorable,
    Client,
    SimpleAuth,
    /// None at all, or one that means nothing here.
    Other,
}

impl Namespace {
    /// As it is written.
    pub(crate) const fn uri(self) -> &'static str {
        match self {
            Namespace::Soap11 => "http://schemas.xmlsoap.org/soap/envelope/",
            Namespace::Soap12 => "http://www.w3.org/2003/05/soap-envelope",
            Namespace::ServerSync => "http://www.microsoft.com/SoftwareDistribution",
            Namespace::DssAuth => "http://www.microsoft.com/SoftwareDistribution/Server/DssAuthWebService",
            Namespace::Monitorable => "http://www.microsoft.com/SoftwareDistribution/Server/IMonitorable",
            Namespace::Client => "http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService",
            Namespace::SimpleAuth => "http://www.microsoft.com/SoftwareDistribution/Server/SimpleAuthWebService",
            Namespace::Other => "",
        }
    }

    fn of(uri: &str) -> Namespace {
        const KNOWN: [Namespace; 7] = [
            Namespace::ServerSync,
            Namespace::DssAuth,
            Namespace::Soap11,
            Namespace::Soap12,
            Namespace::Monitorable,
            Namespace::Client,
            Namespace::SimpleAuth,
        ];
        KNOWN.into_iter().find(|known| known.uri() == uri).unwrap_or(Namespace::Other)
    }
}

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Reads a document, or says that it is not well-formed.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Unreadable> {
    if !text.chars().all(is_character) {
        return Err(Unreadable::Malformed);
    }
    let mut builder = Builder {
        text,
        reader: NsReader::from_str(text),
        open: Vec::new(),
        root: None,
        namespace: String::new(),
        elements: 0,
        beneath: 0,
        is_too_deep: false,
    };
    while builder.step()? {}
    match builder.root {
        Some(root) if builder.open.is_empty() => {
            Ok(Document { root, namespace: builder.namespace, is_too_deep: builder.is_too_deep })
        }
        _ => Err(Unreadable::Malformed),
    }
}

struct Builder<'x> {
    text: &'x str,
    reader: NsReader<&'x [u8]>,
    open: Vec<Element<'x>>,
    root: Option<Element<'x>>,
    namespace: String,
    elements: usize,
    /// How many open elements lie deeper than we look.
    beneath: usize,
    is_too_deep: bool,
}

impl<'x> Builder<'x> {
    /// Takes one event; `false` at the end.
    fn step(&mut self) -> Result<bool, Unreadable> {
        let before = self.position();
        match self.reader.read_event().map_err(malformed)? {
            Event::Start(start) => self.start(before, &start)?,
            Event::Empty(start) => {
                self.start(before, &start)?;
                self.close()?;
            }
            Event::End(_) => self.close()?,
            Event::Text(text) => self.append(text.xml10_content())?,
            Event::CData(data) => self.append(data.xml10_content())?,
            Event::GeneralRef(reference) => self.append(resolve(&reference)?)?,
            Event::Comment(_) | Event::PI(_) => {}
            Event::Decl(_) if before == 0 => {}
            Event::Decl(_) | Event::DocType(_) => return Err(Unreadable::Malformed),
            Event::Eof => return Ok(false),
        }
        Ok(true)
    }

    fn start(&mut self, before: usize, start: &BytesStart<'_>) -> Result<(), Unreadable> {
        self.elements += 1;
        let second_root = self.open.is_empty() && self.root.is_some();
        if second_root || self.elements > ELEMENTS {
            return Err(Unreadable::Malformed);
        }
        let qualified = self.text.get(before + 1..before + 1 + start.name().0.len()).ok_or(Unreadable::Malformed)?;
        let name = local(qualified).ok_or(Unreadable::Malformed)?;
        let resolver = self.reader.resolver();
        let uri = match resolver.resolve_element(start.name()).0 {
            ResolveResult::Bound(namespace) => namespace.0,
            ResolveResult::Unbound => "",
            ResolveResult::Unknown(_) => return Err(Unreadable::Malformed),
        };
        let namespace = Namespace::of(uri);
        let (attributes, nil) = attributes(resolver, start)?;
        if self.open.len() == DEPTH {
            self.is_too_deep = true;
            self.beneath += 1;
            return Ok(());
        }
        if self.open.is_empty() {
            self.namespace = uri.to_owned();
        }
        self.open.push(Element {
            name,
            namespace,
            text: Cow::Borrowed(""),
            children: Vec::new(),
            attributes,
            nil,
            end: 0,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        if self.beneath > 0 {
            self.beneath -= 1;
            return Ok(());
        }
        let mut element = self.open.pop().ok_or(Unreadable::Malformed)?;
        element.end = self.position();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn append(&mut self, text: Cow<'x, str>) -> Result<(), Unreadable> {
        match self.open.last_mut() {
            Some(_) if self.beneath > 0 => {}
            Some(element) if element.text.is_empty() => element.text = text,
            Some(element) => element.text.to_mut().push_str(&text),
            None if text.bytes().all(|byte| byte.is_ascii_whitespace()) => {}
            None => return Err(Unreadable::Malformed),
        }
        Ok(())
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}

fn local(qualified: &str) -> Option<&str> {
    let name = qualified.rsplit_once(':').map_or(qualified, |(_, name)| name);
    let first = name.chars().next()?;
    ((first.is_alphabetic() || first == '_') && name.chars().all(may_name)).then_some(name)
}

/// Every letter, combining mark and extender beyond ASCII passes; what stands for a wrong byte does not.
fn may_name(character: char) -> bool {
    match character {
        '.' | '-' | '_' => true,
        '\u{80}'.. => character != char::REPLACEMENT_CHARACTER,
        ascii => ascii.is_ascii_alphanumeric(),
    }
}

/// Whether XML 1.0 allows it.
fn is_character(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        character => character >= ' ' && !matches!(character, '\u{fffe}' | '\u{ffff}'),
    }
}

/// The attributes of no namespace, and whether the element says `xsi:nil`. What declares a namespace is neither.
fn attributes(
    resolver: &NamespaceResolver,
    start: &BytesStart<'_>,
) -> Result<(Vec<(String, String)>, bool), Unreadable> {
    let (mut own, mut nil) = (Vec::new(), false);
    for attribute in start.attributes() {
        let attribute = attribute.map_err(malformed)?;
        let (namespace, name) = resolver.resolve_attribute(attribute.key);
        let is_declaration = attribute.key.as_namespace_binding().is_some();
        match namespace {
            ResolveResult::Unbound if !is_declaration => {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(malformed)?;
                own.push((name.into_inner().to_owned(), value.into_owned()));
            }
            ResolveResult::Bound(bound) if bound.0 == INSTANCE && name.into_inner() == "nil" => {
                nil = matches!(attribute.value.trim(), "true" | "1");
            }
            ResolveResult::Unbound | ResolveResult::Bound(_) | ResolveResult::Unknown(_) => {}
        }
    }
    Ok((own, nil))
}

/// The five entities of XML itself and character references; no other can exist without a document type.
fn resolve(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, Unreadable> {
    if let Some(character) = reference.resolve_char_ref().map_err(malformed)? {
        if !is_character(character) {
            return Err(Unreadable::Malformed);
        }
        return Ok(Cow::Owned(character.to_string()));
    }
    let text = match &**reference {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => return Err(Unreadable::Malformed),
    };
    Ok(Cow::Borrowed(text))
}

fn malformed<E>(_: E) -> Unreadable {
    Unreadable::Malformed
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn refused(text: &str) -> bool {
        parse(text).is_err()
    }

    #[test]
    fn prefixes_comments_and_references_do_not_matter() {
        let text = "<?xml version=\"1.0\"?> <q:a xmlns:q='http://www.microsoft.com/SoftwareDistribution'>x<!-- c -->\
                    &amp;<![CDATA[<y>]]>&#x41;<?pi?></q:a> <!-- end -->";
        let root = parse(text).unwrap().root;
        assert_eq!((root.name, root.namespace, &*root.text), ("a", Namespace::ServerSync, "x&<y>A"));
    }

    #[test]
    fn the_end_of_an_element_is_known() {
        let root = parse("<a><b>1</b><c/></a>").unwrap().root;
        assert_eq!(root.children.iter().map(|child| child.end).collect::<Vec<_>>(), [11, 15]);
    }

    #[test]
    fn attributes_are_read_without_declarations_and_prefixes_of_others() {
        let text = "<a xmlns='urn:x' xmlns:i='http://www.w3.org/2001/XMLSchema-instance' b='1&amp;&#x32;' i:nil='true' i:c='3'/>";
        let root = parse(text).unwrap().root;
        assert_eq!((root.attributes, root.nil), (vec![("b".to_owned(), "1&2".to_owned())], true));
        assert!(refused("<a b='&nbsp;'/>"));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        let bad = [
            "",
            " ",
            "x",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>x",
            "x<a/>",
            "<a b='1' b='2'/>",
            "<a b=1/>",
            "<a>&nbsp;</a>",
            "<p:a/>",
            "<a>\u{1}</a>",
            "<1a/>",
            "< a/>",
            "<a",
            "<a>&#xD800;</a>",
            "<a>&#1;</a>",
            "<a>\u{ffff}</a>",
            "<a\u{fffd}/>",
            "<a$/>",
            "{}",
            "<!DOCTYPE a><a/>",
            " <?xml version='1.0'?><a/>",
        ];
        for text in bad {
            assert!(refused(text), "{text}");
        }
    }

    #[test]
    fn an_entity_is_never_expanded() {
        assert!(refused("<!DOCTYPE a [<!ENTITY e 'eeee'>]><a>&e;</a>"));
    }

    #[test]
    fn what_lies_too_deep_must_be_well_formed_and_is_left_out() {
        let nested = |depth: usize, inside: &str| "<a>".repeat(depth) + inside + &"</a>".repeat(depth);
        let is_too_deep = |text: &str| parse(text).unwrap().is_too_deep;
        assert!(!is_too_deep(&nested(DEPTH, "x")));
        assert!(is_too_deep(&nested(DEPTH + 1, "x")));
        let within_the_limit = nested(DEPTH - 1, &format!("<b>before<c/>{}</b>", nested(60_000, "x&amp;y")));
        let mut deepest = &parse(&within_the_limit).unwrap().root;
        while let Some(child) = deepest.children.last() {
            deepest = child;
        }
        assert_eq!((deepest.name, &*deepest.text), ("b", "before"));
        for inside in ["</b>", "<b>", "&nbsp;", "<p:b/>", "<b c='1' c='2'/>"] {
            assert!(refused(&nested(DEPTH + 5, inside)), "{inside}");
        }
    }

    #[test]
    fn the_number_of_elements_has_a_limit() {
        assert!(refused(&format!("<a>{}</a>", "<b/>".repeat(ELEMENTS))));
    }
}
