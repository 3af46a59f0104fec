//! `tls/certificate`: presents a chain with a named defect. It is signed when the chain is sent.

use certs::Defect;

use crate::layer::tls::{ChainAct, TlsSeam};
use crate::seam::{Stage, Standing};

/// The fault, and the defect of its chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Certificate(pub(crate) Defect);

impl TlsSeam for Certificate {
    fn on_chain(&self) -> ChainAct {
        ChainAct::Present(self.0)
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::Chain))
    }
}
