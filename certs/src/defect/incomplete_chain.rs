//! `incomplete-chain`: the server sends its leaf alone. No certificate here carries AIA, so nobody can fetch the rest.

use super::Deviation;

pub(super) struct IncompleteChain;

impl Deviation for IncompleteChain {
    fn sent(&self, certificates: &mut Vec<Vec<u8>>) {
        certificates.truncate(1);
    }
}
