//! `bad-signature`: one bit of the signature on the leaf is wrong.

use crate::ca::Sent;
use crate::deviation::Deviation;

pub(super) struct BadSignature;

impl Deviation for BadSignature {
    fn sent(&self, sent: &mut Sent) {
        if let Some(last) = sent.certificates[0].last_mut() {
            *last ^= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::check;
    use crate::{Chain, Defect};

    #[test]
    fn a_broken_signature_is_none() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::BadSignature);
        check(
            request,
            "wsus.corp.example",
            "openssl: 7 certificate signature failure at depth 0 · webpki: BadSignature",
        );
    }
}
