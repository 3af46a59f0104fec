//! `self-signed`: the leaf vouches for itself. A defect because no store of the subject holds it; where one does, the
//! issuer is `itself` and nothing is wrong.

use super::Deviation;
use crate::leaf::{Leaf, Signer};

pub(super) struct SelfSigned;

impl Deviation for SelfSigned {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.signer = Signer::Itself;
    }
}
