//! `/selfupdate/iuident.cab`, by which people and WSUS itself see whether the site answers: a cabinet as Microsoft's is one,
//! without its signature. Its content is the lab's own.

use bytes::Bytes;

use crate::pack::cabinet::{self, Member, Method};

const IDENTIFICATION: Member<'_> = Member {
    name: "iuident.txt",
    bytes: b"[wsuslab]\r\nThis is not Microsoft's file.\r\n",
    // 2025-03-11, midnight, an archive file.
    date_time_attributes: [0x5a6b, 0, 0x20],
};

/// The cabinet.
pub(super) fn iuident() -> Bytes {
    let cabinet = cabinet::write(Method::Lzx, &[IDENTIFICATION]);
    Bytes::from(cabinet.expect("invariant: one short file fits into a cabinet"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::pack::cabinet::Cabinet;

    #[test]
    fn it_holds_one_file_under_its_name() {
        let cabinet = Cabinet::read(&mut Cursor::new(iuident()), 1 << 20).unwrap();
        assert_eq!(cabinet.names().collect::<Vec<_>>(), ["iuident.txt"]);
        assert_eq!(cabinet.member("iuident.txt").unwrap(), IDENTIFICATION.bytes);
    }
}
