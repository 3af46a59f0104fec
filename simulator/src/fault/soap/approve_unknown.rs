//! `approve-unknown`: the first approval that GetDeployments tells of is of an update that the server does not have.

use crate::catalogue::{Guid, Identity};
use crate::soap::message::Response;
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApproveUnknown;

impl SoapSeam for ApproveUnknown {
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        let Ok(Response::GetDeployments(honest)) = exchange.outcome else { return SoapAct::Proceed };
        let mut changed = honest.clone();
        let Some(first) = changed.deployments.first_mut() else { return SoapAct::Proceed };
        first.revision = Identity { id: Guid::named("update/deleted by hand"), revision: 200 };
        SoapAct::Answer(Box::new(Ok(Response::GetDeployments(changed))))
    }
}
