//! `http/gzip-unasked`: texts come in gzip though nobody asked for that. So does a device that believes every client to be a
//! browser: it asks the server for the plain text and compresses it by itself.

use crate::layer::http::{Answer, AnswerAct, HttpSeam};
use crate::pack::xpress;

/// No answer of a lab is longer.
const LARGEST: usize = 1 << 30;

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GzipUnasked;

impl HttpSeam for GzipUnasked {
    fn on_answer(&self, honest: &Answer) -> AnswerAct {
        let is_text = honest.headers.iter().any(|(name, value)| *name == "Content-Type" && value.starts_with("text/"));
        if !is_text || honest.body.length() == 0 {
            return AnswerAct::Proceed;
        }
        plain(honest).map_or(AnswerAct::Proceed, |plain| AnswerAct::Answer(Box::new(plain.gzipped())))
    }
}

/// The answer as the server gives it to whoever offers no coding.
fn plain(honest: &Answer) -> Option<Answer> {
    let mut plain = honest.clone();
    if honest.is_coded() {
        plain.headers.retain(|(name, _)| *name != "Content-Encoding");
        plain.body = xpress::decode(&honest.body.to_bytes(), LARGEST).ok()?.into();
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: (&str, &str) = ("Content-Type", "text/xml; charset=utf-8");

    fn act(headers: &[(&'static str, &str)], body: Vec<u8>) -> AnswerAct {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        GzipUnasked.on_answer(&Answer { status: 200, headers, body: body.into(), closes: false })
    }

    #[test]
    fn a_text_comes_in_gzip_whatever_coding_it_had() {
        let coded = &[TYPE, ("Content-Encoding", "xpress")][..];
        for (headers, body) in [(&[TYPE][..], b"<a/>".to_vec()), (coded, xpress::encode(b"<a/>"))] {
            let AnswerAct::Answer(answer) = act(headers, body) else { panic!("it proceeded") };
            let coding = ("Content-Encoding", "gzip".to_owned());
            assert_eq!(answer.headers[1..], [coding, ("Vary", "Accept-Encoding".to_owned())]);
            assert!(answer.body.to_bytes().starts_with(&[0x1f, 0x8b]));
        }
    }

    #[test]
    fn what_is_no_text_or_empty_goes_its_way() {
        assert_eq!(act(&[TYPE], Vec::new()), AnswerAct::Proceed);
        assert_eq!(act(&[("Content-Type", "application/octet-stream")], b"x".to_vec()), AnswerAct::Proceed);
    }
}
