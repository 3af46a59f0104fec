//! What a server bears in a request, and what it does not.

use super::*;

#[test]
fn prefixes_white_space_comments_and_unknown_members_do_not_matter() {
    for lab in Lab::both() {
        let cookie = lab.cookie();
        let data = cookie.split_once("<EncryptedData>").unwrap().1.split_once('<').unwrap().0;
        let (first, second) = data.split_at(100);
        let members = format!(
            "\n <unknown><x/></unknown>\n <q:cookie xmlns:q='{SD}'>\n  <q:Expiration>2026-01-02T07:04:05.678Z</q:Expiration>\n\
             <q:EncryptedData>{first}\n  <!-- more -->\n{second}\n</q:EncryptedData></q:cookie>\n"
        );
        assert_eq!(lab.call("GetConfigData", &members).status, 200);
    }
}

#[test]
fn wsus_bears_any_order_of_members() {
    let lab = Lab::wsus();
    let members = format!("<protocolVersion>1.20</protocolVersion>{}", lab.authorization());
    assert_eq!(lab.call("GetCookie", &members).status, 200);
}

#[test]
fn microsoft_update_takes_a_member_behind_its_place_as_absent() {
    let lab = Lab::microsoft_update();
    let members = format!("<protocolVersion>1.20</protocolVersion>{}", lab.authorization());
    assert_eq!(lab.call("GetCookie", &members).fault(), "InvalidParameters(authCookies)");
    let filter = "<filter><GetConfig>true</GetConfig><Anchor>soon</Anchor></filter>";
    assert_eq!(lab.call("GetRevisionIdList", &format!("{}{filter}", lab.cookie())).status, 200);
}

#[test]
fn members_of_another_namespace_are_absent() {
    let lab = Lab::wsus();
    let members = lab.cookie().replace("<cookie>", "<cookie xmlns='urn:x'>");
    assert_eq!(lab.call("GetConfigData", &members).fault(), "InvalidCookie()");
}

#[test]
fn a_nil_member_is_absent() {
    let lab = Lab::wsus();
    let nil = "<configAnchor xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true' />";
    assert_eq!(lab.call("GetConfigData", &format!("{}{nil}", lab.cookie())).status, 200);
    let nil = nil.replace("configAnchor", "cookie");
    assert_eq!(lab.call("GetConfigData", &nil).fault(), "InvalidCookie()");
}

#[test]
fn get_auth_config_tolerates_stray_children() {
    for lab in Lab::both() {
        assert_eq!(lab.call("GetAuthConfig", "<stray>1</stray>").status, 200);
    }
}

#[test]
fn ids_in_upper_case_are_the_same_ids() {
    let lab = Lab::wsus();
    let ids = format!("<updateIds>{}</updateIds>", identity("56309036-4C77-4DD9-951A-99EE9C246A94", 101));
    let answer = lab.call("GetUpdateData", &format!("{}{ids}", lab.cookie()));
    assert_eq!(answer.one("UpdateID"), "56309036-4c77-4dd9-951a-99ee9c246a94");
}

#[test]
fn arbitrary_bytes_never_stop_the_services() {
    let lab = Lab::wsus();
    let good = envelope(&format!("<GetConfigData xmlns=\"{SD}\">{}</GetConfigData>", lab.cookie())).into_bytes();
    let headers =
        ["Content-Type: text/xml", "SOAPAction: \"http://www.microsoft.com/SoftwareDistribution/GetConfigData\""];
    for at in 0..good.len() {
        for replacement in [b'<', b'&', b'"', 0, 0xff] {
            let mut bad = good.clone();
            bad[at] = replacement;
            let status = lab.send("POST", SYNC, &headers, &bad).unwrap().status;
            assert!([200, 400, 500].contains(&status), "{status}");
        }
        assert!(lab.send("POST", SYNC, &headers, &good[..at]).unwrap().status == 400);
    }
}
