//! Certificates for tests, minted with OpenSSL: one organisation with a root and an intermediate, and leaves as wanted.

use std::sync::OnceLock;

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::subject::Der;

/// A certificate with its key.
pub(crate) struct Minted {
    pub(crate) der: Der,
    name: X509Name,
    pub(crate) key: PKey<Private>,
}

/// What a certificate is minted from.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) common_name: String,
    pub(crate) names: Vec<String>,
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_after: OffsetDateTime,
    pub(crate) authority: bool,
    pub(crate) kind: Kind,
    pub(crate) digest: MessageDigest,
    pub(crate) adjust: fn(&mut X509Builder),
}

/// A kind of key.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    P256,
    Rsa(u32),
    Ed25519,
}

impl Minted {
    /// The same name and key once more, signed by another.
    pub(crate) fn again(&self, wanted: Wanted, issuer: &Minted) -> Der {
        wanted.mint(self.key.clone(), &issuer.name, &issuer.key).der
    }
}

impl Wanted {
    pub(crate) fn leaf(host: &str) -> Wanted {
        Wanted {
            common_name: host.to_owned(),
            names: vec![host.to_owned()],
            not_before: datetime!(2026-01-01 00:00 UTC),
            not_after: datetime!(2026-12-31 00:00 UTC),
            authority: false,
            kind: Kind::P256,
            digest: MessageDigest::sha256(),
            adjust: |_| {},
        }
    }

    pub(crate) fn authority(name: &str) -> Wanted {
        Wanted { names: Vec::new(), authority: true, ..Wanted::leaf(name) }
    }

    pub(crate) fn until(self, not_after: OffsetDateTime) -> Wanted {
        Wanted { not_after, ..self }
    }

    pub(crate) fn from(self, not_before: OffsetDateTime) -> Wanted {
        Wanted { not_before, ..self }
    }

    pub(crate) fn named(self, names: &[&str]) -> Wanted {
        Wanted { names: names.iter().map(|name| (*name).to_owned()).collect(), ..self }
    }

    pub(crate) fn keyed(self, kind: Kind) -> Wanted {
        Wanted { kind, ..self }
    }

    pub(crate) fn digested(self, digest: MessageDigest) -> Wanted {
        Wanted { digest, ..self }
    }

    pub(crate) fn with(self, adjust: fn(&mut X509Builder)) -> Wanted {
        Wanted { adjust, ..self }
    }

    pub(crate) fn self_signed(self) -> Minted {
        let key = key(self.kind);
        let name = name(&self.common_name);
        self.mint(key.clone(), &name, &key)
    }

    pub(crate) fn issued_by(self, issuer: &Minted) -> Minted {
        let key = key(self.kind);
        self.mint(key, &issuer.name, &issuer.key)
    }

    fn mint(self, key: PKey<Private>, issuer: &X509Name, issuer_key: &PKey<Private>) -> Minted {
        let subject = name(&self.common_name);
        let mut builder = X509::builder().unwrap();
        builder.set_version(2).unwrap();
        let serial = BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap();
        builder.set_serial_number(&serial).unwrap();
        builder.set_subject_name(&subject).unwrap();
        builder.set_issuer_name(issuer).unwrap();
        builder.set_pubkey(&key).unwrap();
        builder.set_not_before(&Asn1Time::from_unix(self.not_before.unix_timestamp()).unwrap()).unwrap();
        builder.set_not_after(&Asn1Time::from_unix(self.not_after.unix_timestamp()).unwrap()).unwrap();
        if self.authority {
            builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
        }
        if !self.names.is_empty() {
            let mut alternative = SubjectAlternativeName::new();
            for name in &self.names {
                match name.parse::<std::net::IpAddr>() {
                    Ok(_) => alternative.ip(name),
                    Err(_) => alternative.dns(name),
                };
            }
            let extension = alternative.build(&builder.x509v3_context(None, None)).unwrap();
            builder.append_extension(extension).unwrap();
        }
        (self.adjust)(&mut builder);
        let edwards = issuer_key.id() == Id::ED25519;
        builder.sign(issuer_key, if edwards { MessageDigest::null() } else { self.digest }).unwrap();
        Minted { der: Der(builder.build().to_der().unwrap()), name: subject, key }
    }
}

/// The organisation's root, which stands in the root store of every healthy subject.
pub(crate) fn root() -> &'static Minted {
    static ROOT: OnceLock<Minted> = OnceLock::new();
    ROOT.get_or_init(|| Wanted::authority("Contoso Root").self_signed())
}

/// The organisation's issuing authority.
pub(crate) fn intermediate() -> &'static Minted {
    static INTERMEDIATE: OnceLock<Minted> = OnceLock::new();
    INTERMEDIATE.get_or_init(|| Wanted::authority("Contoso Issuing CA").issued_by(root()))
}

/// A good chain for `host`, as a server presents it: leaf and intermediate.
pub(crate) fn chain(host: &str) -> Vec<Der> {
    chain_of(Wanted::leaf(host))
}

/// A chain below the organisation's root for any leaf.
pub(crate) fn chain_of(leaf: Wanted) -> Vec<Der> {
    vec![leaf.issued_by(intermediate()).der, intermediate().der.clone()]
}

/// A leaf that says where its issuer lies.
pub(crate) fn pointing_leaf() -> Minted {
    let pointing =
        |builder: &mut X509Builder| add(builder, Nid::INFO_ACCESS, "caIssuers;URI:http://pki.contoso.com/ca.cer");
    Wanted::leaf(super::UPSTREAM).with(pointing).issued_by(intermediate())
}

/// The same as a server presents it, alone.
pub(crate) fn leaf_with_a_pointer() -> Vec<Der> {
    vec![pointing_leaf().der]
}

pub(crate) fn for_clients(builder: &mut X509Builder) {
    builder.append_extension(ExtendedKeyUsage::new().client_auth().build().unwrap()).unwrap();
}

pub(crate) fn for_servers(builder: &mut X509Builder) {
    builder.append_extension(ExtendedKeyUsage::new().client_auth().server_auth().build().unwrap()).unwrap();
}

pub(crate) fn for_anything(builder: &mut X509Builder) {
    builder.append_extension(ExtendedKeyUsage::new().other("anyExtendedKeyUsage").build().unwrap()).unwrap();
}

pub(crate) fn no_signing(builder: &mut X509Builder) {
    builder.append_extension(KeyUsage::new().critical().digital_signature().build().unwrap()).unwrap();
}

pub(crate) fn for_crl_signing(builder: &mut X509Builder) {
    builder.append_extension(KeyUsage::new().critical().crl_sign().build().unwrap()).unwrap();
}

pub(crate) fn only_for_fabrikam(builder: &mut X509Builder) {
    add(builder, Nid::NAME_CONSTRAINTS, "critical,permitted;DNS:fabrikam.com");
}

pub(crate) fn unknown_critical(builder: &mut X509Builder) {
    add_der(builder, "1.2.3.4", true, &[5, 0]);
}

/// Names its issuer's key: the one of [`with_that_key`].
pub(crate) fn naming_a_key(builder: &mut X509Builder) {
    add_der(builder, "2.5.29.35", false, &[0x30, 4, 0x80, 2, 7, 7]);
}

pub(crate) fn with_that_key(builder: &mut X509Builder) {
    add_der(builder, "2.5.29.14", false, &[4, 2, 7, 7]);
}

pub(crate) fn with_another_key(builder: &mut X509Builder) {
    add_der(builder, "2.5.29.14", false, &[4, 2, 8, 8]);
}

fn add_der(builder: &mut X509Builder, oid: &str, critical: bool, content: &[u8]) {
    let (oid, content) = (Asn1Object::from_str(oid).unwrap(), Asn1OctetString::new_from_bytes(content).unwrap());
    builder.append_extension(X509Extension::new_from_der(&oid, critical, &content).unwrap()).unwrap();
}

#[allow(deprecated, reason = "there is no builder for these two extensions")]
fn add(builder: &mut X509Builder, nid: Nid, value: &str) {
    let extension = X509Extension::new_nid(None, Some(&builder.x509v3_context(None, None)), nid, value).unwrap();
    builder.append_extension(extension).unwrap();
}

fn key(kind: Kind) -> PKey<Private> {
    match kind {
        Kind::P256 => {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
            PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
        }
        Kind::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap(),
        Kind::Ed25519 => PKey::generate_ed25519().unwrap(),
    }
}

fn name(common_name: &str) -> X509Name {
    let mut builder = X509Name::builder().unwrap();
    builder.append_entry_by_nid(Nid::COMMONNAME, common_name).unwrap();
    builder.build()
}
