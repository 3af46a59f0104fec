//! `tls/reset`: RST after the ClientHello, as devices that read the server name send it (F-26).

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam};
use crate::seam::{Stage, Standing};

/// Parameters of `reset`: none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {}

impl TlsSeam for Reset {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Reset
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::ClientHello))
    }
}
