//! `soap/decryption-key-missing`: files are encrypted, and the upstream gives no key.

use super::metadata_incomplete::counted;
use crate::evidence::Evidence;
use crate::path::Source;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "soap/decryption-key-missing",
    title: "The upstream has no key for encrypted files",
    explanation: "The files of upgrades of Windows (.esd) are encrypted; their metadata says so, and a downstream server asks for the \
        keys (GetUpdateDecryptionData). An upstream that answers without a key got the metadata before it knew of encryption: \
        WSUS on Windows Server 2012 and 2012 R2 learnt it with KB3159706, and what was synchronized earlier stays without \
        keys until it is deleted and fetched again. The synchronization succeeds, the files come, and every client fails to \
        install the upgrade with 0xC1800118.",
    modes: &["X-4"],
    guide: "6",
    citation: "[MS-WSUSSS] 3.1.4.18; Microsoft KB 3159706; field notes, X-4",
    appearances: &[Appearance::hresult("0xC1800118", Provenance::Recalled)],
    first_check: "on the upstream, in SUSDB: SELECT COUNT(*) FROM tbFile WHERE IsEncrypted = 1 AND DecryptionKey IS NULL",
    remedy: &[
        Action::cmd("\"%ProgramFiles%\\Update Services\\Tools\\wsusutil.exe\" postinstall /servicing").before(
            "run it on the upstream, where it is Windows Server 2012 or 2012 R2 and KB3159706 or a later rollup is installed",
        ),
        Action::person(
            "On the upstream: take off the classification Upgrades, delete the upgrades that are without keys, put it on again \
             and synchronize; then synchronize this server.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    if evidence.path().is_none_or(|path| path.source != Source::Upstream) {
        return Outcome::DoesNotApply;
    }
    let Some(sync) = evidence.sync().filter(|sync| sync.seen.stopped_at.is_none()) else {
        return Outcome::DoesNotApply;
    };
    let Some(first) = sync.seen.without_keys.first() else {
        return Outcome::ruled_out("no encrypted file is without its key");
    };
    let count = counted(sync.seen.without_keys.len());
    let sentence =
        format!("{count} revisions have encrypted files, and the upstream gives no key for them, as {}", safe(first));
    Finding::warns(sentence).resting_on([sync.index]).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::path::Scheme;
    use crate::testing::*;

    #[test]
    fn an_encrypted_file_without_its_key_is_a_warning() {
        let evidence = https_upstream().synchronized(|sync| sync.without_keys = vec!["a/1".to_owned()]);
        check(
            &RULE,
            evidence,
            "warns: 1 revisions have encrypted files, and the upstream gives no key for them, as a/1",
        );
    }

    #[test]
    fn with_keys_it_is_ruled_out_and_a_stop_is_another_question() {
        check(&RULE, http_upstream(), "ruled out");
        check(&RULE, http_upstream().stopped_by(no_answer("GetUpdateData", Scheme::Http)), "does not apply");
        check(&RULE, microsoft_update(), "does not apply");
    }
}
