//! Step 0 as JSON: Windows PowerShell 5.1 (four blanks, two after the colon), PowerShell 7, or anybody's.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fields::{self, Field};
use super::{Fields, Misprint, Printed};
use crate::subject_folder::error::Place;

/// The fields of the one object in `text`: bare, in an array, or in the `value` of the wrapper that Windows PowerShell 5.1
/// puts around some arrays (`{"value": […], "Count": 1}`).
pub(super) fn fields(text: &str) -> Result<Fields, Misprint> {
    let printed: Document = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let mut objects = match printed {
        Document::Objects(objects) => objects,
        Document::Object(object) => vec![object],
    };
    let object = match (objects.pop(), objects.len()) {
        (Some(object), 0) => object,
        (last, others) => {
            let found = others + usize::from(last.is_some());
            return Err(misprint(
                Place::default(),
                format!("an array of {found} objects"),
                "one object, of one server",
            ));
        }
    };
    let place = |key: &str| key_place(text, key);
    let fields: Fields = object
        .into_iter()
        .filter_map(|(key, printed)| Some(Field { name: fields::known(&key)?, place: place(&key), printed }))
        .collect();
    if fields.is_empty() {
        return Err(misprint(
            Place::default(),
            "an object without a field of Step 0".to_owned(),
            "SyncFromMicrosoftUpdate and the others",
        ));
    }
    Ok(fields)
}

fn not_json(error: &serde_json::Error) -> Misprint {
    let text = error.to_string();
    let problem = text.split(" at line ").next().and_then(|text| text.split(", expected").next()).unwrap_or_default();
    let problem = problem.to_owned();
    // A console window cuts long lines, and copying puts a line end into the string.
    let expected = if problem.starts_with("control character") {
        "each string on one line; redirect the output to a file instead of copying it from a window"
    } else {
        "the output of ConvertTo-Json and nothing else"
    };
    misprint(Place::at(error.line(), error.column()), problem, expected)
}

fn misprint(place: Place, problem: String, expected: &str) -> Misprint {
    Misprint { place, problem, expected: expected.to_owned() }
}

/// Where a key stands. Values have no place once they are parsed, so the text is searched for the key again.
fn key_place(text: &str, key: &str) -> Place {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted)
        .find(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
        .map_or_else(Place::default, |(at, _)| Place::of_byte(text, at))
}

type Object = Vec<(String, Printed)>;

/// The whole text.
enum Document {
    Object(Object),
    Objects(Vec<Object>),
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let (mut object, mut wrapped) = (Object::new(), None);
        while let Some(key) = map.next_key::<String>()? {
            if key == "value" && object.is_empty() {
                wrapped = map.next_value::<Wrapped>()?.0;
            } else if fields::known(&key).is_some() {
                object.push((key, map.next_value()?));
            } else {
                // Not even looked at: ProxyPassword is among what a raw configuration prints.
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(match wrapped {
            Some(objects) if object.is_empty() => Document::Objects(objects),
            _ => Document::Object(object),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Document, A::Error> {
        let mut objects = Vec::new();
        while let Some(item) = items.next_element::<Document>()? {
            match item {
                Document::Object(object) => objects.push(object),
                Document::Objects(nested) => objects.extend(nested),
            }
        }
        Ok(Document::Objects(objects))
    }
}

/// The value of a key `value`: objects where it is a list of them, nothing where it is anything else.
struct Wrapped(Option<Vec<Object>>);

impl<'de> Deserialize<'de> for Wrapped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Wrapped(match Document::deserialize(deserializer)? {
            Document::Objects(objects) => Some(objects),
            Document::Object(_) => None,
        }))
    }
}

impl<'de> Deserialize<'de> for Printed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PrintedVisitor)
    }
}

struct PrintedVisitor;

impl<'de> Visitor<'de> for PrintedVisitor {
    type Value = Printed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Printed, E> {
        Ok(Printed::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Printed, E> {
        Ok(Printed::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Printed, E> {
        Ok(Printed::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Printed, E> {
        Ok(Printed::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Printed, E> {
        Ok(Printed::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Printed, E> {
        Ok(Printed::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Printed, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Printed::Other("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Printed, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Printed::Other("an object"))
    }
}
