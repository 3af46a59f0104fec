//! A certificate that was not presented, fetched from where another one says it lies, as CryptoAPI would. CryptoAPI goes by
//! WinHTTP's proxy and not by the one of WSUS: the only place where that proxy matters to a synchronization. So both ways
//! are tried. What is fetched is a certificate, and worth nothing before it is judged.

use std::time::Instant;

use openssl::pkcs7::Pkcs7;
use openssl::x509::X509;

use super::super::examiner::{Examiner, elapsed_ms};
use super::super::open::{Keep, open};
use super::super::walk::resolve;
use super::super::way::Way;
use crate::chain;
use crate::evidence::{FetchSeen, Purpose, Seen};
use crate::network::ExamineError;
use crate::path::{Route, Scheme, SyncPath};
use crate::probe::http::{Answer, Request};
use crate::subject::Der;

/// No longer row of missing issuers is followed.
const MOST_STEPS: usize = 3;
/// No more places are tried for one certificate.
const MOST_PLACES: usize = 2;
/// Issuers are a few kilobytes.
const MOST_BYTES: usize = 128 * 1024;

/// Fetches what the presented chain lacks.
pub(super) fn fetch(examiner: &mut Examiner<'_>, way: &Way) -> Result<(), ExamineError> {
    let mut known = examiner.presented();
    for _ in 0..MOST_STEPS {
        let places = chain::missing_issuer_at(&known, examiner.subject.host.stores.as_ref());
        let before = known.len();
        for url in places.iter().take(MOST_PLACES) {
            for route in routes(examiner, way) {
                known.extend(fetch_by(examiner, way, url, route)?);
            }
            if before < known.len() {
                break;
            }
        }
        if before == known.len() {
            break;
        }
    }
    Ok(())
}

/// WinHTTP's way first, where it is known; then directly, and as WSUS goes.
fn routes(examiner: &Examiner<'_>, way: &Way) -> Vec<Route> {
    let winhttp = examiner.subject.winhttp_route();
    let mut routes: Vec<Route> = winhttp.into_iter().collect();
    for route in [Route::Direct, way.path.route.clone()] {
        if !routes.contains(&route) {
            routes.push(route);
        }
    }
    routes
}

fn fetch_by(examiner: &mut Examiner<'_>, way: &Way, url: &str, route: Route) -> Result<Vec<Der>, ExamineError> {
    let Some((host, port, target)) = parts(url) else { return Ok(Vec::new()) };
    let path = SyncPath { source: way.path.source, scheme: Scheme::Http, host, port, base: String::new(), route };
    let purpose = Purpose::IssuerFetch;
    let Some(mut place) = resolve(examiner, &path, purpose)? else { return Ok(Vec::new()) };
    let Ok(mut connection) = open(examiner, &mut place, purpose, Keep::OnlyFailures)? else { return Ok(Vec::new()) };
    let started = Instant::now();
    let request = Request::get(place.request_target(target), place.host_field());
    let answer = connection.exchange(&request, examiner.answer(), MOST_BYTES);
    connection.close();
    let certificates = certificates(&answer);
    let Answer { head, ended, .. } = answer;
    let seen = FetchSeen { url: url.to_owned(), answer: head, certificates: certificates.clone(), ended };
    examiner.note(place.target(purpose), elapsed_ms(started), Seen::Fetch(seen));
    Ok(certificates)
}

/// Host, port, path and query of an `http` URL; CryptoAPI fetches by no other scheme from a server on the way to it.
fn parts(url: &str) -> Option<(String, u16, &str)> {
    let rest = url.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://")).map(|_| &url[7..])?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok().filter(|port| *port != 0)?),
        _ => (authority, Scheme::Http.default_port()),
    };
    let fit = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@');
    fit.then(|| (host.to_ascii_lowercase(), port, if target.starts_with('/') { target } else { "/" }))
}

/// One certificate as DER or PEM, or a bag of them (RFC 5280, 4.2.2.1).
fn certificates(answer: &Answer) -> Vec<Der> {
    if answer.head.as_ref().is_none_or(|head| head.status != 200) {
        return Vec::new();
    }
    let single = X509::from_der(&answer.body).or_else(|_| X509::from_pem(&answer.body)).ok();
    if let Some(der) = single.and_then(|certificate| certificate.to_der().ok()) {
        return vec![Der(der)];
    }
    let bag = Pkcs7::from_der(&answer.body).ok();
    let signed = bag.as_ref().and_then(|bag| bag.signed()).and_then(|signed| signed.certificates());
    signed.into_iter().flatten().filter_map(|certificate| certificate.to_der().ok()).map(Der).take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn only_a_plain_url_is_followed() {
        let whole = |url: &str| parts(url).map(|(host, port, target)| format!("{host} {port} {target}"));
        assert_eq!(whole("http://PKI.contoso.com/ca.cer").as_deref(), Some("pki.contoso.com 80 /ca.cer"));
        assert_eq!(whole("HTTP://pki.contoso.com:8080").as_deref(), Some("pki.contoso.com 8080 /"));
        assert_eq!(whole("http://[fd00::1]/ca.cer").as_deref(), Some("[fd00::1] 80 /ca.cer"));
        for refused in
            ["ldap:///CN=x", "https://pki.contoso.com/", "http://", "http://a@b/", "http://a:0/", "http://a b/"]
        {
            assert_eq!(parts(refused), None, "{refused}");
        }
    }
}
