//! `tls/interception`: in Microsoft's place somebody else's authority vouches for Microsoft's name.

use crate::chain::{Trust, Verdict};
use crate::evidence::Evidence;
use crate::path::Route;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tls/interception",
    title: "TLS with Microsoft Update is intercepted: the chain is not Microsoft's",
    explanation: "The certificate for Microsoft's host was issued by another authority than Microsoft: a proxy or firewall ends TLS \
        and signs a certificate of its own. If its authority is not in this machine's Trusted Root, .NET rejects the chain. If it \
        is, a browser is content, and synchronization may still fail, because WSUS also checks that Microsoft's chain ends at \
        a Microsoft root (\"has not Microsoft Root CA signed root\", 800B0109, in its log); whether every build does so has not \
        been proven on a real server. The exception is that of every rejected certificate; only the issuer tells. A machine \
        that merely lacks Microsoft's own root shows Microsoft's issuer.",
    modes: &["F-18"],
    guide: "3",
    citation: "RFC 5280, 6.1; field note F-18; guide, section 3",
    appearances: &[
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Seen),
        Appearance::log(
            "The given certificate chain has not Microsoft Root CA signed root (800B0109)",
            Provenance::Seen,
        ),
        Appearance::hresult("0x800B0109", Provenance::Seen),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "the issuer of the certificate that arrives for {host}: is it this organisation's proxy or firewall?",
    remedy: &[
        Action::person(
            "Exempt the Microsoft Update domains from TLS inspection on the proxy or firewall: as the test, and normally as the \
             cure. To trust its authority may not be enough.",
        ),
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

/// Where Microsoft's own certificates are expected.
const DOMAINS: [&str; 2] = [".microsoft.com", ".windowsupdate.com"];

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.microsoft_path().filter(|path| DOMAINS.iter().any(|domain| path.host.ends_with(domain)))
    else {
        return Outcome::DoesNotApply;
    };
    let Some((index, verdict)) = evidence.chain_verdict_of_anyone() else { return Outcome::DoesNotApply };
    let Some(issuer) = foreign_issuer(&verdict) else {
        return Outcome::ruled_out("the chain leads to Microsoft's own authorities, or signed itself");
    };
    let roots = evidence.subject.host.microsoft_roots.as_deref();
    if verdict.ends_at_one_of(roots.unwrap_or_default()) {
        return Outcome::ruled_out("the chain ends at a root that counts as Microsoft's");
    }
    if roots.is_none() && is_named_as_microsofts(&issuer) {
        return Outcome::ruled_out("the chain ends at a root of Microsoft's, by its name");
    }
    if roots.is_none() {
        let want = format!("the thumbprints of the roots that count as Microsoft's; this chain leads to {issuer}");
        return Outcome::cannot_tell(
            Step::Certificate,
            want,
            "whose authority it is, and microsoft_roots in host.json",
        );
    }
    let trusted = match verdict.trust {
        Trust::Trusted => {
            "; this server trusts it, so that .NET is content, but WSUS also wants a Microsoft root for Microsoft Update \
             (unproven on a real server)"
        }
        Trust::Unknown(_) => "; whether this server trusts it is not known",
        _ => ", which this server does not trust",
    };
    let who = match &path.route {
        Route::Direct => "something on the way".to_owned(),
        Route::Through { host, .. } => format!("the proxy {} or something behind it", safe(host)),
    };
    let sentence = format!(
        "{who} presents a certificate for {} that leads to {issuer}, not to Microsoft{trusted}",
        safe(&path.host)
    );
    Finding::blocks(Step::Certificate, sentence).resting_on([index]).into()
}

/// The authority at which the chain ends, if its name is not Microsoft's. A name proves nothing for Microsoft; it only
/// tells a chain of Microsoft's whose root is missing here from one that somebody else made and signs with his own name.
fn foreign_issuer(verdict: &Verdict) -> Option<String> {
    let last = &verdict.links.last()?.certificate;
    let issuer = match &verdict.trust {
        Trust::Partial { wrong_key: true, .. } | Trust::SelfSigned { .. } | Trust::Unreadable(_) => return None,
        Trust::Trusted | Trust::UntrustedRoot { .. } => last.subject.clone(),
        Trust::Partial { issuer, .. } => issuer.clone(),
        Trust::Unknown(_) if verdict.links.len() == 1 && last.is_self_issued() => return None,
        Trust::Unknown(_) => last.issuer.clone(),
    };
    let trusted = verdict.trust == Trust::Trusted;
    (trusted || !is_named_as_microsofts(&issuer)).then_some(issuer)
}

fn is_named_as_microsofts(issuer: &str) -> bool {
    issuer.to_ascii_lowercase().contains("microsoft")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::subject::Der;
    use crate::testing::pki::{Minted, Wanted};
    use crate::testing::*;

    fn gateway() -> Minted {
        Wanted::authority("Contoso Web Gateway").self_signed()
    }

    /// Microsoft's name below an authority, with these roots trusted; another root counts as Microsoft's.
    fn intercepted(authority: &Minted, root: Vec<Der>) -> Evidence {
        let leaf = Wanted::leaf(SWS).issued_by(authority).der;
        through_proxy()
            .instead(handshake(vec![leaf, authority.der.clone()]))
            .stores(|stores| stores.root = Some(root))
            .host(|host| host.microsoft_roots = Some(vec!["00".repeat(20)]))
    }

    #[test]
    fn an_authority_that_is_not_trusted_is_the_cause() {
        check(
            &RULE,
            intercepted(&gateway(), Vec::new()),
            "blocks Certificate: the proxy proxy.contoso.com or something behind it presents a certificate for \
             sws.update.microsoft.com that leads to CN=Contoso Web Gateway, not to Microsoft, which this server does not trust",
        );
    }

    #[test]
    fn a_trusted_one_is_the_cause_with_a_caution() {
        let gateway = gateway();
        let said = said(&(RULE.check)(&intercepted(&gateway, vec![gateway.der.clone()])));
        assert!(said.starts_with("blocks Certificate") && said.ends_with("(unproven on a real server)"), "{said}");
    }

    #[test]
    fn a_missing_root_of_microsoft_is_another_cause() {
        let own = Wanted::authority("Microsoft Root").self_signed();
        check(&RULE, intercepted(&own, Vec::new()), "ruled out");
    }

    #[test]
    fn without_the_list_of_microsofts_roots_it_stays_open() {
        let gateway = gateway();
        let evidence = intercepted(&gateway, vec![gateway.der.clone()]).host(|host| host.microsoft_roots = None);
        check(&RULE, evidence, "cannot tell Certificate: the thumbprints of the roots that count as Microsoft's");
    }

    #[test]
    fn microsofts_own_chain_and_an_upstreams_are_not_accused() {
        check(&RULE, microsoft_update(), "ruled out");
        check(&RULE, https_upstream(), "does not apply");
    }
}
