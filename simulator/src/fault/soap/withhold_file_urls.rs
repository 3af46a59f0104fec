//! `withhold-file-urls`: no answer of GetUpdateData tells where at Microsoft Update a file is.

use crate::soap::message::Response;
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithholdFileUrls;

impl SoapSeam for WithholdFileUrls {
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        let Ok(Response::GetUpdateData(honest)) = exchange.outcome else { return SoapAct::Proceed };
        if honest.file_urls.is_empty() {
            return SoapAct::Proceed;
        }
        let mut without = honest.clone();
        without.file_urls.clear();
        SoapAct::Answer(Box::new(Ok(Response::GetUpdateData(without))))
    }
}
