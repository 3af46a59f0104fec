//! `untrusted-root`: a whole chain, below a root that nobody is told of.

use crate::deviation::Deviation;
use crate::leaf::{Leaf, Signer};
use crate::line::Whose;

pub(super) struct UntrustedRoot;

impl Deviation for UntrustedRoot {
    fn leaf(&self, leaf: &mut Leaf) {
        leaf.signer = Signer::Ca(Whose::Stranger);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::check;
    use crate::{Chain, Defect, IssuedBy};

    #[test]
    fn a_whole_chain_below_an_unknown_root_ends_at_its_intermediate() {
        check(
            Chain::good_for("sls.example").with(Defect::UntrustedRoot),
            "sls.example",
            "openssl: 20 unable to get local issuer certificate at depth 1 · webpki: unknown issuer",
        );
    }

    #[test]
    fn so_does_one_that_poses_as_microsofts() {
        check(
            Chain::good_for("sws.update.microsoft.com").issued_by(IssuedBy::Microsoft).with(Defect::UntrustedRoot),
            "sws.update.microsoft.com",
            "openssl: 20 unable to get local issuer certificate at depth 1 · webpki: unknown issuer",
        );
    }
}
