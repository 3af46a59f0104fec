//! Where a defect may act. A chain is made by passing these seams in this order; the honest path asks for no defect by name.

use crate::ca::Sent;
use crate::leaf::Leaf;
use crate::line::Line;
use crate::names::Names;

/// What a defect does at the seams; by default nothing.
pub(crate) trait Deviation {
    /// Before anything else: what the request would need for this to change anything.
    fn lacks(&self, _asked: &Names) -> Option<&'static str> {
        None
    }

    /// Before anything is minted: what the leaf is issued to. The constraints of the roots are drawn from it.
    fn issued_to(&self, _names: &mut Names) {}

    /// Before anything is minted: what else the roots must permit, for the leaf to be wrong in this way and no other.
    fn permitted(&self, _asked: &Names, _names: &mut Names) {}

    /// Before the leaf is signed: what it says, and who signs it.
    fn leaf(&self, _leaf: &mut Leaf) {}

    /// Before the leaf is signed: who stands above it.
    fn line(&self, _line: &mut Line) {}

    /// After it is signed: which certificates the server sends.
    fn sent(&self, _sent: &mut Sent) {}
}
