//! A catalogue of any size, of which nothing is kept: every id, time and document is computed from the seed and the place
//! of an update. Its configuration is that of the built-in catalogue.

use std::sync::Arc;

use bytes::Bytes;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::{BuiltIn, Catalogue, Facts, Guid, Identity, Metadata, Part, Revision, Rows, Sha1};
use cipher::Cipher;
use contents::Contents;

mod cipher;
mod contents;
mod document;

/// A generated catalogue: a handle that is cheap to clone.
#[derive(Clone, Debug)]
pub struct Generated {
    size: u32,
    cipher: Cipher,
    contents: Arc<Contents>,
    /// The products that updates are for, as each of them has it.
    products: Arc<[Arc<[Guid]>]>,
    configuration: BuiltIn,
}

/// When the first update came into the catalogue: after the configuration.
const BEGINNING: OffsetDateTime = datetime!(2025-03-20 06:00:00 UTC);
/// How much later each further update came.
const STEP: Duration = Duration::seconds(10);

/// Products of the built-in catalogue; every update is for one of them or for two neighbours.
const PRODUCTS: [Guid; 4] = [
    Guid::of(0xb3c75dc1_155f_4be4_b015_3f1a91758e52),
    Guid::of(0xf702a48c_919b_45d6_9aef_ca4248d50397),
    Guid::of(0x71718f13_7324_4b0f_8f9e_2ca9dc978e53),
    Guid::of(0x72e7624a_5b00_45d2_b92f_e561c0a6a160),
];
/// Security Updates twice as often as Critical Updates and Update Rollups.
const CLASSIFICATIONS: [Guid; 4] = [
    Guid::of(0x0fa1201d_4330_4fa8_8ae9_b877473b6441),
    Guid::of(0xe6cf1350_c01b_414d_a61f_263d14d133b4),
    Guid::of(0x0fa1201d_4330_4fa8_8ae9_b877473b6441),
    Guid::of(0x28bc880e_0592_4cbf_8f95_c79b17911d5f),
];

impl Generated {
    /// The catalogue of this seed with so many updates, each in one revision.
    pub fn new(seed: u64, size: u32) -> Generated {
        let single = PRODUCTS.iter().map(|product| Arc::from([*product]));
        let double = PRODUCTS.windows(2).map(Arc::from);
        Generated {
            size,
            cipher: Cipher::new(seed),
            contents: Arc::new(Contents::new(seed)),
            products: single.chain(double).collect(),
            configuration: BuiltIn::new(),
        }
    }

    /// The update at a place, from 0.
    pub fn identity(&self, place: u32) -> Identity {
        // Real numbers of published revisions begin at 200.
        let revision = 200 + (self.cipher.hash(place, 0) % 8) as i32;
        Identity { id: self.cipher.id(place), revision }
    }

    /// The place of an update, if it is one of this catalogue.
    pub fn place(&self, identity: Identity) -> Option<u32> {
        let place = self.cipher.place(identity.id).filter(|place| *place < self.size)?;
        (self.identity(place) == identity).then_some(place)
    }

    fn revision(&self, place: u32) -> Revision {
        Revision {
            identity: self.identity(place),
            changed: BEGINNING + STEP * place,
            products: Arc::clone(self.products_of(place)),
            classification: Some(self.classification_of(place)),
        }
    }

    fn products_of(&self, place: u32) -> &Arc<[Guid]> {
        &self.products[self.cipher.hash(place, 1) as usize % self.products.len()]
    }

    /// Two in a hundred need an update that comes later, one in a thousand one that is nowhere.
    fn prerequisite_of(&self, place: u32) -> Option<Guid> {
        let later = place + 1;
        match self.cipher.hash(place, 6) % 1_000 {
            0 => Some(self.cipher.id(u32::MAX - place)),
            1..=20 if later < self.size => Some(self.cipher.id(later)),
            _ => None,
        }
    }

    fn classification_of(&self, place: u32) -> Guid {
        CLASSIFICATIONS[self.cipher.hash(place, 2) as usize % CLASSIFICATIONS.len()]
    }
}

/// How many updates came until then.
fn known(since: OffsetDateTime) -> u32 {
    let steps = (since - BEGINNING).whole_nanoseconds().div_euclid(STEP.whole_nanoseconds());
    u32::try_from((steps + 1).max(0)).unwrap_or(u32::MAX)
}

impl Catalogue for Generated {
    fn revisions(&self, part: Part, since: Option<OffsetDateTime>) -> Rows {
        match part {
            Part::Configuration => self.configuration.revisions(part, since),
            Part::Updates => {
                let handle = self.clone();
                Box::new((since.map_or(0, known)..self.size).map(move |place| handle.revision(place)))
            }
        }
    }

    fn changed(&self) -> OffsetDateTime {
        // Of the built-in catalogue only the configuration is shown, which is older than the first update.
        BEGINNING + STEP * self.size.saturating_sub(1)
    }

    fn metadata(&self, identity: Identity) -> Option<Metadata> {
        let Some(place) = self.place(identity) else {
            return self.configuration.metadata(identity).filter(|metadata| metadata.files.is_empty());
        };
        let file = self.contents.file_of(self.cipher.hash(place, 3));
        let xml = document::write(self, place, file);
        Some(Metadata { xml: xml.into(), files: Arc::from([file.clone()]) })
    }

    fn content(&self, digest: &Sha1) -> Option<Bytes> {
        self.contents.bytes(digest)
    }

    fn has_file(&self, digest: &Sha1) -> bool {
        self.contents.has(digest)
    }

    /// Without the document, since lists of all updates ask for it.
    fn facts(&self, identity: Identity) -> Option<Facts> {
        let Some(place) = self.place(identity) else { return self.configuration.facts(identity) };
        let own = self.prerequisite_of(place).map(|id| vec![id]);
        let belongs_to = [self.products_of(place).to_vec(), vec![self.classification_of(place)]];
        Some(Facts {
            update_type: "Software".to_owned(),
            explicitly_deployable: true,
            prerequisites: own.into_iter().chain(belongs_to).collect(),
            ..Facts::default()
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
