//! `withhold-metadata`: the last revision of every request is left out of the answer, whoever asks and how often.

use crate::seam::{Stage, Standing};
use crate::soap::message::Response;
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithholdMetadata;

impl SoapSeam for WithholdMetadata {
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        let Ok(Response::GetUpdateData(honest)) = exchange.outcome else { return SoapAct::Proceed };
        let mut rest = honest.clone();
        match rest.updates.pop() {
            Some(_) => SoapAct::Answer(Box::new(Ok(Response::GetUpdateData(rest)))),
            None => SoapAct::Proceed,
        }
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::Outcome).during(&["GetUpdateData"]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soap::fault::{ErrorCode, SoapFault};
    use crate::soap::message::Request;

    #[test]
    fn what_is_not_metadata_goes_its_way() {
        let outcome = Err(SoapFault::of(ErrorCode::InternalServerError));
        let request = Request::GetAuthConfig;
        assert_eq!(
            WithholdMetadata.before_encoding(&Exchange { request: &request, outcome: &outcome }),
            SoapAct::Proceed
        );
    }
}
