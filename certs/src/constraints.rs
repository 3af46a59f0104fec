//! What an authority may vouch for: the names and addresses of one world, and nothing else.

use std::collections::BTreeSet;
use std::net::IpAddr;

use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints};

use crate::error::CertsError;
use crate::names::Names;

/// The names and addresses that the roots of a world are constrained to (RFC 5280, 4.2.1.10).
#[derive(Debug)]
pub(crate) struct Constraints {
    permitted: Names,
}

impl Constraints {
    /// A name below another one that is permitted needs no mention; a leaf may have thousands.
    pub(crate) fn to(names: &Names) -> Self {
        let all: BTreeSet<String> = names.dns.iter().map(|name| subtree(name)).collect();
        let mut permitted = Names::default();
        permitted.extend(Names {
            dns: all.iter().filter(|name| !domains_above(name).any(|above| all.contains(above))).cloned().collect(),
            addresses: names.addresses.clone(),
        });
        Self { permitted }
    }

    /// Refuses a leaf that every client would refuse for its constraints: nobody means to ask for that by accident.
    pub(crate) fn cover(&self, names: &Names) -> Result<(), CertsError> {
        if let Some(name) = names.dns.iter().find(|name| !self.covers_name(name)) {
            return Err(CertsError::OutsideConstraints { name: name.clone() });
        }
        match names.addresses.iter().find(|address| !self.permitted.addresses.contains(address)) {
            Some(address) => Err(CertsError::OutsideConstraints { name: address.to_string() }),
            None => Ok(()),
        }
    }

    /// A form of name of which none is permitted is excluded altogether; left out, it would be without any constraint.
    pub(crate) fn extension(&self) -> NameConstraints {
        let mut excluded_subtrees = Vec::new();
        if self.permitted.dns.is_empty() {
            excluded_subtrees.push(GeneralSubtree::DnsName(String::new()));
        }
        if self.permitted.addresses.is_empty() {
            excluded_subtrees.push(GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([0; 4], 0)));
            excluded_subtrees.push(GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix([0; 16], 0)));
        }
        let names = self.permitted.dns.iter().cloned().map(GeneralSubtree::DnsName);
        let addresses = self.permitted.addresses.iter().copied().map(only);
        NameConstraints { permitted_subtrees: names.chain(addresses).collect(), excluded_subtrees }
    }

    /// What a constraint must exclude to exclude all that is permitted here.
    pub(crate) fn reversed(&self) -> NameConstraints {
        NameConstraints { permitted_subtrees: Vec::new(), excluded_subtrees: self.extension().permitted_subtrees }
    }

    fn covers_name(&self, name: &str) -> bool {
        let wanted = subtree(name);
        let is_permitted = |name: &str| self.permitted.dns.iter().any(|permitted| permitted == name);
        is_permitted(&wanted) || domains_above(&wanted).any(is_permitted)
    }
}

/// A wildcard is no subtree; the domain it stands in is.
fn subtree(name: &str) -> String {
    let domain = name.split_once('.').filter(|(label, _)| label.contains('*')).map_or(name, |(_, domain)| domain);
    domain.to_ascii_lowercase()
}

/// `b.c` and `c` for `a.b.c`.
fn domains_above(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').map(|(dot, _)| &name[dot + 1..])
}

fn only(address: IpAddr) -> GeneralSubtree {
    GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, if address.is_ipv4() { 32 } else { 128 }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use crate::leaf::Leaf;
    use crate::verifiers::{NOW, judged};
    use crate::{Authority, Chain, KeyPool, Request};

    const VIOLATION: &str = "openssl: 47 permitted subtree violation at depth 0 · webpki: NameConstraintViolation";
    const EXCLUDED: &str = "openssl: 48 excluded subtree violation at depth 0 · webpki: NameConstraintViolation";

    #[test]
    fn a_name_outside_the_constraints_is_refused_by_the_verifiers() {
        check_outside(Chain::good_for("login.example"), "login.example", VIOLATION);
        check_outside(Chain::good_for("evilwsus.corp.example"), "evilwsus.corp.example", VIOLATION);
    }

    #[test]
    fn so_is_a_right_name_in_the_company_of_one_outside() {
        check_outside(Chain::good_for("wsus.corp.example").also_for("login.example"), "wsus.corp.example", VIOLATION);
    }

    #[test]
    fn so_is_microsofts_name_in_a_world_without_it() {
        check_outside(Chain::good_for("sws.update.microsoft.com"), "sws.update.microsoft.com", VIOLATION);
    }

    #[test]
    fn so_is_an_address_where_only_names_are_permitted() {
        check_outside(only_at("10.87.0.10"), "10.87.0.10", EXCLUDED);
        check_outside(only_at("fd00::10"), "fd00::10", EXCLUDED);
    }

    #[test]
    fn so_is_another_address_and_any_name_where_one_address_is_permitted() {
        let authority = Authority::mint(&[], &["10.87.0.10".parse().unwrap()], NOW).unwrap();
        assert_eq!(outside(&authority, only_at("10.87.0.11"), "10.87.0.11"), VIOLATION);
        assert_eq!(outside(&authority, only_at("fd00::10"), "fd00::10"), VIOLATION);
        assert_eq!(outside(&authority, Chain::good_for("a.example"), "a.example"), EXCLUDED);
    }

    #[test]
    fn the_authority_itself_refuses_what_it_was_not_told_of() {
        let authority = Authority::mint(&["wsus.corp.example".to_owned()], &[], NOW).unwrap();
        for (request, message) in [
            (
                Chain::good_for("login.example"),
                "`login.example` was not told when the authority was minted, so its name constraints forbid it",
            ),
            (
                only_at("10.87.0.10"),
                "`10.87.0.10` was not told when the authority was minted, so its name constraints forbid it",
            ),
        ] {
            assert_eq!(authority.issue(request, &KeyPool::default()).unwrap_err().to_string(), message);
        }
    }

    fn check_outside(request: Request, host: &str, expected: &str) {
        let authority = Authority::mint(&["wsus.corp.example".to_owned()], &[], NOW).unwrap();
        assert_eq!(outside(&authority, request, host), expected);
    }

    fn outside(authority: &Authority, request: Request, host: &str) -> String {
        let chain = authority.sign(Leaf::for_request(&request, NOW).unwrap(), &request, &KeyPool::default()).unwrap();
        judged(&chain, &[&authority.trust().unwrap().organisation_root], host)
    }

    fn only_at(address: &str) -> Request {
        Request { addresses: vec![address.parse().unwrap()], ..Request::default() }
    }
}
