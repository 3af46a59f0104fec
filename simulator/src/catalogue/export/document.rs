//! What must be known of an `upd:Update` document: its type, and the digests and sizes of its files. The rest is never
//! looked at, and a document that cannot be read is passed on as it is.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::package::PackageFile;
use crate::catalogue::{File, Sha1, Sha256};

/// `UpdateType` of the element `Properties`.
pub(super) fn update_type(xml: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) if start.local_name().into_inner() == "Properties" => {
                return attribute(&start, "UpdateType");
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The files whose digests the package gives for an update. What neither it nor the document says of one is left empty; the
/// SHA-256 is noughts where the document, as those of old updates, has none.
pub(super) fn files(xml: &str, digests: &[Sha1], known: &HashMap<Sha1, PackageFile>) -> Arc<[File]> {
    if digests.is_empty() {
        return Arc::from([]);
    }
    let described = described(xml);
    let file = |digest: &Sha1| {
        let described = described.get(digest);
        let known = known.get(digest);
        let name = known.map(|known| &known.name).or(described.map(|described| &described.name));
        File {
            name: name.cloned().unwrap_or_default(),
            sha1: *digest,
            sha256: described.and_then(|described| described.sha256).unwrap_or(Sha256([0; 32])),
            size: described.map_or(0, |described| described.size),
            microsoft_url: known.map(|known| known.url.clone()).unwrap_or_default(),
            is_eula: described.is_some_and(|described| described.is_eula),
        }
    };
    digests.iter().map(file).collect()
}

#[derive(Default)]
struct Described {
    name: String,
    size: u64,
    sha256: Option<Sha256>,
    is_eula: bool,
}

/// `File` and `EulaFile` elements by their digest.
fn described(xml: &str) -> HashMap<Sha1, Described> {
    let mut files = HashMap::new();
    let mut reader = Reader::from_str(xml);
    let mut current = None;
    let mut is_sha256 = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => match start.local_name().into_inner() {
                "File" | "EulaFile" => {
                    current = attribute(&start, "Digest").and_then(|digest| sha1(&digest));
                    files.extend(current.map(|digest| (digest, describe(&start))));
                }
                "AdditionalDigest" => is_sha256 = attribute(&start, "Algorithm").as_deref() == Some("SHA256"),
                _ => {}
            },
            Ok(Event::Text(text)) if is_sha256 => {
                if let Some(file) = current.and_then(|digest| files.get_mut(&digest)) {
                    file.sha256 = decoded(&text).map(Sha256);
                }
            }
            Ok(Event::End(_)) => is_sha256 = false,
            Ok(Event::Eof) | Err(_) => return files,
            Ok(_) => {}
        }
    }
}

fn describe(start: &BytesStart<'_>) -> Described {
    let size = attribute(start, "Size").and_then(|size| size.parse().ok());
    Described {
        name: attribute(start, "FileName").unwrap_or_default(),
        size: size.unwrap_or(0),
        sha256: None,
        is_eula: start.local_name().into_inner() == "EulaFile",
    }
}

/// An attribute without a prefix.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// A SHA-1 in base64.
pub(super) fn sha1(text: &str) -> Option<Sha1> {
    decoded(text).map(Sha1)
}

fn decoded<const N: usize>(text: &str) -> Option<[u8; N]> {
    STANDARD.decode(text.trim()).ok()?.try_into().ok()
}
