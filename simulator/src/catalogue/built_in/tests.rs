//! The built-in catalogue holds together.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::catalogue::{Guid, Sha256};

fn all() -> Vec<(Identity, Metadata)> {
    let catalogue = BuiltIn::new();
    let both = [Part::Configuration, Part::Updates].map(|part| catalogue.revisions(part, None).collect::<Vec<_>>());
    both.concat().into_iter().map(|row| (row.identity, catalogue.metadata(row.identity).unwrap())).collect()
}

/// The values of an attribute of every element of this name.
fn attributes(xml: &str, element: &str, attribute: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) if start.name().0 == element => {
                let value = start.try_get_attribute(attribute).unwrap();
                found.extend(value.map(|attribute| attribute.value.into_owned()));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn guids(texts: Vec<String>) -> Vec<Guid> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn it_has_categories_detectoids_and_a_dozen_updates() {
    let count = |kind: &str| {
        let kinds =
            all().into_iter().flat_map(|(_, metadata)| attributes(&metadata.xml, "upd:Properties", "UpdateType"));
        kinds.filter(|found| found == kind).count()
    };
    assert_eq!((count("Category"), count("Detectoid"), count("Software")), (22, 5, 31));
    let deployable = all()
        .into_iter()
        .flat_map(|(_, metadata)| attributes(&metadata.xml, "upd:Properties", "ExplicitlyDeployable"))
        .filter(|deployable| deployable == "true");
    assert_eq!(deployable.count(), 17);
}

#[test]
fn two_of_it_are_the_same() {
    let [first, second] = [Shelf::new(), Shelf::new()];
    let rows = |shelf: &Shelf| {
        let each = |row: &Row| (row.part, row.revision.clone(), row.metadata.clone());
        shelf.rows.iter().map(each).collect::<Vec<_>>()
    };
    assert_eq!(rows(&first), rows(&second));
    assert_eq!(first.files, second.files);
}

#[test]
fn its_ids_will_be_the_same_in_every_version() {
    let first = BuiltIn::new().revisions(Part::Updates, None).next().unwrap();
    assert_eq!(first.identity.id.to_string(), "12fac569-c52a-839f-933e-c342f0615e75");
    assert_eq!(first.changed, time::macros::datetime!(2025-02-11 18:00:00.450 UTC));
}

#[test]
fn every_document_is_well_formed_and_says_its_own_identity() {
    for (identity, metadata) in all() {
        let ids = guids(attributes(&metadata.xml, "upd:UpdateIdentity", "UpdateID"));
        let revisions = attributes(&metadata.xml, "upd:UpdateIdentity", "RevisionNumber");
        assert_eq!((ids[0], &revisions[0]), (identity.id, &identity.revision.to_string()));
        assert_eq!(metadata.xml.matches("<upd:Title>").count(), 1);
    }
}

#[test]
fn two_documents_are_long_enough_to_travel_in_a_cabinet() {
    let long = all().into_iter().filter(|(_, metadata)| 2_560 < metadata.xml.encode_utf16().count());
    assert_eq!(
        long.map(|(identity, _)| identity.id).collect::<Vec<_>>(),
        ["critical update 2", "upgrade 2"].map(sample)
    );
}

fn sample(name: &str) -> Guid {
    Guid::named(&format!("update/{name}"))
}

#[test]
fn no_identity_comes_twice_and_times_only_grow() {
    let identities: Vec<_> = all().into_iter().map(|(identity, _)| identity).collect();
    assert_eq!(identities.iter().collect::<BTreeSet<_>>().len(), identities.len());
    let shelf = Shelf::new();
    assert!(shelf.rows.is_sorted_by(|first, second| first.revision.changed < second.revision.changed));
    assert_eq!(Some(BuiltIn::new().changed()), shelf.rows.last().map(|row| row.revision.changed));
}

#[test]
fn as_in_real_lists_one_prerequisite_comes_later_and_one_is_nowhere() {
    let (mut above, mut not_above) = (BTreeSet::new(), Vec::new());
    for (identity, metadata) in all() {
        let ids = guids(attributes(&metadata.xml, "upd:UpdateIdentity", "UpdateID"));
        not_above.extend(ids.into_iter().filter(|id| *id != identity.id && !above.contains(id)));
        above.insert(identity.id);
    }
    let nowhere = sample("update that was never published");
    assert_eq!(not_above, [sample("update 4"), nowhere]);
    assert!(!above.contains(&nowhere));
}

#[test]
fn the_products_of_a_row_are_those_of_its_document() {
    let catalogue = BuiltIn::new();
    for row in catalogue.revisions(Part::Updates, None) {
        let metadata = catalogue.metadata(row.identity).unwrap();
        let (_, prerequisites) = metadata.xml.split_once("<upd:Prerequisites>").unwrap();
        for id in row.products.iter().chain(&row.classification) {
            assert!(prerequisites.contains(&id.to_string()), "{row:?}");
        }
        assert!(row.classification.is_some() && !row.products.is_empty());
    }
}

#[test]
fn hidden_members_carry_the_files_of_their_bundle() {
    for (identity, metadata) in all() {
        let bundle = metadata.xml.contains("<upd:BundledUpdates>");
        let software = metadata.xml.contains("UpdateType=\"Software\"");
        let files = metadata.files.iter().filter(|file| !file.is_eula).count();
        assert_eq!(files, usize::from(software && !bundle), "{identity:?}");
    }
}

#[test]
fn the_digests_of_every_file_are_those_of_its_bytes() {
    let catalogue = BuiltIn::new();
    for (_, metadata) in all() {
        for file in metadata.files.iter() {
            let bytes = catalogue.content(&file.sha1).unwrap();
            assert_eq!((Sha1::of(&bytes), Sha256::of(&bytes)), (file.sha1, file.sha256));
            assert_eq!(u64::try_from(bytes.len()).unwrap(), file.size);
            let element = if file.is_eula { "upd:EulaFile" } else { "upd:File" };
            assert_eq!(attributes(&metadata.xml, element, "Digest"), [STANDARD.encode(file.sha1.0)]);
            assert_eq!(attributes(&metadata.xml, element, "Size"), [file.size.to_string()]);
            if file.is_eula {
                continue;
            }
            let additional = format!("Algorithm=\"SHA256\">{}</upd:AdditionalDigest>", STANDARD.encode(file.sha256.0));
            assert!(metadata.xml.contains(&additional));
        }
    }
}

#[test]
fn what_it_does_not_have_is_not_there() {
    let catalogue = BuiltIn::new();
    assert_eq!(catalogue.metadata(Identity { id: categories::MICROSOFT, revision: 7 }), None);
    assert_eq!(catalogue.content(&Sha1([0; 20])), None);
}

#[test]
fn nothing_in_it_is_infrastructure_of_wsus() {
    for (identity, metadata) in all() {
        let text = metadata.xml.to_ascii_lowercase();
        assert!(!text.contains("infrastructure") && !text.contains("ismandatory"), "{identity:?}");
    }
}

#[test]
fn a_delta_has_what_changed_after_its_time() {
    let catalogue = BuiltIn::new();
    let rows: Vec<_> = catalogue.revisions(Part::Updates, None).collect();
    let delta: Vec<_> = catalogue.revisions(Part::Updates, Some(rows[20].changed)).collect();
    assert_eq!(delta, rows[21..]);
    assert_eq!(catalogue.revisions(Part::Configuration, Some(rows[0].changed)).count(), 0);
}

#[test]
fn a_licence_is_a_text_of_its_own_and_its_update_names_it() {
    let catalogue = BuiltIn::new();
    let licensed: Vec<Metadata> =
        all().into_iter().map(|(_, metadata)| metadata).filter(|metadata| metadata.xml.contains("EulaID")).collect();
    let [metadata] = licensed.as_slice() else { panic!("{licensed:?}") };
    let eula = metadata.files.iter().find(|file| file.is_eula).unwrap();
    assert_eq!((eula.name.as_str(), eula.size), ("wsuslab-licence-1.txt", 1_234));
    assert!(catalogue.content(&eula.sha1).unwrap().starts_with(b"This licence of a sample allows everything"));
    let id = Guid::named("eula/wsuslab-licence-1.txt");
    assert_eq!(guids(attributes(&metadata.xml, "upd:Properties", "EulaID")), [id]);
}

#[test]
fn only_an_encrypted_file_has_a_key() {
    let catalogue = BuiltIn::new();
    for (identity, metadata) in all() {
        let encrypted = metadata.xml.contains("<upd:SecuredFragment>FileDecryption</upd:SecuredFragment>");
        assert_eq!(encrypted, identity.id == sample("upgrade 2"));
        let keys = metadata.files.iter().filter_map(|file| catalogue.decryption_key(&file.sha1));
        assert_eq!(keys.map(|key| key.len()).collect::<Vec<_>>(), if encrypted { vec![32] } else { vec![] });
    }
}
