//! `tls/client-certificate`: asks the client for a certificate in the handshake. WSUS has none to give.

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, Insistence, TlsSeam};

/// Parameters of `client-certificate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClientCertificate {
    /// Whether a client without one is refused (alert 116).
    pub required: bool,
}

impl TlsSeam for ClientCertificate {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::AskForCertificate(if self.required { Insistence::Required } else { Insistence::Optional })
    }
}
