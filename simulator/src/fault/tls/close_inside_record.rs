//! `tls/close-inside-record`: begins a record of its own handshake, and FIN comes before the record's end.

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam};
use crate::seam::{Stage, Standing};

/// Parameters of `close-inside-record`: none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseInsideRecord {}

impl TlsSeam for CloseInsideRecord {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::CloseInsideRecord
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::ClientHello))
    }
}
