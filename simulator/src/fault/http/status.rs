//! `http/status`: IIS refuses every request with a status and a page, as a client on another machine sees it.

use serde::{Deserialize, Serialize};

use crate::layer::http::{Answer, AnswerAct, HttpSeam};
use crate::seam::{Stage, Standing};

/// Which status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Status {
    /// 401, 403, 404, 405, 415 or 500. The sub-status stands in the log of IIS and never in the answer.
    pub code: Code,
}

/// A status that IIS is known to answer a downstream server with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum Code {
    /// 401: anonymous access is off.
    Unauthorized,
    /// 403: TLS is required (403.4), or the address is not allowed (403.6).
    Forbidden,
    /// 404: the web service is not there.
    NotFound,
    /// 405: no handler of ASP.NET takes the web service, and the one for static files knows no POST.
    MethodNotAllowed,
    /// 415: the web service does not take the Content-Type that reached it.
    UnsupportedMediaType,
    /// 500: ASP.NET cannot start the application.
    InternalServerError,
}

impl TryFrom<u16> for Code {
    type Error = String;

    fn try_from(code: u16) -> Result<Code, String> {
        Ok(match code {
            401 => Code::Unauthorized,
            403 => Code::Forbidden,
            404 => Code::NotFound,
            405 => Code::MethodNotAllowed,
            415 => Code::UnsupportedMediaType,
            500 => Code::InternalServerError,
            other => return Err(format!("{other} is none of 401, 403, 404, 405, 415 and 500")),
        })
    }
}

impl From<Code> for u16 {
    fn from(code: Code) -> u16 {
        match code {
            Code::Unauthorized => 401,
            Code::Forbidden => 403,
            Code::NotFound => 404,
            Code::MethodNotAllowed => 405,
            Code::UnsupportedMediaType => 415,
            Code::InternalServerError => 500,
        }
    }
}

impl HttpSeam for Status {
    fn before_answer(&self) -> AnswerAct {
        let (content_type, title, sentence) = self.code.page();
        let mut headers = vec![("Content-Type", content_type.to_owned()), ("Server", "Microsoft-IIS/10.0".to_owned())];
        if self.code == Code::MethodNotAllowed {
            headers.insert(0, ("Allow", "GET, HEAD, OPTIONS, TRACE".to_owned()));
        }
        if self.code == Code::Unauthorized {
            headers.extend(["Negotiate", "NTLM"].map(|scheme| ("WWW-Authenticate", scheme.to_owned())));
        }
        headers.push(("X-Powered-By", "ASP.NET".to_owned()));
        let body = format!(
            "<!DOCTYPE html>\r\n<html>\r\n<head>\r\n<title>{title}</title>\r\n</head>\r\n<body>\r\n\
             <h2>{title}</h2>\r\n<h3>{sentence}</h3>\r\n</body>\r\n</html>\r\n"
        );
        let answer = Answer { status: self.code.into(), headers, body: body.into(), closes: false };
        AnswerAct::Answer(Box::new(answer))
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::Answer))
    }
}

impl Code {
    fn page(self) -> (&'static str, &'static str, &'static str) {
        const STATIC: &str = "text/html";
        match self {
            Code::Unauthorized => (
                STATIC,
                "401 - Unauthorized: Access is denied due to invalid credentials.",
                "You do not have permission to view this directory or page using the credentials that you supplied.",
            ),
            Code::Forbidden => (
                STATIC,
                "403 - Forbidden: Access is denied.",
                "You do not have permission to view this directory or page using the credentials that you supplied.",
            ),
            Code::NotFound => (
                STATIC,
                "404 - File or directory not found.",
                "The resource you are looking for might have been removed, had its name changed, or is temporarily \
                 unavailable.",
            ),
            Code::MethodNotAllowed => (
                STATIC,
                "405 - HTTP verb used to access this page is not allowed.",
                "The page you are looking for cannot be displayed because an invalid method (HTTP verb) was used to \
                 attempt access.",
            ),
            Code::UnsupportedMediaType => (
                STATIC,
                "415 - Unsupported Media Type.",
                "The server cannot service the request because the media type is unsupported.",
            ),
            Code::InternalServerError => (
                "text/html; charset=utf-8",
                "Runtime Error",
                "An application error occurred on the server. The current custom error settings for this application \
                 prevent the details of the application error from being viewed remotely (for security reasons).",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: Code) -> Answer {
        let AnswerAct::Answer(answer) = (Status { code }).before_answer() else { panic!("it proceeded") };
        *answer
    }

    #[test]
    fn the_status_comes_with_a_page_of_iis() {
        for (code, status) in [(Code::Forbidden, 403), (Code::NotFound, 404), (Code::InternalServerError, 500)] {
            let answer = answer(code);
            assert_eq!(answer.status, status);
            assert!(answer.headers.contains(&("Server", "Microsoft-IIS/10.0".to_owned())));
        }
    }

    #[test]
    fn a_405_says_what_the_handler_for_static_files_knows() {
        let answer = answer(Code::MethodNotAllowed);
        assert_eq!(answer.headers[0], ("Allow", "GET, HEAD, OPTIONS, TRACE".to_owned()));
    }

    #[test]
    fn a_401_offers_what_windows_offers() {
        let answer = answer(Code::Unauthorized);
        let offers: Vec<&str> = answer
            .headers
            .iter()
            .filter(|(name, _)| *name == "WWW-Authenticate")
            .map(|(_, offer)| offer.as_str())
            .collect();
        assert_eq!(offers, ["Negotiate", "NTLM"]);
    }

    #[test]
    fn another_status_is_refused() {
        assert_eq!(Code::try_from(418).err().as_deref(), Some("418 is none of 401, 403, 404, 405, 415 and 500"));
    }
}
