//! The defects. Each is one file that acts at the seams of [`Deviation`].

mod any_eku;
mod bad_key_usage;
mod bad_signature;
mod ca_as_leaf;
mod crl_unreachable;
mod duplicate_certificate;
mod ecc384;
mod ed25519;
mod expired;
mod expired_1963;
mod expired_cross_sign;
mod expired_intermediate;
mod expired_intermediate_beside;
mod expired_root;
mod incomplete_chain;
mod incomplete_chain_aia;
mod incomplete_chain_aia_dead;
mod intermediate_no_key_cert_sign;
mod intermediate_not_ca;
mod ip_as_dns_name;
mod long_chain;
mod md5;
mod name_constraint_violation;
mod no_common_name;
mod no_eku;
mod no_ip_san;
mod no_san;
mod no_subject;
mod not_yet_valid;
mod not_yet_valid_intermediate;
mod ocsp_unreachable;
mod path_length_exceeded;
mod reversed_chain;
mod revoked;
mod root_in_place_of_intermediate;
mod rsa1024;
mod rsa512;
mod san_mismatch;
#[path = "defect/100_sans.rs"]
mod sans_100;
#[path = "defect/1000_sans.rs"]
mod sans_1000;
#[path = "defect/10000_sans.rs"]
mod sans_10000;
mod self_signed;
mod sha1;
mod sha1_intermediate;
mod sha1_root;
mod short_name;
mod superfluous_certificate;
mod superfluous_root;
mod trailing_dot;
mod unicode_name;
mod unknown_critical_extension;
mod unknown_critical_extension_intermediate;
mod untrusted_root;
mod upper_case_name;
mod wildcard;
mod wildcard_apex;
mod wildcard_too_deep;
mod wildcard_within_label;
mod wrong_eku;
mod wrong_eku_intermediate;
mod wrong_host;
mod wrong_intermediate;

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::constraints::Constraints;
use crate::deviation::Deviation;
use crate::line::{Line, Whose};
use crate::names::Names;
use crate::request::KeyType;

/// What is wrong with a chain, or at least unusual; the names are those of badssl.com and badtls.io where these have one.
///
/// "Harmless" says that a client which follows the RFCs accepts the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Defect {
    /// Issued below a root that no store of the subject holds (F-32).
    UntrustedRoot,
    /// The leaf alone is sent, without AIA (F-31).
    IncompleteChain,
    /// Issued to another name (F-40).
    WrongHost,
    /// The leaf's `notAfter` has passed (F-34).
    Expired,
    /// The leaf signed itself (F-33).
    SelfSigned,
    /// The leaf ended before the epoch of Unix.
    #[serde(rename = "expired-1963")]
    Expired1963,
    /// The intermediate's `notAfter` has passed (F-34).
    ExpiredIntermediate,
    /// The expired certificate of the intermediate is sent beside its renewed one. Harmless to most.
    ExpiredIntermediateBeside,
    /// The `notAfter` of the trusted root has passed (F-34).
    ExpiredRoot,
    /// An expired cross-certificate is sent beside a good way to a trusted root. Harmless to most.
    ExpiredCrossSign,
    /// The leaf's `notBefore` is to come (F-35).
    NotYetValid,
    /// The intermediate's `notBefore` is to come (F-35).
    NotYetValidIntermediate,
    /// The leaf is for clients only (F-36).
    WrongEku,
    /// The intermediate vouches for clients only (F-36).
    WrongEkuIntermediate,
    /// The leaf names no purpose. Harmless.
    NoEku,
    /// The leaf is for any purpose, in one word. Clients disagree.
    AnyEku,
    /// The leaf's key may not sign.
    BadKeyUsage,
    /// The leaf insists on an extension that nobody knows.
    UnknownCriticalExtension,
    /// The intermediate insists on an extension that nobody knows.
    UnknownCriticalExtensionIntermediate,
    /// The leaf's key is RSA with 512 bits (F-37). rustls cannot serve it.
    Rsa512,
    /// The leaf's key is RSA with 1024 bits (F-37). rustls cannot serve it.
    Rsa1024,
    /// Leaf and intermediate are on the curve P-384. Harmless.
    Ecc384,
    /// Leaf and intermediate have Ed25519 keys, which Schannel cannot use.
    Ed25519,
    /// The leaf is signed with SHA-1 (F-37).
    Sha1,
    /// The intermediate is signed with SHA-1 (F-37).
    Sha1Intermediate,
    /// The trusted root signed itself with SHA-1. Harmless: nobody checks that signature.
    Sha1Root,
    /// The leaf is signed with MD5.
    Md5,
    /// The signature on the leaf is broken.
    BadSignature,
    /// Issued to the short name in place of the full one, or the other way round (F-40).
    ShortName,
    /// Called by address, and issued to a name only (F-40).
    NoIpSan,
    /// Called by address, which stands in the leaf as a name (F-40).
    IpAsDnsName,
    /// The CommonName is right, the alternative names are not (F-40).
    SanMismatch,
    /// The name is in the CommonName only (F-41). Harmless to Windows.
    NoSan,
    /// The subject has no CommonName. Harmless.
    NoCommonName,
    /// The subject is empty. Harmless.
    NoSubject,
    /// Issued to a wildcard that the name matches. Harmless.
    Wildcard,
    /// Issued to a wildcard one level above the name (F-40).
    WildcardTooDeep,
    /// Issued to a wildcard below the name (F-40).
    WildcardApex,
    /// Issued to a wildcard that is part of a label. Clients disagree.
    WildcardWithinLabel,
    /// Issued to the name in capital letters. Harmless.
    UpperCaseName,
    /// Issued to the name with a dot behind it.
    TrailingDot,
    /// Issued to an internationalized name that is not in its `xn--` form.
    UnicodeName,
    /// The leaf has a hundred names. Harmless.
    #[serde(rename = "100-sans")]
    Sans100,
    /// The leaf has a thousand names. Harmless.
    #[serde(rename = "1000-sans")]
    Sans1000,
    /// The leaf has ten thousand names.
    #[serde(rename = "10000-sans")]
    Sans10000,
    /// The leaf alone is sent, and says where to fetch the rest (F-31).
    IncompleteChainAia,
    /// The leaf alone is sent, and says that the rest is where nothing is (F-31).
    IncompleteChainAiaDead,
    /// Two intermediates are sent in the wrong order. Harmless to most.
    ReversedChain,
    /// The intermediate that is sent has the right name and another key.
    WrongIntermediate,
    /// A certificate is sent that has nothing to do with the leaf. Harmless.
    SuperfluousCertificate,
    /// The root is sent. Harmless.
    SuperfluousRoot,
    /// The root is sent, and the intermediate is not (F-31).
    RootInPlaceOfIntermediate,
    /// The intermediate is sent twice. Harmless.
    DuplicateCertificate,
    /// Twelve certificates are sent. Harmless to most.
    LongChain,
    /// The intermediate is no authority.
    IntermediateNotCa,
    /// The intermediate's key may not sign certificates.
    IntermediateNoKeyCertSign,
    /// More intermediates stand below one another than the first allows.
    PathLengthExceeded,
    /// An intermediate must not vouch for the leaf's names.
    NameConstraintViolation,
    /// The leaf is an authority that signed itself (F-33).
    CaAsLeaf,
    /// The leaf is on its issuer's revocation list (F-38).
    Revoked,
    /// The leaf says that the revocation list is where nothing is (F-39).
    CrlUnreachable,
    /// The leaf says that its revocation can be asked for where nothing is (F-39).
    OcspUnreachable,
}

impl Defect {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::UntrustedRoot,
        Self::IncompleteChain,
        Self::WrongHost,
        Self::Expired,
        Self::SelfSigned,
        Self::Expired1963,
        Self::ExpiredIntermediate,
        Self::ExpiredIntermediateBeside,
        Self::ExpiredRoot,
        Self::ExpiredCrossSign,
        Self::NotYetValid,
        Self::NotYetValidIntermediate,
        Self::WrongEku,
        Self::WrongEkuIntermediate,
        Self::NoEku,
        Self::AnyEku,
        Self::BadKeyUsage,
        Self::UnknownCriticalExtension,
        Self::UnknownCriticalExtensionIntermediate,
        Self::Rsa512,
        Self::Rsa1024,
        Self::Ecc384,
        Self::Ed25519,
        Self::Sha1,
        Self::Sha1Intermediate,
        Self::Sha1Root,
        Self::Md5,
        Self::BadSignature,
        Self::ShortName,
        Self::NoIpSan,
        Self::IpAsDnsName,
        Self::SanMismatch,
        Self::NoSan,
        Self::NoCommonName,
        Self::NoSubject,
        Self::Wildcard,
        Self::WildcardTooDeep,
        Self::WildcardApex,
        Self::WildcardWithinLabel,
        Self::UpperCaseName,
        Self::TrailingDot,
        Self::UnicodeName,
        Self::Sans100,
        Self::Sans1000,
        Self::Sans10000,
        Self::IncompleteChainAia,
        Self::IncompleteChainAiaDead,
        Self::ReversedChain,
        Self::WrongIntermediate,
        Self::SuperfluousCertificate,
        Self::SuperfluousRoot,
        Self::RootInPlaceOfIntermediate,
        Self::DuplicateCertificate,
        Self::LongChain,
        Self::IntermediateNotCa,
        Self::IntermediateNoKeyCertSign,
        Self::PathLengthExceeded,
        Self::NameConstraintViolation,
        Self::CaAsLeaf,
        Self::Revoked,
        Self::CrlUnreachable,
        Self::OcspUnreachable,
    ];

    /// The name that [`Defect::WrongHost`] puts in place of this name: that of another server in the same domain.
    pub fn wrong_name_for(name: &str) -> String {
        wrong_host::wrong_name_for(name)
    }

    /// Whether a chain with this defect leads to a root that was made for it, and that stands among
    /// [`Trust::further_roots`](crate::Trust::further_roots).
    pub fn makes_a_root(self) -> bool {
        let nobody = Constraints::to(&Names::default());
        let mut line = Line::further(Whose::Organisation, 0, KeyType::P256, &nobody, OffsetDateTime::UNIX_EPOCH);
        self.deviation().line(&mut line);
        line.root.is_some()
    }

    pub(crate) fn deviation(self) -> &'static dyn Deviation {
        match self {
            Self::UntrustedRoot => &untrusted_root::UntrustedRoot,
            Self::IncompleteChain => &incomplete_chain::IncompleteChain,
            Self::WrongHost => &wrong_host::WrongHost,
            Self::Expired => &expired::Expired,
            Self::SelfSigned => &self_signed::SelfSigned,
            Self::Expired1963 => &expired_1963::Expired1963,
            Self::ExpiredIntermediate => &expired_intermediate::ExpiredIntermediate,
            Self::ExpiredIntermediateBeside => &expired_intermediate_beside::ExpiredIntermediateBeside,
            Self::ExpiredRoot => &expired_root::ExpiredRoot,
            Self::ExpiredCrossSign => &expired_cross_sign::ExpiredCrossSign,
            Self::NotYetValid => &not_yet_valid::NotYetValid,
            Self::NotYetValidIntermediate => &not_yet_valid_intermediate::NotYetValidIntermediate,
            Self::WrongEku => &wrong_eku::WrongEku,
            Self::WrongEkuIntermediate => &wrong_eku_intermediate::WrongEkuIntermediate,
            Self::NoEku => &no_eku::NoEku,
            Self::AnyEku => &any_eku::AnyEku,
            Self::BadKeyUsage => &bad_key_usage::BadKeyUsage,
            Self::UnknownCriticalExtension => &unknown_critical_extension::UnknownCriticalExtension,
            Self::UnknownCriticalExtensionIntermediate => {
                &unknown_critical_extension_intermediate::UnknownCriticalExtensionIntermediate
            }
            Self::Rsa512 => &rsa512::Rsa512,
            Self::Rsa1024 => &rsa1024::Rsa1024,
            Self::Ecc384 => &ecc384::Ecc384,
            Self::Ed25519 => &ed25519::Ed25519,
            Self::Sha1 => &sha1::Sha1,
            Self::Sha1Intermediate => &sha1_intermediate::Sha1Intermediate,
            Self::Sha1Root => &sha1_root::Sha1Root,
            Self::Md5 => &md5::Md5,
            Self::BadSignature => &bad_signature::BadSignature,
            Self::ShortName => &short_name::ShortName,
            Self::NoIpSan => &no_ip_san::NoIpSan,
            Self::IpAsDnsName => &ip_as_dns_name::IpAsDnsName,
            Self::SanMismatch => &san_mismatch::SanMismatch,
            Self::NoSan => &no_san::NoSan,
            Self::NoCommonName => &no_common_name::NoCommonName,
            Self::NoSubject => &no_subject::NoSubject,
            Self::Wildcard => &wildcard::Wildcard,
            Self::WildcardTooDeep => &wildcard_too_deep::WildcardTooDeep,
            Self::WildcardApex => &wildcard_apex::WildcardApex,
            Self::WildcardWithinLabel => &wildcard_within_label::WildcardWithinLabel,
            Self::UpperCaseName => &upper_case_name::UpperCaseName,
            Self::TrailingDot => &trailing_dot::TrailingDot,
            Self::UnicodeName => &unicode_name::UnicodeName,
            Self::Sans100 => &sans_100::Sans100,
            Self::Sans1000 => &sans_1000::Sans1000,
            Self::Sans10000 => &sans_10000::Sans10000,
            Self::IncompleteChainAia => &incomplete_chain_aia::IncompleteChainAia,
            Self::IncompleteChainAiaDead => &incomplete_chain_aia_dead::IncompleteChainAiaDead,
            Self::ReversedChain => &reversed_chain::ReversedChain,
            Self::WrongIntermediate => &wrong_intermediate::WrongIntermediate,
            Self::SuperfluousCertificate => &superfluous_certificate::SuperfluousCertificate,
            Self::SuperfluousRoot => &superfluous_root::SuperfluousRoot,
            Self::RootInPlaceOfIntermediate => &root_in_place_of_intermediate::RootInPlaceOfIntermediate,
            Self::DuplicateCertificate => &duplicate_certificate::DuplicateCertificate,
            Self::LongChain => &long_chain::LongChain,
            Self::IntermediateNotCa => &intermediate_not_ca::IntermediateNotCa,
            Self::IntermediateNoKeyCertSign => &intermediate_no_key_cert_sign::IntermediateNoKeyCertSign,
            Self::PathLengthExceeded => &path_length_exceeded::PathLengthExceeded,
            Self::NameConstraintViolation => &name_constraint_violation::NameConstraintViolation,
            Self::CaAsLeaf => &ca_as_leaf::CaAsLeaf,
            Self::Revoked => &revoked::Revoked,
            Self::CrlUnreachable => &crl_unreachable::CrlUnreachable,
            Self::OcspUnreachable => &ocsp_unreachable::OcspUnreachable,
        }
    }
}

/// The name as files write it.
impl fmt::Display for Defect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use std::path::Path;

    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_defect_of_that_name_in_the_list() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/defect");
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let mut named: Vec<Defect> =
            files.iter().map(|file| defect_of(file.file_stem().unwrap().to_str().unwrap())).collect();
        assert_eq!(named.len(), Defect::ALL.len());
        named.retain(|defect| !Defect::ALL.contains(defect));
        assert_eq!(named, []);
    }

    #[test]
    fn only_what_is_wrong_with_a_root_makes_one() {
        let making = Defect::ALL.iter().copied().filter(|defect| defect.makes_a_root());
        assert_eq!(making.collect::<Vec<_>>(), [Defect::ExpiredRoot, Defect::ExpiredCrossSign, Defect::Sha1Root]);
    }

    fn defect_of(stem: &str) -> Defect {
        let name = stem.replace('_', "-");
        let text: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        let defect = Defect::deserialize(text).unwrap();
        assert_eq!(defect.to_string(), name);
        defect
    }
}
