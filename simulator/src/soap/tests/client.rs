//! The services of Windows Update agents.

use super::*;
use crate::catalogue::{Changing, Identity, Metadata, Part, Revision};

const LAST_CHANGE: &str =
    "<lastChange>2025-03-11T09:26:53.589Z</lastChange><currentTime>2026-01-02T03:04:05Z</currentTime>";
const VERSION: &str = "<protocolVersion>2.90</protocolVersion>";
const FIRST: &str =
    "<parameters><ExpressQuery>false</ExpressQuery><SkipSoftwareSync>false</SkipSoftwareSync></parameters>";

fn authorization(lab: &Lab) -> String {
    let members = "<clientId>d07a4d51-0000-46d1-ad86-91195cb43250</clientId><targetGroupName /><dnsName>pc1.corp.example</dnsName>";
    let answer = lab.call("client/GetAuthorizationCookie", members);
    assert_eq!(answer.one("PlugInId"), "SimpleTargeting");
    let data = answer.one("CookieData");
    format!(
        "<authCookies><AuthorizationCookie><PlugInId>SimpleTargeting</PlugInId><CookieData>{data}</CookieData></AuthorizationCookie></authCookies>"
    )
}

fn cookie(lab: &Lab) -> String {
    let answer = lab.call("client/GetCookie", &format!("{}{LAST_CHANGE}{VERSION}", authorization(lab)));
    format!("<cookie>{}</cookie>", answer.one("GetCookieResult"))
}

fn registered(lab: &Lab) -> String {
    let cookie = cookie(lab);
    let info = "<computerInfo><DnsName>pc1.corp.example</DnsName></computerInfo>";
    let answer = lab.call("RegisterComputer", &format!("{cookie}{info}"));
    assert!(answer.text.contains(
        "<RegisterComputerResponse xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService\"/>"
    ));
    cookie
}

#[test]
fn the_configuration_is_that_of_a_real_server() {
    let result = Lab::wsus().call("client/GetConfig", VERSION).one("GetConfigResult");
    assert!(result.starts_with(
        "<LastChange>2025-03-11T09:26:53.589Z</LastChange><IsRegistrationRequired>true</IsRegistrationRequired><AuthInfo>\
         <AuthPlugInInfo><PlugInID>SimpleTargeting</PlugInID><ServiceUrl>SimpleAuthWebService/SimpleAuth.asmx</ServiceUrl>\
         <Parameter/></AuthPlugInInfo></AuthInfo><Properties><ConfigurationProperty>\
         <Name>MaxExtendedUpdatesPerRequest</Name><Value>50</Value></ConfigurationProperty>"
    ), "{result}");
    assert!(result.contains("<Name>ProtocolVersion</Name><Value>3.2</Value>"));
}

#[test]
fn a_fault_has_the_length_of_the_one_that_was_captured() {
    let lab = Lab::wsus();
    let ids = "<int>1</int>".repeat(401);
    let parameters = format!("<parameters><InstalledNonLeafUpdateIDs>{ids}</InstalledNonLeafUpdateIDs></parameters>");
    let answer = lab.call("SyncUpdates", &format!("{}{parameters}", registered(&lab)));
    assert_eq!((answer.status, answer.text.len()), (500, 442));
    assert_eq!(answer.fault(), "InvalidParameters(parameters.InstalledNonLeafUpdateIDs)");
    assert!(answer.text.starts_with(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault><faultcode>s:Client</faultcode>\
         <faultstring>Fault occurred</faultstring><detail><ErrorCode>"
    ));
}

#[test]
fn a_client_authorization_has_the_size_of_a_real_one_and_its_cookie_lasts_an_hour() {
    let lab = Lab::wsus();
    let data = authorization(&lab);
    let data = data.split_once("<CookieData>").unwrap().1.split_once('<').unwrap().0;
    assert_eq!(data.len(), 496_usize.div_ceil(3) * 4);
    assert!(cookie(&lab).contains("<Expiration>2026-01-02T04:04:05.678Z</Expiration>"));
}

#[test]
fn authorization_wants_an_id_and_a_name() {
    let lab = Lab::wsus();
    let with = |members: &str| lab.call("client/GetAuthorizationCookie", members).fault();
    assert_eq!(with("<dnsName>pc1</dnsName>"), "InvalidParameters(clientId)");
    assert_eq!(with("<clientId>a</clientId>"), "InvalidParameters(dnsName)");
    assert_eq!(with("<clientId>a</clientId><dnsName>a b</dnsName>"), "InvalidParameters(dnsName)");
}

#[test]
fn get_cookie_follows_the_table_of_the_specification() {
    let lab = Lab::wsus();
    let with = |members: String| lab.call("client/GetCookie", &members).fault();
    assert_eq!(with(format!("{LAST_CHANGE}{VERSION}")), "InvalidAuthorizationCookie()");
    assert_eq!(with(format!("{}{LAST_CHANGE}{VERSION}", lab.authorization())), "InvalidAuthorizationCookie()");
    let own = authorization(&lab);
    assert_eq!(with(format!("{own}<oldCookie />{LAST_CHANGE}{VERSION}")), "InvalidCookie()");
    assert_eq!(with(format!("{own}{}{VERSION}", LAST_CHANGE.replace("2025", "2024"))), "ConfigChanged()");
    assert_eq!(
        with(format!("{own}{LAST_CHANGE}<protocolVersion>x</protocolVersion>")),
        "InvalidParameters(protocolVersion)"
    );
}

#[test]
fn cookies_of_clients_are_checked_and_those_of_servers_are_not_theirs() {
    let lab = Lab::wsus();
    for bad in ["", "<cookie />", &lab.cookie(), &cookie(&Lab::wsus())] {
        assert_eq!(lab.call("SyncUpdates", &format!("{bad}{FIRST}")).fault(), "InvalidCookie()");
    }
    let own = cookie(&lab);
    assert_eq!(lab.call("SyncUpdates", &format!("{own}{FIRST}")).fault(), "RegistrationRequired()");
    assert_eq!(lab.call("SyncUpdates", &own).fault(), "InvalidParameters(parameters)");
    assert_eq!(lab.call("RegisterComputer", &own).fault(), "InvalidParameters(computerInfo)");
    let lab = lab.later(Duration::HOUR);
    assert_eq!(lab.call("SyncUpdates", &format!("{own}{FIRST}")).fault(), "CookieExpired()");
}

#[test]
fn an_empty_client_gets_what_needs_nothing_and_page_by_page_the_rest() {
    let lab = Lab::wsus();
    let cookie = registered(&lab);
    let (mut installed, mut cached, mut pages) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let ids = |name: &str, ids: &[String]| {
            format!("<{name}>{}</{name}>", ids.iter().map(|id| format!("<int>{id}</int>")).collect::<String>())
        };
        let lists = format!("{}{}", ids("InstalledNonLeafUpdateIDs", &installed), ids("OtherCachedUpdateIDs", &cached));
        let answer = lab.call("SyncUpdates", &format!("{cookie}<parameters>{lists}</parameters>"));
        let updates = answer.all("UpdateInfo");
        assert!(updates.len() <= 30);
        if updates.is_empty() {
            break;
        }
        pages.push((updates.len(), answer.one("Truncated")));
        for update in updates {
            let id = update.split("<ID>").nth(1).unwrap().split('<').next().unwrap().to_owned();
            let is_leaf = update.contains("<IsLeaf>true</IsLeaf>");
            assert!(update.contains("<Xml>&lt;UpdateIdentity UpdateID=") && !update.contains("xmlns"), "{update}");
            if is_leaf { cached.push(id) } else { installed.push(id) }
        }
    }
    // Two of the samples need what is not installed, and one of these what is nowhere.
    assert_eq!(installed.len() + cached.len(), 56);
    assert_eq!(pages, [17, 3, 7, 29].map(|count| (count, "false".to_owned())));
}

#[test]
fn a_page_has_thirty_updates_and_says_that_there_are_more() {
    let catalogue = Changing::new(Arc::new(BuiltIn::new()));
    for number in 1..=20 {
        let identity = Identity { id: Guid::of(number), revision: 1 };
        let revision = Revision { identity, changed: NOW, products: Arc::default(), classification: None };
        let metadata = Metadata { xml: "<u:Update xmlns:u='urn:u' />".into(), files: Arc::default() };
        catalogue.add(Part::Updates, revision, metadata, []).unwrap();
    }
    let lab = Lab::with(ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"), Arc::new(catalogue));
    let answer = lab.call("SyncUpdates", &format!("{}{FIRST}", registered(&lab)));
    assert_eq!((answer.all("UpdateInfo").len(), answer.one("Truncated")), (30, "true".to_owned()));
}
