//! `tls/banner`: answers every ClientHello in clear, as a service that is not TLS at all does (SSH, a mail server, a portal).

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam};

/// Parameters of `banner`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Banner {
    /// What it says.
    pub text: String,
}

impl TlsSeam for Banner {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Say(self.text.clone().into_bytes())
    }
}
