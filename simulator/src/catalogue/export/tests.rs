use std::io::{Cursor, Write};

use super::*;
use crate::pack::cabinet::{Member, Method, write};

const CLASSIFICATION: &str = "0fa1201d-4330-4fa8-8ae9-b877473b6441";
const PRODUCT: &str = "569e8e8f-c6cd-42c8-92a3-efbb20a0f6f5";
const UPDATE: &str = "11111111-2222-4333-8444-555555555555";

fn xml(kind: &str, title: &str) -> String {
    format!(
        "<upd:Update xmlns:upd=\"u\">\r\n<upd:Properties UpdateType=\"{kind}\" /><upd:Title>{title}</upd:Title>{FILES}</upd:Update>"
    )
}

const FILES: &str = "<upd:Files><upd:File Digest=\"qZk+NkcGgWq6PiVxeFDCbJzQ2J0=\" FileName=\"a.cab\" Size=\"3\">\
    <upd:AdditionalDigest Algorithm=\"SHA256\">ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=</upd:AdditionalDigest>\
    </upd:File></upd:Files>";

/// A package as it is changed by the tests: a classification, and an update in two revisions.
struct Sample {
    list: String,
    records: Vec<String>,
}

fn record(id: &str, revision: u32, xml: &str) -> String {
    format!("{id},{revision:08x},{:08x},{xml}\r\n", xml.encode_utf16().count())
}

fn sample() -> Sample {
    let update = |revision: u32, metadata: &str| {
        format!(
            "<Update UpdateId=\"{UPDATE}\" RevisionNumber=\"{revision}\"><Files>\
             <File Digest=\"qZk+NkcGgWq6PiVxeFDCbJzQ2J0=\" /></Files><Categories><Category Value=\"{PRODUCT}\" />\
             </Categories><Classifications><Classification Value=\"{CLASSIFICATION}\" /></Classifications>{metadata}</Update>"
        )
    };
    let list = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><ExportPackage ServerID=\"{PRODUCT}\" \
         CreationTime=\"2024-06-19T17:11:14Z\" FormatVersion=\"1.0\" ProtocolVersion=\"1.20\"><Languages>\
         <Language Id=\"1033\" ShortName=\"en\" LongName=\"English\" Enabled=\"1\" /></Languages><Files>\
         <File Digest=\"qZk+NkcGgWq6PiVxeFDCbJzQ2J0=\" MUUrl=\"http://download.example/a.cab\" Name=\"a.cab\" /></Files>\
         <Updates><Update UpdateId=\"{CLASSIFICATION}\" RevisionNumber=\"1\"><Files /><Categories />\
         <Classifications />[0]</Update>{}{}</Updates></ExportPackage>",
        update(200, "[1]"),
        update(201, "[2]")
    );
    let records = vec![
        record(CLASSIFICATION, 1, &xml("Category", "Sicherheit, 安全, 😀")),
        record(UPDATE, 200, &xml("Software", "one")),
        record(UPDATE, 201, &xml("Software", "two &amp; more")),
    ];
    Sample { list, records }
}

impl Sample {
    fn cabinet(&self) -> Vec<u8> {
        let mut list = self.list.clone();
        for place in 0..3 {
            list = list.replace(&format!("[{place}]"), "");
        }
        cabinet(list.as_bytes(), self.records.concat().as_bytes())
    }

    fn xml_gz(&self, escaped: impl Fn(&str) -> String) -> Vec<u8> {
        let mut list = self.list.clone();
        for (place, record) in self.records.iter().enumerate() {
            let metadata = record[55..].trim_end();
            list = list.replace(&format!("[{place}]"), &format!("<Metadata>{}</Metadata>", escaped(metadata)));
        }
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(list.as_bytes()).unwrap();
        gzip.finish().unwrap()
    }
}

fn cabinet(list: &[u8], records: &[u8]) -> Vec<u8> {
    let member = |name, bytes| Member { name, bytes, date_time_attributes: [0, 0, 0x20] };
    write(Method::Lzx, &[member("package.xml", list), member("metadata.txt", records)]).unwrap()
}

fn read(bytes: Vec<u8>) -> Result<ExportCatalogue, ExportError> {
    ExportCatalogue::from_cabinet(&mut Cursor::new(bytes))
}

fn check(change: impl FnOnce(&mut Sample), expected: &str) {
    let mut sample = sample();
    change(&mut sample);
    assert_eq!(read(sample.cabinet()).unwrap_err().to_string(), expected);
}

fn identity(id: &str, revision: i32) -> Identity {
    Identity { id: id.parse().unwrap(), revision }
}

fn metadata_of(catalogue: &ExportCatalogue) -> Vec<String> {
    catalogue.identities().map(|identity| catalogue.metadata(identity).unwrap().xml.to_string()).collect()
}

fn as_they_went_in() -> Vec<String> {
    vec![xml("Category", "Sicherheit, 安全, 😀"), xml("Software", "one"), xml("Software", "two &amp; more")]
}

#[test]
fn metadata_come_out_as_they_went_in() {
    assert_eq!(metadata_of(&read(sample().cabinet()).unwrap()), as_they_went_in());
}

#[test]
fn a_package_says_where_it_is_from() {
    let catalogue = read(sample().cabinet()).unwrap();
    let about = catalogue.about();
    assert_eq!(about.server, PRODUCT.parse().ok());
    assert_eq!((about.protocol_version.as_str(), about.languages.len()), ("1.20", 1));
    assert_eq!(catalogue.changed(), time::macros::datetime!(2024-06-19 17:11:14 UTC));
}

#[test]
fn categories_are_configuration_and_of_updates_the_newest_is_listed() {
    let catalogue = read(sample().cabinet()).unwrap();
    let list = |part| catalogue.revisions(part, None).collect::<Vec<_>>();
    assert_eq!(list(Part::Configuration).len(), 1);
    let updates = list(Part::Updates);
    assert_eq!(updates.len(), 1);
    assert_eq!(updates[0].identity, identity(UPDATE, 201));
    assert_eq!(*updates[0].products, [PRODUCT.parse().unwrap()]);
    assert_eq!(updates[0].classification, CLASSIFICATION.parse().ok());
}

#[test]
fn after_the_package_was_written_nothing_is_new() {
    let catalogue = read(sample().cabinet()).unwrap();
    let since = catalogue.changed();
    assert_eq!(catalogue.revisions(Part::Configuration, Some(since)).count(), 0);
    assert_eq!(catalogue.revisions(Part::Configuration, Some(since - time::Duration::SECOND)).count(), 1);
}

#[test]
fn a_file_is_known_by_the_list_and_the_document_together() {
    let catalogue = read(sample().cabinet()).unwrap();
    let metadata = catalogue.metadata(identity(UPDATE, 200)).unwrap();
    let file = &metadata.files[0];
    assert_eq!((file.name.as_str(), file.size), ("a.cab", 3));
    assert_eq!(file.sha1, Sha1::of(b"abc"));
    assert_eq!(file.sha256, crate::catalogue::Sha256::of(b"abc"));
    assert_eq!(file.microsoft_url, "http://download.example/a.cab");
    assert!(catalogue.metadata(identity(CLASSIFICATION, 1)).unwrap().files.is_empty());
}

#[test]
fn an_unknown_revision_is_none() {
    let catalogue = read(sample().cabinet()).unwrap();
    assert_eq!(catalogue.metadata(identity(UPDATE, 202)), None);
    assert_eq!(catalogue.metadata(identity(PRODUCT, 1)), None);
}

#[test]
fn a_record_that_ends_early_is_named() {
    let cut = |sample: &mut Sample| {
        let last = &mut sample.records[2];
        last.truncate(155);
    };
    check(
        cut,
        "record 3 (11111111-2222-4333-8444-555555555555, revision 201): it is truncated: 334 characters (UTF-16) were \
         announced, 100 are there",
    );
}

#[test]
fn a_wrong_length_is_named() {
    let longer = |sample: &mut Sample| sample.records[0].insert(60, 'x');
    check(
        longer,
        "record 1 (0fa1201d-4330-4fa8-8ae9-b877473b6441, revision 1): its length is wrong: after 338 characters (UTF-16) a \
         line should end, but \">\\r\\n11111111-2222-4333-8444-555555555555,000000c8,00000143,<u\" follows",
    );
}

#[test]
fn a_record_that_does_not_begin_as_one_is_named() {
    check(
        |sample| sample.records[1] = "nonsense".to_owned(),
        "record 2 (its id cannot be read): it should begin with id,revision,length, in 36, 8 and 8 characters, but begins \
         with \"nonsense11111111-2222-4333-8444-555555555555,000000c9,000001\"",
    );
    let bad_id = |sample: &mut Sample| sample.records[1].replace_range(0..1, "g");
    let expected = "record 2 (its id cannot be read): id \"g1111111-2222-4333-8444-555555555555\" is no GUID";
    check(bad_id, expected);
    let bad_number = |sample: &mut Sample| sample.records[1].replace_range(46..47, "x");
    check(bad_number, "record 2 (its id cannot be read): length \"x0000143\" is no number");
}

#[test]
fn lists_and_records_must_agree() {
    check(
        |sample| drop(sample.records.pop()),
        "the list names 3 updates, but there are 2 records; 11111111-2222-4333-8444-555555555555 is the first without the \
         other",
    );
    check(
        |sample| sample.records.push(record(PRODUCT, 1, "<a/>")),
        "the list names 3 updates, but there are 4 records; 569e8e8f-c6cd-42c8-92a3-efbb20a0f6f5 is the first without the \
         other",
    );
    check(
        |sample| sample.records.swap(1, 2),
        "record 2 (11111111-2222-4333-8444-555555555555, revision 201): the list has \
         11111111-2222-4333-8444-555555555555 revision 200 at its place",
    );
}

#[test]
fn a_revision_that_comes_twice_is_named() {
    let twice = |sample: &mut Sample| {
        sample.list = sample.list.replace("RevisionNumber=\"201\"", "RevisionNumber=\"200\"");
        sample.records[2] = sample.records[1].clone();
    };
    check(twice, "record 3 (11111111-2222-4333-8444-555555555555, revision 200): it is the same revision as record 2");
}

#[test]
fn what_is_wrong_in_the_list_is_named_with_its_record() {
    let bad = |from: &'static str, to: &'static str| {
        move |sample: &mut Sample| sample.list = sample.list.replacen(from, to, 1)
    };
    check(
        bad("UpdateId=\"1111", "UpdateId=\"111x"),
        "record 2 (its id cannot be read): UpdateId \"111x1111-2222-4333-8444-555555555555\" is no GUID",
    );
    check(bad("RevisionNumber=\"201\"", ""), "record 3 (its id cannot be read): its row has no RevisionNumber");
    check(
        bad("Category Value=\"569e", "Category Value=\"569"),
        "record 2 (11111111-2222-4333-8444-555555555555, revision 200): category \"5698e8f-c6cd-42c8-92a3-efbb20a0f6f5\" is \
         no GUID",
    );
    check(
        bad("<File Digest=\"qZk+NkcGgWq6PiVxeFDCbJzQ2J0=\" />", "<File Digest=\"qZk=\" />"),
        "record 2 (11111111-2222-4333-8444-555555555555, revision 200): \"qZk=\" is no SHA-1 in base64",
    );
}

#[test]
fn bytes_that_are_no_text_are_named_with_their_record() {
    let sample = sample();
    let mut records = sample.records.concat().into_bytes();
    let position = sample.records[0].len() + 70;
    records[position] = 0xff;
    let error = read(cabinet(sample.list.replace(['[', ']'], " ").as_bytes(), &records)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("record 2 ({UPDATE}, revision 200): it is not UTF-8 at byte {position} of the file")
    );
}

#[test]
fn what_is_no_package_is_called_so() {
    check(
        |sample| sample.list = "<Other/>".to_owned(),
        "the list of updates is wrong near byte 8: the root is Other and not one ExportPackage",
    );
    check(
        |sample| sample.list.truncate(sample.list.find("[0]").unwrap()),
        "the list of updates is wrong near byte 509: it ends before the end of Update, Updates, ExportPackage",
    );
    check(
        |sample| sample.list = "<!DOCTYPE a [<!ENTITY b 'c'>]><ExportPackage/>".to_owned(),
        "the list of updates is wrong near byte 30: a document type is not allowed",
    );
    let blob = crate::pack::cabinet::Blob::new("<a/>").unwrap().into_vec();
    let expected = "it is no package of wsusutil: the cabinet holds no package.xml, but blob";
    assert_eq!(read(blob).unwrap_err().to_string(), expected);
    let mut damaged = sample().cabinet();
    damaged.truncate(500);
    let size = sample().cabinet().len();
    let expected = format!("the cabinet is truncated: it says that it has {size} bytes and has 500");
    assert_eq!(read(damaged).unwrap_err().to_string(), expected);
}

#[test]
fn the_other_form_gives_the_same() {
    let escaped = |metadata: &str| quick_xml::escape::escape(metadata).replace('\r', "&#xD;");
    let catalogue = ExportCatalogue::from_xml_gz(&*sample().xml_gz(escaped)).unwrap();
    assert_eq!(metadata_of(&catalogue), as_they_went_in());
    assert_eq!(catalogue.revisions(Part::Updates, None).count(), 1);
}

#[test]
fn metadata_that_are_elements_of_the_other_form_are_taken_as_written() {
    let indented = |metadata: &str| format!("\n  {}\n", metadata.replace('\r', ""));
    let catalogue = ExportCatalogue::from_xml_gz(&*sample().xml_gz(indented)).unwrap();
    let expected: Vec<String> = as_they_went_in().iter().map(|xml| xml.replace('\r', "")).collect();
    assert_eq!(metadata_of(&catalogue), expected);
}

#[test]
fn what_is_wrong_in_the_other_form_is_named() {
    let whole = sample().xml_gz(|metadata| quick_xml::escape::escape(metadata).into_owned());
    let error = ExportCatalogue::from_xml_gz(&whole[..whole.len() - 100]).unwrap_err().to_string();
    assert!(error.ends_with("the compressed data are truncated"), "{error}");
    let mut sample = sample();
    sample.records.pop();
    sample.list = sample.list.replace("[2]", "");
    let error = ExportCatalogue::from_xml_gz(&*sample.xml_gz(str::to_owned)).unwrap_err();
    let expected = "record 3 (11111111-2222-4333-8444-555555555555, revision 201): it has no metadata";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn no_bytes_whatever_make_it_panic() {
    let sample = sample();
    let list = sample.list.replace(['[', ']'], " ").into_bytes();
    let records = sample.records.concat().into_bytes();
    let mut state = 3_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..2_000 {
        let (mut list, mut records) = (list.clone(), records.clone());
        let at = random() % list.len();
        list[at] = random() as u8;
        let at = random() % records.len();
        records[at] = random() as u8;
        records.truncate(random() % 4 * records.len());
        if let Ok(catalogue) = read(cabinet(&list, &records)) {
            catalogue.identities().for_each(|identity| drop(catalogue.metadata(identity)));
        }
    }
}
