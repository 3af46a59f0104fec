//! The pages of IIS's own, as a client on another machine sees them.

use crate::body::Body;
use crate::layer::http::Answer;

/// 404.
pub(super) fn not_found(server: &str) -> Answer {
    error(
        server,
        404,
        "404 - File or directory not found.",
        "The resource you are looking for might have been removed, had its name changed, or is temporarily unavailable.",
    )
}

/// 403, for a directory above all: listing is off.
pub(super) fn forbidden(server: &str) -> Answer {
    error(
        server,
        403,
        "403 - Forbidden: Access is denied.",
        "You do not have permission to view this directory or page using the credentials that you supplied.",
    )
}

/// 405, from the handler for static files.
pub(super) fn method_not_allowed(server: &str) -> Answer {
    let mut answer = error(
        server,
        405,
        "405 - HTTP verb used to access this page is not allowed.",
        "The page you are looking for cannot be displayed because an invalid method (HTTP verb) was used to attempt access.",
    );
    answer.headers.insert(0, ("Allow", "GET, HEAD, OPTIONS, TRACE".to_owned()));
    answer
}

/// 412.
pub(super) fn precondition_failed(server: &str) -> Answer {
    error(
        server,
        412,
        "412 - Precondition set by the client failed when evaluated on the Web server.",
        "The request was not completed due to preconditions that are set in the request header. Preconditions prevent the \
         requested method from being applied to a resource other than the one intended. An example of a precondition is \
         testing for expired content in the page cache of the client.",
    )
}

/// 413. IIS has no page for it and gives its bare sentence.
pub(super) fn entity_too_large(server: &str) -> Answer {
    let mut headers = vec![("Content-Type", "text/html".to_owned())];
    headers.extend(own(server));
    let body = "The page was not displayed because the request entity is too large.".into();
    Answer { status: 413, headers, body, closes: true }
}

/// The answer to OPTIONS.
pub(super) fn options(server: &str) -> Answer {
    let methods = "OPTIONS, TRACE, GET, HEAD, POST".to_owned();
    let mut headers = vec![("Allow", methods.clone())];
    headers.extend(own(server));
    headers.insert(2, ("Public", methods));
    Answer { status: 200, headers, body: Body::default(), closes: false }
}

/// The fields that IIS adds to every answer.
pub(super) fn own(server: &str) -> [(&'static str, String); 2] {
    [("Server", server.to_owned()), ("X-Powered-By", "ASP.NET".to_owned())]
}

fn error(server: &str, status: u16, title: &str, sentence: &str) -> Answer {
    let body = format!(
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \
         \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\r\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\">\r\n<head>\r\n\
         <meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\"/>\r\n\
         <title>{title}</title>\r\n</head>\r\n<body>\r\n<div id=\"header\"><h1>Server Error</h1></div>\r\n\
         <div id=\"content\">\r\n <div class=\"content-container\"><fieldset>\r\n  <h2>{title}</h2>\r\n  \
         <h3>{sentence}</h3>\r\n </fieldset></div>\r\n</div>\r\n</body>\r\n</html>\r\n"
    );
    let mut headers = vec![("Content-Type", "text/html".to_owned())];
    headers.extend(own(server));
    Answer { status, headers, body: body.into(), closes: false }
}
