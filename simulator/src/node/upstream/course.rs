//! The course of a catalogue: its changes, each made once its time has come. Time is that of the requests, so that nothing
//! happens between them and a test sees what it waits for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use time::{Duration, OffsetDateTime};

use crate::catalogue::generated::Generated;
use crate::catalogue::{Catalogue, Changing, Part, Revision};
use crate::soap::CallObserver;
use crate::soap::message::{Operation, Request};
use crate::world::{After, Change};

/// The seed of the catalogue that added updates are taken from: none that anybody would choose.
const ADDITIONS: u64 = 0x7773_7573_6c61_6202;

/// The course.
#[derive(Debug)]
pub(super) struct Course {
    catalogue: Arc<Changing>,
    base: Arc<dyn Catalogue>,
    /// As many updates as will ever be added.
    additions: Generated,
    began: OffsetDateTime,
    progress: Mutex<Progress>,
}

#[derive(Debug)]
struct Progress {
    pending: Vec<Change>,
    /// Lists of updates that were given.
    synchronizations: u32,
    /// Answered calls, by the label of their operation.
    answered: HashMap<&'static str, u32>,
    added: u32,
    /// Updates of the base that were looked at to be expired.
    looked_at: usize,
}

impl Course {
    pub(super) fn new(base: Arc<dyn Catalogue>, changes: &[Change], began: OffsetDateTime) -> Course {
        let size: u32 = changes.iter().filter_map(|change| change.add).map(|number| number.updates).sum();
        let (synchronizations, added, looked_at) = (0, 0, 0);
        let pending = changes.to_vec();
        let progress = Progress { pending, synchronizations, answered: HashMap::new(), added, looked_at };
        Course {
            catalogue: Arc::new(Changing::new(Arc::clone(&base))),
            base,
            additions: Generated::new(ADDITIONS, size),
            began,
            progress: Mutex::new(progress),
        }
    }

    /// What the server offers.
    pub(super) fn catalogue(&self) -> Arc<dyn Catalogue> {
        Arc::<Changing>::clone(&self.catalogue)
    }

    /// Makes the changes whose time has come, in the order in which they stand.
    fn make(&self, progress: &mut Progress, now: OffsetDateTime, has_come: impl Fn(&Progress, &After) -> bool) {
        let pending = std::mem::take(&mut progress.pending);
        let (due, rest): (Vec<_>, Vec<_>) = pending.into_iter().partition(|change| has_come(progress, &change.after));
        progress.pending = rest;
        // Later than any anchor that was given until now, and as anchors are, to the millisecond: else it would come again.
        let at = now.replace_millisecond(now.millisecond()).unwrap_or(now) + Duration::MILLISECOND;
        for change in due {
            if let Some(number) = change.add {
                self.add(progress, number.updates, at);
            }
            if let Some(number) = change.expire {
                self.expire(progress, number.updates as usize, at);
            }
            if let Some(replace) = change.replace {
                let with = replace.generated.map_or_else(|| Arc::clone(&self.base), |generated| generated.open());
                self.catalogue.replace(with);
            }
        }
    }

    fn add(&self, progress: &mut Progress, count: u32, at: OffsetDateTime) {
        let rows = self.additions.revisions(Part::Updates, None).skip(progress.added as usize);
        for row in rows.take(count as usize) {
            progress.added += 1;
            let Some(metadata) = self.additions.metadata(row.identity) else { continue };
            let missing = metadata.files.iter().filter(|file| !self.catalogue.has_file(&file.sha1));
            let files: Vec<Bytes> = missing.filter_map(|file| self.additions.content(&file.sha1)).collect();
            // It cannot be there already: the base would have to be generated from the same seed.
            let _ = self.catalogue.add(Part::Updates, Revision { changed: at, ..row }, metadata, files);
        }
    }

    /// Expires the oldest updates that an administrator could approve and that are not expired.
    fn expire(&self, progress: &mut Progress, count: usize, at: OffsetDateTime) {
        let rows = self.base.revisions(Part::Updates, None).skip(progress.looked_at);
        let mut left = count;
        for row in rows {
            progress.looked_at += 1;
            let facts = self.base.facts(row.identity).unwrap_or_default();
            // After a replacement by another catalogue the update may be gone.
            let expires = facts.explicitly_deployable && !facts.expired;
            if expires && self.catalogue.expire_listed(Part::Updates, row, at).is_ok() {
                left -= 1;
            }
            if left == 0 {
                return;
            }
        }
    }
}

impl CallObserver for Course {
    fn begins(&self, request: &Request, now: OffsetDateTime) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let begins_anew = begins_anew(request.operation());
        self.make(&mut progress, now, |progress, after| match after {
            After::Synchronizations(count) => begins_anew && *count <= progress.synchronizations,
            After::Seconds(seconds) => self.began + Duration::seconds(i64::from(*seconds)) <= now,
            After::Call(_) => false,
        });
    }

    fn answered(&self, request: &Request, now: OffsetDateTime) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(request, Request::GetRevisionIdList(list) if !list.filter.get_config) {
            progress.synchronizations = progress.synchronizations.saturating_add(1);
        }
        let label = request.operation().label();
        let answered = progress.answered.entry(label).or_default();
        *answered = answered.saturating_add(1);
        let nth = *answered;
        self.make(&mut progress, now, |_, after| match after {
            After::Call(call) => call.operation == label && call.nth == nth,
            After::Synchronizations(_) | After::Seconds(_) => false,
        });
    }
}

/// Whether a downstream server that had the list of updates begins another synchronization with such a call.
fn begins_anew(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::GetAuthConfig
            | Operation::GetAuthorizationCookie
            | Operation::GetCookie
            | Operation::GetConfigData
            | Operation::GetRevisionIdList
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use time::macros::datetime;

    use super::*;
    use crate::catalogue::{BuiltIn, Identity, Metadata, Rows, Sha1};
    use crate::world::{Call, Number, Replace};

    const BEGAN: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);

    /// A catalogue that counts the rows that are taken from it.
    #[derive(Debug)]
    struct Counting(Generated, Arc<AtomicUsize>);

    impl Catalogue for Counting {
        fn revisions(&self, part: Part, since: Option<OffsetDateTime>) -> Rows {
            let taken = Arc::clone(&self.1);
            Box::new(self.0.revisions(part, since).inspect(move |_| _ = taken.fetch_add(1, Ordering::Relaxed)))
        }

        fn changed(&self) -> OffsetDateTime {
            self.0.changed()
        }

        fn metadata(&self, identity: Identity) -> Option<Metadata> {
            self.0.metadata(identity)
        }

        fn content(&self, digest: &Sha1) -> Option<Bytes> {
            self.0.content(digest)
        }
    }

    fn course(changes: &[Change]) -> Course {
        Course::new(Arc::new(BuiltIn::new()), changes, BEGAN)
    }

    fn change(after: After) -> Change {
        Change { after, add: None, expire: None, replace: None }
    }

    /// How many updates there are, and in which epoch.
    fn state(course: &Course) -> (usize, u32) {
        (course.catalogue.revisions(Part::Updates, None).count(), course.catalogue.epoch())
    }

    #[test]
    fn time_passes_with_the_requests() {
        let add = Change { add: Some(Number { updates: 2 }), ..change(After::Seconds(5)) };
        let course = course(&[add]);
        let (all, _) = state(&course);
        course.begins(&Request::GetAuthConfig, BEGAN + Duration::seconds(4));
        assert_eq!(state(&course), (all, 0));
        for _ in 0..2 {
            course.begins(&Request::GetAuthConfig, BEGAN + Duration::seconds(5));
            assert_eq!(state(&course), (all + 2, 0));
        }
    }

    #[test]
    fn a_call_is_counted_when_it_was_answered() {
        let after = After::Call(Call { operation: "GetAuthConfig".to_owned(), nth: 2 });
        let course = course(&[Change { replace: Some(Replace::default()), ..change(after) }]);
        for epoch in [0, 1, 1] {
            course.begins(&Request::GetAuthConfig, BEGAN);
            course.answered(&Request::GetAuthConfig, BEGAN);
            assert_eq!(state(&course).1, epoch);
        }
    }

    #[test]
    fn what_is_added_has_its_file_and_what_is_expired_is_so_once() {
        let second = |change: fn(&mut Change)| {
            let mut made = self::change(After::Seconds(0));
            change(&mut made);
            made
        };
        let changes = [
            second(|change| change.add = Some(Number::default())),
            second(|change| change.expire = Some(Number { updates: 2 })),
            second(|change| change.expire = Some(Number { updates: 100 })),
        ];
        let course = course(&changes);
        let before = course.catalogue.changed();
        course.begins(&Request::GetAuthConfig, BEGAN);
        let delta: Vec<Revision> = course.catalogue.revisions(Part::Updates, Some(before)).collect();
        let facts = |row: &Revision| course.catalogue.facts(row.identity).unwrap();
        assert!(!facts(&delta[0]).expired && delta[1..].iter().all(|row| facts(row).expired));
        // Seventeen samples are deployable, and one of them was expired from the beginning.
        assert_eq!(delta.len(), 1 + 16);
        let file = course.catalogue.metadata(delta[0].identity).unwrap().files[0].clone();
        assert!(course.catalogue.has_file(&file.sha1));
    }
    #[test]
    fn an_update_is_expired_by_its_row_and_no_other_is_looked_at() {
        let taken = Arc::new(AtomicUsize::new(0));
        let base = Counting(Generated::new(1, 5_000), Arc::clone(&taken));
        let expire = Change { expire: Some(Number { updates: 300 }), ..change(After::Seconds(0)) };
        let course = Course::new(Arc::new(base), &[expire], BEGAN);
        course.begins(&Request::GetAuthConfig, BEGAN);
        assert_eq!(taken.load(Ordering::Relaxed), 300);
        let before = course.base.changed();
        assert_eq!(course.catalogue.revisions(Part::Updates, Some(before)).count(), 300);
    }
}
