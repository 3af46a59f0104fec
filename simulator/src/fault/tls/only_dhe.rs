//! `tls/only-dhe`: a server of TLS 1.2 that has nothing but DHE, in a group of a given length.

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, GroupBits, HelloAct, TlsSeam};
use crate::seam::{Stage, Standing};

/// Parameters of `only-dhe`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OnlyDhe {
    /// How many bits the group's prime has: 480, 512, 768, 1024 or 2048. The node needs an RSA key; with another it has no
    /// suite in common with anybody, as a real server.
    pub bits: GroupBits,
}

impl TlsSeam for OnlyDhe {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Dhe(self.bits)
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::ClientHello))
    }
}
