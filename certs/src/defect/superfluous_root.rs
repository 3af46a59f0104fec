//! `superfluous-root`: the root is sent too. Harmless, since nobody trusts a root for having been sent it.

use crate::ca::Sent;
use crate::deviation::Deviation;

pub(super) struct SuperfluousRoot;

impl Deviation for SuperfluousRoot {
    fn sent(&self, sent: &mut Sent) {
        sent.certificates.extend(sent.root.take());
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, says};
    use crate::{Chain, Defect};

    #[test]
    fn a_root_that_is_sent_does_no_harm() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::SuperfluousRoot);
        says(&request, 2, "Subject: O=wsuslab, do not trust, CN=wsuslab lab organisation root, do not trust\n");
        check(request, "wsus.corp.example", "openssl: ok · webpki: ok");
    }
}
