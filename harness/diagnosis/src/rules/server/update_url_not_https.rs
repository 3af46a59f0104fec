//! `server/update-url-not-https`: MUUrl begins with `http:`.

use crate::evidence::{Evidence, Purpose, WalkEnd};
use crate::path::Scheme;
use crate::rule::{Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "server/update-url-not-https",
    title: "MUUrl begins with http: instead of https:",
    explanation: "Microsoft Update serves synchronization over HTTPS only. With http: in MUUrl the server sends its requests in \
        clear to port 80, where they are refused, redirected or answered by something else. The text of the exception then \
        speaks of a redirect, an unexpected content type or a closed connection and points at a proxy or a captive portal; \
        only MUUrl itself shows the slip. Should it work all the same, something on the way is converting, and that is \
        worth knowing.",
    modes: &["X-18"],
    guide: "1",
    citation: "field notes X-18; guide, section 1",
    appearances: &[
        Appearance::exception("The request failed with the error message:", Provenance::Recalled),
        Appearance::exception(
            "The underlying connection was closed: The connection was closed unexpectedly.",
            Provenance::Recalled,
        ),
    ],
    first_check: "(Get-WsusServer).GetConfiguration().MUUrl",
    remedy: remedies::USE_CURRENT_ENDPOINT,
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.microsoft_path() else { return Outcome::DoesNotApply };
    if path.scheme == Scheme::Https {
        return Outcome::ruled_out("MUUrl begins with https:");
    }
    match evidence.walk(Purpose::Path).end {
        WalkEnd::Stopped { index, how, .. } => {
            let sentence =
                format!("MUUrl begins with http:, and Microsoft Update serves synchronization over https: only: {how}");
            Finding::blocks(Step::Configuration, sentence).resting_on([index]).into()
        }
        WalkEnd::RanToItsEnd | WalkEnd::Open | WalkEnd::NotBegun => Finding::warns(
            "MUUrl begins with http:; synchronization goes out in clear, though nothing was seen to stop it",
        )
        .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{ConnectEnd, Evidence};
    use crate::testing::*;

    fn in_clear(evidence: Evidence) -> Evidence {
        evidence.step0(|step0| step0.mu_url = Some(format!("http://{SWS}")))
    }

    #[test]
    fn http_that_fails_is_the_cause() {
        let evidence = in_clear(microsoft_update()).stopped_by(connect("198.18.1.1:80", ConnectEnd::Refused));
        check(&RULE, evidence, "blocks Configuration: MUUrl begins with http:");
    }

    #[test]
    fn http_that_works_is_a_warning() {
        check(&RULE, in_clear(microsoft_update()), "warns");
    }

    #[test]
    fn https_is_ruled_out_and_a_plain_upstream_is_another_question() {
        check(&RULE, microsoft_update().stopped_by(connect("198.18.1.1:443", ConnectEnd::Refused)), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
