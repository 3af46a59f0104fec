//! `long-chain`: twelve certificates, the leaf among them, each in its place and with the right path length.

use crate::deviation::Deviation;
use crate::line::Line;

const INTERMEDIATES: usize = 11;

pub(super) struct LongChain;

impl Deviation for LongChain {
    fn line(&self, line: &mut Line) {
        for _ in 0..INTERMEDIATES {
            line.own_intermediate();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_chain_of_twelve_is_too_long_for_some() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::LongChain);
        says(&request, 1, "CA:TRUE, pathlen:0\n");
        says(&request, 11, "CA:TRUE, pathlen:10\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: MaximumPathDepthExceeded");
    }
}
