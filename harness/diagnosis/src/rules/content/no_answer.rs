//! `content/no-answer`: nobody answers where the files are to be had.

use crate::evidence::{ContentEnd, ContentSeen, Evidence, Purpose, success};
use crate::path::Scheme;
use crate::rule::{Action, Appearance, Outcome, Provenance, Rule};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "content/no-answer",
    title: "Files cannot be fetched: their port does not answer",
    explanation: "Files always travel over plain HTTP, even where the web services use HTTPS: one port below that of HTTPS (8530 beside \
        8531), or 80 beside 443. Their integrity comes from the digests in the metadata. A firewall that was opened for 8531 \
        alone, or a site without a binding for HTTP, lets the synchronization succeed and every download fail.",
    modes: &["F-22", "F-57"],
    guide: "4",
    citation: "[MS-WSUSSS] 2.1; field notes, F-22 and F-57",
    appearances: &[
        Appearance::event("Event 364: Content file download failed.", Provenance::Seen),
        Appearance::event("Event 384: Synchronization completed successfully.", Provenance::Seen),
        Appearance::hresult("0x80072EFD", Provenance::Derived),
        Appearance::hresult("0x80072EE2", Provenance::Derived),
    ],
    first_check: "Test-NetConnection {host} -Port <the port of HTTP>, from this server",
    remedy: &[
        Action::windows_powershell("Test-NetConnection {host} -Port 8530")
            .before("the upstream's HTTP port is 8530; else put in its own, which is 80 beside 443"),
        Action::person(
            "Open the HTTP port of the upstream beside its HTTPS port on every firewall between the two, and see that the site \
             on the upstream has a binding for it. Do not require SSL of Content.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(files) = evidence.files() else { return Outcome::DoesNotApply };
    let silent = |seen: &ContentSeen| matches!(seen.ended, ContentEnd::NotReached | ContentEnd::NoAnswer);
    let Some((first, count, mut rests_on)) = files.first(silent) else {
        return Outcome::ruled_out("the port of the files answers");
    };
    let (host, port) = (safe(&first.observation.host), first.observation.port);
    let beside = match evidence.path() {
        Some(path) if path.scheme == Scheme::Https => format!(", beside HTTPS on {}", path.port),
        _ => String::new(),
    };
    let failed = |(index, observation)| Some((index, success(observation).err()?.1));
    let before = evidence.of(Purpose::Content).take_while(|(index, _)| *index < first.index).filter_map(failed).last();
    let how = match before {
        Some((index, how)) => {
            rests_on.push(index);
            how
        }
        None => success(first.observation).err().map(|(_, how)| how).unwrap_or_default(),
    };
    let sentence = format!(
        "the metadata came, and {count} did not, which are to be had by HTTP from {host}:{port}{beside}: {how}"
    );
    files.finding(sentence, rests_on).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{ConnectEnd, ContentEnd, ContentSeen, Purpose};
    use crate::testing::*;

    fn unreached(file: &mut ContentSeen) {
        file.head = None;
        file.ended = ContentEnd::NotReached;
    }

    #[test]
    fn a_closed_port_of_files_is_the_cause() {
        let refused = connect("10.87.0.10:8530", ConnectEnd::Refused);
        let evidence = https_upstream().and(Purpose::Content, UPSTREAM, 8530, refused).fetching_file(unreached);
        let expected = "blocks Content: the metadata came, and 1 of 1 files did not, which are to be had by HTTP from \
            up.contoso.com:8530, beside HTTPS on 8531: 10.87.0.10:8530 (up.contoso.com:8530) refused the connection";
        check(&RULE, evidence, expected);
    }

    #[test]
    fn a_file_that_answers_is_ruled_out() {
        check(&RULE, https_upstream().fetching_file(|file| file.ended = ContentEnd::Absent), "ruled out");
        check(&RULE, https_upstream(), "does not apply");
        check(&RULE, https_upstream().host(|host| host.content = None).fetching_file(unreached), "warns");
    }
}
