//! `withhold-digests`: no answer of GetUpdateData has a `FileDigestList`, though the metadata names files.

use crate::soap::message::Response;
use crate::soap::operation::get_update_data::UpdateDatum;
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithholdDigests;

impl SoapSeam for WithholdDigests {
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        let Ok(Response::GetUpdateData(honest)) = exchange.outcome else { return SoapAct::Proceed };
        if honest.updates.iter().all(|update| update.files().is_empty()) {
            return SoapAct::Proceed;
        }
        let mut without = honest.clone();
        without
            .updates
            .iter_mut()
            .filter_map(UpdateDatum::metadata_mut)
            .for_each(|metadata| metadata.files = [].into());
        SoapAct::Answer(Box::new(Ok(Response::GetUpdateData(without))))
    }
}
