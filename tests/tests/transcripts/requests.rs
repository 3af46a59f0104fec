//! Each request as both servers answer it, in the order of a synchronization: what a server gave is what it is given back.

use std::sync::Arc;

use simulator::Journal;
use simulator::catalogue::BuiltIn;
use simulator::seam::Seams;
use simulator::soap::{ServiceSettings, WebRequest, WebServices};
use time::macros::datetime;

use super::transcript;

const SERVICE: &str = "/ServerSyncWebService/ServerSyncWebService.asmx";
const AUTHORIZATION: &str = "/DssAuthWebService/DssAuthWebService.asmx";
const NAMESPACE: &str = "http://www.microsoft.com/SoftwareDistribution";

#[test]
fn a_wsus_server_answers_the_samples() {
    synchronize(ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"));
}

#[test]
fn microsoft_update_answers_the_samples() {
    synchronize(ServiceSettings::microsoft_update(None));
}

fn synchronize(settings: ServiceSettings) {
    let server = Server::new(settings);

    let config = server.ask("get-auth-config", "GetAuthConfig", &[]);
    assert_eq!(between(&config, "PlugInID"), "DssTargeting");

    let authorization = server.ask("get-authorization-cookie", "GetAuthorizationCookie", &[]);
    let authorization = between(&authorization, "CookieData");

    let cookie = server.ask("get-cookie", "GetCookie", &[("{authorization-cookie}", authorization)]);
    let cookie = format!(
        "<cookie><Expiration>{}</Expiration><EncryptedData>{}</EncryptedData></cookie>",
        between(&cookie, "Expiration"),
        between(&cookie, "EncryptedData")
    );

    let config = server.ask("get-config-data", "GetConfigData", &[("{cookie}", &cookie)]);
    assert!(between(&config, "MaxNumberOfUpdatesPerRequest").parse::<u32>().is_ok_and(|most| 2 <= most), "{config}");

    let list = server.ask("get-revision-id-list", "GetRevisionIdList", &[("{cookie}", &cookie)]);
    let revisions = between(&list, "NewRevisions");
    let identities: String = revisions.split_inclusive("</UpdateIdentity>").take(2).collect();

    let data = server.ask("get-update-data", "GetUpdateData", &[("{cookie}", &cookie), ("{identities}", &identities)]);
    let asked = values(&identities, "UpdateID");
    assert_eq!(asked.len(), 2, "{list}");
    assert_eq!(values(&data, "UpdateID"), asked);
}

/// The services of one server, without a socket.
struct Server(WebServices);

impl Server {
    fn new(settings: ServiceSettings) -> Server {
        let seams = Seams::new(Journal::new(), "upstream", "http");
        Server(WebServices::new(settings, Arc::new(BuiltIn::new()), seams))
    }

    /// Sends a transcript and gives the body that came back.
    fn ask(&self, name: &str, operation: &str, fill: &[(&str, &str)]) -> String {
        let body = fill.iter().fold(transcript(&format!("{name}.request")), |body, (from, to)| body.replace(from, to));
        assert!(!body.contains('{'), "a placeholder of {name} is left");
        let (path, namespace) = match operation {
            "GetAuthorizationCookie" => (AUTHORIZATION, format!("{NAMESPACE}/Server/DssAuthWebService")),
            _ => (SERVICE, NAMESPACE.to_owned()),
        };
        let headers = [
            ("Content-Type".to_owned(), "text/xml; charset=utf-8".to_owned()),
            ("SOAPAction".to_owned(), format!("\"{namespace}/{operation}\"")),
        ];
        let answer = self.0.answer(&WebRequest {
            method: "POST",
            path,
            query: None,
            headers: &headers,
            body: Some(body.as_bytes()),
            url: format!("http://wsus01.corp.example:8530{path}"),
            connection: 1,
            now: datetime!(2025-06-01 12:00 UTC),
        });
        let answer = answer.unwrap_or_else(|| panic!("{path} is no web service"));
        let text = String::from_utf8(answer.body.to_bytes().to_vec()).unwrap();
        assert_eq!(answer.status, 200, "{operation}: {text}");
        assert_eq!(answer.operation.as_deref(), Some(operation));
        assert!(text.contains(&format!("<{operation}Response xmlns=\"{namespace}\"")), "{text}");
        text
    }
}

/// The text of the only such element.
fn between<'a>(text: &'a str, element: &str) -> &'a str {
    let found = values(text, element);
    assert!(!found.is_empty(), "no {element} in {text}");
    found[0]
}

/// The texts of all such elements, in order.
fn values<'a>(text: &'a str, element: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let parts = text.split(open.as_str()).skip(1);
    parts.map(|part| part.split(close.as_str()).next().unwrap_or_default()).collect()
}
