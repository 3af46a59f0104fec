//! Properties of the message codecs: what the black box writes the simulator reads, and the other way round, whatever stands
//! in it. The two share no code. Of a cookie that comes back only the sealed part counts: a server goes by that.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diagnosis::sync::{self, Answer, Operation, Received};
use proptest::prelude::*;
use simulator::Journal;
use simulator::catalogue::{Catalogue, Guid, Identity, Metadata, Part, Rows, Sha1};
use simulator::seam::Seams;
use simulator::soap::fault::{ErrorCode, SoapFault};
use simulator::soap::message::{Request, Response};
use simulator::soap::operation::get_authorization_cookie::AuthorizationCookie;
use simulator::soap::operation::get_cookie::Cookie;
use simulator::soap::operation::get_revision_id_list::{NewRevisions, RevisionIdList};
use simulator::soap::seam::{Exchange, SoapAct};
use simulator::soap::{CallObserver, ServiceSettings, SoapSeam, WebRequest, WebServices};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2025-06-01 12:00 UTC);

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_account_is_read_as_it_was_written(name in text(), guid in text()) {
        let request = sync::Request::GetAuthorizationCookie { account_name: name.clone(), account_guid: guid.clone() };
        for read in read_by_both(&request) {
            let Request::GetAuthorizationCookie(read) = read else { panic!("{read:?}") };
            prop_assert_eq!((read.account_name.as_ref(), read.account_guid.as_ref()), (Some(&name), Some(&guid)));
        }
    }

    #[test]
    fn a_login_is_read_as_it_was_written(plug_in in text(), data in bytes(), version in text()) {
        let authorization =
            sync::AuthorizationCookie { plug_in_id: plug_in.clone(), cookie_data: STANDARD.encode(&data) };
        let request = sync::Request::GetCookie { authorization, protocol_version: version.clone() };
        let expected = vec![AuthorizationCookie { plug_in_id: plug_in, cookie_data: data }];
        for read in read_by_both(&request) {
            let Request::GetCookie(read) = read else { panic!("{read:?}") };
            prop_assert_eq!((&read.auth_cookies, read.protocol_version.as_ref()), (&expected, Some(&version)));
        }
    }

    #[test]
    fn a_filter_is_read_as_it_was_written(cookie in cookie(), anchor in text(), config in any::<bool>(), only in any::<bool>()) {
        let request = sync::Request::GetRevisionIdList {
            cookie: theirs(&cookie),
            anchor: Some(anchor.clone()),
            config,
            languages_63_only: Some(only),
        };
        for read in read_by_both(&request) {
            let Request::GetRevisionIdList(read) = read else { panic!("{read:?}") };
            prop_assert_eq!(read.cookie.map(|read| read.encrypted_data), Some(cookie.encrypted_data.clone()));
            prop_assert_eq!(read.filter.anchor.as_ref(), Some(&anchor));
            prop_assert_eq!((read.filter.get_config, read.filter.get_63_language_only), (config, only));
        }
    }

    #[test]
    fn identities_are_read_as_they_were_written(cookie in cookie(), ids in proptest::collection::vec(identity(), 0..40)) {
        let update_ids = ids.iter().map(named).collect();
        let request = sync::Request::GetUpdateData { cookie: theirs(&cookie), update_ids };
        for read in read_by_both(&request) {
            let Request::GetUpdateData(read) = read else { panic!("{read:?}") };
            prop_assert_eq!(read.cookie.map(|read| read.encrypted_data), Some(cookie.encrypted_data.clone()));
            prop_assert_eq!(read.update_ids.as_ref(), Some(&ids));
        }
    }

    #[test]
    fn a_cookie_is_read_as_it_was_sent(cookie in cookie()) {
        for answer in answers(Operation::GetCookie, Ok(Response::GetCookie(cookie.clone()))) {
            prop_assert_eq!(answer, Received::Answer(Answer::GetCookie(theirs(&cookie))));
        }
    }

    #[test]
    fn a_list_is_read_as_it_was_sent(anchor in word(), ids in proptest::collection::vec(identity(), 0..40)) {
        let list = RevisionIdList { anchor: anchor.clone(), new_revisions: NewRevisions::Listed(ids.clone()) };
        let expected = sync::RevisionIdList { anchor: Some(anchor), new_revisions: ids.iter().map(named).collect() };
        for answer in answers(Operation::GetRevisionIdList, Ok(Response::GetRevisionIdList(list))) {
            prop_assert_eq!(answer, Received::Answer(Answer::GetRevisionIdList(expected.clone())));
        }
    }

    #[test]
    fn a_fault_is_read_as_it_was_sent(message in word(), nth in 0..ErrorCode::ALL.len()) {
        let fault = SoapFault { code: ErrorCode::ALL[nth], message: message.clone() };
        for answer in answers(Operation::GetUpdateData, Err(fault.clone())) {
            let Received::Fault(read) = answer else { panic!("{answer:?}") };
            prop_assert_eq!(read.error_code, Some(format!("{:?}", fault.code)));
            prop_assert_eq!(read.message, Some(message.clone()));
        }
    }

    #[test]
    fn metadata_comes_out_as_it_went_in(piece in "\\PC{1,60}", times in 1..200_usize, id in identity()) {
        let metadata = piece.repeat(times);
        for settings in both() {
            let server = server(settings, Arc::new(Only(metadata.clone().into())), &Arc::default(), None);
            let cookie = log_in(&server);
            let request = sync::Request::GetUpdateData { cookie, update_ids: vec![named(&id)] };
            let Received::Answer(Answer::GetUpdateData(data)) = received(&server, &request) else { panic!() };
            let [update] = &data.updates[..] else { panic!("{data:?}") };
            prop_assert_eq!(&update.id, &named(&id));
            prop_assert_eq!(unpacked(update), metadata.clone());
        }
    }
}

/// Any text that an element may hold. A carriage return is left out: a reader takes it for the end of a line, as it must.
fn text() -> impl Strategy<Value = String> {
    "[\\PC\\t\\n<>&'\"]{0,40}"
}

/// As [`text`], and such that the black box, which trims what a person might have written, has nothing to trim.
fn word() -> impl Strategy<Value = String> {
    "[\\PC<>&'\"]{1,40}".prop_map(|text| format!("a{text}z"))
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 1..300)
}

/// Every instant that a date of four digits has, to the microsecond.
fn cookie() -> impl Strategy<Value = Cookie> {
    let instant = (-62_135_596_800_i64..253_402_300_800, 0..1_000_000_i64).prop_map(|(second, microsecond)| {
        OffsetDateTime::from_unix_timestamp(second).unwrap() + time::Duration::microseconds(microsecond)
    });
    (instant, bytes()).prop_map(|(expiration, encrypted_data)| Cookie { expiration, encrypted_data })
}

fn identity() -> impl Strategy<Value = Identity> {
    (any::<[u8; 16]>(), any::<i32>()).prop_map(|(id, revision)| Identity { id: Guid::random(id), revision })
}

fn named(identity: &Identity) -> sync::UpdateIdentity {
    sync::UpdateIdentity { update_id: identity.id.to_string(), revision_number: identity.revision.into() }
}

fn theirs(cookie: &Cookie) -> sync::Cookie {
    let expiration = cookie.expiration.format(&Rfc3339).unwrap();
    sync::Cookie { expiration, encrypted_data: STANDARD.encode(&cookie.encrypted_data) }
}

fn both() -> [ServiceSettings; 2] {
    [ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"), ServiceSettings::microsoft_update(None)]
}

/// Keeps what was read.
#[derive(Debug, Default)]
struct Watch(Mutex<Vec<Request>>);

impl CallObserver for Watch {
    fn begins(&self, request: &Request, _: OffsetDateTime) {
        self.0.lock().unwrap().push(request.clone());
    }
}

/// Answers everything with this.
#[derive(Debug)]
struct Always(Result<Response, SoapFault>);

impl SoapSeam for Always {
    fn before_encoding(&self, _: &Exchange<'_>) -> SoapAct {
        SoapAct::Answer(Box::new(self.0.clone()))
    }
}

/// Whatever is asked for has this metadata.
#[derive(Debug)]
struct Only(Arc<str>);

impl Catalogue for Only {
    fn revisions(&self, _: Part, _: Option<OffsetDateTime>) -> Rows {
        Box::new(std::iter::empty())
    }

    fn changed(&self) -> OffsetDateTime {
        NOW
    }

    fn metadata(&self, _: Identity) -> Option<Metadata> {
        Some(Metadata { xml: Arc::clone(&self.0), files: Arc::from([]) })
    }

    fn content(&self, _: &Sha1) -> Option<bytes::Bytes> {
        None
    }
}

fn server(
    settings: ServiceSettings,
    catalogue: Arc<dyn Catalogue>,
    watch: &Arc<Watch>,
    always: Option<Always>,
) -> WebServices {
    let mut seams: Seams<dyn SoapSeam> = Seams::new(Journal::new(), "upstream", "http");
    if let Some(always) = always {
        seams.place_setting(Box::new(always));
    }
    WebServices::new(settings, catalogue, seams).observed_by(Some(Arc::clone(watch) as Arc<dyn CallObserver>))
}

/// Sends a request, and gives the body that came back.
fn send(server: &WebServices, request: &sync::Request) -> Vec<u8> {
    const SD: &str = "http://www.microsoft.com/SoftwareDistribution";
    let operation = request.operation();
    let (path, namespace) = match operation {
        Operation::GetAuthorizationCookie => {
            ("/DssAuthWebService/DssAuthWebService.asmx", format!("{SD}/Server/DssAuthWebService"))
        }
        _ => ("/ServerSyncWebService/ServerSyncWebService.asmx", SD.to_owned()),
    };
    let headers = [
        ("Content-Type".to_owned(), "text/xml; charset=utf-8".to_owned()),
        ("SOAPAction".to_owned(), format!("\"{namespace}/{operation}\"")),
    ];
    let body = sync::encode(request);
    let request = WebRequest {
        method: "POST",
        path,
        query: None,
        headers: &headers,
        body: Some(body.as_bytes()),
        url: format!("http://wsus01.corp.example:8530{path}"),
        connection: 1,
        now: NOW,
    };
    server.answer(&request).unwrap().body.to_bytes().to_vec()
}

fn received(server: &WebServices, request: &sync::Request) -> Received {
    sync::decode(request.operation(), &send(server, request))
}

/// What a WSUS server and Microsoft Update read.
fn read_by_both(request: &sync::Request) -> Vec<Request> {
    let watch = Arc::<Watch>::default();
    for settings in both() {
        send(&server(settings, Arc::new(Only("".into())), &watch, None), request);
    }
    let read = watch.0.lock().unwrap().clone();
    assert_eq!(read.len(), 2, "{}", sync::encode(request));
    read
}

/// How the black box reads this outcome from both.
fn answers(operation: Operation, outcome: Result<Response, SoapFault>) -> Vec<Received> {
    let answer = |settings| {
        let server = server(settings, Arc::new(Only("".into())), &Arc::default(), Some(Always(outcome.clone())));
        sync::decode(operation, &send(&server, &blank(operation)))
    };
    both().into_iter().map(answer).collect()
}

/// A request of the operation, whatever stands in it.
fn blank(operation: Operation) -> sync::Request {
    let cookie = sync::Cookie { expiration: NOW.format(&Rfc3339).unwrap(), encrypted_data: "AA==".to_owned() };
    match operation {
        Operation::GetCookie => sync::Request::GetCookie {
            authorization: sync::AuthorizationCookie { plug_in_id: String::new(), cookie_data: "AA==".to_owned() },
            protocol_version: "1.20".to_owned(),
        },
        Operation::GetRevisionIdList => {
            sync::Request::GetRevisionIdList { cookie, anchor: None, config: true, languages_63_only: Some(false) }
        }
        _ => sync::Request::GetUpdateData { cookie, update_ids: Vec::new() },
    }
}

fn log_in(server: &WebServices) -> sync::Cookie {
    let account = sync::Request::GetAuthorizationCookie {
        account_name: "dss01.corp.example".to_owned(),
        account_guid: "3f1c7e52-0b6d-4d7a-9b6e-0c1d2e3f4a5b".to_owned(),
    };
    let Received::Answer(Answer::GetAuthorizationCookie(authorization)) = received(server, &account) else { panic!() };
    let login = sync::Request::GetCookie { authorization, protocol_version: "1.20".to_owned() };
    let Received::Answer(Answer::GetCookie(cookie)) = received(server, &login) else { panic!() };
    cookie
}

/// The metadata of an update, of which a long one comes in a cabinet.
fn unpacked(update: &sync::Update) -> String {
    let Some(packed) = &update.xml_update_blob_compressed else { return update.xml_update_blob.clone().unwrap() };
    let mut content = Vec::new();
    let cabinet = cab::Cabinet::new(Cursor::new(STANDARD.decode(packed).unwrap()));
    cabinet.unwrap().read_file("blob").unwrap().read_to_end(&mut content).unwrap();
    let units: Vec<u16> = content.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).unwrap()
}
