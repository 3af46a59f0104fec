//! The requests of the black box's client are the samples, but for white space and comments, which .NET does not write.

use diagnosis::sync::{AuthorizationCookie, Cookie, Request, UpdateIdentity, encode};

use super::transcript;

const COOKIE: &str =
    "<cookie><Expiration>2019-03-04T09:06:07.1234567Z</Expiration><EncryptedData>b25seQ==</EncryptedData></cookie>";
const IDENTITY: &str = "<UpdateIdentity><UpdateID>11111111-2222-4333-8444-555555555555</UpdateID>\
                        <RevisionNumber>100</RevisionNumber></UpdateIdentity>";

fn check(name: &str, fill: &[(&str, &str)], request: &Request) {
    let sample = transcript(&format!("{name}.request"));
    let sample = fill.iter().fold(sample, |sample, (from, to)| sample.replace(from, to));
    assert_eq!(encode(request), bare(&sample), "{name}");
}

#[test]
fn authorization_is_asked_for_as_in_the_samples() {
    check("get-auth-config", &[], &Request::GetAuthConfig);
    let request = Request::GetAuthorizationCookie {
        account_name: "downstream.branch.example".into(),
        account_guid: "C0FFEE00-1234-4abc-9DEF-0123456789aB".into(),
    };
    check("get-authorization-cookie", &[], &request);
    let authorization = AuthorizationCookie { plug_in_id: "DssTargeting".into(), cookie_data: "b3BhcXVl".into() };
    let request = Request::GetCookie { authorization, protocol_version: "1.2".into() };
    check("get-cookie", &[("{authorization-cookie}", "b3BhcXVl")], &request);
}

#[test]
fn metadata_is_asked_for_as_in_the_samples() {
    check("get-config-data", &[("{cookie}", COOKIE)], &Request::GetConfigData { cookie: cookie() });
    let request =
        Request::GetRevisionIdList { cookie: cookie(), anchor: None, config: true, languages_63_only: Some(false) };
    check("get-revision-id-list", &[("{cookie}", COOKIE)], &request);
    let filled = [("{cookie}", COOKIE), ("{identities}", IDENTITY)];
    let request = Request::GetUpdateData { cookie: cookie(), update_ids: vec![identity()] };
    check("get-update-data", &filled, &request);
    let request = Request::GetUpdateDecryptionData { cookie: cookie(), update_ids: vec![identity()] };
    check("get-update-decryption-data", &filled, &request);
}

fn cookie() -> Cookie {
    Cookie { expiration: "2019-03-04T09:06:07.1234567Z".into(), encrypted_data: "b25seQ==".into() }
}

fn identity() -> UpdateIdentity {
    UpdateIdentity { update_id: "11111111-2222-4333-8444-555555555555".into(), revision_number: 100 }
}

/// A message on one line, without its comments.
fn bare(message: &str) -> String {
    let mut pieces = message.split("<!--");
    let first = pieces.next().unwrap().to_owned();
    let whole = pieces.fold(first, |whole, piece| whole + piece.split_once("-->").unwrap().1);
    whole.split_whitespace().collect::<Vec<_>>().join(" ").replace("> <", "><")
}
