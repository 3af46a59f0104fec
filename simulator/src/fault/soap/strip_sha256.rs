//! `strip-sha256`: the metadata gives the SHA-1 of files alone, as that of updates before 2012 did.

use crate::soap::message::Response;
use crate::soap::operation::get_update_data::UpdateDatum;
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StripSha256;

impl SoapSeam for StripSha256 {
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        let Ok(Response::GetUpdateData(honest)) = exchange.outcome else { return SoapAct::Proceed };
        let mut without = honest.clone();
        let mut stripped = 0;
        for metadata in without.updates.iter_mut().filter_map(UpdateDatum::metadata_mut) {
            if let Some(xml) = without_additional_digests(&metadata.xml) {
                metadata.xml = xml.into();
                stripped += 1;
            }
        }
        if stripped == 0 {
            return SoapAct::Proceed;
        }
        SoapAct::Answer(Box::new(Ok(Response::GetUpdateData(without))))
    }
}

/// The document without its elements `AdditionalDigest`; `None` where it has none.
fn without_additional_digests(xml: &str) -> Option<String> {
    const END: &str = "</upd:AdditionalDigest>";
    let mut kept = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some((before, element)) = rest.split_once("<upd:AdditionalDigest ") {
        kept.push_str(before);
        rest = element.split_once(END)?.1;
    }
    (rest.len() < xml.len()).then(|| kept + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_elements_go() {
        let element = "<upd:AdditionalDigest Algorithm=\"SHA256\">x</upd:AdditionalDigest>";
        let without = without_additional_digests(&format!("<a>{element}</a><b>{element}</b>"));
        assert_eq!(without.as_deref(), Some("<a></a><b></b>"));
        assert_eq!(without_additional_digests("<a></a>"), None);
    }
}
