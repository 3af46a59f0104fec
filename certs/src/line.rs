//! What stands above a leaf, as it is about to be minted. Empty means the world's own, until a defect has touched it.

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, NameConstraints};
use time::OffsetDateTime;

use crate::constraints::Constraints;
use crate::names::distinguished_name;
use crate::request::KeyType;
use crate::signature::Digest;
use crate::validity::Validity;

/// Whose authority it poses as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// The organisation that runs the WSUS servers.
    Organisation,
    /// Microsoft, whose real roots nobody here can sign with.
    Microsoft,
    /// An authority that no subject is told of.
    Stranger,
    /// A proxy that intercepts TLS.
    Inspection,
}

/// All that decides which authorities vouch for a leaf; the third seam of a defect.
pub(crate) struct Line {
    /// The world's time.
    pub(crate) now: OffsetDateTime,
    /// A root in place of the world's own.
    pub(crate) root: Option<Rank>,
    /// From the root downwards; the last signs the leaf. None stands for the world's own intermediate.
    pub(crate) intermediates: Vec<Rank>,
    /// What the root vouches for besides, and has nothing to do with the leaf.
    pub(crate) beside: Vec<Rank>,
    /// Excludes all that the world's constraints permit.
    pub(crate) reversed_constraints: NameConstraints,
    whose: Whose,
    /// Which line of the world it is. Names tell the lines apart, as real ones do, and never what is wrong with one.
    ordinal: Option<usize>,
    key: KeyType,
    good: CertificateParams,
}

/// One authority of a line.
#[derive(Clone)]
pub(crate) struct Rank {
    pub(crate) params: CertificateParams,
    pub(crate) key: RankKey,
    /// The digest under the signature that this one bears.
    pub(crate) signature: Digest,
    /// How many further authorities may stand below it, when it is not as many as do.
    pub(crate) path_length: Option<u8>,
}

/// Whose key an authority has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RankKey {
    /// One of its own.
    Own(KeyType),
    /// That of the world's root, with its name: the two are one authority.
    OfTheWorldsRoot,
    /// That of the authority that signs the leaf, with its name: another certificate of the same authority.
    OfTheIssuer,
}

impl Line {
    /// The line that every good leaf of the world has.
    pub(crate) fn of_the_world(whose: Whose, constraints: &Constraints, now: OffsetDateTime) -> Self {
        let mut line = Self::new(whose, None, KeyType::P256, constraints, now);
        line.own_root();
        line.settle();
        line
    }

    /// A line whose intermediates have such keys, to be touched by a defect and then settled.
    pub(crate) fn further(
        whose: Whose,
        ordinal: usize,
        key: KeyType,
        constraints: &Constraints,
        now: OffsetDateTime,
    ) -> Self {
        Self::new(whose, Some(ordinal), key, constraints, now)
    }

    /// Whether the world's own line will not do.
    pub(crate) fn deviates(&self) -> bool {
        let untouched = self.root.is_none() && self.intermediates.is_empty() && self.beside.is_empty();
        !untouched || self.key != KeyType::P256
    }

    /// Puts an intermediate where none is, and lets each vouch for as many below it as there are.
    pub(crate) fn settle(&mut self) {
        if self.intermediates.is_empty() {
            self.own_intermediate();
        }
        for (below, rank) in (0..).zip(self.intermediates.iter_mut().rev()) {
            if let IsCa::Ca(_) = rank.params.is_ca {
                rank.params.is_ca = IsCa::Ca(BasicConstraints::Constrained(rank.path_length.unwrap_or(below)));
            }
        }
    }

    /// A good root in place of the world's own.
    pub(crate) fn own_root(&mut self) -> &mut Rank {
        let root = self.good(&self.named(self.whose.root(), String::new()), KeyType::P256);
        self.root.insert(root)
    }

    /// A good intermediate below those that are already there, in place of the world's own.
    pub(crate) fn own_intermediate(&mut self) -> &mut Rank {
        let letter = char::from(b'a' + u8::try_from(self.intermediates.len() % 26).unwrap_or(0)).to_string();
        let rank = self.good(&self.named(self.whose.intermediate(), letter), self.key);
        self.intermediates.push(rank);
        let last = self.intermediates.len() - 1;
        &mut self.intermediates[last]
    }

    /// An intermediate that is the world's root again, vouched for by this line's own.
    pub(crate) fn worlds_root_as_intermediate(&mut self) -> &mut Rank {
        let mut rank = self.good("", KeyType::P256);
        rank.key = RankKey::OfTheWorldsRoot;
        self.intermediates.insert(0, rank);
        &mut self.intermediates[0]
    }

    /// The authority that signs the leaf once more, in a certificate that has no part in the line.
    pub(crate) fn issuer_again_beside(&mut self) -> &mut Rank {
        let rank = self.another_beside();
        rank.key = RankKey::OfTheIssuer;
        rank
    }

    /// An authority below the root that has nothing to do with the leaf.
    pub(crate) fn another_beside(&mut self) -> &mut Rank {
        let rank = self.good(&self.named(self.whose.intermediate(), "x".to_owned()), KeyType::P256);
        self.beside.push(rank);
        let last = self.beside.len() - 1;
        &mut self.beside[last]
    }

    fn new(whose: Whose, ordinal: Option<usize>, key: KeyType, constraints: &Constraints, now: OffsetDateTime) -> Self {
        Self {
            now,
            root: None,
            intermediates: Vec::new(),
            beside: Vec::new(),
            reversed_constraints: constraints.reversed(),
            whose,
            ordinal,
            key,
            good: good_params(constraints, now),
        }
    }

    fn good(&self, name: &str, key: KeyType) -> Rank {
        let mut params = self.good.clone();
        params.distinguished_name = distinguished_name(name);
        Rank { params, key: RankKey::Own(key), signature: Digest::Good, path_length: None }
    }

    fn named(&self, rank: &str, letter: String) -> String {
        match self.ordinal {
            None => format!("{rank}, do not trust"),
            Some(ordinal) => format!("{rank} {ordinal}{letter}, do not trust"),
        }
    }
}

impl Whose {
    fn root(self) -> &'static str {
        match self {
            Self::Organisation => "wsuslab lab organisation root",
            Self::Microsoft => "wsuslab stand-in for Microsoft's root",
            Self::Stranger => "wsuslab lab stranger's root",
            Self::Inspection => "Corp Web Gateway CA of wsuslab",
        }
    }

    fn intermediate(self) -> &'static str {
        match self {
            Self::Organisation => "wsuslab lab organisation intermediate",
            Self::Microsoft => "wsuslab stand-in for Microsoft's intermediate",
            Self::Stranger => "wsuslab lab stranger's intermediate",
            Self::Inspection => "Corp Web Gateway issuing CA of wsuslab",
        }
    }
}

/// The kind of key that signs a leaf of this kind. Two stand below their like: their signature is what they were chosen for.
pub(crate) fn issuers_key(leaf: KeyType) -> KeyType {
    if matches!(leaf, KeyType::P384 | KeyType::Ed25519) { leaf } else { KeyType::P256 }
}

/// The constraints and the usage stand on the root and again on the intermediate: RFC 5280, 6.1.1 lets a verifier take
/// only name and key from a trust anchor. The usage keeps a root that was left in a store from vouching for code or mail,
/// which name constraints do not cover.
fn good_params(constraints: &Constraints, now: OffsetDateTime) -> CertificateParams {
    let mut params = CertificateParams::default();
    Validity::of_an_authority(now).write_to(&mut params);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.name_constraints = Some(constraints.extension());
    params.use_authority_key_identifier_extension = true;
    params
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use openssl::x509::X509;

    use crate::verifiers::{NOW, judged};
    use crate::{Authority, Chain, Defect, IssuedBy, KeyPool, KeyType, Request, Trust};

    const NAME: &str = "sws.update.microsoft.com";
    const GOOD: &str = "openssl: ok · webpki: ok";
    /// A root that permits such a name is refused by webpki for every name; the other verifiers compare it as it stands.
    const MALFORMED: [Defect; 2] = [Defect::TrailingDot, Defect::IpAsDnsName];

    #[test]
    fn an_inspecting_proxy_is_believed_by_those_who_hold_its_root() {
        let (chain, trust) = issue(Chain::good_for(NAME).issued_by(IssuedBy::Inspection));
        assert_eq!(judged(&chain, &[&trust.further_roots["inspection"]], NAME), GOOD);
        assert_eq!(
            judged(&chain, &[&trust.organisation_root, &trust.microsoft_root], NAME),
            "openssl: 20 unable to get local issuer certificate at depth 1 · webpki: unknown issuer"
        );
    }

    #[test]
    fn its_chain_can_be_bad_as_any_other() {
        let request = |defect| Chain::good_for(NAME).issued_by(IssuedBy::Inspection).with(defect);
        for (defect, root, expected) in [
            (Defect::Expired, "inspection", "openssl: 10 certificate has expired at depth 0 · webpki: expired"),
            (
                Defect::Sha1,
                "inspection",
                "openssl: 68 CA signature digest algorithm too weak at depth 0 · webpki: unsupported signature algorithm",
            ),
            (
                Defect::ExpiredRoot,
                "inspection-expired-root",
                "openssl: 10 certificate has expired at depth 2 · webpki: ok",
            ),
        ] {
            let (chain, trust) = issue(request(defect));
            assert_eq!(judged(&chain, &[&trust.further_roots[root]], NAME), expected, "{defect}");
        }
    }

    #[test]
    fn a_subject_is_told_of_a_further_root_only_where_a_chain_leads_to_it() {
        let further = |request| issue(request).1.further_roots.into_keys().collect::<Vec<_>>();
        let by = |issuer| Chain::good_for(NAME).issued_by(issuer);
        let none: [&str; 0] = [];
        assert_eq!(further(by(IssuedBy::Organisation)), none);
        assert_eq!(further(by(IssuedBy::Organisation).with(Defect::UntrustedRoot)), none);
        assert_eq!(further(by(IssuedBy::Organisation).with(Defect::ExpiredIntermediate)), none);
        assert_eq!(further(by(IssuedBy::Organisation).with(Defect::ExpiredRoot)), ["expired-root"]);
        assert_eq!(further(by(IssuedBy::Organisation).with(Defect::ExpiredCrossSign)), ["expired-cross-sign"]);
        assert_eq!(further(by(IssuedBy::Microsoft).with(Defect::ExpiredRoot)), ["microsoft-expired-root"]);
        assert_eq!(further(by(IssuedBy::Inspection)), ["inspection"]);
    }

    #[test]
    fn a_subject_with_only_the_old_root_sees_the_cross_certificate_expired() {
        let (chain, trust) = issue(Chain::good_for(NAME).with(Defect::ExpiredCrossSign));
        let old = trust.further_roots["expired-cross-sign"].as_slice();
        let expired = "openssl: 10 certificate has expired at depth 3 · webpki: expired";
        assert_eq!(judged(&chain, &[old], NAME), expired);
        assert_eq!(judged(&chain, &[&trust.organisation_root], NAME), GOOD);
        assert_eq!(judged(&chain, &[old, &trust.organisation_root], NAME), GOOD);
    }

    #[test]
    fn every_kind_of_key_can_be_below_every_authority() {
        for key in [KeyType::P384, KeyType::Ed25519, KeyType::Rsa2048, KeyType::Rsa3072] {
            for (issuer, root) in [(IssuedBy::Organisation, 0), (IssuedBy::Microsoft, 1)] {
                let (chain, trust) = issue(Chain::good_for(NAME).issued_by(issuer).key(key));
                let root = [&trust.organisation_root, &trust.microsoft_root][root];
                assert_eq!(judged(&chain, &[root], NAME), GOOD, "{key:?}");
            }
        }
    }

    #[test]
    fn the_good_chain_of_a_world_stays_good_beside_a_bad_one() {
        for defect in Defect::ALL.iter().filter(|defect| !MALFORMED.contains(defect)) {
            let good = Chain::good_for("xn--bcher-kva.branch.corp.example").at([10, 87, 0, 10].into());
            let bad = good.clone().with(*defect);
            let authority = Authority::mint_for([&good, &bad], NOW).unwrap();
            authority.issue(bad, &KeyPool::default()).unwrap();
            let chain = authority.issue(good, &KeyPool::default()).unwrap();
            let root = authority.trust().unwrap().organisation_root;
            let judged = judged(&chain, &[&root], "xn--bcher-kva.branch.corp.example");
            assert_eq!(judged, GOOD, "{defect}");
        }
    }

    #[test]
    fn no_name_in_a_chain_tells_what_is_wrong_with_it() {
        for defect in Defect::ALL {
            let name = "xn--bcher-kva.branch.corp.example";
            let (chain, _) = issue(Chain::good_for(name).at([10, 87, 0, 10].into()).with(*defect));
            for der in chain.certificates() {
                let certificate = X509::from_der(der).unwrap();
                for name in [certificate.subject_name(), certificate.issuer_name()] {
                    let name = format!("{name:?}").to_lowercase();
                    let told = defect.to_string().split('-').any(|word| 3 < word.len() && name.contains(word));
                    let known = ["root", "intermediate", "name"].iter().any(|word| defect.to_string().contains(word));
                    assert!(!told || known, "{defect}: {name}");
                }
            }
        }
    }

    fn issue(request: Request) -> (Chain, Trust) {
        let authority = Authority::mint_for([&request], NOW).unwrap();
        let chain = authority.issue(request, &KeyPool::default()).unwrap();
        (chain, authority.trust().unwrap())
    }
}
