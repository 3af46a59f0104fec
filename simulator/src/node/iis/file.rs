//! Static files: `/Content/<XX>/<SHA-1>.<extension>` and the like. No ranges.

use bytes::Bytes;
use time::OffsetDateTime;

use super::{page, path};
use crate::catalogue::{Catalogue, Sha1};
use crate::layer::content::{ContentAct, ContentSeam};
use crate::layer::http::{Answer, Asked, date};
use crate::seam::{Moment, Seams};

/// A file of an update; `rest` is what follows `/content/` in the plain path.
pub(super) fn content(
    server: &str,
    catalogue: &dyn Catalogue,
    seams: &Seams<dyn ContentSeam>,
    asked: &Asked,
    rest: &str,
) -> Answer {
    if !path::names_file(rest) {
        // IIS takes it for a directory.
        return page::forbidden(server);
    }
    let moment = Moment { connection: asked.connection, host: Some(&asked.host), operation: None };
    let found = digest_of(rest).and_then(|digest| catalogue.content(&digest));
    match (seams.ask(moment, |fault| fault.on_file()), found) {
        (ContentAct::Proceed, Some(bytes)) => answer(server, bytes, catalogue.changed()),
        _ => page::not_found(server),
    }
}

/// A file that last changed then.
pub(super) fn answer(server: &str, bytes: Bytes, changed: OffsetDateTime) -> Answer {
    // IIS makes the tag from the file's time and a change number.
    let tag = format!("\"{:x}:0\"", changed.unix_timestamp());
    let mut headers =
        vec![("Content-Type", "application/octet-stream".to_owned()), ("Last-Modified", date(changed)), ("ETag", tag)];
    headers.extend(page::own(server));
    Answer { status: 200, headers, body: bytes, closes: false }
}

/// The digest that a plain path below `/content/` names, if its folder is the right one: the last two digits.
fn digest_of(rest: &str) -> Option<Sha1> {
    let (folder, file) = rest.split_once('/')?;
    let (name, _extension) = file.split_once('.')?;
    if name.len() != 40 || !name.is_ascii() || !name.ends_with(folder) || folder.len() != 2 {
        return None;
    }
    let mut digest = [0; 20];
    for (index, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&name[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(Sha1(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_path_names_its_digest() {
        let digest = digest_of("9d/a9993e364706816aba3e25717850c26c9cd0d89d.cab");
        assert_eq!(digest, Some(Sha1::of(b"abc")));
    }

    #[test]
    fn the_folder_must_be_the_last_two_digits() {
        assert_eq!(digest_of("9c/a9993e364706816aba3e25717850c26c9cd0d89d.cab"), None);
    }
}
