//! Where a defect may act. A chain is made by passing these seams in this order; the honest path asks for no defect by name.

use time::OffsetDateTime;

use crate::ca::Sent;
use crate::constraints::Constraints;
use crate::leaf::Leaf;
use crate::line::{Line, Whose};
use crate::names::Names;
use crate::request::KeyType;

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

/// Whether it is wrong above the leaf, so that a leaf that signed itself cannot have it.
pub(crate) fn acts_above_the_leaf(deviation: &dyn Deviation) -> bool {
    let constraints = Constraints::to(&Names::default());
    let mut line = Line::further(Whose::Stranger, 0, KeyType::P256, &constraints, OffsetDateTime::UNIX_EPOCH);
    deviation.line(&mut line);
    line.deviates() || (changes(deviation, WITH_AUTHORITIES) && !changes(deviation, ALONE))
}

/// What a server sends, and the root of it.
type Chain = (&'static [&'static [u8]], Option<&'static [u8]>);

const WITH_AUTHORITIES: Chain = (&[&[1], &[2]], Some(&[3]));
const ALONE: Chain = (&[&[1]], None);

fn changes(deviation: &dyn Deviation, (certificates, root): Chain) -> bool {
    let certificates: Vec<Vec<u8>> = certificates.iter().map(|der| der.to_vec()).collect();
    let mut sent = Sent { certificates: certificates.clone(), root: root.map(<[u8]>::to_vec), beside: vec![vec![4]] };
    deviation.sent(&mut sent);
    sent.certificates != certificates
}
