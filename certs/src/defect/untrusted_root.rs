//! `untrusted-root`: a whole chain, below a root that nobody is told of.

use super::Deviation;
use crate::ca::Whose;
use crate::leaf::{Leaf, Signer};

pub(super) struct UntrustedRoot;

impl Deviation for UntrustedRoot {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.signer = Signer::Ca(Whose::Stranger);
    }
}
