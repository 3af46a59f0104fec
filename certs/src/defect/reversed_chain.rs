//! `reversed-chain`: two intermediates are sent in the wrong order. Most clients sort them.

use crate::ca::Sent;
use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct ReversedChain;

impl Deviation for ReversedChain {
    fn line(&self, line: &mut Line) {
        line.own_intermediate();
        line.own_intermediate();
    }

    fn sent(&self, sent: &mut Sent) {
        sent.certificates[1..].reverse();
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn the_order_of_a_chain_matters_to_few() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::ReversedChain);
        says(&request, 1, "Issuer: O=wsuslab, do not trust, CN=wsuslab lab organisation root, do not trust\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
