//! `tls/only-version`: a server that speaks one version of TLS (F-03, F-04). Others are refused as the node refuses them.

use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam};
use crate::seam::{Stage, Standing};

/// Parameters of `only-version`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OnlyVersion {
    /// The version. TLS 1.0 has a fault of its own, since servers of it answer newer clients in two ways.
    pub version: OneVersion,
}

/// A version that a server can be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OneVersion {
    /// TLS 1.1.
    #[serde(rename = "1.1")]
    Tls11,
    /// TLS 1.2.
    #[serde(rename = "1.2")]
    Tls12,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    Tls13,
}

impl TlsSeam for OnlyVersion {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        const ONLY_1_2: &[&SupportedProtocolVersion] = &[&TLS12];
        const ONLY_1_3: &[&SupportedProtocolVersion] = &[&TLS13];
        match self.version {
            OneVersion::Tls11 => HelloAct::Tls11,
            OneVersion::Tls12 => HelloAct::Modern(ONLY_1_2),
            OneVersion::Tls13 => HelloAct::Modern(ONLY_1_3),
        }
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::ClientHello))
    }
}
