//! `server/configuration-unusable`: Step 0 names no source or no way that could be used.

use crate::evidence::Evidence;
use crate::path::PathUnknown;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "server/configuration-unusable",
    title: "The configuration names no usable source",
    explanation: "The server cannot even begin: the address of Microsoft Update, the name of the upstream server or the name \
        of the proxy is empty or malformed. Nothing is sent, so no network tool shows anything. It differs from a wrong \
        but well-formed name, which goes out and fails in DNS, and from a blank or a slash at an end of MUUrl, which .NET \
        ignores.",
    modes: &["X-18"],
    guide: "0",
    citation: "field notes X-18; IUpdateServerConfiguration",
    appearances: &[Appearance::exception(
        "Invalid URI: The format of the URI could not be determined.",
        Provenance::Recalled,
    )],
    first_check: remedies::READ_STEP_0,
    remedy: &[Action::person(
        "In the WSUS console open Options > Update Source and Proxy Server and give the source (and the proxy, if one is \
             used) a full name and a port.",
    )],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    match evidence.path_or_reason() {
        Ok(_) => Outcome::ruled_out("the configuration names a usable source and way"),
        Err(PathUnknown::Missing(field)) => {
            Outcome::cannot_tell(Step::Configuration, format!("{field} in the output of Step 0"), remedies::READ_STEP_0)
        }
        Err(PathUnknown::Garbled { field, value }) => Outcome::cannot_tell(
            Step::Configuration,
            format!(
                "{field} in a readable file: \"{}\" holds a character that no host name has; if it was written in the code page \
                 of a console, write it again with -Encoding utf8",
                safe(&value)
            ),
            remedies::READ_STEP_0,
        ),
        Err(PathUnknown::Unusable { field, value, reason }) => {
            let sentence = format!("{field} is \"{}\" and cannot be used: {reason}", safe(&value));
            Finding::blocks(Step::Configuration, sentence).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::{check, https_upstream, microsoft_update, through_proxy};

    #[test]
    fn a_garbled_name_is_the_files_fault_and_not_the_servers() {
        let garbled = https_upstream().step0(|step0| step0.upstream_wsus_server_name = Some("b\u{81}cher".to_owned()));
        check(&RULE, garbled, "cannot tell Configuration: UpstreamWsusServerName in a readable file: \"b\\u{81}cher\"");
    }

    #[test]
    fn an_address_that_is_no_url_blocks_everything() {
        let evidence = microsoft_update().step0(|step0| step0.mu_url = Some("sws.update.microsoft.com".to_owned()));
        check(&RULE, evidence, "blocks Configuration: MUUrl is \"sws.update.microsoft.com\" and cannot be used");
    }

    #[test]
    fn a_proxy_without_a_name_blocks_everything() {
        let evidence = through_proxy().step0(|step0| step0.proxy_name = Some(String::new()));
        check(&RULE, evidence, "blocks Configuration: ProxyName is \"\"");
    }

    #[test]
    fn a_field_that_is_absent_is_asked_for() {
        let evidence = https_upstream().step0(|step0| step0.upstream_wsus_server_port_number = None);
        check(&RULE, evidence, "cannot tell Configuration: UpstreamWsusServerPortNumber");
    }

    #[test]
    fn a_usable_configuration_is_ruled_out() {
        check(&RULE, microsoft_update(), "ruled out");
    }
}
