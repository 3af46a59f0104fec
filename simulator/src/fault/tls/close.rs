//! `tls/close`: FIN after the ClientHello, without a byte in answer.

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam};
use crate::seam::{Stage, Standing};

/// Parameters of `close`: none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {}

impl TlsSeam for Close {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Close
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::ClientHello))
    }
}
