//! `tls/issuer-needs-winhttp-proxy`: the missing issuer can be fetched through a proxy only, and WinHTTP goes directly.

use crate::chain::Trust;
use crate::evidence::Evidence;
use crate::path::Route;
use crate::rule::{Action, Appearance, Audience, Effect, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::{list, safe};

pub(crate) const RULE: Rule = Rule {
    code: "tls/issuer-needs-winhttp-proxy",
    title: "Windows would have to fetch the missing issuer through a proxy that WinHTTP does not have",
    explanation: "The source presents its certificate without its issuer, and the certificate says where that can be fetched (AIA). \
        Windows fetches it, but CryptoAPI goes by WinHTTP's proxy (netsh winhttp) and not by the one that WSUS is configured \
        with. Here the place is reachable through the proxy of WSUS and not by WinHTTP's way, so the chain stays incomplete \
        (PartialChain, 0x800B010A). This is the one place where the WinHTTP proxy matters to a synchronization. A person's \
        browser uses yet another proxy and succeeds. Better than the proxy is the cure at the source: send the whole chain.",
    modes: &["F-31", "F-13"],
    guide: "5",
    citation: "RFC 5280, 4.2.2.1; field notes, section 9, 3",
    appearances: &[
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x800B010A", Provenance::Recalled),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "netsh winhttp show proxy",
    remedy: &[
        Action::person(
            "On the source: install the issuing authority's certificate in Local Computer > Intermediate Certification \
             Authorities and bind the server certificate again, so that the chain is sent whole.",
        )
        .only_for(Audience::Downstream),
        Action::cmd("certutil -addstore CA intermediate.cer")
            .before("the file holds the issuing authority's certificate, from the authority itself")
            .not_on("the Trusted Root store: an intermediate never goes there"),
        Action::cmd("netsh winhttp set proxy {proxy}:{proxy_port}")
            .that(Effect::AffectsOtherApplications)
            .before("services of this machine (BITS, Windows Update) may use that proxy too"),
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    let Trust::Partial { issuer, fetched_from, wrong_key: false, .. } = &verdict.trust else {
        return Outcome::ruled_out("the chain is complete, or does not break off for want of an issuer");
    };
    let way = evidence.subject.winhttp_route();
    let by_another = evidence
        .fetches()
        .find(|fetch| Some(&fetch.observation.route) != way.as_ref() && !fetch.seen.certificates.is_empty());
    let Some(fetch) = by_another else {
        return Outcome::ruled_out("the issuer can be fetched by no way that was tried");
    };
    let (place, other) = (list(fetched_from), way_of(&fetch.observation.route));
    match way {
        None => Outcome::cannot_tell(
            Step::Certificate,
            format!("the proxy of WinHTTP; {issuer} can be fetched from {place} {other}"),
            "netsh winhttp show proxy",
        ),
        Some(way) => {
            let sentence = format!(
                "the issuer {issuer} was not presented and can be fetched from {place} {other}, but not {}, as Windows does",
                way_of(&way)
            );
            Finding::blocks(Step::Certificate, sentence).resting_on([index, fetch.index]).into()
        }
    }
}

fn way_of(route: &Route) -> String {
    match route {
        Route::Direct => "directly".to_owned(),
        Route::Through { host, port } => format!("through {}:{port}", safe(host)),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::path::Route;
    use crate::testing::*;

    fn fetched(route: Route, winhttp: Option<&str>) -> Evidence {
        let evidence = https_upstream().instead(handshake(pki::leaf_with_a_pointer()));
        evidence.fetching(route, vec![pki::intermediate().der.clone()]).host(|host| {
            host.winhttp_proxy = winhttp.map(str::to_owned);
        })
    }

    fn proxy() -> Route {
        Route::Through { host: PROXY.to_owned(), port: 8080 }
    }

    #[test]
    fn an_issuer_that_only_the_proxy_of_wsus_reaches_is_the_cause() {
        check(
            &RULE,
            fetched(proxy(), Some("Direct access (no proxy server).")),
            "blocks Certificate: the issuer CN=Contoso Issuing CA was not presented and can be fetched from \
             http://pki.contoso.com/ca.cer through proxy.contoso.com:8080, but not directly, as Windows does",
        );
    }

    #[test]
    fn without_winhttps_settings_it_stays_open() {
        check(&RULE, fetched(proxy(), None), "cannot tell Certificate: the proxy of WinHTTP");
    }

    #[test]
    fn what_winhttp_reaches_completes_the_chain() {
        check(&RULE, fetched(Route::Direct, None), "ruled out");
        check(&RULE, fetched(proxy(), Some("Proxy Server(s) :  proxy.contoso.com:8080")), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
