//! The core fragment of metadata, as agents get it ([MS-WUSP] 2.2.2.3): parts of the document one behind the other without
//! a root, no namespaces, and of the prefixes those of rules as one letter and a dot.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The parts that belong to it; of the properties only what decides.
const PARTS: [&str; 4] = ["UpdateIdentity", "Properties", "Relationships", "ApplicabilityRules"];
const PROPERTIES: [&str; 5] = ["UpdateType", "ExplicitlyDeployable", "AutoSelectOnWebSites", "EulaID", "PerUser"];

/// The core fragment of a document; empty where that is none.
pub(super) fn core(xml: &str) -> String {
    let mut fragment = Fragment { text: String::with_capacity(xml.len() / 2), depth: 0, is_in: false };
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => fragment.start(&start, ">"),
            Ok(Event::Empty(start)) => {
                fragment.start(&start, " />");
                fragment.depth -= 1;
            }
            Ok(Event::End(end)) => fragment.end(end.name().as_ref()),
            Ok(Event::Text(text)) if fragment.is_in && fragment.depth > 2 => fragment.text.push_str(&text),
            Ok(Event::Eof) | Err(_) => return fragment.text,
            Ok(_) => {}
        }
    }
}

struct Fragment {
    text: String,
    depth: usize,
    /// Whether the part that we are in belongs to it.
    is_in: bool,
}

impl Fragment {
    fn start(&mut self, start: &BytesStart<'_>, close: &str) {
        self.depth += 1;
        let name = short(start.name().as_ref());
        if self.depth == 2 {
            self.is_in = PARTS.contains(&&*name);
        }
        // Elements inside the properties are for people; agents get them in other fragments.
        if !self.is_in || self.depth < 2 {
            return;
        }
        self.text.push('<');
        self.text.push_str(&name);
        for attribute in start.attributes().flatten() {
            let key = attribute.key.as_ref();
            let counts = name != "Properties" || PROPERTIES.contains(&key);
            if counts && !key.starts_with("xmlns") {
                self.text.push_str(&format!(" {key}=\"{}\"", attribute.value));
            }
        }
        self.text.push_str(if name == "Properties" { " />" } else { close });
        if name == "Properties" {
            self.is_in = false;
        }
    }

    fn end(&mut self, name: &str) {
        if self.is_in && self.depth >= 2 {
            self.text.push_str(&format!("</{}>", short(name)));
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

/// A name in the short form. Other prefixes than these three fall away.
fn short(qualified: &str) -> String {
    match qualified.split_once(':') {
        Some(("bar", name)) => format!("b.{name}"),
        Some(("mar" | "msiar", name)) => format!("m.{name}"),
        Some(("drv", name)) => format!("d.{name}"),
        Some((_, name)) => name.to_owned(),
        None => qualified.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_one_behind_the_other_without_root_and_namespaces() {
        let xml = "<upd:Update xmlns:upd=\"urn:u\"><upd:UpdateIdentity UpdateID=\"1\" RevisionNumber=\"2\" />\
                   <upd:Properties UpdateType=\"Detectoid\" CreationDate=\"x\" ExplicitlyDeployable=\"false\">\
                   <upd:SupportUrl>y</upd:SupportUrl></upd:Properties><upd:LocalizedPropertiesCollection><upd:Title>t\
                   </upd:Title></upd:LocalizedPropertiesCollection><upd:Relationships><upd:Prerequisites>\
                   <upd:UpdateIdentity UpdateID=\"3\" /></upd:Prerequisites></upd:Relationships><upd:ApplicabilityRules>\
                   <upd:IsInstalled><lar:And><bar:RegKeyExists xmlns:bar=\"urn:b\" Key=\"&lt;\" /></lar:And>\
                   </upd:IsInstalled></upd:ApplicabilityRules><upd:Files><upd:File /></upd:Files></upd:Update>";
        assert_eq!(
            core(xml),
            "<UpdateIdentity UpdateID=\"1\" RevisionNumber=\"2\" />\
             <Properties UpdateType=\"Detectoid\" ExplicitlyDeployable=\"false\" />\
             <Relationships><Prerequisites><UpdateIdentity UpdateID=\"3\" /></Prerequisites></Relationships>\
             <ApplicabilityRules><IsInstalled><And><b.RegKeyExists Key=\"&lt;\" /></And></IsInstalled></ApplicabilityRules>"
        );
    }
}
