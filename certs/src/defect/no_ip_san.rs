//! `no-ip-san`: the server is called by its address, and the leaf is issued to its name alone (F-40).

use crate::deviation::Deviation;
use crate::names::Names;

/// For a server of which no name is known.
const NAME: &str = "wsus.corp.example";

pub(super) struct NoIpSan;

impl Deviation for NoIpSan {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.addresses.is_empty().then_some("an address")
    }

    fn issued_to(&self, names: &mut Names) {
        names.addresses.clear();
        if names.dns.is_empty() {
            names.dns.push(NAME.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, does_not_say};
    use crate::{Chain, Defect};

    #[test]
    fn an_address_is_no_name() {
        let request = Chain::good_for("wsus.corp.example").at([10, 87, 0, 10].into()).with(Defect::NoIpSan);
        does_not_say(&request, 0, "IP Address");
        check(request, "10.87.0.10", "openssl: 64 IP address mismatch at depth 0 · webpki: not valid for name");
    }
}
