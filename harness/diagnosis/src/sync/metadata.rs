//! Whether the metadata that came can be read, as far as the examiner looks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::answer::Update;
use super::xml;

/// A cabinet begins so ([MS-CAB] 2.1). What is in it is not looked at.
const CABINET: &[u8] = b"MSCF";

/// Why the metadata of a revision cannot be read.
pub(super) fn unreadable(update: &Update) -> Option<String> {
    if let Some(blob) = &update.xml_update_blob {
        return xml::check(blob).err().map(|reason| format!("XmlUpdateBlob is not well-formed XML: {reason}"));
    }
    let Some(compressed) = &update.xml_update_blob_compressed else {
        return Some("there is neither an XmlUpdateBlob nor an XmlUpdateBlobCompressed".to_owned());
    };
    match STANDARD.decode(compressed) {
        Ok(bytes) if bytes.starts_with(CABINET) => None,
        Ok(_) => Some("XmlUpdateBlobCompressed is not a cabinet".to_owned()),
        Err(_) => Some("XmlUpdateBlobCompressed is not base64".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::UpdateIdentity;

    fn check(plain: Option<&str>, compressed: Option<&str>, reason: Option<&str>) {
        let update = Update {
            id: UpdateIdentity { update_id: String::new(), revision_number: 1 },
            xml_update_blob: plain.map(str::to_owned),
            xml_update_blob_compressed: compressed.map(str::to_owned),
            file_digests: Vec::new(),
        };
        assert_eq!(unreadable(&update).as_deref(), reason);
    }

    #[test]
    fn metadata_comes_plain_or_in_a_cabinet() {
        check(Some("<upd:Update xmlns:upd=\"u\"><a/></upd:Update>"), None, None);
        check(None, Some("TVNDRgAAAAA="), None);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let cut = "XmlUpdateBlob is not well-formed XML: it ends in the middle of an element";
        check(Some("<upd:Update><a/>"), None, Some(cut));
        check(None, Some("AAAA"), Some("XmlUpdateBlobCompressed is not a cabinet"));
        check(None, Some("?"), Some("XmlUpdateBlobCompressed is not base64"));
        check(None, None, Some("there is neither an XmlUpdateBlob nor an XmlUpdateBlobCompressed"));
    }
}
