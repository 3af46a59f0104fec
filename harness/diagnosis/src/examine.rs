//! The examination: probes from the bottom up along the path that the server uses, wider matrices only after a failure.
//!
//! It looks and does not judge: it stops where nothing above can work, and everything it saw is evidence.

mod content;
mod context;
mod examiner;
mod link;
mod login;
mod open;
mod walk;
mod way;

use time::OffsetDateTime;

use crate::deadlines::Deadlines;
use crate::evidence::{Evidence, Purpose};
use crate::network::{ExamineError, Network};
use crate::path::SyncPath;
use crate::subject::Subject;
use examiner::Examiner;

/// Examines `subject` over `network`. Without a path that Step 0 lets us derive, nothing is looked at.
///
/// # Errors
///
/// Only when the lab itself is broken. A failure of the thing examined is evidence.
pub fn examine(subject: &Subject, network: &Network, deadlines: Deadlines) -> Result<Evidence, ExamineError> {
    let taken_at = OffsetDateTime::now_utc();
    let mut examiner = Examiner::new(subject, network, deadlines);
    if let Ok(path) = SyncPath::of(&subject.step0) {
        let walked = walk::walk(&mut examiner, &path, Purpose::Path)?;
        content::fetch(&mut examiner, &path, &walked)?;
        context::look_around(&mut examiner, &path, &walked)?;
    }
    Ok(Evidence {
        schema: 1,
        taken_at,
        subject: subject.clone(),
        deadlines,
        proxy_password_at_hand: network.proxy_password.is_some(),
        observations: examiner.into_observations(),
    })
}

#[cfg(test)]
mod tests;
