//! A line of authorities with their keys: a root, and what stands between it and a leaf.
//!
//! The keys live as long as the authority of the world, which drops them once its leaves are issued; none is ever shown.

use std::sync::Arc;

use rcgen::{
    CertificateParams, CertificateRevocationListParams, DistinguishedName, Issuer, KeyIdMethod, PublicKeyData,
    RevocationReason, RevokedCertParams, SerialNumber,
};
use time::{Duration, OffsetDateTime};

use crate::error::CertsError;
use crate::key::{Key, random_serial};
use crate::leaf::Leaf;
use crate::line::{Line, Rank, RankKey};
use crate::request::KeyType;
use crate::signature::Digest;

/// A line that has been minted.
pub(crate) struct Ca {
    pub(crate) root: Arc<Minted>,
    /// Whether the root was made for this line and is not the world's own.
    pub(crate) has_own_root: bool,
    /// From the root downwards, never empty.
    intermediates: Vec<Minted>,
    beside: Vec<Vec<u8>>,
}

/// An authority: its certificate, what it says, and its key.
pub(crate) struct Minted {
    pub(crate) der: Vec<u8>,
    params: CertificateParams,
    key: Key,
}

/// Authorities that may get one more certificate.
struct Known<'a> {
    worlds_root: &'a Minted,
    /// The last that was minted: in the end the one that signs the leaf.
    issuer: &'a Minted,
}

/// What a server will send; the last seam of a defect.
pub(crate) struct Sent {
    /// The leaf, then its issuer, and so on upwards.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// The root, when there is one. It is not sent.
    pub(crate) root: Option<Vec<u8>>,
    /// What has nothing to do with the leaf. It is not sent.
    pub(crate) beside: Vec<Vec<u8>>,
}

impl Ca {
    /// Mints a line. `world` is the line whose root it stands below, unless it has one of its own.
    pub(crate) fn mint(
        line: Line,
        world: Option<&Self>,
        keys: impl Fn(KeyType) -> Result<Key, CertsError>,
    ) -> Result<Self, CertsError> {
        let has_own_root = line.root.is_some();
        let root = match (line.root, world) {
            (Some(root), _) => Arc::new(Minted::itself(root, &keys)?),
            (None, Some(world)) => Arc::clone(&world.root),
            (None, None) => return Err(CertsError::NoRoot),
        };
        let worlds_root = world.map_or(&root, |world| &world.root);
        let mut intermediates: Vec<Minted> = Vec::with_capacity(line.intermediates.len());
        for rank in line.intermediates {
            let issuer = intermediates.last().unwrap_or(&root);
            intermediates.push(issuer.mint(rank, &Known { worlds_root, issuer }, &keys)?);
        }
        let known = Known { worlds_root, issuer: intermediates.last().unwrap_or(&root) };
        let beside = line.beside.into_iter().map(|rank| Ok(root.mint(rank, &known, &keys)?.der));
        let beside = beside.collect::<Result<_, CertsError>>()?;
        Ok(Self { root, has_own_root, intermediates, beside })
    }

    /// The one that signs leaves.
    pub(crate) fn issuer(&self) -> &Minted {
        self.intermediates.last().unwrap_or(&self.root)
    }

    /// Signs a leaf, and says what its server will send.
    pub(crate) fn sign(&self, leaf: &Leaf, key: &Key) -> Result<Sent, CertsError> {
        let mut certificates = vec![self.issuer().sign(&leaf.params, key, leaf.signature)?];
        certificates.extend(self.intermediates.iter().rev().map(|minted| minted.der.clone()));
        Ok(Sent { certificates, root: Some(self.root.der.clone()), beside: self.beside.clone() })
    }

    /// A list of what the issuer of the leaves has revoked.
    pub(crate) fn revocation_list(&self, revoked: &[SerialNumber], now: OffsetDateTime) -> Result<Vec<u8>, CertsError> {
        let list = CertificateRevocationListParams {
            this_update: now - Duration::days(1),
            next_update: now + Duration::days(6),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(|serial| revocation(serial.clone(), now)).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let issuer = self.issuer();
        Ok(list.signed_by(&Issuer::from_params(&issuer.params, &issuer.key))?.der().to_vec())
    }
}

impl Minted {
    fn itself(root: Rank, keys: impl Fn(KeyType) -> Result<Key, CertsError>) -> Result<Self, CertsError> {
        let key = match root.key {
            RankKey::Own(kind) => keys(kind)?,
            RankKey::OfTheWorldsRoot | RankKey::OfTheIssuer => return Err(CertsError::NoRoot),
        };
        let mut params = root.params;
        params.serial_number = Some(random_serial()?);
        let der = root.signature.sign_again(params.self_signed(&key)?.der().to_vec(), &key)?;
        Ok(Self { der, params, key })
    }

    fn mint(
        &self,
        rank: Rank,
        known: &Known<'_>,
        keys: impl Fn(KeyType) -> Result<Key, CertsError>,
    ) -> Result<Self, CertsError> {
        let again = |known: &Self| (known.params.distinguished_name.clone(), known.key.clone());
        let (name, key): (DistinguishedName, Key) = match rank.key {
            RankKey::Own(kind) => (rank.params.distinguished_name.clone(), keys(kind)?),
            RankKey::OfTheWorldsRoot => again(known.worlds_root),
            RankKey::OfTheIssuer => again(known.issuer),
        };
        let mut params = rank.params;
        params.serial_number = Some(random_serial()?);
        params.distinguished_name = name;
        let der = self.sign(&params, &key, rank.signature)?;
        Ok(Self { der, params, key })
    }

    fn sign(
        &self,
        params: &CertificateParams,
        key: &impl PublicKeyData,
        digest: Digest,
    ) -> Result<Vec<u8>, CertsError> {
        let signed = params.signed_by(key, &Issuer::from_params(&self.params, &self.key))?;
        digest.sign_again(signed.der().to_vec(), &self.key)
    }
}

fn revocation(serial_number: SerialNumber, now: OffsetDateTime) -> RevokedCertParams {
    RevokedCertParams {
        serial_number,
        revocation_time: now - Duration::days(2),
        reason_code: Some(RevocationReason::KeyCompromise),
        invalidity_date: None,
    }
}
