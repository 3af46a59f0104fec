//! `tls/interception`: in the source's place somebody else ends TLS, with a certificate of his own authority.

use crate::chain::{Trust, Verdict};
use crate::evidence::{Evidence, HandshakeSeen, Sight, TlsEnd};
use crate::path::{Route, Scheme, Source, SyncPath};
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::subject::TlsVersion;
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "tls/interception",
    title: "TLS is intercepted: the chain is not the source's own",
    explanation: "A proxy or firewall ends TLS in the source's place and signs a certificate of its own. If its authority is not in \
        this machine's Trusted Root, .NET rejects the chain; so it does where the device sends no intermediate, lets its \
        certificates expire, or knows old versions of TLS only. If all that is in order, an upstream server is reached as \
        ever, and the examiner only warns that somebody may read along (or that the proxy reaches another server by that name); \
        synchronization with Microsoft Update may still fail, because WSUS also checks that Microsoft's chain ends at a Microsoft \
        root (\"has not Microsoft Root CA signed root\", 800B0109, in its log); whether every build does so has \
        not been proven on a real server. The exception is that of every rejected certificate. Two things tell: the issuer, \
        and what the source presents when it is asked without the proxy. A machine that merely lacks Microsoft's own root \
        shows Microsoft's issuer.",
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
            "Exempt {host} from TLS inspection on the proxy or firewall (for Microsoft Update: all its domains): as the test, and \
             normally as the cure. In front of Microsoft Update it may not be enough to trust its authority. Where inspection must \
             stay, let it send its whole chain, renew its certificates and speak TLS 1.2.",
        ),
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

/// Where Microsoft's own certificates are expected.
const DOMAINS: [&str; 2] = [".microsoft.com", ".windowsupdate.com"];

fn check(evidence: &Evidence) -> Outcome {
    let Some(path) = evidence.path().filter(|path| path.scheme == Scheme::Https) else { return Outcome::DoesNotApply };
    let Some((index, verdict)) = evidence.chain_verdict_of_anyone() else { return Outcome::DoesNotApply };
    let seen = Shown { evidence, path: &path, index, verdict: &verdict };
    match evidence.chain_verdict_without_the_proxy() {
        Some((_, own)) if !verdict.has_the_authority_of(&own) => seen.against(&own),
        Some(_) if path.source == Source::Upstream => {
            Outcome::ruled_out("without the proxy the same authority vouches for the target")
        }
        _ if is_microsofts(&path) => seen.by_its_issuer(),
        _ if path.route == Route::Direct || path.source == Source::MicrosoftUpdate => Outcome::DoesNotApply,
        _ if verdict.is_clean() && verdict.trust == Trust::Trusted => {
            Outcome::ruled_out("this server accepts the chain, whoever issued it")
        }
        _ => {
            let want = format!("the certificate that {} presents without the proxy", safe(&path.host));
            Outcome::cannot_tell(Step::Certificate, want, RULE.first_check)
        }
    }
}

fn is_microsofts(path: &SyncPath) -> bool {
    path.source == Source::MicrosoftUpdate && DOMAINS.iter().any(|domain| path.host.ends_with(domain))
}

/// The chain that arrives for the target.
struct Shown<'a> {
    evidence: &'a Evidence,
    path: &'a SyncPath,
    index: usize,
    verdict: &'a Verdict,
}

impl Shown<'_> {
    /// Without the proxy the target presents another chain.
    fn against(&self, own: &Verdict) -> Outcome {
        let (evidence, verdict, host) = (self.evidence, self.verdict, safe(&self.path.host));
        let direct = evidence.handshake_without_the_proxy();
        let (who, authority, theirs) = (self.who(), verdict.authority(), own.authority());
        let proof = [Some(self.index), direct.as_ref().map(|direct| direct.index)];
        let proof = || proof.into_iter().flatten();
        let found = |step: Step, sentence: String| Finding::blocks(step, sentence).resting_on(proof()).into();
        if let Some(failed) = self.failed_handshake() {
            if direct.as_ref().is_none_or(|direct| direct.seen.ended != TlsEnd::Completed) {
                let want = format!(
                    "a handshake of {host} itself that completes: through the proxy and without it the chains differ, and \
                     both handshakes fail"
                );
                return Outcome::cannot_tell(Step::Handshake, want, RULE.first_check);
            }
            let (how, version) = (ended(&failed), own_version(direct.as_ref()));
            return found(
                Step::Handshake,
                format!(
                    "{who} ends TLS in the place of {host}, with a certificate that leads to {authority}, and {how}; without \
                     the proxy {host} itself completes {version} and leads to {theirs}"
                ),
            );
        }
        let presents = format!("{who} presents a certificate for {host} that leads to {authority}");
        let comparison = format!("without the proxy {host} itself presents one that leads to {theirs}");
        let worse = verdict.problems.iter().find(|problem| own.having(problem.status).next().is_none());
        match worse {
            Some(problem) => {
                let accused = verdict.accused(problem);
                found(Step::Certificate, format!("{presents} ({accused}); {comparison}"))
            }
            None if is_microsofts(self.path) => {
                let trusted = trusted(verdict);
                found(Step::Certificate, format!("{presents}, not to Microsoft{trusted}; {comparison}"))
            }
            None if matches!(verdict.trust, Trust::Unknown(_)) => {
                let want = format!("the certificate stores of this server; {presents}, and {comparison}");
                Outcome::cannot_tell(Step::Certificate, want, "certutil -store Root: is the proxy's root in it?")
            }
            None if verdict.is_clean() && verdict.trust == Trust::Trusted => {
                let sentence = format!(
                    "TLS is inspected, or the name leads elsewhere for the proxy: {presents}, which this server trusts; {comparison}"
                );
                Finding::warns(sentence).resting_on(proof()).into()
            }
            None => {
                Outcome::ruled_out(format!("{presents}, and this server makes no more of it than of the target's own"))
            }
        }
    }

    /// Microsoft's authorities are known by name, so that here the issuer alone may tell.
    fn by_its_issuer(&self) -> Outcome {
        let (evidence, verdict) = (self.evidence, self.verdict);
        let Some(issuer) = foreign_issuer(verdict) else {
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
            let decided_by = "whose authority it is, and microsoft_roots in host.json";
            return Outcome::cannot_tell(Step::Certificate, want, decided_by);
        }
        let (who, host) = (self.who(), safe(&self.path.host));
        if let Some(failed) = self.failed_handshake().filter(takes_what_microsoft_takes) {
            let sentence = format!(
                "{who} ends TLS in the place of {host}, with a certificate that leads to {issuer}, and {}; Microsoft Update \
                 itself takes TLS 1.2",
                ended(&failed)
            );
            return Finding::blocks(Step::Handshake, sentence).resting_on([failed.index, self.index]).into();
        }
        let sentence = format!(
            "{who} presents a certificate for {host} that leads to {issuer}, not to Microsoft{}",
            trusted(verdict)
        );
        Finding::blocks(Step::Certificate, sentence).resting_on([self.index]).into()
    }

    fn who(&self) -> String {
        match &self.path.route {
            Route::Direct => "something on the way".to_owned(),
            Route::Through { host, .. } => format!("the proxy {} or something behind it", safe(host)),
        }
    }

    /// The handshake on the path, where it failed.
    fn failed_handshake(&self) -> Option<Sight<'_, HandshakeSeen>> {
        self.evidence.path_handshake().filter(|handshake| handshake.seen.ended != TlsEnd::Completed)
    }
}

fn takes_what_microsoft_takes(handshake: &Sight<'_, HandshakeSeen>) -> bool {
    handshake.seen.offer.versions.contains(&TlsVersion::Tls12)
}

fn ended(handshake: &Sight<'_, HandshakeSeen>) -> String {
    match (&handshake.seen.ended, handshake.seen.server_version) {
        (TlsEnd::VersionNotOffered, Some(version)) => {
            format!("answers with {version}, which this server does not offer")
        }
        (TlsEnd::Alert(code), _) => format!("refuses what this server offers with alert {code}"),
        _ => "does not complete what this server offers".to_owned(),
    }
}

fn own_version(direct: Option<&Sight<'_, HandshakeSeen>>) -> String {
    direct.and_then(|direct| direct.seen.server_version).map_or_else(|| "TLS".to_owned(), |version| version.to_string())
}

fn trusted(verdict: &Verdict) -> &'static str {
    match verdict.trust {
        Trust::Trusted => {
            "; this server trusts it, so that .NET is content, but WSUS also wants a Microsoft root for Microsoft Update \
             (unproven on a real server)"
        }
        Trust::Unknown(_) => "; whether this server trusts it is not known",
        _ => ", which this server does not trust",
    }
}

/// The authority at which the chain ends, if its name is not Microsoft's. A name proves nothing for Microsoft; it only
/// tells a chain of Microsoft's whose root is missing here from one that somebody else made and signs with his own name.
fn foreign_issuer(verdict: &Verdict) -> Option<String> {
    let last = &verdict.links.last()?.certificate;
    match &verdict.trust {
        Trust::Partial { wrong_key: true, .. } | Trust::SelfSigned { .. } | Trust::Unreadable(_) => return None,
        Trust::Unknown(_) if verdict.links.len() == 1 && last.is_self_issued() => return None,
        _ => {}
    }
    let (issuer, trusted) = (verdict.authority(), verdict.trust == Trust::Trusted);
    (trusted || !is_named_as_microsofts(&issuer)).then_some(issuer)
}

fn is_named_as_microsofts(issuer: &str) -> bool {
    issuer.to_ascii_lowercase().contains("microsoft")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, HandshakeSeen, Offer, Profile, Purpose, Seen, TlsEnd};
    use crate::subject::{Der, TlsVersion};
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
        check(&RULE, http_upstream(), "does not apply");
    }

    /// An upstream behind the proxy, which presents what the gateway made of its certificate.
    fn upstream_behind(shown: Seen) -> Evidence {
        https_upstream_through_proxy().instead(shown)
    }

    fn re_signed() -> Seen {
        let gateway = gateway();
        handshake(vec![Wanted::leaf(UPSTREAM).issued_by(&gateway).der, gateway.der])
    }

    fn directly(evidence: Evidence, chain: Vec<Der>) -> Evidence {
        evidence.and(Purpose::DirectComparison, UPSTREAM, 8531, handshake(chain))
    }

    #[test]
    fn an_upstream_that_shows_another_chain_without_the_proxy_is_intercepted() {
        check(
            &RULE,
            directly(upstream_behind(re_signed()), pki::chain(UPSTREAM)),
            "blocks Certificate: the proxy proxy.contoso.com or something behind it presents a certificate for \
             up.contoso.com that leads to CN=Contoso Web Gateway (the root certificate (CN=Contoso Web Gateway): this root is \
             not in Trusted Root); without the proxy up.contoso.com itself presents one that leads to CN=Contoso Root",
        );
    }

    #[test]
    fn an_upstream_behind_an_inspection_that_this_server_trusts_is_a_warning() {
        let gateway = gateway();
        let shown = handshake(vec![Wanted::leaf(UPSTREAM).issued_by(&gateway).der, gateway.der.clone()]);
        let evidence = directly(upstream_behind(shown), pki::chain(UPSTREAM));
        let evidence = evidence.stores(|stores| stores.root.as_mut().unwrap().push(gateway.der));
        let expected = "warns: TLS is inspected, or the name leads elsewhere for the proxy: the proxy proxy.contoso.com \
                        or something behind it presents a certificate for up.contoso.com that leads to CN=Contoso Web Gateway, which this server trusts; without the proxy \
                        up.contoso.com itself presents one that leads to CN=Contoso Root";
        check(&RULE, evidence, expected);
    }

    #[test]
    fn an_upstream_with_the_same_chain_on_both_ways_is_not() {
        let gateway = gateway();
        let own = vec![Wanted::leaf(UPSTREAM).issued_by(&gateway).der, gateway.der.clone()];
        check(&RULE, directly(upstream_behind(handshake(own.clone())), own), "ruled out: without the proxy the same");
    }

    #[test]
    fn an_upstream_that_was_not_seen_without_the_proxy_stays_open() {
        check(
            &RULE,
            upstream_behind(re_signed()),
            "cannot tell Certificate: the certificate that up.contoso.com presents",
        );
        check(&RULE, upstream_behind(handshake(pki::chain(UPSTREAM))), "ruled out: this server accepts the chain");
    }

    #[test]
    fn an_old_version_at_the_proxy_is_its_own() {
        let old = failed_handshake(TlsEnd::VersionNotOffered, Some(TlsVersion::Tls10));
        let Seen::Handshake(shown) = re_signed() else { unreachable!() };
        let everything = Seen::Handshake(HandshakeSeen {
            offer: Offer { profile: Profile::Everything, ..shown.offer.clone() },
            ..shown
        });
        let evidence = upstream_behind(old.clone()).stopped_by(old);
        let evidence = evidence.and(Purpose::TlsMatrix, UPSTREAM, 8531, everything);
        let expected = "blocks Handshake: the proxy proxy.contoso.com or something behind it ends TLS in the place of \
                        up.contoso.com, with a certificate that leads to CN=Contoso Web Gateway, and answers with TLS 1.0, which \
                        this server does not offer; without the proxy up.contoso.com itself completes TLS 1.2 and leads to \
                        CN=Contoso Root";
        check(&RULE, directly(evidence.clone(), pki::chain(UPSTREAM)), expected);
        let Seen::Handshake(alert) = failed_handshake(TlsEnd::Alert(40), Some(TlsVersion::Tls12)) else {
            unreachable!()
        };
        let alert = Seen::Handshake(HandshakeSeen { chain: pki::chain(UPSTREAM), ..alert });
        let both_fail = evidence.and(Purpose::DirectComparison, UPSTREAM, 8531, alert);
        check(&RULE, both_fail, "cannot tell Handshake: a handshake of up.contoso.com itself that completes");
    }
}
