//! `fe2` in July 2019: all worked until GetUpdateData, which gave InternalServerError (F-01). A setting, so nothing is signed.

use crate::soap::fault::{ErrorCode, SoapFault};
use crate::soap::message::Request;
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// The setting.
#[derive(Clone, Copy, Debug)]
pub(super) struct FaultOf2019;

impl SoapSeam for FaultOf2019 {
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        match exchange.request {
            Request::GetUpdateData(_) => SoapAct::Answer(Box::new(Err(SoapFault::of(ErrorCode::InternalServerError)))),
            _ => SoapAct::Proceed,
        }
    }
}
