//! Each response as the black box's client reads it; the expected values are written out.

use diagnosis::evidence::SoapFaultSeen;
use diagnosis::sync::{
    Answer, AuthConfig, AuthorizationCookie, ConfigData, Cookie, FileUrl, Language, Operation, Received,
    RevisionIdList, Update, UpdateData, UpdateIdentity, decode,
};

use super::transcript;

fn check(operation: Operation, name: &str, expected: Answer) {
    assert_eq!(decode(operation, transcript(name).as_bytes()), Received::Answer(expected));
}

#[test]
fn the_authorization_plug_in_is_read() {
    check(
        Operation::GetAuthConfig,
        "get-auth-config.response",
        Answer::GetAuthConfig(AuthConfig {
            last_change: Some("2019-03-04T05:06:07.089Z".into()),
            plug_in_id: "DssTargeting".into(),
            service_url: "DssAuthWebService/DssAuthWebService.asmx".into(),
        }),
    );
}

#[test]
fn a_cookie_that_is_broken_over_lines_is_one() {
    check(
        Operation::GetAuthorizationCookie,
        "get-authorization-cookie.response",
        Answer::GetAuthorizationCookie(AuthorizationCookie {
            plug_in_id: "DssTargeting".into(),
            cookie_data: "YW4gYXV0aG9yaXphdGlvbiBjb29raWUgaXMgb3BhcXVlIHRvIHRoZSBkb3duc3RyZWFtIHNlcnZlcg==".into(),
        }),
    );
}

#[test]
fn the_cookie_of_the_service_is_read() {
    check(
        Operation::GetCookie,
        "get-cookie.response",
        Answer::GetCookie(Cookie {
            expiration: "2019-03-04T09:06:07.1234567Z".into(),
            encrypted_data: "b25seSB0aGUgdXBzdHJlYW0gc2VydmVyIGNhbiByZWFkIHRoaXM=".into(),
        }),
    );
}

#[test]
fn a_server_of_2006_names_no_version() {
    check(
        Operation::GetConfigData,
        "get-config-data.response",
        Answer::GetConfigData(ConfigData {
            catalog_only_sync: true,
            lazy_sync: true,
            server_hosts_psf_files: false,
            max_updates_per_request: Some(100),
            max_updates_per_decryption_request: None,
            new_config_anchor: Some("71,2019-03-04 05:06:07.089".into()),
            protocol_version: None,
            languages: vec![
                Language { id: 0, short: Some("all".into()), enabled: true },
                Language { id: 1033, short: Some("en".into()), enabled: false },
            ],
        }),
    );
}

#[test]
fn a_list_of_revisions_may_hold_comments() {
    check(
        Operation::GetRevisionIdList,
        "get-revision-id-list.response",
        Answer::GetRevisionIdList(RevisionIdList {
            anchor: Some("72,2019-03-04 05:07:08.192".into()),
            new_revisions: vec![first(), second()],
        }),
    );
}

#[test]
fn metadata_comes_compressed_or_plain_and_files_with_their_address() {
    let digest = "AAECAwQFBgcICQoLDA0ODxAREhM=";
    check(
        Operation::GetUpdateData,
        "get-update-data.response",
        Answer::GetUpdateData(UpdateData {
            updates: vec![
                Update {
                    id: first(),
                    xml_update_blob: None,
                    xml_update_blob_compressed: Some("TVNDRgAAAABGAAAAAAAAACwAAAAAAAAAAwEBAAEAAAAAAA==".into()),
                    file_digests: vec![],
                },
                Update {
                    id: second(),
                    xml_update_blob: Some(
                        r#"<upd:Update xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update"><upd:UpdateIdentity UpdateID="66666666-7777-4888-9999-AAAAAAAAAAAA" RevisionNumber="101" /></upd:Update>"#
                            .into(),
                    ),
                    xml_update_blob_compressed: None,
                    file_digests: vec![digest.into()],
                },
            ],
            file_urls: vec![FileUrl {
                file_digest: digest.into(),
                mu_url: Some(
                    "http://download.windowsupdate.com/c/msdownload/update/software/updt/2019/03/sample.cab".into(),
                ),
            }],
        }),
    );
}

#[test]
fn a_fault_is_read_whatever_the_operation() {
    let expected = Received::Fault(SoapFaultSeen {
        code: "soap:Client".into(),
        text: "Fault occurred".into(),
        actor: Some("http://upstream.branch.example:8530/ServerSyncWebService/ServerSyncWebService.asmx".into()),
        error_code: Some("InvalidParameters".into()),
        message: Some("parentServerId".into()),
        method: Some("\"http://www.microsoft.com/SoftwareDistribution/RollupComputerStatus\"".into()),
    });
    for operation in Operation::ALL {
        assert_eq!(decode(operation, transcript("fault.response").as_bytes()), expected, "{operation}");
    }
}

#[test]
fn the_answer_to_another_question_is_no_answer() {
    let received = decode(Operation::GetConfigData, transcript("get-cookie.response").as_bytes());
    assert_eq!(received, Received::NotSoap("it is a GetCookieResponse, not a GetConfigDataResponse".into()));
}

fn first() -> UpdateIdentity {
    UpdateIdentity { update_id: "11111111-2222-4333-8444-555555555555".into(), revision_number: 100 }
}

fn second() -> UpdateIdentity {
    UpdateIdentity { update_id: "66666666-7777-4888-9999-aaaaaaaaaaaa".into(), revision_number: 101 }
}
