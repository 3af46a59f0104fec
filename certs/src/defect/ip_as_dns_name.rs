//! `ip-as-dns-name`: the server's address stands in the leaf as if it were a name, as some wizards write it (F-40).

use crate::deviation::Deviation;
use crate::names::Names;

pub(super) struct IpAsDnsName;

impl Deviation for IpAsDnsName {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        asked.addresses.is_empty().then_some("an address")
    }

    fn issued_to(&self, names: &mut Names) {
        let written = std::mem::take(&mut names.addresses).iter().map(ToString::to_string).collect();
        names.extend(Names { dns: written, addresses: Vec::new() });
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, does_not_say, says};
    use crate::{Chain, Defect};

    #[test]
    fn an_address_written_as_a_name_is_no_address() {
        let request = Chain::good_for("wsus.corp.example").at([10, 87, 0, 10].into()).with(Defect::IpAsDnsName);
        says(&request, 0, "DNS:10.87.0.10");
        does_not_say(&request, 0, "IP Address");
        check(request, "10.87.0.10", "openssl: 64 IP address mismatch at depth 0 · webpki: MalformedNameConstraint");
    }
}
