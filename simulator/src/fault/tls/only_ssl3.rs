//! `tls/only-ssl3`: a server that speaks SSL 3.0 and nothing newer: every client of today turns away (RFC 7568).

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam};

/// Parameters of `only-ssl3`: none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnlySsl3 {}

impl TlsSeam for OnlySsl3 {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::ServerHelloOfSsl3
    }
}
