//! `tls/oversized-record`: answers with a record that is longer than any may be (RFC 8446, 5.1).

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam, oversized_record};

/// Parameters of `oversized-record`: none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OversizedRecord {}

impl TlsSeam for OversizedRecord {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Say(oversized_record())
    }
}
