//! GetUpdateData: what an item looks like, files, repetition, and the silent cut.

use base64::Engine as Base64;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::*;
use crate::catalogue::{Identity, Metadata, Part, Rows, Sha1};

fn data(lab: &Lab, ids: &str) -> Answer {
    lab.call("GetUpdateData", &format!("{}<updateIds>{ids}</updateIds>", lab.cookie()))
}

/// The identity of the sample update whose title contains these words.
fn sample(words: &str) -> String {
    let catalogue = BuiltIn::new();
    let found = catalogue
        .revisions(Part::Updates, None)
        .find(|revision| catalogue.metadata(revision.identity).unwrap().xml.contains(words));
    let found = found.unwrap().identity;
    identity(&found.id.to_string(), found.revision)
}

#[test]
fn a_category_has_neither_digests_nor_urls() {
    let answer = data(&Lab::wsus(), &identity("0fa1201d-4330-4fa8-8ae9-b877473b6441", 100));
    let result = answer.one("GetUpdateDataResult");
    assert!(
        result.starts_with(
            "<updates><ServerSyncUpdateData><Id><UpdateID>0fa1201d-4330-4fa8-8ae9-b877473b6441</UpdateID>\
         <RevisionNumber>100</RevisionNumber></Id><XmlUpdateBlob>&lt;upd:Update xmlns:upd=\""
        ),
        "{result}"
    );
    assert!(
        result.ends_with("&lt;/upd:Update&gt;</XmlUpdateBlob></ServerSyncUpdateData></updates><fileUrls />"),
        "{result}"
    );
}

#[test]
fn an_update_with_a_file_lists_its_digest_and_its_url() {
    let ids = sample("sample critical update 1 (");
    let answer = data(&Lab::wsus(), &ids);
    let digest = answer.one("base64Binary");
    assert_eq!(answer.one("FileDigest"), digest);
    let url = answer.one("MUUrl");
    assert!(url.starts_with(
        "http://download.windowsupdate.com/c/msdownload/update/software/crup/2025/04/wsuslab-critical-1_"
    ));
    assert!(url.ends_with(".exe"));
    assert!(answer.text.contains("</MUUrl><UssUrl /></ServerSyncUrlData>"));
    assert!(!data(&Lab::microsoft_update(), &ids).text.contains("UssUrl"));
}

#[test]
fn a_licence_has_a_url_and_is_on_no_list_of_digests() {
    let answer = data(&Lab::wsus(), &identity(&Guid::named("update/critical update 2").to_string(), 200));
    let urls = answer.all("MUUrl");
    assert_eq!((answer.all("base64Binary").len(), urls.len()), (1, 2));
    assert!(urls[0].contains("/wsuslab-critical-2_") && urls[1].ends_with(".txt"), "{urls:?}");
}

#[test]
fn what_is_asked_for_twice_comes_twice_but_its_file_once() {
    let answer = data(&Lab::wsus(), &sample("sample critical update 1 (").repeat(2));
    assert_eq!(answer.all("ServerSyncUpdateData").len(), 2);
    assert_eq!(answer.all("ServerSyncUrlData").len(), 1);
}

#[test]
fn asked_for_nothing_it_gives_nothing() {
    let lab = Lab::wsus();
    let answer = lab.call("GetUpdateData", &format!("{}<updateIds />", lab.cookie()));
    assert_eq!(answer.one("GetUpdateDataResult"), "<updates /><fileUrls />");
}

#[test]
fn an_answer_is_cut_silently_near_two_million_bytes() {
    let lab = Lab::with(ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"), Arc::new(LARGE));
    let ids: String = (0..100).map(|revision| identity(DSS, revision)).collect();
    let answer = data(&lab, &ids);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.all("RevisionNumber"), (0..34).map(|revision| revision.to_string()).collect::<Vec<_>>());
}

#[test]
fn long_metadata_travels_in_a_cabinet_and_short_metadata_does_not() {
    let with = |length: usize| {
        let lab = Lab::with(ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"), Arc::new(Documents(length)));
        data(&lab, &identity(DSS, 1))
    };
    let plain = with(2_560);
    assert_eq!((plain.one("XmlUpdateBlob").len(), plain.all("XmlUpdateBlobCompressed").len()), (2_560, 0));
    let long = with(2_561);
    assert!(long.all("XmlUpdateBlob").is_empty());
    let cabinet = Base64::decode(&STANDARD, long.one("XmlUpdateBlobCompressed")).unwrap();
    let cabinet = crate::pack::cabinet::Cabinet::read(&mut std::io::Cursor::new(cabinet), u64::MAX).unwrap();
    assert_eq!(cabinet.member("blob").unwrap(), b"x\0".repeat(2_561));
}

const LARGE: Documents = Documents(30_000);

/// A catalogue whose every document has this many bytes.
#[derive(Debug)]
struct Documents(usize);

impl Catalogue for Documents {
    fn revisions(&self, _: Part, _: Option<OffsetDateTime>) -> Rows {
        Box::new(std::iter::empty())
    }

    fn changed(&self) -> OffsetDateTime {
        NOW
    }

    fn metadata(&self, _: Identity) -> Option<Metadata> {
        Some(Metadata { xml: "x".repeat(self.0).into(), files: Arc::default() })
    }

    fn content(&self, _: &Sha1) -> Option<Bytes> {
        None
    }
}
