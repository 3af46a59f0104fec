//! Metadata within the list: escaped text, or an element, which is taken as it is written.

use std::ops::Range;

use quick_xml::events::Event;

use super::resolve;

/// A `Metadata` element while it is read.
#[derive(Debug)]
pub(super) struct Inside {
    start: usize,
    /// Elements that are open within it.
    depth: usize,
    is_markup: bool,
}

impl Inside {
    /// What is read goes to the end of this text.
    pub(super) fn new(text: &str) -> Inside {
        Inside { start: text.len(), depth: 0, is_markup: false }
    }

    /// Where it stands in the text.
    pub(super) fn range(&self, text: &str) -> Range<usize> {
        self.start..text.len()
    }

    /// Takes one event; `true` when it was the end.
    pub(super) fn take(&mut self, event: &Event<'_>, text: &mut String) -> Result<bool, String> {
        match event {
            Event::End(_) if self.depth == 0 => return Ok(true),
            Event::Start(start) => {
                self.begin_markup(text);
                self.depth += 1;
                surround(text, "<", start, ">");
            }
            Event::Empty(start) => {
                self.begin_markup(text);
                surround(text, "<", start, "/>");
            }
            Event::End(end) => {
                self.depth -= 1;
                surround(text, "</", end, ">");
            }
            _ if self.depth == 0 => self.character_data(event, text)?,
            Event::Text(written) => text.push_str(written),
            Event::CData(data) => surround(text, "<![CDATA[", data, "]]>"),
            Event::GeneralRef(reference) => surround(text, "&", reference, ";"),
            Event::Comment(comment) => surround(text, "<!--", comment, "-->"),
            Event::PI(instruction) => surround(text, "<?", instruction, "?>"),
            Event::Decl(_) | Event::DocType(_) | Event::Eof => return Err("metadata are cut off".to_owned()),
        }
        Ok(false)
    }

    /// Blanks around the element belong to the list.
    fn begin_markup(&mut self, text: &mut String) {
        if !self.is_markup && self.depth == 0 {
            text.truncate(self.start);
        }
        self.is_markup = true;
    }

    fn character_data(&self, event: &Event<'_>, text: &mut String) -> Result<(), String> {
        if self.is_markup {
            return Ok(());
        }
        match event {
            Event::Text(written) => text.push_str(&written.xml10_content()),
            Event::CData(data) => text.push_str(&data.xml10_content()),
            Event::GeneralRef(reference) => {
                text.push(resolve(reference).ok_or_else(|| format!("the entity {} is unknown", &**reference))?);
            }
            _ => {}
        }
        Ok(())
    }
}

fn surround(text: &mut String, before: &str, written: &str, behind: &str) {
    text.push_str(before);
    text.push_str(written);
    text.push_str(behind);
}
