//! The updates part: samples with prerequisites, supersedence, bundles with hidden members, and files.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::Row;
use super::content::Generated;
use crate::catalogue::{File, Guid, Identity, Metadata, Part, Revision, Sha1, Sha256};

mod table;
mod text;

use table::{Content, Sample};

/// When the first sample came into the catalogue; each further revision six hours later.
const BEGINNING: OffsetDateTime = datetime!(2025-02-11 18:00:00.450 UTC);
/// Every sample is in its first published revision.
const REVISION: i32 = 200;

/// All rows of this part, hidden members before their bundle, in the order of their change.
pub(super) fn rows(contents: &mut HashMap<Sha1, Generated>) -> Vec<Row> {
    let mut rows = Vec::new();
    for sample in table::SAMPLES {
        match &sample.content {
            Content::Own(file) => {
                let file = sample.file(*file, contents);
                let eula = sample.eula.map(|eula| File { is_eula: true, ..sample.file(eula, contents) });
                let xml = text::alone(sample, &file, eula.as_ref());
                push(&mut rows, sample, sample.identity(), xml, std::iter::once(file).chain(eula).collect());
            }
            Content::Bundle(groups) => {
                for member in groups.iter().copied().flatten() {
                    let file = sample.file(*member, contents);
                    let identity = sample.member(member.name);
                    push(&mut rows, sample, identity, text::member(sample, identity, &file), vec![file]);
                }
                push(&mut rows, sample, sample.identity(), text::bundle(sample, groups), Vec::new());
            }
        }
    }
    rows
}

fn push(rows: &mut Vec<Row>, sample: &Sample, identity: Identity, xml: Arc<str>, files: Vec<File>) {
    let hours = i64::try_from(rows.len()).unwrap_or(i64::MAX) * 6;
    let revision = Revision {
        identity,
        changed: BEGINNING + Duration::hours(hours),
        products: sample.products.into(),
        classification: Some(sample.classification),
    };
    rows.push(Row { part: Part::Updates, revision, metadata: Metadata { xml, files: files.into() } });
}

/// The key of a file, where its sample is encrypted.
pub(super) fn decryption_key(file: Generated) -> Option<Bytes> {
    let sample = table::SAMPLES.iter().find(|sample| matches!(&sample.content, Content::Own(own) if *own == file))?;
    sample.is_encrypted.then(|| Bytes::copy_from_slice(&Sha256::of(format!("key/{}", file.name).as_bytes()).0))
}

/// The identity of the sample of this name.
fn identity(name: &str) -> Identity {
    Identity { id: Guid::named(&format!("update/{name}")), revision: REVISION }
}

impl Sample {
    fn identity(&self) -> Identity {
        identity(self.name)
    }

    fn member(&self, file: &str) -> Identity {
        identity(&format!("{}/{file}", self.name))
    }

    /// The file with its digests and its place at Microsoft Update; its bytes can be asked for from now on.
    fn file(&self, generated: Generated, contents: &mut HashMap<Sha1, Generated>) -> File {
        let (sha1, sha256) = generated.digests();
        contents.insert(sha1, generated);
        let (stem, extension) = generated.name.rsplit_once('.').unwrap_or((generated.name, "cab"));
        let hex = sha1.hex().to_ascii_lowercase();
        let (class, month) = (text::class(self.classification), self.created[..7].replace('-', "/"));
        let folder = format!("http://download.windowsupdate.com/c/msdownload/update/software/{class}/{month}");
        File {
            name: generated.name.to_owned(),
            sha1,
            sha256,
            size: u64::try_from(generated.size).unwrap_or(u64::MAX),
            microsoft_url: format!("{folder}/{stem}_{hex}.{extension}"),
            is_eula: false,
        }
    }
}
