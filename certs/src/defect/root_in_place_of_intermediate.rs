//! `root-in-place-of-intermediate`: somebody installed the root where the intermediate belongs, so that the link between is missing
//! (F-31).

use crate::ca::Sent;
use crate::deviation::Deviation;

pub(super) struct RootInPlaceOfIntermediate;

impl Deviation for RootInPlaceOfIntermediate {
    fn sent(&self, sent: &mut Sent) {
        sent.certificates.truncate(1);
        sent.certificates.extend(sent.root.take());
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_root_does_not_replace_what_stands_below_it() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::RootInPlaceOfIntermediate);
        says(&request, 1, "Subject: O=wsuslab, do not trust, CN=wsuslab lab organisation root, do not trust\n");
        check(
            request,
            "wsus.corp.example",
            "openssl: 20 unable to get local issuer certificate at depth 0 · webpki: unknown issuer",
        );
    }
}
