//! A package of a real server against a second reader that shares nothing with ours: crate cab for the cabinet, and records
//! cut in UTF-16. And cabinets of ours against cabextract, gcab and crate cab.
//!
//! The package is not part of the project: it is looked for beside the workspace and in `WSUSLAB_EXPORT`, and without it the
//! tests that need it are skipped, and say so.

#[path = "export/synchronization.rs"]
mod synchronization;

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use simulator::catalogue::export::ExportCatalogue;
use simulator::catalogue::{Catalogue, Guid, Identity, Part, Sha256};
use simulator::pack::cabinet::{Blob, Member, Method, write};
use wsuslab_tests::{peer, source};

const DEADLINE: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        real("metadata_come_out_as_they_went_in", metadata_come_out_as_they_went_in),
        real("the_list_comes_out_as_it_went_in", the_list_comes_out_as_it_went_in),
        real("a_whole_synchronization_brings_every_record_unchanged", a_whole_synchronization),
        real("damage_is_named_with_its_record", damage_is_named_with_its_record),
        Trial::test("crate_cab_reads_what_we_write", || check_peer(&crate_cab)),
    ];
    trials.push(peer::trial("cabextract", "cabextract_reads_what_we_write", || check_peer(&cabextract)));
    trials.push(peer::trial("gcab", "gcab_reads_what_we_write", || check_peer(&gcab)));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A test that needs the real package: with its path where there is one, else ignored with the reason in its kind.
fn real(name: &'static str, test: fn(&Path) -> Result<(), Failed>) -> Trial {
    let named = std::env::var_os("WSUSLAB_EXPORT").map(PathBuf::from);
    let path = named.unwrap_or_else(|| source::root().join("../shared/data/wsus-export.cab"));
    if path.is_file() {
        return Trial::test(name, move || test(&path));
    }
    Trial::test(name, || Ok(())).with_kind("skipped: no package, see WSUSLAB_EXPORT").with_ignored_flag(true)
}

fn metadata_come_out_as_they_went_in(path: &Path) -> Result<(), Failed> {
    let catalogue = ExportCatalogue::open(path)?;
    let expected = second_reading(path)?;
    assert_eq!(catalogue.identities().len(), expected.len());
    for (number, (identity, (id, digest))) in catalogue.identities().zip(expected).enumerate() {
        assert_eq!(format!("{},{:08x}", identity.id, identity.revision), id, "record {}", number + 1);
        let metadata = catalogue.metadata(identity).ok_or("announced and not there")?;
        assert_eq!(Sha256::of(metadata.xml.as_bytes()), digest, "record {} ({id})", number + 1);
    }
    Ok(())
}

/// Of a package with configuration alone all records are announced; of updates only the newest revision.
fn a_whole_synchronization(path: &Path) -> Result<(), Failed> {
    let records = second_reading(path)?;
    let received = synchronization::received(path)?;
    if records.len() == 4_125 {
        assert_eq!(received.len(), 4_125);
    }
    let records: std::collections::HashMap<_, _> = records.into_iter().collect();
    for (id, digest) in received {
        assert_eq!(records.get(&id), Some(&digest), "{id}");
    }
    Ok(())
}

/// Head and digest of every record: all of it as UTF-16, and cut there.
fn second_reading(path: &Path) -> Result<Vec<(String, Sha256)>, Failed> {
    let units: Vec<u16> = String::from_utf8(member(path, "metadata.txt")?)?.encode_utf16().collect();
    let mut rest = &units[..];
    let mut records = Vec::new();
    while !rest.is_empty() {
        let head = String::from_utf16(&rest[..55])?;
        let length = usize::from_str_radix(&head[46..54], 16)?;
        let xml = String::from_utf16(&rest[55..55 + length])?;
        assert_eq!(&rest[55 + length..57 + length], [0x0d, 0x0a]);
        records.push((head[..45].to_owned(), Sha256::of(xml.as_bytes())));
        rest = &rest[57 + length..];
    }
    Ok(records)
}

fn the_list_comes_out_as_it_went_in(path: &Path) -> Result<(), Failed> {
    let catalogue = ExportCatalogue::open(path)?;
    let list = String::from_utf8(member(path, "package.xml")?)?;
    let attribute = |text: &str, name: &str| -> Option<String> {
        text.split_once(&format!("{name}=\""))?.1.split_once('"').map(|(value, _)| value.to_owned())
    };
    let rows = list.split("<Update ").skip(1);
    let expected: Vec<Identity> = rows
        .map(|row| {
            let id: Guid = attribute(row, "UpdateId").ok_or("no id")?.parse()?;
            let revision = attribute(row, "RevisionNumber").ok_or("no revision")?.parse()?;
            Ok(Identity { id, revision })
        })
        .collect::<Result<_, Failed>>()?;
    assert!(catalogue.identities().eq(expected.iter().copied()));
    let listed = [Part::Configuration, Part::Updates].map(|part| catalogue.revisions(part, None).count());
    // A fresh server has only configuration, all of which is listed.
    if expected.len() == 4_125 {
        let mut ids: Vec<Guid> = expected.iter().map(|identity| identity.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((listed, ids.len()), ([4_125, 0], 4_087));
    }
    assert_eq!(catalogue.about().languages.len(), list.matches("<Language ").count());
    Ok(())
}

fn damage_is_named_with_its_record(path: &Path) -> Result<(), Failed> {
    let bytes = std::fs::read(path)?;
    let truncated = ExportCatalogue::from_cabinet(&mut Cursor::new(&bytes[..bytes.len() / 2]));
    let expected =
        format!("the cabinet is truncated: it says that it has {} bytes and has {}", bytes.len(), bytes.len() / 2);
    assert_eq!(truncated.map(drop).map_err(|error| error.to_string()), Err(expected));

    let (list, metadata) = (member(path, "package.xml")?, member(path, "metadata.txt")?);
    let last = ExportCatalogue::open(path)?.identities().last().ok_or("an empty package")?;
    let count = ExportCatalogue::open(path)?.identities().len();
    let error = read(&list, &metadata[..metadata.len() - 100]).err().ok_or("half a record was taken")?;
    let head = format!("record {count} ({}, revision {}): it is truncated: ", last.id, last.revision);
    assert!(error.starts_with(&head), "{error}");

    let mut wrong = metadata.clone();
    // The last digit of the length of the first record.
    wrong[53] = if wrong[53] == b'0' { b'1' } else { b'0' };
    let error = read(&list, &wrong).err().ok_or("a wrong length was taken")?;
    assert!(error.starts_with("record 1 (") && error.contains("its length is wrong"), "{error}");
    Ok(())
}

fn read(list: &[u8], metadata: &[u8]) -> Result<ExportCatalogue, String> {
    let member = |name, bytes| Member { name, bytes, date_time_attributes: [0; 3] };
    let members = [member("package.xml", list), member("metadata.txt", metadata)];
    let cabinet = write(Method::Lzx, &members).map_err(|error| error.to_string())?;
    ExportCatalogue::from_cabinet(&mut Cursor::new(cabinet)).map_err(|error| error.to_string())
}

/// A file of a cabinet, read by crate cab.
fn member(path: &Path, name: &str) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    cab::Cabinet::new(std::fs::File::open(path)?)?.read_file(name)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Unpacks a cabinet, which lies alone in a folder, beside itself.
type Unpack<'a> = &'a dyn Fn(&Path) -> Result<(), Failed>;

/// Cabinets of both methods, with one and more files, of sizes around the frames; and a blob.
fn check_peer(unpack: Unpack<'_>) -> Result<(), Failed> {
    let long: Vec<u8> = (0..100_003_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for method in [Method::None, Method::Lzx] {
        for size in [1, 2, 32_767, 32_768, 32_769, 65_536, 100_003] {
            let member = |name, bytes| Member { name, bytes, date_time_attributes: [0x5a6b, 0, 0x20] };
            let members = [member("one.txt", &long[..size]), member("two.txt", b"second")];
            let cabinet = write(method, &members)?;
            check_files(unpack, &cabinet, &members.map(|member| (member.name, member.bytes)))?;
        }
    }
    for text in ["<a/>", &"<upd:Titel>Größe 大きさ 😀</upd:Titel>".repeat(2_000)] {
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check_files(unpack, &Blob::new(text)?.into_vec(), &[("blob", &utf_16)])?;
    }
    Ok(())
}

fn check_files(unpack: Unpack<'_>, cabinet: &[u8], expected: &[(&str, &[u8])]) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("packed.cab");
    std::fs::write(&path, cabinet)?;
    unpack(&path)?;
    for (name, bytes) in expected {
        assert!(std::fs::read(folder.path().join(name))? == *bytes, "{name} of {} bytes", bytes.len());
    }
    Ok(())
}

fn crate_cab(path: &Path) -> Result<(), Failed> {
    let bytes = std::fs::read(path)?;
    let names: Vec<String> = cab::Cabinet::new(Cursor::new(&bytes))?
        .folder_entries()
        .flat_map(|folder| folder.file_entries().map(|file| file.name().to_owned()).collect::<Vec<_>>())
        .collect();
    for name in names {
        std::fs::write(path.with_file_name(&name), member(path, &name)?)?;
    }
    Ok(())
}

fn cabextract(path: &Path) -> Result<(), Failed> {
    run(Command::new("cabextract").arg("-q").arg("-d").arg(folder(path)).arg(path))
}

fn gcab(path: &Path) -> Result<(), Failed> {
    run(Command::new("gcab").arg("-x").arg("-n").arg("-C").arg(folder(path)).arg(path))
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn run(command: &mut Command) -> Result<(), Failed> {
    let output = peer::run(command, DEADLINE);
    let said = String::from_utf8_lossy(&output.stderr);
    // cabextract warns of checksums and goes on.
    if output.status.success() && !said.contains("checksum") {
        Ok(())
    } else {
        Err(format!("{command:?}: {said}").into())
    }
}
