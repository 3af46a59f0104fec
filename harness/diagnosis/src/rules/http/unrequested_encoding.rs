//! `http/unrequested-encoding`: the answer is compressed in a way that this server never asks for.

use crate::evidence::{Evidence, Refusal};
use crate::path::Route;
use crate::rule::{Action, Appearance, Finding, Outcome, Provenance, Rule, Step};
use crate::words::safe;

pub(crate) const RULE: Rule = Rule {
    code: "http/unrequested-encoding",
    title: "The answer is compressed with what nobody asked for",
    explanation: "A downstream server offers one coding of its own, xpress, and .NET's SOAP client undoes none unless it was told \
        to. IIS with dynamic compression gives gzip only to whoever offers it, which no downstream server does. Where an answer \
        comes with Content-Encoding gzip or deflate all the same, something compresses for everybody: an accelerator, a load \
        balancer or a rewriting module in front of the upstream, or a proxy on the way. A browser shows the page, because it \
        does offer gzip; WSUS takes the compressed bytes for XML and gives up.",
    modes: &["F-49"],
    guide: "6",
    citation: "RFC 9110, 8.4 and 12.5.3; [MS-WSUSSS] 2.1; field notes, 1.3",
    appearances: &[
        Appearance::exception("Response is not well-formed XML.", Provenance::Derived),
        Appearance::hresult("0x8024400A", Provenance::Derived),
    ],
    first_check: "curl.exe -i {url}/ServerSyncWebService/ServerSyncWebService.asmx?wsdl, without --compressed: there must be no \
        Content-Encoding",
    remedy: &[
        Action::person(
            "On the load balancer, accelerator or proxy in front of the upstream: switch compression off for it, or let it heed \
             Accept-Encoding.",
        ),
        Action::person(
            "On the upstream, in IIS Manager: modules and outbound rules of the site WSUS Administration that set \
             Content-Encoding do not belong there.",
        ),
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some(refusal) = evidence.refusal() else { return Outcome::DoesNotApply };
    let Some(coding) = coding(&refusal) else {
        return Outcome::ruled_out("the answer is in no coding that was not offered");
    };
    let by_proxy = match &refusal.path.route {
        Route::Through { host, port } if refusal.path.scheme == crate::path::Scheme::Http => {
            format!("; it came in clear through {}:{port}, which may have done it", safe(host))
        }
        _ => String::new(),
    };
    let (said, signature) = (refusal.sentence(), refusal.signature());
    let sentence = format!(
        "{said}, compressed with {}, which this server neither offers nor undoes{signature}{by_proxy}",
        safe(coding)
    );
    Finding::blocks(Step::Request, sentence).resting_on([refusal.call.index]).into()
}

/// The coding of an answer that would otherwise be one of the service.
fn coding<'a>(refusal: &'a Refusal<'_>) -> Option<&'a str> {
    let coding = refusal.head.header("Content-Encoding").map(str::trim)?;
    let is_offered = ["", "identity", "xpress"].iter().any(|known| coding.eq_ignore_ascii_case(known));
    let is_of_the_service = matches!(refusal.head.status, 200 | 500) && refusal.media_type() == "text/xml";
    (!is_offered && is_of_the_service).then_some(coding)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::Evidence;
    use crate::path::Scheme;
    use crate::testing::*;

    fn coded(evidence: Evidence, scheme: Scheme, coding: &str, media_type: &str) -> Evidence {
        let head = head(200, &[("Content-Type", media_type), ("Content-Encoding", coding)]);
        evidence.stopped_by(not_soap("GetAuthConfig", scheme, head))
    }

    #[test]
    fn gzip_that_nobody_asked_for_is_the_cause() {
        let expected = "blocks Request: up.contoso.com:8530 answers GetAuthConfig with 200 OK, compressed with gzip, which \
            this server neither offers nor undoes";
        check(&RULE, coded(http_upstream(), Scheme::Http, "gzip", "text/xml; charset=utf-8"), expected);
        let through = coded(http_upstream_through_proxy(), Scheme::Http, "gzip", "text/xml");
        check(&RULE, through, &format!("{expected}; it came in clear through proxy.contoso.com:8080, which may"));
    }

    #[test]
    fn what_is_offered_and_what_is_no_answer_of_the_service_is_ruled_out() {
        check(&RULE, coded(http_upstream(), Scheme::Http, "xpress", "text/xml"), "ruled out");
        check(&RULE, coded(http_upstream(), Scheme::Http, "gzip", "text/html"), "ruled out");
        check(&RULE, https_upstream(), "does not apply");
    }
}
