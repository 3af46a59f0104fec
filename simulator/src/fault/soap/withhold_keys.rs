//! `withhold-keys`: GetUpdateDecryptionData answers and gives no key.

use crate::soap::message::Response;
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithholdKeys;

impl SoapSeam for WithholdKeys {
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        let Ok(Response::GetUpdateDecryptionData(honest)) = exchange.outcome else { return SoapAct::Proceed };
        let mut without = honest.clone();
        let files = without.updates.iter_mut().flat_map(|update| &mut update.files);
        let keys = files.filter_map(|(_, key)| key.take()).count();
        if keys == 0 {
            return SoapAct::Proceed;
        }
        SoapAct::Answer(Box::new(Ok(Response::GetUpdateDecryptionData(without))))
    }
}
