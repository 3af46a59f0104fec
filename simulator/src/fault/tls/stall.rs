//! `tls/stall`: silence after the ClientHello; the connection stays open.

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam};
use crate::seam::{Stage, Standing};

/// Parameters of `stall`: none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stall {}

impl TlsSeam for Stall {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Stall
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::ClientHello))
    }
}
