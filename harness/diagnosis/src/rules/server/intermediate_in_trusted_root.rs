//! `server/intermediate-in-trusted-root`: the machine's Trusted Root store holds a certificate that another one issued.

use crate::chain::Certificate;
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule};
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "server/intermediate-in-trusted-root",
    title: "Trusted Root holds a certificate that is no root",
    explanation: "Somebody put an intermediate certificate (its subject is not its issuer) into Local Computer > Trusted Root \
        Certification Authorities, mostly as a cure for a broken chain. Windows does not take it for a trust anchor, so it \
        cures nothing there; and a server with such a certificate breaks client authentication in its own IIS (403.7, 403.16). \
        It belongs into Intermediate Certification Authorities. It is a warning: the synchronization of this server fails for \
        it only if its real root is missing, and then that is the cause.",
    modes: &["F-42"],
    guide: "5",
    citation: "RFC 5280, 3.2; field note F-42",
    appearances: &[Appearance::event(
        "Event 36887 or 403.16 of IIS where clients present certificates to this server",
        Provenance::Recalled,
    )],
    first_check: "Get-ChildItem Cert:\\LocalMachine\\Root | Where-Object { $_.Subject -ne $_.Issuer }",
    remedy: &[Action::windows_powershell(
        "Get-ChildItem Cert:\\LocalMachine\\Root | Where-Object { $_.Subject -ne $_.Issuer } | \
         Move-Item -Destination Cert:\\LocalMachine\\CA",
    )
    .before("the root above it stands in Trusted Root, and no policy puts the intermediate back there")],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(root) = evidence.root_store() else { return Outcome::DoesNotApply };
    let read = root.iter().filter_map(|der| Certificate::read(der).ok());
    let intermediates: Vec<String> =
        read.filter(|held| !held.is_self_issued()).map(|held| held.subject).take(5).collect();
    if intermediates.is_empty() {
        return Outcome::ruled_out("every certificate in Trusted Root is a root");
    }
    Finding::warns(format!("Trusted Root holds {}, which another authority issued", list(intermediates))).into()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::*;

    #[test]
    fn an_issued_certificate_among_the_roots_deserves_a_warning() {
        let held = vec![pki::root().der.clone(), pki::intermediate().der.clone()];
        let evidence = https_upstream().stores(|stores| stores.root = Some(held));
        check(&RULE, evidence, "warns: Trusted Root holds CN=Contoso Issuing CA, which another authority issued");
    }

    #[test]
    fn roots_alone_are_as_it_should_be() {
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream().host(|host| host.stores = None), "does not apply");
    }
}
