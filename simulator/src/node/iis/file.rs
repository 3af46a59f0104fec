//! Static files: `/Content/<XX>/<SHA-1>.<extension>` and the like, whole or in parts.

use bytes::Bytes;
use hyper::Method;
use time::OffsetDateTime;

use super::condition::{Validators, Verdict};
use super::range::{self, Partial, Wanted};
use super::{page, path};
use crate::catalogue::{Catalogue, Sha1};
use crate::layer::content::{ContentAct, ContentSeam, FileAsked};
use crate::layer::http::{Answer, Asked, RANGE_NOT_SATISFIABLE};
use crate::seam::Seams;

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
    let found = digest_of(rest).and_then(|digest| catalogue.content(&digest));
    let extension = rest.rsplit('.').next().unwrap_or_default();
    let how = FileAsked { is_head: asked.method == Method::HEAD, extension, honest: found.as_ref() };
    match (seams.ask(asked.moment(), |fault| fault.on_file(&how)), found) {
        (ContentAct::Proceed, Some(bytes)) => answer(server, bytes, catalogue.changed(), asked),
        (ContentAct::Other(bytes), _) => answer(server, bytes, catalogue.changed(), asked),
        (ContentAct::Whole, Some(bytes)) => whole(server, bytes, catalogue.changed()),
        (ContentAct::MethodNotAllowed, _) => page::method_not_allowed(server),
        (ContentAct::Forbidden, _) => page::forbidden(server),
        (ContentAct::Missing, _) | (_, None) => page::not_found(server),
    }
}

/// A file from a server that knows no parts.
fn whole(server: &str, bytes: Bytes, changed: OffsetDateTime) -> Answer {
    let mut answer = dressed(server, 200, Some(TYPE.to_owned()), &Validators::of(changed), bytes);
    answer.headers.retain(|(name, _)| *name != "Accept-Ranges");
    answer
}

/// A file that last changed then, or the parts of it that were asked for.
pub(super) fn answer(server: &str, bytes: Bytes, changed: OffsetDateTime, asked: &Asked) -> Answer {
    let validators = Validators::of(changed);
    match validators.judge(|name| field(asked, name)) {
        Verdict::Failed => return page::precondition_failed(server),
        Verdict::NotModified => return dressed(server, 304, None, &validators, Bytes::new()),
        Verdict::Proceed => {}
    }
    let range = field(asked, "range").filter(|_| validators.allows_parts(field(asked, "if-range")));
    let wanted = match range.map_or(Wanted::Whole, |field| range::wanted(field, bytes.len())) {
        // Real servers refuse parts of what has no body.
        Wanted::Parts(_) if asked.method == Method::HEAD => Wanted::Unsatisfiable,
        wanted => wanted,
    };
    match wanted {
        Wanted::Whole => dressed(server, 200, Some(TYPE.to_owned()), &validators, bytes),
        Wanted::Parts(parts) => {
            let Partial { content_type, content_range, body } = range::partial(&bytes, TYPE, &parts);
            let answer = dressed(server, 206, Some(content_type), &validators, body);
            with_content_range(answer, content_range)
        }
        Wanted::Unsatisfiable => {
            let page = Bytes::from(RANGE_NOT_SATISFIABLE.html());
            let answer = dressed(server, 416, Some("text/html".to_owned()), &validators, page);
            with_content_range(answer, Some(range::of_none(bytes.len())))
        }
    }
}

/// What IIS takes every file of an update for.
const TYPE: &str = "application/octet-stream";

fn dressed(server: &str, status: u16, content_type: Option<String>, validators: &Validators, body: Bytes) -> Answer {
    let mut headers: Vec<_> = content_type.map(|content_type| ("Content-Type", content_type)).into_iter().collect();
    headers.extend(validators.fields());
    headers.extend(page::own(server));
    Answer { status, headers, body: body.into(), closes: false }
}

fn with_content_range(mut answer: Answer, content_range: Option<String>) -> Answer {
    answer.headers.extend(content_range.map(|range| ("Content-Range", range)));
    answer
}

fn field<'a>(asked: &'a Asked, wanted: &str) -> Option<&'a str> {
    asked.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
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
