//! Rules of update files: a few are fetched after a synchronization that ran to its end, as this server fetches them.

pub(super) mod differs;
pub(super) mod head_refused;
pub(super) mod licence_missing;
pub(super) mod missing;
pub(super) mod no_answer;
pub(super) mod ranges_ignored;
pub(super) mod refused;
