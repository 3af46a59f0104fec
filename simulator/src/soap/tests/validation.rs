//! The validation tables of [MS-WSUSSS] 3.1.4, row by row, with the Message that real servers give.

use super::*;
use crate::soap::seal::{Contents, Kind};

/// The operations that take a cookie, with members that are right but for it.
const WITH_COOKIE: [(&str, &str); 8] = [
    ("GetConfigData", ""),
    ("GetRevisionIdList", "<filter><GetConfig>true</GetConfig></filter>"),
    ("GetUpdateData", "<updateIds />"),
    ("GetUpdateDecryptionData", "<updateIds />"),
    ("GetDriverIdList", "<filter />"),
    ("GetDriverSetData", "<driverSets />"),
    ("GetDeployments", "<syncAnchor>2026-01-02 03:04:05.678</syncAnchor>"),
    ("DownloadFiles", "<fileDigestList />"),
];

fn authorize(lab: &Lab, name: &str, guid: &str) -> String {
    let members = format!("<accountName>{name}</accountName><accountGuid>{guid}</accountGuid>");
    lab.call("GetAuthorizationCookie", &members).fault()
}

#[test]
fn account_name_must_be_a_host_name_and_is_blamed_as_machine_name() {
    let lab = Lab::wsus();
    for name in ["", "two words", "a_b", "-a"] {
        assert_eq!(authorize(&lab, name, DSS), "InvalidParameters(machineName)", "{name}");
    }
    let absent = lab.call("GetAuthorizationCookie", &format!("<accountGuid>{DSS}</accountGuid>"));
    assert_eq!(absent.fault(), "InvalidParameters(machineName)");
}

#[test]
fn account_guid_must_be_a_guid() {
    let lab = Lab::wsus();
    for guid in ["", "7", "{3f1c7e52-0b6d-4d7a-9b6e-0c1d2e3f4a5b}"] {
        assert_eq!(authorize(&lab, "dss01", guid), "InvalidParameters(accountGuid)", "{guid}");
    }
    let absent = lab.call("GetAuthorizationCookie", "<accountName>dss01</accountName>");
    assert_eq!(absent.fault(), "InvalidParameters(accountGuid)");
}

#[test]
fn microsoft_update_takes_name_and_guid_swapped() {
    assert!(authorize(&Lab::microsoft_update(), DSS, "dss01.corp.example").starts_with("200 "));
}

#[test]
fn get_cookie_wants_exactly_one_authorization_cookie() {
    Lab::both().iter().for_each(check_the_count_of_authorization_cookies);
}

fn check_the_count_of_authorization_cookies(lab: &Lab) {
    let one = lab.authorization();
    let two = one
        .replace("</authCookies>", "<AuthorizationCookie><PlugInId>x</PlugInId></AuthorizationCookie></authCookies>");
    for cookies in ["", "<authCookies />", &two] {
        let answer = lab.call("GetCookie", &format!("{cookies}<protocolVersion>1.20</protocolVersion>"));
        assert_eq!(answer.fault(), "InvalidParameters(authCookies)");
    }
}

#[test]
fn a_forged_garbled_foreign_or_expired_authorization_cookie_is_refused() {
    let lab = Lab::wsus();
    let own = lab.authorization();
    let garbled = own.replace("<CookieData>", "<CookieData>AAAA");
    let absent = "<authCookies><AuthorizationCookie /></authCookies>".to_owned();
    let access = lab.cookie();
    let access = access.split_once("<EncryptedData>").unwrap().1.split_once('<').unwrap().0.to_owned();
    let other_kind = format!(
        "<authCookies><AuthorizationCookie><CookieData>{access}</CookieData></AuthorizationCookie></authCookies>"
    );
    for cookies in [garbled, absent, other_kind, Lab::wsus().authorization()] {
        let answer = lab.call("GetCookie", &format!("{cookies}<protocolVersion>1.20</protocolVersion>"));
        assert_eq!(answer.fault(), "InvalidAuthorizationCookie()", "{cookies}");
    }
    let late = lab.later(Duration::hours(24));
    let answer = late.call("GetCookie", &format!("{own}<protocolVersion>1.20</protocolVersion>"));
    assert_eq!(answer.fault(), "InvalidAuthorizationCookie()");
}

#[test]
fn get_cookie_checks_form_and_major_part_of_the_version() {
    Lab::both().iter().for_each(check_the_version_given_to_get_cookie);
}

fn check_the_version_given_to_get_cookie(lab: &Lab) {
    let with = |version: &str| lab.call("GetCookie", &format!("{}{version}", lab.authorization())).fault();
    assert_eq!(with("<protocolVersion>new</protocolVersion>"), "InvalidParameters(protocolVersion)");
    assert_eq!(with("<protocolVersion />"), "InvalidParameters(protocolVersion)");
    assert_eq!(with(""), "InvalidParameters(protocolVersion)");
    assert_eq!(with("<protocolVersion>2.0</protocolVersion>"), "IncompatibleProtocolVersion()");
    assert!(with("<protocolVersion>1.99</protocolVersion>").starts_with("200 "));
}

#[test]
fn every_operation_with_a_cookie_refuses_a_bad_one_first() {
    for lab in Lab::both() {
        let other = Lab::wsus().cookie();
        let garbled = lab.cookie().replace("<EncryptedData>", "<EncryptedData>AAAA");
        for (operation, members) in WITH_COOKIE {
            for cookie in ["", "<cookie />", "<cookie><EncryptedData /></cookie>", &garbled, &other] {
                assert_eq!(
                    lab.call(operation, &format!("{cookie}{members}")).fault(),
                    "InvalidCookie()",
                    "{operation} {cookie}"
                );
            }
            assert!(
                lab.call(operation, &format!("{}{members}", lab.cookie())).fault().starts_with("200 "),
                "{operation}"
            );
        }
    }
}

#[test]
fn an_expired_cookie_is_refused_whatever_its_expiration_says() {
    let lab = Lab::wsus();
    let cookie = lab.cookie().replace("2026-01-02T07", "2036-01-02T07");
    assert_eq!(lab.call("GetConfigData", &cookie).status, 200);
    let lab = lab.later(Duration::minutes(239));
    assert_eq!(lab.call("GetConfigData", &cookie).status, 200);
    let lab = lab.later(Duration::minutes(1));
    assert_eq!(lab.call("GetConfigData", &cookie).fault(), "InvalidCookie()");
}

#[test]
fn a_cookie_of_microsoft_update_is_refused_after_an_hour() {
    let lab = Lab::microsoft_update();
    let cookie = lab.cookie();
    let lab = lab.later(Duration::minutes(59));
    assert_eq!(lab.call("GetConfigData", &cookie).status, 200);
    let lab = lab.later(Duration::minutes(1));
    assert_eq!(lab.call("GetConfigData", &cookie).fault(), "InvalidCookie()");
}

#[test]
fn the_version_inside_a_cookie_is_checked_again_by_both() {
    Lab::both().iter().for_each(check_the_version_inside_a_cookie);
}

fn check_the_version_inside_a_cookie(lab: &Lab) {
    for (version, fault) in [("2.0", "IncompatibleProtocolVersion()"), ("new", "InvalidParameters(protocolVersion)")] {
        let contents = Contents {
            expires: NOW + Duration::HOUR,
            account: Guid::of(1),
            epoch: 0,
            protocol_version: version.to_owned(),
        };
        let data = lab.services.state.seal.close(Kind::Access, &contents);
        let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, data);
        let cookie = format!(
            "<cookie><Expiration>2030-01-01T00:00:00Z</Expiration><EncryptedData>{data}</EncryptedData></cookie>"
        );
        for (operation, members) in WITH_COOKIE {
            assert_eq!(lab.call(operation, &format!("{cookie}{members}")).fault(), fault, "{operation}");
        }
    }
}

#[test]
fn an_anchor_that_does_not_parse_is_an_invalid_filter() {
    for lab in Lab::both() {
        for get_config in ["true", "false"] {
            let filter = format!("<filter><Anchor>soon</Anchor><GetConfig>{get_config}</GetConfig></filter>");
            let answer = lab.call("GetRevisionIdList", &format!("{}{filter}", lab.cookie()));
            assert_eq!(answer.fault(), "InvalidParameters(filter)");
        }
    }
}

#[test]
fn an_anchor_may_be_absent_nil_or_empty() {
    let nil = "<Anchor xsi:nil=\"true\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" />";
    for lab in Lab::both() {
        for anchor in ["", "<Anchor />", nil] {
            let lists = [
                ("GetRevisionIdList", format!("<filter>{anchor}<GetConfig>true</GetConfig></filter>")),
                ("GetDriverIdList", format!("<filter>{anchor}</filter>")),
            ];
            for (operation, filter) in lists {
                let answer = lab.call(operation, &format!("{}{filter}", lab.cookie()));
                assert_eq!(answer.status, 200, "{operation} {anchor}");
            }
        }
    }
}

#[test]
fn update_ids_must_be_there_and_not_too_many() {
    Lab::both().iter().for_each(check_the_count_of_update_ids);
}

fn check_the_count_of_update_ids(lab: &Lab) {
    let with = |ids: &str| lab.call("GetUpdateData", &format!("{}{ids}", lab.cookie())).fault();
    let id = identity("56309036-4c77-4dd9-951a-99ee9c246a94", 101);
    assert_eq!(with(""), "InvalidParameters(updateIds)");
    assert_eq!(with(&format!("<updateIds>{}</updateIds>", id.repeat(101))), "InvalidParameters(updateIds)");
    assert!(with(&format!("<updateIds>{}</updateIds>", id.repeat(100))).starts_with("200 "));
}

#[test]
fn one_unknown_revision_fails_the_whole_call() {
    for lab in Lab::both() {
        let known = identity("56309036-4c77-4dd9-951a-99ee9c246a94", 101);
        for unknown in [identity("56309036-4c77-4dd9-951a-99ee9c246a94", 102), identity(DSS, 1)] {
            let answer = lab.call("GetUpdateData", &format!("{}<updateIds>{known}{unknown}</updateIds>", lab.cookie()));
            assert_eq!(answer.fault(), "InternalServerError()");
        }
    }
}

#[test]
fn decryption_has_a_maximum_of_its_own_on_each_server() {
    let with = |lab: &Lab, ids: &str| lab.call("GetUpdateDecryptionData", &format!("{}{ids}", lab.cookie())).fault();
    let id = identity("56309036-4c77-4dd9-951a-99ee9c246a94", 101);
    let many = |count| format!("<updateIds>{}</updateIds>", id.repeat(count));
    for (lab, most) in Lab::both().iter().zip([100, 500]) {
        assert_eq!(with(lab, ""), "InvalidParameters(updateIds)");
        assert_eq!(with(lab, &many(most + 1)), "InvalidParameters(updateIds)");
        assert!(with(lab, &many(most)).starts_with("200 "));
    }
    assert_eq!(with(&Lab::wsus(), &format!("<updateIds>{}</updateIds>", identity(DSS, 1))), "InternalServerError()");
}

#[test]
fn a_filter_for_drivers_has_a_valid_anchor_and_not_too_many_ids() {
    let with = |lab: &Lab, filter: &str| {
        lab.call("GetDriverIdList", &format!("{}<filter>{filter}</filter>", lab.cookie())).fault()
    };
    let computers = |count| format!("<ComputerIds>{}</ComputerIds>", "<IdAndDelta />".repeat(count));
    let devices = |count| format!("<PnpHardwareIds>{}</PnpHardwareIds>", "<HardwareIdAndDelta />".repeat(count));
    for (lab, [most_computers, most_devices]) in Lab::both().iter().zip([[0, 0], [200, 450]]) {
        assert_eq!(with(lab, "<Anchor>soon</Anchor>"), "InvalidParameters(filter)");
        assert_eq!(with(lab, &computers(most_computers + 1)), "InvalidParameters(filter.ComputerIds)");
        assert_eq!(with(lab, &devices(most_devices + 1)), "InvalidParameters(filter.PnpHardwareIds)");
        let most = computers(most_computers) + &devices(most_devices);
        assert!(with(lab, &most).starts_with("200 "));
    }
}

#[test]
fn driver_sets_must_be_there_and_not_too_many() {
    let [wsus, microsoft] = Lab::both();
    let with = |lab: &Lab, sets: &str| lab.call("GetDriverSetData", &format!("{}{sets}", lab.cookie())).fault();
    let many = |count| format!("<driverSets>{}</driverSets>", format!("<guid>{DSS}</guid>").repeat(count));
    assert_eq!(with(&wsus, ""), "InvalidParameters(driverSets)");
    assert_eq!(with(&wsus, &many(1)), "InvalidParameters(driverSets)");
    assert_eq!(with(&microsoft, &many(101)), "TooManyIds(driverSets)");
    assert!(with(&microsoft, &many(100)).starts_with("200 "));
}

#[test]
fn deployments_want_a_valid_sync_anchor_and_bear_no_garbled_one() {
    Lab::both().iter().for_each(check_the_anchors_of_deployments);
}

fn check_the_anchors_of_deployments(lab: &Lab) {
    let with = |anchors: &str| lab.call("GetDeployments", &format!("{}{anchors}", lab.cookie())).fault();
    let good = "<syncAnchor>1,2026-01-02 03:04:05.678</syncAnchor>";
    for bad in ["", "<syncAnchor />", "<syncAnchor>soon</syncAnchor>"] {
        assert_eq!(with(bad), "InvalidParameters(syncAnchor)", "{bad}");
    }
    assert_eq!(
        with(&format!("<deploymentAnchor>soon</deploymentAnchor>{good}")),
        "InvalidParameters(deploymentAnchor)"
    );
    assert!(with(&format!("<deploymentAnchor />{good}")).starts_with("200 "));
}

#[test]
fn digests_must_be_there_and_not_more_than_a_hundred() {
    Lab::both().iter().for_each(check_the_count_of_digests);
}

fn check_the_count_of_digests(lab: &Lab) {
    let with = |list: &str| lab.call("DownloadFiles", &format!("{}{list}", lab.cookie())).fault();
    assert_eq!(with(""), "InvalidParameters(fileDigestList)");
    let many = "<base64Binary>AAAA</base64Binary>".repeat(101);
    assert_eq!(with(&format!("<fileDigestList>{many}</fileDigestList>")), "InvalidParameters(fileDigestList)");
}
