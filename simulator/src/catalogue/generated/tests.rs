use std::collections::HashSet;

use super::*;

fn updates(catalogue: &Generated, since: Option<OffsetDateTime>) -> Vec<Identity> {
    catalogue.revisions(Part::Updates, since).map(|revision| revision.identity).collect()
}

#[test]
fn every_place_has_its_own_id_and_every_id_its_place() {
    let catalogue = Generated::new(1, 20_000);
    let mut ids = HashSet::new();
    for place in 0..20_000 {
        let identity = catalogue.identity(place);
        assert!(ids.insert(identity.id));
        assert_eq!(catalogue.place(identity), Some(place));
    }
}

#[test]
fn an_id_looks_like_a_guid_of_version_8() {
    let id = Generated::new(1, 1).identity(0).id.to_string();
    assert_eq!(&id[14..15], "8");
    assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
}

#[test]
fn what_is_not_of_this_catalogue_has_no_place() {
    let catalogue = Generated::new(1, 100);
    let own = catalogue.identity(7);
    for other in [
        Identity { revision: own.revision + 1, ..own },
        Identity { id: Guid::named("other"), ..own },
        Generated::new(2, 100).identity(7),
        Generated::new(1, 101).identity(100),
    ] {
        assert_eq!(catalogue.place(other), None);
        assert_eq!(catalogue.metadata(other), None);
    }
}

#[test]
fn a_catalogue_is_the_same_for_ever() {
    let identity = Generated::new(7, 10).identity(3);
    assert_eq!(identity, Generated::new(7, 1_000_000).identity(3));
    assert_eq!(Generated::new(7, 10).metadata(identity), Generated::new(7, 1_000_000).metadata(identity));
    assert_ne!(identity, Generated::new(8, 10).identity(3));
}

#[test]
fn deltas_begin_behind_their_anchor() {
    let catalogue = Generated::new(1, 1_000);
    let at = |place: u32| BEGINNING + STEP * place;
    assert_eq!(updates(&catalogue, None).len(), 1_000);
    assert_eq!(updates(&catalogue, Some(BEGINNING - Duration::NANOSECOND)).len(), 1_000);
    assert_eq!(updates(&catalogue, Some(at(0))).len(), 999);
    assert_eq!(updates(&catalogue, Some(at(899)))[0], catalogue.identity(900));
    assert_eq!(updates(&catalogue, Some(at(899) + Duration::NANOSECOND)).len(), 100);
    assert!(updates(&catalogue, Some(catalogue.changed())).is_empty());
    assert!(updates(&catalogue, Some(datetime!(9999-12-31 23:59:59 UTC))).is_empty());
}

#[test]
fn its_products_and_classifications_are_in_its_configuration() {
    let catalogue = Generated::new(1, 500);
    let configuration: HashSet<Guid> =
        catalogue.revisions(Part::Configuration, None).map(|revision| revision.identity.id).collect();
    for revision in catalogue.revisions(Part::Updates, None) {
        assert!(revision.products.iter().chain(&revision.classification).all(|id| configuration.contains(id)));
    }
}

#[test]
fn the_configuration_is_older_than_the_first_update() {
    let catalogue = Generated::new(1, 0);
    assert!(catalogue.revisions(Part::Configuration, Some(BEGINNING)).next().is_none());
    assert!(catalogue.revisions(Part::Updates, None).next().is_none());
}

#[test]
fn documents_are_well_formed_and_say_what_the_list_says() {
    let catalogue = Generated::new(3, 300);
    for revision in catalogue.revisions(Part::Updates, None) {
        let xml = catalogue.metadata(revision.identity).unwrap().xml;
        let mut reader = quick_xml::Reader::from_str(&xml);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        let head = format!("UpdateID=\"{}\" RevisionNumber=\"{}\"", revision.identity.id, revision.identity.revision);
        assert!(xml.contains(&head));
        for id in revision.products.iter().chain(&revision.classification) {
            assert!(xml.contains(&format!("UpdateID=\"{id}\"")));
        }
    }
}

#[test]
fn facts_are_those_of_the_document() {
    let catalogue = Generated::new(3, 2_000);
    for revision in catalogue.revisions(Part::Configuration, None).chain(catalogue.revisions(Part::Updates, None)) {
        let xml = catalogue.metadata(revision.identity).unwrap().xml;
        assert_eq!(catalogue.facts(revision.identity), Some(Facts::of(&xml)));
    }
}

#[test]
fn files_have_the_bytes_of_their_digests() {
    let catalogue = Generated::new(3, 40);
    for place in 0..40 {
        let metadata = catalogue.metadata(catalogue.identity(place)).unwrap();
        let file = &metadata.files[0];
        let bytes = catalogue.content(&file.sha1).unwrap();
        assert_eq!(bytes.len() as u64, file.size);
        assert_eq!((Sha1::of(&bytes), super::super::Sha256::of(&bytes)), (file.sha1, file.sha256));
    }
    assert_eq!(catalogue.content(&Sha1([0; 20])), None);
}

#[test]
fn of_a_million_updates_a_delta_shows_only_the_last() {
    let catalogue = Generated::new(5, 1_000_000);
    let delta = updates(&catalogue, Some(catalogue.changed() - STEP * 100));
    assert_eq!(delta.len(), 100);
    assert_eq!(delta[99], catalogue.identity(999_999));
}
