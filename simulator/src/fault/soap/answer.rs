//! `answer`: a SOAP fault in place of the response, of any code, whatever the honest outcome was.

use serde::{Deserialize, Serialize};

use crate::seam::{Stage, Standing};
use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// Which SOAP fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnswerWithFault {
    /// `ErrorCode` of the detail, as `IncompatibleProtocolVersion` ([MS-WSUSSS] 2.2.9.3).
    pub error_code: ErrorCode,
    /// `Message` of the detail.
    #[serde(default)]
    pub message: String,
}

impl SoapSeam for AnswerWithFault {
    fn before_encoding(&self, _: &Exchange<'_>) -> SoapAct {
        let fault = SoapFault { code: self.error_code, message: self.message.clone() };
        SoapAct::Answer(Box::new(Err(fault)))
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::Outcome))
    }
}
