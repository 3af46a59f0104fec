//! Bodies as upstreams send them, and as they should not.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;

#[test]
fn wsus_s_envelope_and_microsoft_update_s_are_read_alike() {
    let members = "<Expiration>2026-10-04T20:33:26.65455Z</Expiration><EncryptedData>AQ\n I=</EncryptedData>";
    let cookie = Cookie { expiration: "2026-10-04T20:33:26.65455Z".to_owned(), encrypted_data: "AQI=".to_owned() };
    let expected = Received::Answer(Answer::GetCookie(cookie));
    let wsus = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <soap:Body><GetCookieResponse xmlns=\"u\"><GetCookieResult>{members}</GetCookieResult></GetCookieResponse>\
         </soap:Body></soap:Envelope>"
    );
    assert_eq!(decode(Operation::GetCookie, wsus.as_bytes()), expected);
    let microsoft = format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header/><s:Body><u:GetCookieResponse \
         xmlns:u=\"u\"><u:GetCookieResult>{members}</u:GetCookieResult></u:GetCookieResponse></s:Body></s:Envelope>"
    );
    assert_eq!(decode(Operation::GetCookie, microsoft.as_bytes()), expected);
}

#[test]
fn the_order_of_members_does_not_matter_and_absent_ones_are_absent() {
    let config = "<NewConfigAnchor>1,x</NewConfigAnchor><LazySync>1</LazySync><CatalogOnlySync>true</CatalogOnlySync>";
    let Received::Answer(Answer::GetConfigData(config)) = answered(Operation::GetConfigData, config) else { panic!() };
    assert_eq!((config.catalog_only_sync, config.lazy_sync, config.server_hosts_psf_files), (true, true, false));
    assert_eq!((config.protocol_version, config.max_updates_per_request), (None, None));
    assert_eq!(config.new_config_anchor.as_deref(), Some("1,x"));
}

#[test]
fn nil_is_read_as_absent() {
    let list = "<Anchor xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:nil=\"true\"/><NewRevisions/>";
    let expected = RevisionIdList { anchor: None, new_revisions: Vec::new() };
    assert_eq!(answered(Operation::GetRevisionIdList, list), Received::Answer(Answer::GetRevisionIdList(expected)));
}

#[test]
fn metadata_keeps_its_text() {
    let data = "<fileUrls /><updates><ServerSyncUpdateData><XmlUpdateBlob>&lt;u a=\"1\"/&gt;</XmlUpdateBlob>\
        <Id><RevisionNumber>101</RevisionNumber><UpdateID>CD5FFD1E-E932-4E3A-BF74-18BF0B1BBD83</UpdateID></Id>\
        </ServerSyncUpdateData></updates>";
    let Received::Answer(Answer::GetUpdateData(data)) = answered(Operation::GetUpdateData, data) else { panic!() };
    assert_eq!(data.updates[0].xml_update_blob.as_deref(), Some("<u a=\"1\"/>"));
    assert_eq!(data.updates[0].id.update_id, "cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83");
    assert_eq!(data.updates[0].id.revision_number, 101);
}

#[test]
fn a_fault_tells_its_code_with_and_without_namespace() {
    for (open, close) in [
        ("<detail><ErrorCode>", "</ErrorCode></detail>"),
        ("<detail><x:ErrorCode xmlns:x=\"u\">", "</x:ErrorCode></detail>"),
    ] {
        let fault = format!(
            "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>Fault occurred</faultstring>\
             <faultactor>http://up:8530/</faultactor>{open}IncompatibleProtocolVersion{close}</soap:Fault>"
        );
        let Received::Fault(fault) = decode(Operation::GetCookie, &envelope(&fault)) else { panic!("{fault}") };
        assert_eq!((fault.code.as_str(), fault.text.as_str()), ("soap:Client", "Fault occurred"));
        assert_eq!(fault.error_code.as_deref(), Some("IncompatibleProtocolVersion"));
        assert_eq!((fault.actor.as_deref(), fault.message), (Some("http://up:8530/"), None));
    }
}

#[test]
fn a_fault_of_soap_1_2_is_read_too() {
    let fault = "<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason><soap:Text>x</soap:Text>\
        </soap:Reason><Detail><ErrorCode>InternalServerError</ErrorCode><Message></Message></Detail></soap:Fault>";
    let Received::Fault(fault) = decode(Operation::GetUpdateData, &envelope(fault)) else { panic!() };
    assert_eq!((fault.code.as_str(), fault.text.as_str()), ("soap:Receiver", "x"));
    assert_eq!((fault.error_code.as_deref(), fault.message.as_deref()), (Some("InternalServerError"), Some("")));
}

#[test]
fn anything_else_is_not_soap_and_says_why() {
    let check = |body: &[u8], reason: &str| {
        assert_eq!(decode(Operation::GetCookie, body), Received::NotSoap(reason.to_owned()));
    };
    check(b"<html></html>", "its root element is html, not Envelope");
    check(&envelope(""), "the envelope has no body");
    check(&envelope("<PingResponse/>"), "it is a PingResponse, not a GetCookieResponse");
    check(&envelope("<GetCookieResponse/>"), "the GetCookieResponse has no GetCookieResult");
    let empty = "<GetCookieResponse><GetCookieResult/></GetCookieResponse>";
    check(&envelope(empty), "the GetCookieResult cannot be used: it has no EncryptedData");
    assert!(matches!(decode(Operation::GetCookie, b"<a>"), Received::NotSoap(_)));
}

fn answered(operation: Operation, members: &str) -> Received {
    let body = format!("<{operation}Response><{operation}Result>{members}</{operation}Result></{operation}Response>");
    decode(operation, &envelope(&body))
}

fn envelope(body: &str) -> Vec<u8> {
    format!("<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{body}</soap:Body></soap:Envelope>")
        .into_bytes()
}
