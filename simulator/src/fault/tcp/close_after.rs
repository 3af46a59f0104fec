//! `tcp/close-after`: FIN once so many bytes have been sent to the client, all of TLS included.

use serde::{Deserialize, Serialize};

use crate::layer::tcp::{TcpAct, TcpSeam};
use crate::seam::Standing;

/// Parameters of `close-after`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CloseAfter {
    /// Bytes sent to the client before the end.
    pub bytes: u64,
}

impl TcpSeam for CloseAfter {
    fn before_write(&self, sent: u64) -> TcpAct {
        if sent < self.bytes { TcpAct::Proceed } else { TcpAct::Close }
    }

    fn allowance(&self, sent: u64) -> u64 {
        self.bytes.saturating_sub(sent)
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::after_bytes(self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lets_exactly_so_many_bytes_pass() {
        let fault = CloseAfter { bytes: 900 };
        assert_eq!((fault.before_write(899), fault.allowance(899)), (TcpAct::Proceed, 1));
    }

    #[test]
    fn then_it_closes() {
        assert_eq!(CloseAfter { bytes: 900 }.before_write(900), TcpAct::Close);
    }
}
