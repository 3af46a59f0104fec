//! XML as a tree of local names. Blind to prefixes, because upstreams differ in them, and bounded in depth.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Deeper than any metadata seen.
const DEEPEST: usize = 256;

/// The longest list of revisions that is known needs less than a tenth; a tree takes many times the room of its text.
const MOST_ELEMENTS: usize = 4_000_000;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Local name.
    pub(super) name: String,
    /// Its own text, pieces joined, as it came.
    text: String,
    /// `xsi:nil`: absent, though an element stands for it.
    nil: bool,
    children: Vec<Element>,
}

impl Element {
    /// The first child of that name that is not nil.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children_named(name).next()
    }

    /// The children of that name that are not nil.
    pub(super) fn children_named(&self, name: &str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.name == name && !child.nil)
    }

    /// The first child of any name.
    pub(super) fn first_child(&self) -> Option<&Element> {
        self.children.first()
    }

    /// The first descendant of that name, whatever its case.
    pub(super) fn descendant(&self, name: &str) -> Option<&Element> {
        self.children
            .iter()
            .find_map(|child| if child.name.eq_ignore_ascii_case(name) { Some(child) } else { child.descendant(name) })
    }

    /// The text of a child, blanks around it removed.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }

    /// Its own text as it came.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Reads a document: bytes in UTF-8, or in UTF-16 with a mark.
pub(super) fn read(bytes: &[u8]) -> Result<Element, String> {
    let mut tree = Tree::default();
    walk(&text_of(bytes)?, &mut tree)?;
    tree.root.ok_or_else(|| "there is no element in it".to_owned())
}

/// What a walk through a document tells.
pub(super) trait Visitor {
    /// An element begins; how deep it lies.
    fn begin(&mut self, start: &BytesStart<'_>, depth: usize) -> Result<(), String>;
    fn text(&mut self, text: &str);
    fn end(&mut self);
}

fn text_of(bytes: &[u8]) -> Result<String, String> {
    let (encoding, mark) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    text.map(|text| text.into_owned()).ok_or_else(|| format!("its bytes are not {}", encoding.name()))
}

/// One root, everything closed, no document type (it could define entities without end), no entity beyond XML's own.
pub(super) fn walk(document: &str, visitor: &mut impl Visitor) -> Result<(), String> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_comments = true;
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(_) | Event::Empty(_) if DEEPEST <= depth => return Err("it is nested too deeply".to_owned()),
            Event::Start(start) => {
                roots += usize::from(depth == 0);
                visitor.begin(&start, depth)?;
                depth += 1;
            }
            Event::Empty(start) => {
                roots += usize::from(depth == 0);
                visitor.begin(&start, depth)?;
                visitor.end();
            }
            Event::End(_) => {
                depth -= 1;
                visitor.end();
            }
            Event::Text(text) => put(visitor, depth, &text.xml_content(XmlVersion::Implicit1_0))?,
            Event::CData(text) => put(visitor, depth, &text.xml_content(XmlVersion::Implicit1_0))?,
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|error| error.to_string())?;
                let character = character.or_else(|| predefined_entity(&reference));
                let character = character.ok_or_else(|| format!("it uses the unknown entity &{};", &*reference))?;
                put(visitor, depth, character.encode_utf8(&mut [0; 4]))?;
            }
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Eof if 0 < depth => return Err("it ends in the middle of an element".to_owned()),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        if 1 < roots {
            return Err("it has more than one root element".to_owned());
        }
    }
}

/// XML 1.0, 4.6.
fn predefined_entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

fn put(visitor: &mut impl Visitor, depth: usize, text: &str) -> Result<(), String> {
    if 0 < depth {
        visitor.text(text);
    } else if !text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\0']).is_empty() {
        return Err("there is text outside the root element".to_owned());
    }
    Ok(())
}

#[derive(Default)]
struct Tree {
    elements: usize,
    open: Vec<Element>,
    root: Option<Element>,
}

impl Visitor for Tree {
    fn begin(&mut self, start: &BytesStart<'_>, _depth: usize) -> Result<(), String> {
        self.elements += 1;
        if MOST_ELEMENTS < self.elements {
            return Err("it has too many elements".to_owned());
        }
        let mut element = Element { name: start.local_name().into_inner().to_owned(), ..Element::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let is_true = matches!(&*attribute.value, "true" | "1");
            element.nil |= attribute.key.local_name().into_inner() == "nil" && is_true;
        }
        self.open.push(element);
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_order_do_not_matter() {
        let root = read(br#"<a:x xmlns:a="u"><b>1</b><a:c>2</a:c></a:x>"#).unwrap();
        assert_eq!((root.name.as_str(), root.value("c"), root.value("b")), ("x", Some("2"), Some("1")));
    }

    #[test]
    fn text_is_put_together_from_its_pieces() {
        let root = read(b"<x>&lt;a&gt;<![CDATA[&]]>&#65;<!-- no -->b</x>").unwrap();
        assert_eq!(root.text(), "<a>&Ab");
    }

    #[test]
    fn nil_is_absent() {
        let root = read(br#"<x xmlns:i="u"><a i:nil="true"/><b i:nil="false">1</b></x>"#).unwrap();
        assert_eq!((root.value("a"), root.value("b")), (None, Some("1")));
    }

    #[test]
    fn what_is_not_one_whole_document_is_refused() {
        for broken in ["", "no", "<a>", "<a><b></a>", "<a/><b/>", "<a/>text", "<a>&nope;</a>", "<a b='1' b='2'/>"] {
            assert!(read(broken.as_bytes()).is_err(), "{broken}");
        }
        assert!(read(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_err());
        assert!(read(b"<a>\xff</a>").is_err());
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert!(read(deep(DEEPEST).as_bytes()).is_ok());
        assert_eq!(read(deep(DEEPEST + 1).as_bytes()).unwrap_err(), "it is nested too deeply");
    }

    #[test]
    fn utf_16_with_a_mark_is_read() {
        let bytes: Vec<u8> = "\u{feff}<a>ä</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&bytes).unwrap().text(), "ä");
    }
}
