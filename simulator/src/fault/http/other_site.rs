//! `http/other-site`: the port belongs to a site that is not WSUS, and whatever is asked for, a page for people comes.

use crate::layer::http::{Answer, AnswerAct, HttpSeam};
use crate::seam::{Stage, Standing};

const PAGE: &str = "<!DOCTYPE html>\r\n<html>\r\n<head>\r\n<title>Intranet</title>\r\n</head>\r\n\
    <body>\r\n<h1>Welcome</h1>\r\n</body>\r\n</html>\r\n";

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OtherSite;

impl HttpSeam for OtherSite {
    fn before_answer(&self) -> AnswerAct {
        let headers =
            vec![("Content-Type", "text/html; charset=utf-8".to_owned()), ("Server", "Microsoft-IIS/10.0".to_owned())];
        AnswerAct::Answer(Box::new(Answer { status: 200, headers, body: PAGE.into(), closes: false }))
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::Answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_comes_with_200() {
        let AnswerAct::Answer(answer) = OtherSite.before_answer() else { panic!("it proceeded") };
        assert_eq!((answer.status, &answer.headers[0].1[..]), (200, "text/html; charset=utf-8"));
    }
}
