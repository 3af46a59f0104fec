//! The pages with which HTTP.SYS answers before IIS has heard of a request.

use crate::layer::http::Answer;

/// A page of HTTP.SYS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KernelPage {
    /// Status code.
    pub(crate) status: u16,
    /// Reason phrase, and the title of the page.
    pub(crate) title: &'static str,
    heading: &'static str,
    sentence: &'static str,
}

/// The application pool does not run.
pub(crate) const SERVICE_UNAVAILABLE: KernelPage = KernelPage {
    status: 503,
    title: "Service Unavailable",
    heading: "Service Unavailable",
    sentence: "HTTP Error 503. The service is unavailable.",
};

/// What came does not begin like a request, TLS above all.
pub(crate) const INVALID_VERB: KernelPage =
    bad_request("Bad Request - Invalid Verb", "HTTP Error 400. The request verb is invalid.");

/// A request without a host, or with one that cannot be.
pub(crate) const INVALID_HOSTNAME: KernelPage =
    bad_request("Bad Request - Invalid Hostname", "HTTP Error 400. The request hostname is invalid.");

/// More header fields than HTTP.SYS reads.
pub(crate) const TOO_LONG: KernelPage =
    bad_request("Bad Request - Request Too Long", "HTTP Error 400. The size of the request headers is too long.");

/// No part of a file is where a client wants it. IIS has no page of its own for this and gives HTTP.SYS's, undressed.
pub(crate) const RANGE_NOT_SATISFIABLE: KernelPage = KernelPage {
    status: 416,
    title: "Requested Range Not Satisfiable",
    heading: "Requested Range Not Satisfiable",
    sentence: "HTTP Error 416. The requested range is not satisfiable.",
};

/// Anything else that is no request.
pub(crate) const BADLY_FORMED: KernelPage = bad_request("Bad Request", "HTTP Error 400. The request is badly formed.");

const fn bad_request(heading: &'static str, sentence: &'static str) -> KernelPage {
    KernelPage { status: 400, title: "Bad Request", heading, sentence }
}

impl KernelPage {
    /// The page as an answer; HTTP.SYS closes the connection after it.
    pub(crate) fn answer(self) -> Answer {
        Answer {
            status: self.status,
            headers: vec![
                ("Content-Type", "text/html; charset=us-ascii".to_owned()),
                ("Server", "Microsoft-HTTPAPI/2.0".to_owned()),
            ],
            body: self.html().into(),
            closes: true,
        }
    }

    /// The page as bytes, for when there is no request that could be answered.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let body = self.html();
        let (status, title, date, length) = (self.status, self.title, super::date_now(), body.len());
        let head = format!(
            "HTTP/1.1 {status} {title}\r\nContent-Type: text/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI/2.0\r\n\
             Date: {date}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        [head.into_bytes(), body.into_bytes()].concat()
    }

    /// The page alone.
    pub(crate) fn html(self) -> String {
        // The missing space after EN is HTTP.SYS's own.
        format!(
            "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/strict.dtd\">\r\n\
             <HTML><HEAD><TITLE>{}</TITLE>\r\n\
             <META HTTP-EQUIV=\"Content-Type\" Content=\"text/html; charset=us-ascii\"></HEAD>\r\n\
             <BODY><h2>{}</h2>\r\n<hr><p>{}</p>\r\n</BODY></HTML>\r\n",
            self.title, self.heading, self.sentence
        )
    }
}
