//! `tls/alert`: answers every ClientHello with one fatal alert.

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam};
use crate::seam::{Stage, Standing};

/// Parameters of `alert`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Alert {
    /// Its number (RFC 8446, B.2).
    pub code: u8,
}

impl TlsSeam for Alert {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Alert(self.code)
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::ClientHello))
    }
}
