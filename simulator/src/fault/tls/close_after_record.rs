//! `tls/close-after-record`: sends a whole ServerHello, and FIN where the next record should begin.

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam, server_hello_of_tls_1_2};

/// Parameters of `close-after-record`: none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseAfterRecord {}

impl TlsSeam for CloseAfterRecord {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Say(server_hello_of_tls_1_2())
    }
}
