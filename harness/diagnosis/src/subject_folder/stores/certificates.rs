//! One file of certificates: PEM (RFC 7468) with one or many, or one in DER; told by content.
//!
//! OpenSSL reads them, and not a strict parser: a root store holds certificates that are older than today's rules.

use std::path::Path;

use base64::Engine as _;
use openssl::x509::X509;

use super::unusable;
use crate::subject::Der;
use crate::subject_folder::error::{Place, SubjectError};
use crate::subject_folder::text;

const EXPECTED: &str = "certificates, PEM or DER";

/// The certificates of `file`, in order.
pub(super) fn read(file: &Path) -> Result<Vec<Der>, SubjectError> {
    let bytes = text::bytes(file)?;
    // DER begins with a SEQUENCE (X.690, 8.9), which no text does but one that begins with the digit 0.
    if bytes.first() == Some(&0x30) && is_der(&bytes) {
        return one(bytes, file, Place::default()).map(|certificate| vec![certificate]);
    }
    from_pem(&text::read(file)?, file)
}

/// Whether the length in the header is the length of what follows (X.690, 8.1.3).
fn is_der(bytes: &[u8]) -> bool {
    let Some((&first, rest)) = bytes.get(1..).and_then(<[u8]>::split_first) else { return false };
    let octets = usize::from(first & 0x7f);
    if first < 0x80 {
        return rest.len() == octets;
    }
    let Some((length, content)) = rest.split_at_checked(octets) else { return false };
    octets <= 4 && length.iter().fold(0_usize, |sum, octet| (sum << 8) | usize::from(*octet)) == content.len()
}

fn from_pem(text: &str, file: &Path) -> Result<Vec<Der>, SubjectError> {
    let mut certificates = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let place = |line: usize| Place { line: Some(line), ..Place::default() };
        if let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
            refuse_other(label).map_err(|problem| unusable(file, place(index + 1), problem, EXPECTED))?;
            block = Some((index + 1, String::new()));
        } else if line.starts_with("-----END ") {
            let Some((begin, body)) = block.take() else { continue };
            let der = base64::engine::general_purpose::STANDARD
                .decode(body)
                .map_err(|_| unusable(file, place(begin), "a block that is not base64", EXPECTED))?;
            certificates.push(one(der, file, place(begin))?);
        } else if let Some((_, body)) = &mut block {
            body.push_str(line);
        }
    }
    match block {
        Some((begin, _)) => {
            let place = Place { line: Some(begin), ..Place::default() };
            Err(unusable(file, place, "a block without its end", EXPECTED))
        }
        None if certificates.is_empty() => Err(unusable(file, Place::default(), "no certificate in it", EXPECTED)),
        None => Ok(certificates),
    }
}

fn refuse_other(label: &str) -> Result<(), &'static str> {
    match label {
        "CERTIFICATE" | "X509 CERTIFICATE" => Ok(()),
        "PKCS7" | "CMS" => Err("a PKCS #7 bundle (.p7b)"),
        label if label.ends_with("PRIVATE KEY") => Err("a private key, which belongs in no subject folder"),
        _ => Err("a block that is not a certificate"),
    }
}

/// `1.2.840.113549.1.7.2`, signedData (RFC 5652, 5.1): what a .p7b file begins with.
const SIGNED_DATA: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

fn one(der: Vec<u8>, file: &Path, place: Place) -> Result<Der, SubjectError> {
    let head = &der[..der.len().min(24)];
    if head.windows(SIGNED_DATA.len()).any(|window| window == SIGNED_DATA) {
        return Err(unusable(file, place, "a PKCS #7 bundle (.p7b)", EXPECTED));
    }
    if !is_der(&der) || X509::from_der(&der).is_err() {
        return Err(unusable(file, place, "not an X.509 certificate", EXPECTED));
    }
    Ok(Der(der))
}
