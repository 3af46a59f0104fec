//! What a server must know of the metadata that it else passes on unread ([MS-WSUSSS] 3.1.1.1).

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Guid;

/// The facts of one document. What it does not say is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// `UpdateType`: Software, Driver, Category or Detectoid.
    pub update_type: String,
    /// Whether an administrator may approve it.
    pub explicitly_deployable: bool,
    /// Whether its publisher has withdrawn it.
    pub expired: bool,
    /// `Language` of the properties: the languages that it is for, by their short names; all of them where it is empty.
    pub languages: Vec<String>,
    /// `CompatibleProtocolVersion`: the least version of a server that may have it.
    pub compatible_protocol_version: Option<(u32, u32)>,
    /// `EulaID`: the licence that an administrator must accept.
    pub eula: Option<Guid>,
    /// Whether it consists of other updates.
    pub is_bundle: bool,
    /// What must be installed before: of each clause any one.
    pub prerequisites: Vec<Vec<Guid>>,
}

impl Facts {
    /// Reads a document as far as it is well-formed; what is behind a mistake counts as not there.
    pub fn of(xml: &str) -> Facts {
        let mut reading = Reading { facts: Facts::default(), path: Vec::new() };
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => reading.start(&start),
                Ok(Event::Empty(start)) => {
                    reading.start(&start);
                    reading.path.pop();
                }
                Ok(Event::Text(text)) => reading.text(&text.xml10_content()),
                Ok(Event::End(_)) if reading.end() => return reading.facts,
                Ok(Event::Eof) | Err(_) => return reading.facts,
                Ok(_) => {}
            }
        }
    }
}

struct Reading {
    facts: Facts,
    path: Vec<String>,
}

impl Reading {
    fn start(&mut self, start: &BytesStart<'_>) {
        self.path.push(start.local_name().as_ref().to_owned());
        match self.place().as_slice() {
            ["Update", "Properties"] => self.properties(start),
            ["Update", "Relationships", "Prerequisites", "UpdateIdentity"] => {
                self.facts.prerequisites.extend(id(start).map(|id| vec![id]));
            }
            ["Update", "Relationships", "Prerequisites", "AtLeastOne"] => self.facts.prerequisites.push(Vec::new()),
            ["Update", "Relationships", "Prerequisites", "AtLeastOne", "UpdateIdentity"] => {
                if let Some(clause) = self.facts.prerequisites.last_mut() {
                    clause.extend(id(start));
                }
            }
            ["Update", "Relationships", "BundledUpdates"] => self.facts.is_bundle = true,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.place().as_slice() == ["Update", "Properties", "Language"] {
            self.facts.languages.push(text.trim().to_owned());
        }
    }

    /// Whether all that matters has been read: nothing behind the relationships does.
    fn end(&mut self) -> bool {
        let is_over = self.place().as_slice() == ["Update", "Relationships"];
        self.path.pop();
        is_over
    }

    fn properties(&mut self, start: &BytesStart<'_>) {
        self.facts.update_type = attribute(start, "UpdateType").unwrap_or_default();
        self.facts.explicitly_deployable = attribute(start, "ExplicitlyDeployable").is_some_and(|text| text == "true");
        self.facts.expired = attribute(start, "PublicationState").is_some_and(|text| text == "Expired");
        self.facts.eula = attribute(start, "EulaID").and_then(|id| id.parse().ok());
        let version = attribute(start, "CompatibleProtocolVersion");
        self.facts.compatible_protocol_version = version.and_then(|text| {
            let (major, minor) = text.split_once('.')?;
            Some((major.parse().ok()?, minor.parse().ok()?))
        });
    }

    fn place(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

fn id(start: &BytesStart<'_>) -> Option<Guid> {
    attribute(start, "UpdateID")?.parse().ok()
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_is_read_and_the_rest_is_not() {
        let facts = Facts::of(
            "<u:Update xmlns:u='urn:u'><u:UpdateIdentity UpdateID='x'/><u:Properties UpdateType='Software' \
             ExplicitlyDeployable='true' PublicationState='Expired' CompatibleProtocolVersion='1.20' \
             EulaID='00000000-0000-0000-0000-000000000009'>\
             <u:Language>de</u:Language><u:Language> fr </u:Language></u:Properties>\
             <u:LocalizedPropertiesCollection><u:LocalizedProperties><u:Language>en</u:Language></u:LocalizedProperties>\
             </u:LocalizedPropertiesCollection><u:Relationships><u:Prerequisites>\
             <u:UpdateIdentity UpdateID='00000000-0000-0000-0000-000000000001'/><u:AtLeastOne IsCategory='true'>\
             <u:UpdateIdentity UpdateID='00000000-0000-0000-0000-000000000002'/>\
             <u:UpdateIdentity UpdateID='00000000-0000-0000-0000-000000000003'/></u:AtLeastOne></u:Prerequisites>\
             <u:BundledUpdates/></u:Relationships></u:Update>",
        );
        let expected = Facts {
            update_type: "Software".to_owned(),
            explicitly_deployable: true,
            expired: true,
            languages: vec!["de".to_owned(), "fr".to_owned()],
            compatible_protocol_version: Some((1, 20)),
            eula: Some(Guid::of(9)),
            is_bundle: true,
            prerequisites: vec![vec![Guid::of(1)], vec![Guid::of(2), Guid::of(3)]],
        };
        assert_eq!(facts, expected);
    }

    #[test]
    fn what_is_no_document_has_no_facts() {
        for text in ["", "x", "<a>", "<Update><Properties", "<Update></a>"] {
            assert_eq!(Facts::of(text), Facts::default(), "{text}");
        }
    }
}
