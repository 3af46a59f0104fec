//! `wrong-intermediate`: the server sends another authority's certificate with the same name and another key, as after a renewal.

use crate::ca::Sent;
use crate::deviation::Deviation;
use crate::line::Line;

pub(super) struct WrongIntermediate;

impl Deviation for WrongIntermediate {
    fn line(&self, line: &mut Line) {
        let name = line.own_intermediate().params.distinguished_name.clone();
        line.another_beside().params.distinguished_name = name;
    }

    fn sent(&self, sent: &mut Sent) {
        sent.certificates.truncate(1);
        sent.certificates.append(&mut sent.beside);
    }
}

#[cfg(test)]
mod tests {
    use crate::verifiers::check;
    use crate::{Chain, Defect};

    #[test]
    fn a_name_alone_makes_no_issuer() {
        let request = Chain::good_for("wsus.corp.example").with(Defect::WrongIntermediate);
        check(
            request,
            "wsus.corp.example",
            "openssl: 20 unable to get local issuer certificate at depth 0 · webpki: BadSignature",
        );
    }
}
