//! Certificate stores, named in `host.json` or lying in their folders.

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::{X509, X509Name};

use super::{Folder, WSUS};
use crate::subject::{Der, Stores};

fn certificate(name: &str) -> X509 {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut subject = X509Name::builder().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&Asn1Integer::from_bn(&BigNum::from_u32(1).unwrap()).unwrap()).unwrap();
    builder.set_subject_name(&subject).unwrap();
    builder.set_issuer_name(&subject).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(86_400).unwrap()).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    builder.build()
}

fn der(certificate: &X509) -> Der {
    Der(certificate.to_der().unwrap())
}

fn pem(certificate: &X509) -> String {
    String::from_utf8(certificate.to_pem().unwrap()).unwrap()
}

fn folder() -> Folder {
    Folder::new().with("wsus.json", WSUS)
}

#[track_caller]
fn check(folder: &Folder, expected: Option<Stores>) {
    assert_eq!(folder.read().unwrap().host.stores, expected);
}

#[test]
fn files_named_in_host_json_are_read_in_pem_and_der() {
    let [a, b, c] = ["a", "b", "c"].map(certificate);
    let folder = folder()
        .with("stores/root/both.pem", format!("subject=CN = a\r\n{}\r\n{}", pem(&a).replace('\n', "\r\n"), pem(&b)))
        .with("stores/ca/c.cer", der(&c).0)
        .with(
            "host.json",
            r#"{"schema": 1, "stores": {"root": ["stores/root/both.pem"], "ca": ["stores\\ca\\c.cer", "./stores/root/both.pem"]}}"#,
        );
    let expected =
        Stores { root: Some(vec![der(&a), der(&b)]), ca: Some(vec![der(&c), der(&a), der(&b)]), user_root: None };
    check(&folder, Some(expected));
}

#[test]
fn folders_are_read_when_host_json_names_no_stores_and_an_empty_one_is_an_empty_store() {
    let [a, b] = ["a", "b"].map(certificate);
    let utf_16: Vec<u8> = format!("\u{feff}{}", pem(&b)).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = folder()
        .with("stores/root/1.cer", der(&a).0)
        .with("stores/root/2.cer", utf_16)
        .with("stores/user-root/.gitkeep", "")
        .with("stores/README.txt", "taken on 28 February");
    let expected = Stores { root: Some(vec![der(&a), der(&b)]), ca: None, user_root: Some(vec![]) };
    check(&folder, Some(expected.clone()));
    check(&folder.with("host.json", r#"{"schema": 1}"#), Some(expected));
}

#[test]
fn what_host_json_names_outranks_the_folders_and_no_folder_is_unknown() {
    check(
        &folder().with_folder("stores/ca").with("host.json", r#"{"schema": 1, "stores": {"root": []}}"#),
        Some(Stores { root: Some(vec![]), ca: None, user_root: None }),
    );
    check(&folder().with_folder("stores"), None);
    check(&folder(), None);
}

#[track_caller]
fn path_refused(path: &str, message: &str) {
    let host = format!("{{\n  \"schema\": 1,\n  \"stores\": {{\"root\": [{path:?}]}}\n}}");
    let folder = folder().with_folder("stores").with("host.json", host);
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", folder.0.join("stores/link.cer")).unwrap();
    assert_eq!(folder.message(), message);
}

#[test]
fn a_path_that_leads_out_of_the_folder_is_refused() {
    let expected = "expected a relative path below the folder of this file";
    for path in ["../other.cer", "stores/../../other.cer", "stores\\..\\..\\other.cer"] {
        path_refused(path, &format!("host.json:3:23: {path:?} leads out of the folder; {expected}"));
    }
    for path in ["/etc/passwd", "C:\\root.cer", "\\\\server\\share\\root.cer"] {
        path_refused(path, &format!("host.json:3:23: {path:?} is an absolute path; {expected}"));
    }
    path_refused("", &format!("host.json:3:23: \"\" is no path; {expected}"));
    #[cfg(unix)]
    path_refused(
        "stores/link.cer",
        &format!("host.json:3:23: \"stores/link.cer\" leads out of the folder; {expected}"),
    );
    path_refused("stores/missing.cer", "stores/missing.cer: cannot be read");
    path_refused("stores", "stores: not a regular file; expected a file");
}

#[track_caller]
fn file_refused(content: &[u8], message: &str) {
    assert_eq!(folder().with("stores/root/x.cer", content).message(), message);
}

#[test]
fn a_file_that_is_no_certificate_is_refused() {
    let expected = "expected certificates, PEM or DER";
    file_refused(b"", &format!("stores/root/x.cer: no certificate in it; {expected}"));
    file_refused(b"0 hello", &format!("stores/root/x.cer: no certificate in it; {expected}"));
    file_refused(&[0x30, 0x03, 0x02, 0x01, 0x03], &format!("stores/root/x.cer: not an X.509 certificate; {expected}"));
    file_refused(
        &[0x30, 0x0b + 2, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x00],
        &format!("stores/root/x.cer: a PKCS #7 bundle (.p7b); {expected}"),
    );
    file_refused(
        b"text\n-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n",
        &format!("stores/root/x.cer:2: a PKCS #7 bundle (.p7b); {expected}"),
    );
    file_refused(
        b"-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n",
        &format!("stores/root/x.cer:1: a private key, which belongs in no subject folder; {expected}"),
    );
    file_refused(
        b"-----BEGIN CERTIFICATE-----\nMAA\xc3\xa4\n-----END CERTIFICATE-----\n",
        &format!("stores/root/x.cer:1: a block that is not base64; {expected}"),
    );
    file_refused(
        b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        &format!("stores/root/x.cer:1: not an X.509 certificate; {expected}"),
    );
    file_refused(
        b"-----BEGIN CERTIFICATE-----\nMAA=\n",
        &format!("stores/root/x.cer:1: a block without its end; {expected}"),
    );
}

#[test]
fn a_misspelt_store_is_refused() {
    assert_eq!(
        folder().with_folder("stores/user_root").message(),
        "stores/user_root: not the name of a store; expected root, ca or user-root"
    );
}
