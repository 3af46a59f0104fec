//! GetAuthConfig, GetAuthorizationCookie, GetCookie, GetConfigData when all is well.

use super::*;

#[test]
fn get_auth_config_of_wsus_is_what_asp_net_writes() {
    let answer = Lab::wsus().call("GetAuthConfig", "");
    assert_eq!(
        answer.text,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>\
         <GetAuthConfigResponse xmlns=\"http://www.microsoft.com/SoftwareDistribution\"><GetAuthConfigResult>\
         <LastChange>2025-03-11T09:26:53.589Z</LastChange><AuthInfo><AuthPlugInInfo><PlugInID>DssTargeting</PlugInID>\
         <ServiceUrl>DssAuthWebService/DssAuthWebService.asmx</ServiceUrl><Parameter /></AuthPlugInInfo></AuthInfo>\
         </GetAuthConfigResult></GetAuthConfigResponse></soap:Body></soap:Envelope>"
    );
    let headers = [
        ("Cache-Control", "private, max-age=0".to_owned()),
        ("Content-Type", "text/xml; charset=utf-8".to_owned()),
        ("X-AspNet-Version", "4.0.30319".to_owned()),
        ("X-Powered-By", "ASP.NET".to_owned()),
    ];
    assert_eq!((answer.status, answer.headers.as_slice()), (200, headers.as_slice()));
    assert_eq!(answer.operation.as_deref(), Some("GetAuthConfig"));
}

#[test]
fn get_auth_config_of_microsoft_update_is_what_wcf_writes() {
    let answer = Lab::microsoft_update().call("GetAuthConfig", "");
    assert_eq!(
        answer.text,
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\
         <GetAuthConfigResponse xmlns=\"http://www.microsoft.com/SoftwareDistribution\"><GetAuthConfigResult>\
         <LastChange>2025-03-11T09:26:53.589Z</LastChange><AuthInfo><AuthPlugInInfo><PlugInID>DssTargeting</PlugInID>\
         <ServiceUrl>DssAuthWebService/DssAuthWebService.asmx</ServiceUrl><Parameter/></AuthPlugInInfo></AuthInfo>\
         </GetAuthConfigResult></GetAuthConfigResponse></s:Body></s:Envelope>"
    );
    assert_eq!(answer.header("Cache-Control"), "private");
}

#[test]
fn an_authorization_cookie_has_the_size_of_a_real_one() {
    let data = Lab::wsus().authorization();
    let data = data.split_once("<CookieData>").unwrap().1.split_once('<').unwrap().0;
    assert_eq!(data.len(), 576);
}

#[test]
fn a_cookie_of_wsus_lasts_240_minutes_and_one_of_microsoft_update_an_hour() {
    let [wsus, microsoft] = Lab::both().map(|lab| lab.cookie());
    assert!(wsus.starts_with("<cookie><Expiration>2026-01-02T07:04:05.678Z</Expiration><EncryptedData>"), "{wsus}");
    assert!(microsoft.contains("<Expiration>2026-01-02T04:04:05.678Z</Expiration>"), "{microsoft}");
}

#[test]
fn a_cookie_does_not_outlive_its_authorization() {
    let lab = Lab::wsus();
    let authorization = lab.authorization();
    let lab = lab.later(Duration::hours(23));
    let answer = lab.call("GetCookie", &format!("{authorization}<protocolVersion>1.20</protocolVersion>"));
    assert_eq!(answer.one("Expiration"), "2026-01-03T03:04:05.678Z");
}

#[test]
fn an_old_cookie_may_be_handed_in() {
    let lab = Lab::wsus();
    let old = lab.cookie().replace("cookie>", "oldCookie>");
    let members = format!("{}{old}<protocolVersion>1.8</protocolVersion>", lab.authorization());
    assert_eq!(lab.call("GetCookie", &members).status, 200);
}

#[test]
fn config_data_of_wsus_has_the_values_seen_on_a_real_server() {
    let lab = Lab::wsus();
    let result = lab.call("GetConfigData", &lab.cookie()).one("GetConfigDataResult");
    let (head, rest) = result.split_once("<LanguageUpdateList>").unwrap();
    assert_eq!(
        head,
        "<CatalogOnlySync>false</CatalogOnlySync><LazySync>true</LazySync><ServerHostsPsfFiles>false</ServerHostsPsfFiles>\
         <MaxNumberOfComputerIdsInRequest>0</MaxNumberOfComputerIdsInRequest>\
         <MaxNumberOfDriverSetsPerRequest>0</MaxNumberOfDriverSetsPerRequest>\
         <MaxNumberOfPnpHardwareIdsInRequest>0</MaxNumberOfPnpHardwareIdsInRequest>\
         <MaxNumberOfUpdatesPerRequest>100</MaxNumberOfUpdatesPerRequest>\
         <NewConfigAnchor>1,2025-03-11 09:26:53.589</NewConfigAnchor><ProtocolVersion>1.20</ProtocolVersion>"
    );
    let (languages, tail) = rest.split_once("</LanguageUpdateList>").unwrap();
    assert_eq!(languages.matches("<ServerSyncLanguageData>").count(), 39);
    assert!(languages.starts_with(
        "<ServerSyncLanguageData><LanguageID>0</LanguageID><ShortLanguage>all</ShortLanguage>\
         <LongLanguage>all</LongLanguage><Enabled>true</Enabled></ServerSyncLanguageData>"
    ));
    let decryption = "MaxUpdatesPerRequestInGetUpdateDecryptionData";
    assert_eq!(tail, format!("<{decryption}>100</{decryption}>"));
}

#[test]
fn config_data_of_microsoft_update_has_its_own_values_and_order() {
    let lab = Lab::microsoft_update();
    let answer = lab.call("GetConfigData", &lab.cookie());
    let (head, _) = answer.text.split_once("<LanguageUpdateList>").unwrap();
    assert!(head.ends_with(
        "<CatalogOnlySync>true</CatalogOnlySync><LazySync>true</LazySync><ServerHostsPsfFiles>true</ServerHostsPsfFiles>\
         <MaxNumberOfUpdatesPerRequest>100</MaxNumberOfUpdatesPerRequest>\
         <MaxNumberOfDriverSetsPerRequest>100</MaxNumberOfDriverSetsPerRequest>\
         <MaxNumberOfComputerIdsInRequest>200</MaxNumberOfComputerIdsInRequest>\
         <MaxNumberOfPnpHardwareIdsInRequest>450</MaxNumberOfPnpHardwareIdsInRequest>\
         <NewConfigAnchor>2025-03-11 09:26:53.589</NewConfigAnchor><ProtocolVersion>1.21</ProtocolVersion>"
    ));
    assert_eq!(answer.all("Enabled").iter().filter(|enabled| *enabled == "true").count(), 1);
}

#[test]
fn a_server_without_a_protocol_version_leaves_it_out() {
    let lab = Lab::of(ServiceSettings::wsus("upstream", "2.0.0.2472", "none"));
    let answer = lab.call("GetConfigData", &lab.cookie());
    assert_eq!(answer.status, 200);
    assert!(!answer.text.contains("ProtocolVersion"), "{}", answer.text);
    assert!(!answer.text.contains("Decryption") && !answer.text.contains("DriverSets"));
    assert_eq!(answer.header("X-AspNet-Version"), "2.0.50727");
}

#[test]
fn with_the_current_anchor_no_language_is_sent_again() {
    let lab = Lab::wsus();
    let with = |anchor: &str| {
        let answer = lab.call("GetConfigData", &format!("{}<configAnchor>{anchor}</configAnchor>", lab.cookie()));
        answer.text.contains("<LanguageUpdateList />")
    };
    assert!(with("1,2025-03-11 09:26:53.589"));
    assert!(!with("1,2025-03-11 09:26:53.588"));
    assert!(!with("garbage"));
    assert!(!with(""));
}
