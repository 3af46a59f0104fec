//! What is asked of an authority: a good leaf, unless a defect is named.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::chain::Chain;
use crate::defect::Defect;
use crate::deviation::acts_above_the_leaf;
use crate::error::CertsError;
use crate::names::Names;

/// A leaf to be issued. Made by [`Chain::good_for`], changed by what deviates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The DNS names the server is called by; the first is also its CommonName.
    pub names: Vec<String>,
    /// The addresses the server is called by.
    pub addresses: Vec<IpAddr>,
    /// The kind of the leaf's key.
    pub key: KeyType,
    /// Who vouches for the leaf.
    pub issuer: IssuedBy,
    /// What is wrong with the chain.
    pub defect: Option<Defect>,
    /// Where the leaf says that its issuer's certificate can be fetched (AIA, caIssuers). By default it says nothing.
    pub aia: Option<String>,
    /// Where the leaf says that its issuer's revocation list can be fetched. By default it says nothing.
    pub crl: Option<String>,
}

/// The kind of a leaf's key. Roots always use P-256, and so do intermediates, except that a leaf with P-384 or Ed25519 has an
/// issuer of its own kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyType {
    /// ECDSA on the curve P-256.
    #[default]
    P256,
    /// RSA with 2048 bits.
    Rsa2048,
    /// ECDSA on the curve P-384.
    P384,
    /// Ed25519, which Schannel cannot use.
    Ed25519,
    /// RSA with 512 bits: no client should take it, and rustls cannot serve it.
    Rsa512,
    /// RSA with 1024 bits, which rustls cannot serve.
    Rsa1024,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits. Making one takes seconds: warm it.
    Rsa4096,
}

impl KeyType {
    /// How many bits it has, when it is RSA.
    pub(crate) fn rsa_bits(self) -> Option<u32> {
        match self {
            Self::P256 | Self::P384 | Self::Ed25519 => None,
            Self::Rsa512 => Some(512),
            Self::Rsa1024 => Some(1024),
            Self::Rsa2048 => Some(2048),
            Self::Rsa3072 => Some(3072),
            Self::Rsa4096 => Some(4096),
        }
    }
}

/// Who vouches for a leaf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssuedBy {
    /// The organisation's authority.
    #[default]
    Organisation,
    /// Microsoft's stand-in.
    Microsoft,
    /// Nobody but itself, and that is meant: its certificate lies in the store of those who use it.
    Itself,
    /// The authority of a proxy that intercepts TLS, in place of whoever vouches for the server. Its root stands among
    /// [`Trust::further_roots`](crate::Trust::further_roots) as `inspection`.
    Inspection,
}

impl Chain {
    /// Asks for a good chain to a server called so.
    pub fn good_for(name: impl Into<String>) -> Request {
        Request { names: vec![name.into()], ..Request::default() }
    }
}

impl Request {
    /// Adds a DNS name.
    pub fn also_for(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Adds an address.
    pub fn at(mut self, address: IpAddr) -> Self {
        self.addresses.push(address);
        self
    }

    /// Asks for a key of another kind.
    pub fn key(mut self, key: KeyType) -> Self {
        self.key = key;
        self
    }

    /// Asks another authority.
    pub fn issued_by(mut self, issuer: IssuedBy) -> Self {
        self.issuer = issuer;
        self
    }

    /// Asks for a chain that is bad in this one way.
    pub fn with(mut self, defect: Defect) -> Self {
        self.defect = Some(defect);
        self
    }

    /// Says in the leaf where its issuer's certificate can be fetched; [`Authority::published`](crate::Authority::published)
    /// says what is to be found there.
    pub fn aia(mut self, url: impl Into<String>) -> Self {
        self.aia = Some(url.into());
        self
    }

    /// Says in the leaf where its issuer's revocation list can be fetched; [`Authority::published`](crate::Authority::published)
    /// says what is to be found there.
    pub fn crl(mut self, url: impl Into<String>) -> Self {
        self.crl = Some(url.into());
        self
    }

    /// The names and addresses that the leaf will carry: not those asked for when the defect is a wrong name.
    pub fn issued_to(&self) -> Names {
        let mut names = self.asked();
        if let Some(defect) = self.defect {
            defect.deviation().issued_to(&mut names);
        }
        names
    }

    /// The names and addresses that an authority must be told of to issue this leaf: mostly those that it will carry.
    pub fn permitted(&self) -> Names {
        let mut names = self.issued_to();
        if let Some(defect) = self.defect {
            defect.deviation().permitted(&self.asked(), &mut names);
        }
        names
    }

    /// The names and addresses that were asked for.
    pub(crate) fn asked(&self) -> Names {
        Names { dns: self.names.clone(), addresses: self.addresses.clone() }
    }

    /// Refuses what cannot be issued, and a defect that would change nothing.
    ///
    /// # Errors
    ///
    /// When the request has no usable name, or lacks what its defect acts on.
    pub fn check(&self) -> Result<(), CertsError> {
        let asked = self.asked();
        asked.check()?;
        if asked.dns.is_empty() && asked.addresses.is_empty() {
            return Err(CertsError::NoName);
        }
        let Some(defect) = self.defect else { return Ok(()) };
        let deviation = defect.deviation();
        // A leaf that signed itself has nobody above it that could be at fault.
        let above = self.issuer == IssuedBy::Itself && acts_above_the_leaf(deviation);
        match deviation.lacks(&asked).or(above.then_some("an authority above the leaf")) {
            Some(what) => Err(CertsError::Lacks { defect, what }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use super::*;
    use crate::verifiers::NOW;
    use crate::{Authority, KeyPool};

    #[test]
    fn a_defect_that_would_change_nothing_is_refused() {
        let address = || Request { addresses: vec![[10, 87, 0, 10].into()], ..Request::default() };
        for (request, message) in [
            (Chain::good_for("wsus.corp.example").with(Defect::NoIpSan), "`no-ip-san` needs an address"),
            (address().with(Defect::NoSan), "`no-san` needs a name"),
            (Chain::good_for("corp.example").with(Defect::Wildcard), "`wildcard` needs a name of three labels"),
            (
                Chain::good_for("wsus.corp.example").with(Defect::WildcardTooDeep),
                "`wildcard-too-deep` needs names of four labels",
            ),
            (
                Chain::good_for("xn--bcher-kva.example").with(Defect::UnicodeName),
                "`unicode-name` needs a name with an xn-- label and two ASCII labels behind it",
            ),
            (
                Chain::good_for("wsus").issued_by(IssuedBy::Itself).with(Defect::ExpiredIntermediate),
                "`expired-intermediate` needs an authority above the leaf",
            ),
            (
                Chain::good_for("wsus").issued_by(IssuedBy::Itself).with(Defect::IncompleteChain),
                "`incomplete-chain` needs an authority above the leaf",
            ),
        ] {
            let authority = Authority::mint_for([&request], NOW).unwrap();
            assert_eq!(authority.issue(request, &KeyPool::default()).unwrap_err().to_string(), message);
        }
    }
}
