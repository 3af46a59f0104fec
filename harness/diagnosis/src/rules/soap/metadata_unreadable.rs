//! `soap/metadata-unreadable`: metadata came that is not what it should be.

use super::metadata_incomplete::{UPSTREAM_CATALOGUE, counted};
use crate::evidence::Evidence;
use crate::path::Source;
use crate::rule::{Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "soap/metadata-unreadable",
    title: "The upstream gives metadata that cannot be imported",
    explanation: "Every revision comes as an XML document, plain or in a cabinet, that names itself. The envelope around these was \
        in order, so that they did not break on the way: either they stand so in the upstream's database, or something that \
        reads SOAP rewrites it. A document that ends in the middle, a cabinet that cannot be unpacked, or one that names \
        another revision than the one asked for cannot be imported; the synchronization then ends with errors for these \
        updates, and with partial success at best.",
    modes: &["F-60"],
    guide: "6",
    citation: "[MS-WSUSSS] 3.1.4.6; field notes, F-60",
    appearances: &[Appearance::event(
        "SynchronizationError ImportUpdateError, UpdateError MetadataInvalid",
        Provenance::Derived,
    )],
    first_check: "the ids named above in SoftwareDistribution.log, on this server and on the upstream",
    remedy: UPSTREAM_CATALOGUE,
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    if evidence.path().is_none_or(|path| path.source != Source::Upstream) {
        return Outcome::DoesNotApply;
    }
    let Some(sync) = evidence.sync() else { return Outcome::DoesNotApply };
    let (unreadable, misnamed) = (&sync.seen.unreadable, &sync.seen.misnamed);
    let count = unreadable.len() + misnamed.len();
    if count == 0 && sync.seen.stopped_at.is_some() {
        return Outcome::DoesNotApply;
    }
    if count == 0 {
        return Outcome::ruled_out("all metadata that came can be read and names the revision asked for");
    }
    let examples = list(unreadable.iter().chain(misnamed).take(2).map(|what| safe(what)));
    let (received, count) = (sync.seen.received, counted(count));
    let sentence = format!("of {received} revisions that came {count} cannot be imported: {examples}");
    Finding::blocks(Step::Metadata, sentence).resting_on([sync.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn metadata_that_cannot_be_read_is_the_cause() {
        let evidence = https_upstream().synchronized(|sync| sync.unreadable = vec!["a/1: it is cut".to_owned()]);
        check(&RULE, evidence, "blocks Metadata: of 20 revisions that came 1 cannot be imported: a/1: it is cut");
    }

    #[test]
    fn metadata_of_another_revision_is_the_cause() {
        let evidence = https_upstream().synchronized(|sync| sync.misnamed = vec!["a/1: it is b/2's".to_owned()]);
        check(&RULE, evidence, "blocks Metadata");
    }

    #[test]
    fn readable_metadata_is_ruled_out_and_a_stop_before_it_is_another_question() {
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, https_upstream().stopped_by(no_answer("GetCookie", Scheme::Https)), "does not apply");
        check(&RULE, microsoft_update().synchronized(|sync| sync.misnamed = vec!["a/1".to_owned()]), "does not apply");
    }
}
