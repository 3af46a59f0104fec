//! `soap/metadata-incomplete`: the upstream announces revisions and does not give their metadata.

use crate::evidence::Evidence;
use crate::path::Source;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "soap/metadata-incomplete",
    title: "The upstream announces updates and never gives their metadata",
    explanation: "GetRevisionIdList names the revisions, GetUpdateData gives what they are. A healthy server cuts a long answer \
        near two megabytes and says nothing of it, so that what is left out must be asked for again; that was done, and \
        these never came, although every call was answered without a fault. The upstream's catalogue does not hold \
        together: an import that stopped half-way, a database that was restored, or a device on the way that shortens \
        answers. A downstream server cannot import what depends on them.",
    modes: &["F-60"],
    guide: "6",
    citation: "[MS-WSUSSS] 3.1.4.6, 3.2.4.2; field notes, F-60",
    appearances: &[Appearance::event(
        "SynchronizationError ImportUpdateError, UpdateError DependencyNotFound",
        Provenance::Derived,
    )],
    first_check: "Get-WsusServer | ForEach-Object { $_.GetUpdate([guid]'<id>') }, on the upstream, for an id named above",
    remedy: UPSTREAM_CATALOGUE,
    check,
};

/// Mends a catalogue that does not hold together.
pub(super) const UPSTREAM_CATALOGUE: &[Action] = &[
    Action::person("On the upstream: let it synchronize with its own source first, and see that this succeeds."),
    Action::cmd("cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil reset")
        .before("run it on the upstream; it compares files with the catalogue and may take hours")
        .not_on("this server"),
    Action::person(
        "On the upstream: was its database restored or a package imported into it lately? wsusutil import belongs on a server \
         without an upstream. If nothing else helps, give it a new database.",
    ),
];

fn check(evidence: &Evidence) -> Outcome {
    if evidence.path().is_none_or(|path| path.source != Source::Upstream) {
        return Outcome::DoesNotApply;
    }
    let Some(sync) = evidence.sync() else { return Outcome::DoesNotApply };
    if sync.seen.stopped_at.is_some() {
        return Outcome::DoesNotApply;
    }
    let missing = &sync.seen.missing;
    if missing.is_empty() {
        return Outcome::ruled_out("everything that was announced and asked for came");
    }
    let examples = list(missing.iter().take(3).map(|id| safe(id)));
    let (announced, count) = (sync.seen.announced, counted(missing.len()));
    let sentence = format!("{count} of {announced} announced revisions never came, as {examples}");
    Finding::blocks(Step::Metadata, sentence).resting_on([sync.index]).into()
}

/// Evidence lists no more than a hundred.
pub(super) fn counted(listed: usize) -> String {
    if listed < 100 { listed.to_string() } else { "at least 100".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn revisions_that_never_come_are_the_cause() {
        let evidence = https_upstream().synchronized(|sync| sync.missing = vec!["a/1".to_owned(), "b/2".to_owned()]);
        check(&RULE, evidence, "blocks Metadata: 2 of 20 announced revisions never came, as a/1 and b/2");
    }

    #[test]
    fn a_whole_answer_is_ruled_out_and_a_stop_is_another_question() {
        check(&RULE, https_upstream(), "ruled out");
        let stopped = https_upstream().stopped_by(no_answer("GetUpdateData", Scheme::Https));
        check(&RULE, stopped.synchronized(|sync| sync.missing = vec!["a/1".to_owned()]), "does not apply");
        check(&RULE, microsoft_update().synchronized(|sync| sync.missing = vec!["a/1".to_owned()]), "does not apply");
    }
}
