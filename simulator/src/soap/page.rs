//! What a browser gets: a page that lists the operations, or the description of the service.

use super::route::Endpoint;
use super::{Personality, ServiceSettings, WebRequest, wsdl};

/// The body of a 405.
pub(super) const METHOD_NOT_ALLOWED: &str = "<!DOCTYPE html><html><head><title>405</title></head><body>\
     <h1>405 Method Not Allowed</h1><p>This address takes GET for its description and POST for calls.</p></body></html>";

/// Content type and text of the answer to a GET.
pub(super) fn of(
    request: &WebRequest<'_>,
    endpoint: Endpoint,
    personality: Personality,
    settings: &ServiceSettings,
) -> (&'static str, String) {
    const XML: &str = "text/xml; charset=utf-8";
    const HTML: &str = "text/html; charset=utf-8";
    let query = request.query.unwrap_or_default().to_ascii_lowercase();
    let address = request.url.split('?').next().unwrap_or_default();
    match query.as_str() {
        "wsdl" | "singlewsdl" if endpoint.is_described() => (XML, wsdl::of(endpoint, personality, settings, address)),
        "disco" if endpoint.is_described() => (XML, disco(address)),
        _ => (HTML, html(endpoint, settings, address)),
    }
}

fn html(endpoint: Endpoint, settings: &ServiceSettings, address: &str) -> String {
    let title = endpoint.title();
    let address = quick_xml::escape::escape(address);
    let operations: String = endpoint
        .offered(settings)
        .map(|operation| format!("<li><a href=\"{address}?op={0}\">{0}</a></li>", operation.name()))
        .collect();
    let description = if endpoint.is_described() {
        let wsdl = format!("<a href=\"{address}?WSDL\">service description</a>");
        format!("<p>Operations of this service (see its {wsdl}):</p><ul>{operations}</ul>")
    } else {
        "<p>The service runs.</p>".to_owned()
    };
    format!(
        "<!DOCTYPE html><html><head><title>{title} Service</title></head><body><h1>{title} Service</h1>{description}\
         </body></html>"
    )
}

fn disco(address: &str) -> String {
    let address = quick_xml::escape::escape(address);
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><discovery xmlns=\"http://schemas.xmlsoap.org/disco/\">\
         <contractRef ref=\"{address}?wsdl\" docRef=\"{address}\" xmlns=\"http://schemas.xmlsoap.org/disco/scl/\" />\
         </discovery>"
    )
}
