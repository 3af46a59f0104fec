//! `server/update-url-untidy`: a blank or a slash at an end of MUUrl.

use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, remedies};

pub(crate) const RULE: Rule = Rule {
    code: "server/update-url-untidy",
    title: "MUUrl carries a blank or a slash at an end",
    explanation: "A published sample assigns the address with a blank in front, and people add a slash behind. .NET reads such a \
        URL as if it were tidy, so it is not why a synchronization fails; but scripts that compare the value, and people \
        who read it, are misled, and a slash doubles the one in the path of every request. It is a warning only: look \
        for the cause elsewhere.",
    modes: &["X-18"],
    guide: "1",
    citation: "field notes X-18; KB4482416 (sample with a leading blank)",
    appearances: &[Appearance::log(
        "Actor = https://sws.update.microsoft.com//ServerSyncWebService",
        Provenance::Recalled,
    )],
    first_check: "'[' + (Get-WsusServer).GetConfiguration().MUUrl + ']'",
    remedy: &[Action::windows_powershell(
        "$config = (Get-WsusServer).GetConfiguration()\n\
         $config.MUUrl = $config.MUUrl.Trim().TrimEnd('/')\n\
         $config.Save()",
    )
    .before(
        "SyncFromMicrosoftUpdate is True. No hurry: at the next change of the configuration, with the WSUS consoles closed; \
         nothing need be restarted for it",
    )
    .not_on(remedies::DOWNSTREAM)],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let (Some(_), Some(value)) = (evidence.microsoft_path(), &evidence.subject.step0.mu_url) else {
        return Outcome::DoesNotApply;
    };
    let blank = value.trim() != value;
    let slash = value.trim().ends_with('/');
    let what = match (blank, slash) {
        (false, false) => return Outcome::ruled_out("MUUrl has no blank and no slash at its ends"),
        (true, false) => "a blank at an end",
        (false, true) => "a slash at its end",
        (true, true) => "a blank and a slash at its ends",
    };
    Finding::warns(format!("MUUrl carries {what}; .NET reads it as if it were tidy, scripts that compare it do not"))
        .into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::*;

    #[test]
    fn a_blank_or_a_slash_is_a_warning() {
        for (value, expected) in [
            (" https://sws.update.microsoft.com", "warns: MUUrl carries a blank at an end"),
            ("https://sws.update.microsoft.com/", "warns: MUUrl carries a slash at its end"),
            ("https://sws.update.microsoft.com/ ", "warns: MUUrl carries a blank and a slash"),
            ("https://fe2.update.microsoft.com/v6", "ruled out"),
        ] {
            check(&RULE, microsoft_update().step0(|step0| step0.mu_url = Some(value.to_owned())), expected);
        }
    }

    #[test]
    fn an_upstream_is_another_question() {
        check(&RULE, https_upstream().step0(|step0| step0.mu_url = Some(" x".to_owned())), "does not apply");
    }
}
