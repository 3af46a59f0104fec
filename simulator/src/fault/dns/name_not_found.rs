//! `dns/name-not-found`: NXDOMAIN for every name that `when.host` selects (F-27).

use hickory_proto::op::ResponseCode;

use crate::layer::dns::{DnsAct, DnsSeam};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameNotFound;

impl DnsSeam for NameNotFound {
    fn before_answer(&self) -> DnsAct {
        DnsAct::Answer(ResponseCode::NXDomain)
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::Question))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::When;
    use crate::journal::Journal;
    use crate::seam::{Moment, Seams};

    fn act_for(host: &str) -> DnsAct {
        let mut seams: Seams<dyn DnsSeam> = Seams::new(Journal::new(), "dns", "dns");
        let when = When { host: Some("sws.update.microsoft.com".to_owned()), ..When::default() };
        seams.place("dns/name-not-found", Some(when), Box::new(NameNotFound));
        seams.ask(Moment { host: Some(host), ..Moment::default() }, |fault| fault.before_answer())
    }

    #[test]
    fn the_selected_name_is_not_found() {
        assert_eq!(act_for("sws.update.microsoft.com"), DnsAct::Answer(ResponseCode::NXDomain));
    }

    #[test]
    fn other_names_are_answered() {
        assert_eq!(act_for("sws1.update.microsoft.com"), DnsAct::Proceed);
    }
}
