//! What is asked of an authority: a good leaf, unless a defect is named.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::chain::Chain;
use crate::defect::Defect;
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
}

/// The kind of a leaf's key. Authorities always use P-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyType {
    /// ECDSA on the curve P-256.
    #[default]
    P256,
    /// RSA with 2048 bits.
    Rsa2048,
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

    /// The names and addresses that the leaf will carry: not those asked for when the defect is a wrong name.
    pub fn issued_to(&self) -> Names {
        let mut names = Names { dns: self.names.clone(), addresses: self.addresses.clone() };
        if let Some(defect) = self.defect {
            defect.deviation().issued_to(&mut names);
        }
        names
    }
}
