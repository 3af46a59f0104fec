//! `soap/upstream-too-old`: the upstream speaks an older protocol version than this server.

use std::cmp::Ordering;

use crate::evidence::Evidence;
use crate::path::Source;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "soap/upstream-too-old",
    title: "The upstream is older than this server",
    explanation: "A downstream server must run the same release as its upstream or an earlier one. The upstream tells its protocol \
        version in GetConfigData; WSUS 2.0 tells none. No fault appears on the wire: this server itself stops after \
        GetConfigData (IncompatibleProtocolVersionOnUss). At which version it stops is not documented, so only an absent \
        version or one below 1.3 is called the cause; anything newer that is still older than this server's is a warning, \
        because such pairs do synchronize and then misbehave in details (newer kinds of updates missing, files that cannot \
        be decrypted). Versions are compared number by number: 1.20 is newer than 1.8.",
    modes: &["F-55"],
    guide: "6",
    citation: "[MS-WSUSSS] 3.1.4.4; guide, section 6; field notes, correction 7",
    appearances: &[Appearance::event("SynchronizationError IncompatibleProtocolVersionOnUss", Provenance::Seen)],
    first_check: "Get-WsusServer | Select-Object Version, ServerProtocolVersion, on this server and on the upstream",
    remedy: &[
        Action::windows_powershell("Get-WsusServer | Select-Object Version, ServerProtocolVersion")
            .before("run it on this server and on the upstream, and compare"),
        Action::person(
            "Upgrade the upstream to this server's release or a later one. Upgrade from the top of the hierarchy downwards.",
        ),
        Action::person("Until then let this server synchronize from another upstream that is recent enough."),
    ],
    check,
};

/// The oldest version whose absence of trouble is documented.
const OLDEST_KNOWN: &str = "1.3";

fn check(evidence: &Evidence) -> Outcome {
    if evidence.path().is_none_or(|path| path.source != Source::Upstream) {
        return Outcome::DoesNotApply;
    }
    let Some((index, config)) = evidence.upstream_config() else { return Outcome::DoesNotApply };
    let (told, theirs) = match config.protocol_version.as_deref().map(|text| (safe(text), Version::read(text))) {
        None => ("no protocol version at all".to_owned(), Version::default()),
        Some((text, Some(version))) => (format!("protocol version {text}"), version),
        Some((text, None)) => {
            let want = format!("a readable protocol version of the upstream (it says \"{text}\")");
            return Outcome::cannot_tell(Step::Authorization, want, RULE.first_check);
        }
    };
    let ancient = Version::read(OLDEST_KNOWN).is_some_and(|oldest| theirs < oldest);
    let subject = evidence.subject.host.protocol_version.as_deref();
    match (subject.and_then(Version::read).map(|ours| theirs.cmp(&ours)), ancient) {
        (Some(Ordering::Less), true) => Finding::blocks(
            Step::Authorization,
            format!("the upstream tells {told}, this server speaks {}: it stops by itself after GetConfigData", own(subject)),
        )
        .resting_on([index])
        .into(),
        (Some(Ordering::Less), false) => Finding::warns(format!(
            "the upstream tells {told}, older than this server's {}; that order is not supported, though it mostly synchronizes",
            own(subject)
        ))
        .resting_on([index])
        .into(),
        (Some(Ordering::Equal | Ordering::Greater), _) => Outcome::ruled_out("the upstream is not older than this server"),
        (None, true) => {
            let want = format!("the protocol version of this server; the upstream tells {told}");
            Outcome::cannot_tell(Step::Authorization, want, RULE.first_check)
        }
        (None, false) => Outcome::ruled_out(format!("the upstream tells {told}, which is recent enough to synchronize")),
    }
}

fn own(subject: Option<&str>) -> String {
    safe(subject.unwrap_or(""))
}

/// A version, compared number by number; nothing is older than anything.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Version(Vec<u32>);

impl Version {
    fn read(text: &str) -> Option<Version> {
        text.trim().split('.').map(|number| number.parse().ok()).collect::<Option<Vec<u32>>>().map(Version)
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::*;

    #[test]
    fn an_upstream_without_a_version_is_the_cause() {
        let expected = "blocks Authorization: the upstream tells no protocol version at all, this server speaks 1.20";
        check(&RULE, https_upstream().config(None), expected);
        check(
            &RULE,
            https_upstream().config(Some("1.2")),
            "blocks Authorization: the upstream tells protocol version 1.2",
        );
    }

    #[test]
    fn an_older_upstream_is_a_warning_and_1_8_is_older_than_1_20() {
        check(&RULE, http_upstream().config(Some("1.8")), "warns: the upstream tells protocol version 1.8, older than");
        check(&RULE, http_upstream().config(Some("1.3")), "warns");
    }

    #[test]
    fn without_this_servers_version_only_an_ancient_upstream_leaves_doubt() {
        let unknown = || https_upstream().host(|host| host.protocol_version = None);
        check(&RULE, unknown().config(None), "cannot tell Authorization: the protocol version of this server");
        check(&RULE, unknown().config(Some("1.8")), "ruled out");
        check(&RULE, https_upstream().config(Some("new")), "cannot tell Authorization: a readable protocol version");
    }

    #[test]
    fn the_same_or_a_newer_upstream_is_ruled_out_and_microsoft_is_another_question() {
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, https_upstream().config(Some("1.21")), "ruled out");
        check(&RULE, microsoft_update().config(None), "does not apply");
    }
}
