//! One certificate, read once (RFC 5280). What cannot be read is a reason, never a panic.

use std::net::IpAddr;

use openssl::x509::X509;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::oid_registry::{
    OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS, OID_PKIX_ACCESS_DESCRIPTOR_OCSP, OID_X509_COMMON_NAME,
};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;

use super::constraints::Constraints;
use crate::subject::Der;
use crate::words::safe;

/// What a chain evaluation needs of a certificate.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The subject's name, safe to print.
    pub subject: String,
    /// The issuer's name, safe to print.
    pub issuer: String,
    /// Start of the validity.
    pub not_before: OffsetDateTime,
    /// End of the validity.
    pub not_after: OffsetDateTime,
    /// `dNSName` entries of the subject alternative name, as they stand there.
    pub dns_names: Vec<String>,
    /// `iPAddress` entries of the subject alternative name.
    pub addresses: Vec<IpAddr>,
    /// Whether there is a subject alternative name at all; without one Windows falls back to the common name.
    pub has_alternative_names: bool,
    /// The last common name of the subject.
    pub common_name: Option<String>,
    /// Where its issuer can be fetched (`caIssuers`).
    pub issuer_locations: Vec<String>,
    /// Where its revocation could be looked up.
    pub revocation_locations: Vec<String>,
    /// The subject's key.
    pub key: Key,
    /// What its signature was made over.
    pub digest: Digest,
    /// Whether it says that it is an authority; `None` where it says nothing (basicConstraints).
    pub authority: Option<bool>,
    /// How many more authorities may stand below it.
    pub path_length: Option<u32>,
    /// Whether its key may sign certificates; `None` where it does not say (keyUsage).
    pub may_sign_certificates: Option<bool>,
    /// Whether its key may sign a handshake, as every suite of today wants; `None` where it does not say (keyUsage).
    pub may_sign_handshakes: Option<bool>,
    /// Whether it is meant for TLS servers; `None` where it is meant for anything (extendedKeyUsage).
    pub for_servers: Option<bool>,
    /// Whether it is meant for anything by the one word anyExtendedKeyUsage, and names no server.
    pub for_anything_in_one_word: bool,
    /// The names below it that it may vouch for.
    pub(super) constraints: Option<Constraints>,
    /// Critical extensions that nobody knows, as object identifiers.
    pub unknown_critical: Vec<String>,
    /// The certificate as read.
    pub der: Der,
    /// The key of its issuer, as it identifies it (authorityKeyIdentifier).
    issuers_key: Option<Vec<u8>>,
    /// Its own key, as it identifies it (subjectKeyIdentifier).
    own_key: Option<Vec<u8>>,
    subject_raw: Vec<u8>,
    issuer_raw: Vec<u8>,
}

/// A public key, as far as its kind and size decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA of so many bits.
    Rsa(usize),
    /// Ed25519 or Ed448, which neither Schannel nor CryptoAPI can use.
    Edwards,
    /// Another one.
    Other,
}

/// What a signature was made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say all")]
pub enum Digest {
    Md5,
    Sha1,
    Other,
}

impl Certificate {
    /// Reads DER.
    ///
    /// # Errors
    ///
    /// The reason, in words, why the bytes are no certificate.
    pub fn read(der: &Der) -> Result<Certificate, String> {
        let (rest, parsed) = X509Certificate::from_der(&der.0).map_err(|_| "the bytes are no X.509 certificate")?;
        if !rest.is_empty() {
            return Err(format!("{} bytes follow the certificate", rest.len()));
        }
        let mut certificate = Certificate {
            subject: safe(&parsed.subject().to_string()),
            issuer: safe(&parsed.issuer().to_string()),
            not_before: parsed.validity().not_before.to_datetime(),
            not_after: parsed.validity().not_after.to_datetime(),
            dns_names: Vec::new(),
            addresses: Vec::new(),
            has_alternative_names: false,
            common_name: common_name(&parsed),
            issuer_locations: Vec::new(),
            revocation_locations: Vec::new(),
            key: key(&parsed),
            digest: digest(&parsed),
            authority: None,
            path_length: None,
            may_sign_certificates: None,
            may_sign_handshakes: None,
            for_servers: None,
            for_anything_in_one_word: false,
            constraints: None,
            unknown_critical: Vec::new(),
            der: der.clone(),
            issuers_key: None,
            own_key: None,
            subject_raw: parsed.subject().as_raw().to_vec(),
            issuer_raw: parsed.issuer().as_raw().to_vec(),
        };
        for extension in parsed.extensions() {
            let known = certificate.take(extension.parsed_extension());
            if extension.critical && !known {
                certificate.unknown_critical.push(safe(&extension.oid.to_id_string()));
            }
        }
        Ok(certificate)
    }

    /// Whether subject and issuer are the same name, as in a root.
    pub fn is_self_issued(&self) -> bool {
        self.subject_raw == self.issuer_raw
    }

    /// Whether `candidate` bears the name of this certificate's issuer.
    pub fn names_as_issuer(&self, candidate: &Certificate) -> bool {
        self.issuer_raw == candidate.subject_raw
    }

    /// Whether CryptoAPI takes `candidate`, which bears the issuer's name, for the issuer before it looks at the signature: by the
    /// identifier of its key where this certificate gives one (key match), else by its name alone (name match).
    pub fn means(&self, candidate: &Certificate) -> bool {
        self.names_as_issuer(candidate) && (self.issuers_key.is_none() || self.issuers_key == candidate.own_key)
    }

    /// Whether the key of `issuer` made the signature of this certificate.
    pub fn is_signed_by(&self, issuer: &Certificate) -> bool {
        let verify = || {
            let key = X509::from_der(&issuer.der.0)?.public_key()?;
            X509::from_der(&self.der.0)?.verify(&key)
        };
        verify().unwrap_or(false)
    }

    /// Its SHA-1 thumbprint, as Windows shows it.
    pub fn thumbprint(&self) -> String {
        let digest = openssl::hash::hash(openssl::hash::MessageDigest::sha1(), &self.der.0);
        digest.map(|bytes| bytes.iter().map(|byte| format!("{byte:02X}")).collect()).unwrap_or_default()
    }

    /// Takes what an extension says; whether it is one that is known at all.
    fn take(&mut self, extension: &ParsedExtension<'_>) -> bool {
        match extension {
            ParsedExtension::SubjectAlternativeName(names) => self.take_names(&names.general_names),
            ParsedExtension::AuthorityInfoAccess(access) => {
                for entry in &access.accessdescs {
                    let GeneralName::URI(uri) = &entry.access_location else { continue };
                    if entry.access_method == OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS {
                        self.issuer_locations.push(safe(uri));
                    } else if entry.access_method == OID_PKIX_ACCESS_DESCRIPTOR_OCSP {
                        self.revocation_locations.push(safe(uri));
                    }
                }
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                let names = points.points.iter().filter_map(|point| point.distribution_point.as_ref());
                for name in names {
                    let DistributionPointName::FullName(full) = name else { continue };
                    self.revocation_locations.extend(full.iter().filter_map(|name| match name {
                        GeneralName::URI(uri) => Some(safe(uri)),
                        _ => None,
                    }));
                }
            }
            ParsedExtension::BasicConstraints(constraints) => {
                self.authority = Some(constraints.ca);
                self.path_length = constraints.path_len_constraint;
            }
            ParsedExtension::KeyUsage(usage) => {
                self.may_sign_certificates = Some(usage.key_cert_sign());
                self.may_sign_handshakes = Some(usage.digital_signature());
            }
            ParsedExtension::ExtendedKeyUsage(usage) => {
                let by_microsoft = usage.other.iter().any(|oid| oid.to_id_string() == SERVER_GATED_CRYPTOGRAPHY);
                self.for_servers = Some(usage.any || usage.server_auth || by_microsoft);
                self.for_anything_in_one_word = usage.any && !usage.server_auth;
            }
            ParsedExtension::AuthorityKeyIdentifier(issuer) => {
                self.issuers_key = issuer.key_identifier.as_ref().map(|key| key.0.to_vec());
            }
            ParsedExtension::SubjectKeyIdentifier(key) => self.own_key = Some(key.0.to_vec()),
            ParsedExtension::NameConstraints(constraints) => self.constraints = Some(Constraints::read(constraints)),
            ParsedExtension::UnsupportedExtension { .. }
            | ParsedExtension::ParseError { .. }
            | ParsedExtension::Unparsed => return false,
            _ => {}
        }
        true
    }

    fn take_names(&mut self, names: &[GeneralName<'_>]) {
        self.has_alternative_names = true;
        for name in names {
            match name {
                GeneralName::DNSName(name) => self.dns_names.push((*name).to_owned()),
                GeneralName::IPAddress(bytes) => self.addresses.extend(address(bytes)),
                _ => {}
            }
        }
    }
}

/// Microsoft's own usage of old, which Windows takes for that of a server.
const SERVER_GATED_CRYPTOGRAPHY: &str = "1.3.6.1.4.1.311.10.3.3";

fn key(parsed: &X509Certificate<'_>) -> Key {
    let algorithm = parsed.public_key().algorithm.algorithm.to_id_string();
    match (algorithm.as_str(), parsed.public_key().parsed()) {
        ("1.3.101.112" | "1.3.101.113", _) => Key::Edwards,
        (_, Ok(PublicKey::RSA(key))) => Key::Rsa(modulus_bits(key.modulus)),
        _ => Key::Other,
    }
}

fn modulus_bits(modulus: &[u8]) -> usize {
    let significant = modulus.iter().skip_while(|byte| **byte == 0);
    let bytes = significant.clone().count();
    let lead = significant.clone().next().map_or(0, |first| first.leading_zeros());
    (bytes * 8).saturating_sub(usize::try_from(lead).unwrap_or(0))
}

fn digest(parsed: &X509Certificate<'_>) -> Digest {
    match parsed.signature_algorithm.algorithm.to_id_string().as_str() {
        "1.2.840.113549.1.1.2" | "1.2.840.113549.1.1.4" => Digest::Md5,
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" | "1.2.840.10045.4.1" | "1.2.840.10040.4.3" => Digest::Sha1,
        _ => Digest::Other,
    }
}

fn common_name(parsed: &X509Certificate<'_>) -> Option<String> {
    let names = parsed.subject().iter_attributes().filter(|attribute| attribute.attr_type() == &OID_X509_COMMON_NAME);
    names.filter_map(|attribute| attribute.as_str().ok()).last().map(str::to_owned)
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from).ok();
    four.or_else(|| <[u8; 16]>::try_from(bytes).map(IpAddr::from).ok())
}
