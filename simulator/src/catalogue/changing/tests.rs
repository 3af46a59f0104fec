//! The changing catalogue, held against the one below.

use time::macros::datetime;

use super::*;
use crate::catalogue::BuiltIn;

const AT: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);

fn changing() -> Changing {
    Changing::new(Arc::new(BuiltIn::new()))
}

fn count(catalogue: &Changing, since: Option<OffsetDateTime>) -> usize {
    catalogue.revisions(Part::Updates, since).count()
}

fn sample(revision: i32) -> (Revision, Metadata) {
    let identity = Identity { id: Guid::of(7), revision };
    let revision = Revision { identity, changed: AT, products: Arc::default(), classification: None };
    (revision, Metadata { xml: "<a/>".into(), files: Arc::default() })
}

#[test]
fn it_is_as_the_one_below_until_it_is_changed() {
    let (catalogue, below) = (changing(), BuiltIn::new());
    for part in [Part::Configuration, Part::Updates] {
        let rows: Vec<_> = catalogue.revisions(part, None).collect();
        assert_eq!(rows, below.revisions(part, None).collect::<Vec<_>>());
    }
    assert_eq!((catalogue.changed(), catalogue.epoch()), (below.changed(), 0));
}

#[test]
fn an_added_revision_is_all_of_the_delta_and_once_there() {
    let catalogue = changing();
    let (before, all) = (catalogue.changed(), count(&catalogue, None));
    let (revision, metadata) = sample(1);
    let file = Bytes::from_static(b"file");
    catalogue.add(Part::Updates, revision.clone(), metadata.clone(), [file.clone()]).unwrap();
    let delta: Vec<_> = catalogue.revisions(Part::Updates, Some(before)).collect();
    assert_eq!(delta, std::slice::from_ref(&revision));
    assert_eq!((count(&catalogue, None), count(&catalogue, Some(AT))), (all + 1, 0));
    assert_eq!(catalogue.metadata(revision.identity), Some(metadata.clone()));
    assert_eq!(catalogue.content(&Sha1::of(&file)), Some(file));
    let again = catalogue.add(Part::Updates, revision.clone(), metadata, []);
    assert_eq!(again, Err(ChangeError::AlreadyThere(revision.identity)));
}

#[test]
fn of_two_added_revisions_the_newer_is_listed_and_both_are_there() {
    let catalogue = changing();
    let all = count(&catalogue, None);
    for number in [1, 2] {
        let (revision, metadata) = sample(number);
        catalogue.add(Part::Updates, revision, metadata, []).unwrap();
    }
    assert_eq!(count(&catalogue, None), all + 1);
    assert!([1, 2].iter().all(|number| catalogue.metadata(sample(*number).0.identity).is_some()));
}

#[test]
fn an_expired_update_comes_again_in_a_further_revision() {
    let catalogue = changing();
    let before = catalogue.changed();
    let old = catalogue.revisions(Part::Updates, None).nth(1).unwrap().identity;
    let all = count(&catalogue, None);
    let new = catalogue.expire(old.id, AT).unwrap();
    assert_eq!(new, Identity { revision: old.revision + 1, ..old });
    let delta: Vec<_> = catalogue.revisions(Part::Updates, Some(before)).map(|row| row.identity).collect();
    assert_eq!((delta, count(&catalogue, None)), (vec![new], all));
    let [before, after] = [old, new].map(|identity| catalogue.facts(identity).unwrap());
    assert!(!before.expired && after.expired);
    assert!(catalogue.metadata(new).unwrap().xml.contains(&format!("RevisionNumber=\"{}\"", new.revision)));
    assert_eq!(catalogue.expire(Guid::of(9), AT), Err(ChangeError::NoSuchUpdate(Guid::of(9))));
}

#[test]
fn a_change_never_lies_behind_the_last_one() {
    let catalogue = changing();
    let before = catalogue.changed();
    let (revision, metadata) = sample(1);
    let early = Revision { changed: OffsetDateTime::UNIX_EPOCH, ..revision };
    catalogue.add(Part::Updates, early, metadata, []).unwrap();
    assert_eq!(catalogue.changed(), before + Duration::MILLISECOND);
    assert_eq!(count(&catalogue, Some(before)), 1);
}

#[test]
fn a_replaced_catalogue_has_the_next_epoch() {
    let catalogue = changing();
    let (revision, metadata) = sample(1);
    catalogue.add(Part::Updates, revision.clone(), metadata, []).unwrap();
    catalogue.replace(Arc::new(BuiltIn::new()));
    assert_eq!((catalogue.epoch(), catalogue.metadata(revision.identity)), (1, None));
}

#[test]
fn whoever_holds_a_snapshot_sees_no_later_change() {
    let catalogue = changing();
    let all = count(&catalogue, None);
    let (snapshot, rows) = (catalogue.snapshot().unwrap(), catalogue.revisions(Part::Updates, None));
    let (revision, metadata) = sample(1);
    catalogue.add(Part::Updates, revision.clone(), metadata, []).unwrap();
    assert_eq!((snapshot.revisions(Part::Updates, None).count(), rows.count()), (all, all));
    assert_eq!((snapshot.metadata(revision.identity), count(&catalogue, None)), (None, all + 1));
}
