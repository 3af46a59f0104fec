//! One certificate, read once (RFC 5280). What cannot be read is a reason, never a panic.

use std::net::IpAddr;

use openssl::x509::X509;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::OID_X509_COMMON_NAME;
use x509_parser::prelude::FromDer;

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
    /// The certificate as read.
    pub der: Der,
    subject_raw: Vec<u8>,
    issuer_raw: Vec<u8>,
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
            der: der.clone(),
            subject_raw: parsed.subject().as_raw().to_vec(),
            issuer_raw: parsed.issuer().as_raw().to_vec(),
        };
        for extension in parsed.extensions() {
            certificate.take(extension.parsed_extension());
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

    /// Whether the key of `issuer` made the signature of this certificate.
    pub fn is_signed_by(&self, issuer: &Certificate) -> bool {
        let verify = || {
            let key = X509::from_der(&issuer.der.0)?.public_key()?;
            X509::from_der(&self.der.0)?.verify(&key)
        };
        verify().unwrap_or(false)
    }

    fn take(&mut self, extension: &ParsedExtension<'_>) {
        match extension {
            ParsedExtension::SubjectAlternativeName(names) => {
                self.has_alternative_names = true;
                for name in &names.general_names {
                    match name {
                        GeneralName::DNSName(name) => self.dns_names.push((*name).to_owned()),
                        GeneralName::IPAddress(bytes) => self.addresses.extend(address(bytes)),
                        _ => {}
                    }
                }
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                let locations = access.accessdescs.iter().filter(|entry| {
                    entry.access_method == x509_parser::oid_registry::OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS
                });
                self.issuer_locations.extend(locations.filter_map(|entry| match &entry.access_location {
                    GeneralName::URI(uri) => Some(safe(uri)),
                    _ => None,
                }));
            }
            _ => {}
        }
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
