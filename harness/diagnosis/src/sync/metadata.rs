//! The metadata of a revision: plain or in a cabinet, and whether it can be read at all.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::UTF_16LE;

use super::answer::Update;
use super::cabinet;
use super::document::{self, Facts};

/// The largest document known has 47 MB in UTF-8.
const MOST: usize = 128 * 1024 * 1024;

/// What the metadata of a revision says, or why it cannot be read.
pub(super) fn read(update: &Update) -> Result<Facts, String> {
    if let Some(blob) = &update.xml_update_blob {
        return document::read(blob).map_err(|reason| format!("XmlUpdateBlob is not well-formed XML: {reason}"));
    }
    let Some(compressed) = &update.xml_update_blob_compressed else {
        return Err("there is neither an XmlUpdateBlob nor an XmlUpdateBlobCompressed".to_owned());
    };
    unpacked(compressed).map_err(|reason| format!("XmlUpdateBlobCompressed {reason}"))
}

/// Why the metadata is not that of the revision for which it came.
pub(super) fn misnamed(update: &Update, facts: &Facts) -> Option<String> {
    let (id, revision) = (&update.id.update_id, update.id.revision_number);
    match &facts.identity {
        None => Some("its metadata names no UpdateIdentity".to_owned()),
        Some((inner, number)) if !id.eq_ignore_ascii_case(inner) || number.parse() != Ok(revision) => {
            Some(format!("its metadata is that of {inner}/{number}"))
        }
        Some(_) => None,
    }
}

fn unpacked(compressed: &str) -> Result<Facts, String> {
    let bytes = STANDARD.decode(compressed).map_err(|_| "is not base64")?;
    let unpacked = cabinet::unpack(&bytes, MOST).map_err(|reason| format!("is not a readable cabinet: {reason}"))?;
    let text = UTF_16LE.decode_without_bom_handling_and_without_replacement(&unpacked);
    let text = text.ok_or("does not hold UTF-16")?;
    document::read(text.trim_start_matches('\u{feff}').trim_end_matches('\0'))
        .map_err(|reason| format!("does not hold well-formed XML: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::UpdateIdentity;
    use crate::sync::cabinet::tests::packed;

    const ID: &str = "cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83";

    fn update(plain: Option<&str>, compressed: Option<&str>) -> Update {
        Update {
            id: UpdateIdentity { update_id: ID.to_owned(), revision_number: 101 },
            xml_update_blob: plain.map(str::to_owned),
            xml_update_blob_compressed: compressed.map(str::to_owned),
            file_digests: Vec::new(),
        }
    }

    fn fails(plain: Option<&str>, compressed: Option<&str>, reason: &str) {
        assert_eq!(read(&update(plain, compressed)).err().as_deref(), Some(reason));
    }

    fn document(identity: &str) -> String {
        format!("<upd:Update xmlns:upd=\"u\">{identity}</upd:Update>")
    }

    fn in_a_cabinet(text: &str) -> String {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        STANDARD.encode(packed(&bytes, "blob"))
    }

    #[test]
    fn metadata_comes_plain_or_in_a_cabinet_and_says_the_same() {
        let text = document("<upd:UpdateIdentity UpdateID=\"A\" RevisionNumber=\"101\"/>");
        let plain = read(&update(Some(&text), None));
        assert!(plain.is_ok());
        for text in [text.clone(), format!("\u{feff}{text}\0\0")] {
            assert_eq!(read(&update(None, Some(&in_a_cabinet(&text)))), plain);
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        fails(
            Some("<upd:Update><a/>"),
            None,
            "XmlUpdateBlob is not well-formed XML: it ends in the middle of an element",
        );
        fails(None, Some("?"), "XmlUpdateBlobCompressed is not base64");
        let no_cabinet = "XmlUpdateBlobCompressed is not a readable cabinet: it does not begin as one";
        fails(None, Some("AAAA"), no_cabinet);
        let cut = "XmlUpdateBlobCompressed does not hold well-formed XML: it ends in the middle of an element";
        fails(None, Some(&in_a_cabinet("<a>")), cut);
        let odd = STANDARD.encode(packed(b"<a/>!", "blob"));
        fails(None, Some(&odd), "XmlUpdateBlobCompressed does not hold UTF-16");
        fails(None, None, "there is neither an XmlUpdateBlob nor an XmlUpdateBlobCompressed");
    }

    #[test]
    fn metadata_names_the_revision_for_which_it_came_in_whatever_case() {
        let says = |identity: &str| {
            let update = update(Some(&document(identity)), None);
            read(&update).map(|facts| misnamed(&update, &facts))
        };
        let upper = format!("<i:UpdateIdentity UpdateID=\"{}\" RevisionNumber=\"101\"/>", ID.to_ascii_uppercase());
        assert_eq!(says(&upper), Ok(None));
        let other = "<UpdateIdentity UpdateID=\"7\" RevisionNumber=\"101\"/>";
        assert_eq!(says(other), Ok(Some("its metadata is that of 7/101".to_owned())));
        let older = format!("<UpdateIdentity UpdateID=\"{ID}\" RevisionNumber=\"100\"/>");
        assert_eq!(says(&older), Ok(Some(format!("its metadata is that of {ID}/100"))));
        assert_eq!(says(""), Ok(Some("its metadata names no UpdateIdentity".to_owned())));
    }
}
