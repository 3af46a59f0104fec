//! Chain evaluation as Windows does it, against the subject's stores and clock. Pure.
//!
//! The verdict speaks Windows's terms (status and HRESULT) and the reader's. What one does not know is left open: without
//! the stores nothing is called untrusted, without a clock nothing expired. Revocation is not judged: .NET's
//! `HttpWebRequest` does not check it unless told to.

mod build;
mod certificate;
mod clock;
mod constraints;
mod draw;
mod elsewhere;
mod idn;
mod name;
mod structure;

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::evidence::{Evidence, Profile, Purpose, TlsEnd};
use crate::path::Route;
use crate::subject::{Der, Stores};

pub use certificate::{Certificate, Digest, Key};
pub use clock::{Blame, Clocks};
pub use name::NameVerdict;

/// What Windows would say of a presented chain.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The best chain that could be built, leaf first.
    pub links: Vec<Link>,
    /// Where it ends.
    pub trust: Trust,
    /// Whether the leaf is for the host.
    pub name: NameVerdict,
    /// Everything that Windows would object to: the name, then what stands in the chain, then where it ends.
    pub problems: Vec<Problem>,
    /// What Windows lets pass and deserves attention.
    pub weaknesses: Vec<Problem>,
    /// Presented certificates that no link uses, a repeated one counted once.
    pub superfluous: usize,
    /// Whether the certificates that links use were presented in another order than that of the chain.
    pub misordered: bool,
}

/// One certificate of a built chain.
#[derive(Clone, Debug)]
pub struct Link {
    /// The certificate.
    pub certificate: Certificate,
    /// Where it was found.
    pub origin: Origin,
}

/// Where a certificate was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the handshake.
    Presented,
    /// In `LocalMachine\CA`.
    CaStore,
    /// In `LocalMachine\Root`.
    RootStore,
    /// Where another certificate said that it lies.
    Fetched,
}

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// At a trust anchor of the machine.
    Trusted,
    /// At a leaf that signed itself and is no trust anchor.
    SelfSigned {
        /// It stands in the root store of the person who took the facts, which the service does not see.
        in_user_store: bool,
    },
    /// At a root that is no trust anchor.
    UntrustedRoot {
        /// It stands in the root store of the person who took the facts, which the service does not see.
        in_user_store: bool,
        /// It stands in `LocalMachine\CA`, where a root has no effect.
        in_ca_store: bool,
    },
    /// At a certificate whose issuer is nowhere to be found.
    Partial {
        /// The issuer's name, safe to print.
        issuer: String,
        /// A certificate of that name is at hand, but its key did not make the signature.
        wrong_key: bool,
        /// A certificate at hand is the issuer that Windows takes it to be, and did not make the signature. Where none is, one with
        /// another key has the issuer's name.
        broken_signature: bool,
        /// Where Windows would try to fetch the issuer (RFC 5280, 4.2.2.1).
        fetched_from: Vec<String>,
        /// The issuer stands in the root store of the person who took the facts.
        in_user_store: bool,
    },
    /// The stores that would decide are unknown.
    Unknown(Open),
    /// The leaf cannot be read as a certificate; why.
    Unreadable(String),
}

/// What could still be wrong where the stores are unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// The leaf signed itself: trusted if it stands in the root store.
    SelfSignedLeaf,
    /// Only the leaf is at hand: incomplete, or issued by a root that may or may not be trusted.
    LeafAlone,
    /// The chain goes on above the leaf: its root may or may not be trusted.
    Root,
}

/// One thing that Windows objects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In Windows's terms.
    pub status: Status,
    /// Which link, counted from the leaf.
    pub link: usize,
    /// In the reader's terms.
    pub words: String,
}

/// Statuses of CryptoAPI that this evaluation can find. Revocation would join here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The issuer of a certificate cannot be found.
    PartialChain,
    /// The chain ends at a root that is not trusted.
    UntrustedRoot,
    /// The clock is past `notAfter`.
    Expired,
    /// The clock is before `notBefore`.
    NotYetValid,
    /// A signature was not made with the issuer's key.
    NotSignatureValid,
    /// The certificate that bears the issuer's name has another key than the one that is named.
    WrongIssuer,
    /// The leaf, or an authority above it, is not meant for TLS servers.
    WrongUsage,
    /// An authority may not sign certificates.
    MayNotSign,
    /// An issuer is no authority, or has too many authorities below it.
    BasicConstraints,
    /// An authority vouches for a name that it must not vouch for.
    NameConstraints,
    /// A critical extension that nobody knows.
    UnknownCritical,
    /// A key is too short, or a signature too weak.
    WeakSignature,
    /// A key of a kind that Windows cannot use.
    UnusableKey,
    /// The leaf is for another name.
    NameMismatch,
    /// The leaf cannot be read.
    Unreadable,
}

impl Status {
    /// As Windows and .NET name it.
    pub fn windows_name(self) -> &'static str {
        match self {
            Status::PartialChain | Status::WrongIssuer => "PartialChain",
            Status::UntrustedRoot => "UntrustedRoot",
            Status::Expired | Status::NotYetValid => "NotTimeValid",
            Status::NotSignatureValid | Status::UnusableKey => "NotSignatureValid",
            Status::WrongUsage | Status::MayNotSign => "NotValidForUsage",
            Status::BasicConstraints => "InvalidBasicConstraints",
            Status::NameConstraints => "InvalidNameConstraints",
            Status::UnknownCritical => "HasNotSupportedCriticalExtension",
            Status::WeakSignature => "HasWeakSignature",
            Status::NameMismatch => "RemoteCertificateNameMismatch",
            Status::Unreadable => "RemoteCertificateNotAvailable",
        }
    }

    /// Its HRESULT, with the name from winerror.h.
    pub fn hresult(self) -> &'static str {
        match self {
            Status::PartialChain | Status::WrongIssuer => "0x800B010A CERT_E_CHAINING",
            Status::UntrustedRoot => "0x800B0109 CERT_E_UNTRUSTEDROOT",
            Status::Expired | Status::NotYetValid => "0x800B0101 CERT_E_EXPIRED",
            Status::NotSignatureValid | Status::UnusableKey | Status::WeakSignature => {
                "0x80096004 TRUST_E_CERT_SIGNATURE"
            }
            Status::WrongUsage | Status::MayNotSign => "0x800B0110 CERT_E_WRONG_USAGE",
            Status::BasicConstraints => "0x80096019 TRUST_E_BASIC_CONSTRAINTS",
            Status::NameConstraints => "0x800B0114 CERT_E_INVALID_NAME",
            Status::UnknownCritical => "0x800B0105 CERT_E_CRITICAL",
            Status::NameMismatch => "0x800B010F CERT_E_CN_NO_MATCH",
            Status::Unreadable => "0x8009310B CRYPT_E_ASN1_BADTAG",
        }
    }
}

/// What a chain is judged against; `None` for whatever is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The machine's stores.
    pub stores: Option<&'a Stores>,
    /// Certificates that Windows could fetch.
    pub fetched: &'a [Der],
    /// Thumbprints of Microsoft's roots.
    pub microsoft_roots: &'a [String],
    /// The name by which the server is called.
    pub host: &'a str,
    /// The machine's clock.
    pub now: Option<OffsetDateTime>,
}

/// Evaluates `presented`, leaf first.
pub fn judge(presented: &[Der], at: &Circumstances<'_>) -> Verdict {
    let unknown = Stores::default();
    let stores = at.stores.unwrap_or(&unknown);
    let built = build::build(presented, at.fetched, stores, at.now);
    let name = built.links.first().map_or(NameVerdict::NoLeaf, |leaf| name::check(&leaf.certificate, at.host));
    let mut verdict = Verdict {
        trust: built.trust,
        name,
        problems: vec![],
        weaknesses: structure::short_keys(&built.links),
        superfluous: superfluous(presented, &built.links),
        misordered: !presented_order(presented, &built.links).is_sorted(),
        links: built.links,
    };
    verdict.problems = problems(&verdict, at.now);
    let weak = structure::weak_signatures(&verdict.links);
    let refused = verdict.ends_at_one_of(at.microsoft_roots);
    if refused { &mut verdict.problems } else { &mut verdict.weaknesses }.extend(weak);
    verdict
}

fn superfluous(presented: &[Der], links: &[Link]) -> usize {
    let unused = presented.iter().filter(|der| !links.iter().any(|link| link.certificate.der == **der));
    unused.map(|der| &der.0).collect::<BTreeSet<_>>().len()
}

/// Where each link stands among what was presented, from the leaf upwards.
fn presented_order(presented: &[Der], links: &[Link]) -> Vec<usize> {
    let place = |link: &Link| presented.iter().position(|der| *der == link.certificate.der);
    links.iter().filter_map(place).collect()
}

/// Where the issuer that `presented` lacks is said to lie; empty where none is lacking.
pub fn missing_issuer_at(presented: &[Der], stores: Option<&Stores>) -> Vec<String> {
    let unknown = Stores::default();
    let built = build::build(presented, &[], stores.unwrap_or(&unknown), None);
    match (built.trust, built.links.as_slice()) {
        (Trust::Partial { wrong_key, broken_signature, fetched_from, .. }, _) if !(wrong_key && broken_signature) => {
            fetched_from
        }
        (Trust::Unknown(Open::LeafAlone), [leaf]) => leaf.certificate.issuer_locations.clone(),
        _ => Vec::new(),
    }
}

impl Verdict {
    /// The server's own certificate, where it could be read.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.links.first().map(|link| &link.certificate)
    }

    /// Whether Windows would object to nothing that is known.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The problems of one status.
    pub fn having(&self, status: Status) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(move |problem| problem.status == status)
    }

    /// What a link is called, as in "the leaf certificate".
    pub fn role(&self, link: usize) -> &'static str {
        let root = self.links.get(link).is_some_and(|link| link.certificate.is_self_issued());
        match link {
            0 => "leaf certificate",
            _ if root => "root certificate",
            _ => "intermediate certificate",
        }
    }

    /// A problem with the certificate that has it, as in "the leaf certificate (CN=up) expired on …".
    pub fn accused(&self, problem: &Problem) -> String {
        let subject = self.links.get(problem.link).map_or("", |link| link.certificate.subject.as_str());
        let joint = match problem.status {
            Status::Expired => "",
            Status::NotYetValid => " is",
            _ => ":",
        };
        format!("the {} ({subject}){joint} {}", self.role(problem.link), problem.words)
    }

    /// Whether it ends at a root with one of these thumbprints.
    pub fn ends_at_one_of(&self, roots: &[String]) -> bool {
        self.links.last().is_some_and(|last| {
            let thumbprint = last.certificate.thumbprint();
            last.certificate.is_self_issued() && roots.iter().any(|root| root.eq_ignore_ascii_case(&thumbprint))
        })
    }

    /// Who stands at the end of the chain, by name: the root, or the issuer that is not there.
    pub fn authority(&self) -> String {
        let Some(last) = self.links.last().map(|link| &link.certificate) else { return "nobody".to_owned() };
        match &self.trust {
            Trust::Partial { issuer, .. } => issuer.clone(),
            Trust::Unknown(_) => last.issuer.clone(),
            _ => last.subject.clone(),
        }
    }

    /// Whether a link had to be fetched.
    pub fn needs_fetching(&self) -> bool {
        self.links.iter().any(|link| link.origin == Origin::Fetched)
    }

    /// Where a browser or OpenSSL would judge otherwise.
    pub fn elsewhere(&self) -> Vec<String> {
        elsewhere::remarks(self)
    }

    /// Whether the same authority vouches for both. Two chains of one host may differ where several machines serve it; who
    /// vouches for them does not.
    pub(crate) fn has_the_authority_of(&self, other: &Verdict) -> bool {
        let issuer = |verdict: &Verdict| verdict.leaf().map(|leaf| leaf.issuer.clone());
        self.authority() == other.authority() || issuer(self) == issuer(other)
    }

    /// The chain as lines of text, with the bad link marked.
    pub fn drawing(&self) -> Vec<String> {
        draw::draw(self)
    }
}

impl Evidence {
    /// The verdict on the chain that the target presented on the path, and the observation it was presented in.
    pub fn chain_verdict(&self) -> Option<(usize, Verdict)> {
        self.chain_verdict_at(self.subject_now())
    }

    /// The same by another clock.
    pub fn chain_verdict_at(&self, now: Option<OffsetDateTime>) -> Option<(usize, Verdict)> {
        let presented = self.presented_chain()?;
        Some((presented.index, self.verdict_on(&presented.seen.chain, now)?))
    }

    /// The verdict on a chain that the target showed at least to a client that can do more than this server.
    pub fn chain_verdict_of_anyone(&self) -> Option<(usize, Verdict)> {
        self.chain_verdict().or_else(|| {
            let shown = self.handshakes(Purpose::TlsMatrix).find(|handshake| {
                handshake.seen.ended == TlsEnd::Completed && handshake.seen.offer.profile == Profile::Everything
            })?;
            Some((shown.index, self.verdict_on(&shown.seen.chain, self.subject_now())?))
        })
    }

    /// The verdict on the chain that the target presents without the proxy, where both were compared.
    pub fn chain_verdict_without_the_proxy(&self) -> Option<(usize, Verdict)> {
        let shown = self.handshake_without_the_proxy().filter(|handshake| !handshake.seen.chain.is_empty())?;
        Some((shown.index, self.verdict_on(&shown.seen.chain, self.subject_now())?))
    }

    fn verdict_on(&self, presented: &[Der], now: Option<OffsetDateTime>) -> Option<Verdict> {
        let path = self.path()?;
        let host = &self.subject.host;
        let circumstances = Circumstances {
            stores: host.stores.as_ref(),
            fetched: &self.fetched_as_windows(),
            microsoft_roots: host.microsoft_roots.as_deref().unwrap_or_default(),
            host: &path.host,
            now,
        };
        Some(judge(presented, &circumstances))
    }

    /// What came by the way that CryptoAPI goes. Where WinHTTP's proxy is unknown, that is the direct way: its default.
    pub fn fetched_as_windows(&self) -> Vec<Der> {
        let way = self.subject.winhttp_route().unwrap_or(Route::Direct);
        let came = self.fetches().filter(|fetch| fetch.observation.route == way);
        came.flat_map(|fetch| fetch.seen.certificates.iter().cloned()).collect()
    }
}

impl Problem {
    fn of(status: Status, link: usize, words: impl Into<String>) -> Problem {
        Problem { status, link, words: words.into() }
    }
}

fn problems(verdict: &Verdict, now: Option<OffsetDateTime>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let NameVerdict::Mismatch { certified } = &verdict.name {
        let words = format!("it is for {}", crate::words::list(certified));
        problems.push(Problem { status: Status::NameMismatch, link: 0, words });
    }
    for (link, time) in now.iter().flat_map(|now| verdict.links.iter().enumerate().map(move |link| (link, now))) {
        let (at, certificate) = (link.0, &link.1.certificate);
        if certificate.not_after < *time {
            let words = format!("expired on {}", crate::words::moment(certificate.not_after));
            problems.push(Problem { status: Status::Expired, link: at, words });
        } else if *time < certificate.not_before {
            let words = format!("not valid before {}", crate::words::moment(certificate.not_before));
            problems.push(Problem { status: Status::NotYetValid, link: at, words });
        }
    }
    problems.extend(structure::problems(&verdict.links));
    problems.extend(trust_problem(verdict));
    problems
}

fn trust_problem(verdict: &Verdict) -> Option<Problem> {
    let (status, words) = match &verdict.trust {
        Trust::Trusted | Trust::Unknown(_) => return None,
        Trust::SelfSigned { .. } => (Status::UntrustedRoot, "it signed itself and is not in Trusted Root".to_owned()),
        Trust::UntrustedRoot { .. } => (Status::UntrustedRoot, "this root is not in Trusted Root".to_owned()),
        Trust::Partial { issuer, wrong_key: true, broken_signature: true, .. } => {
            (Status::NotSignatureValid, format!("the key of {issuer} did not sign it"))
        }
        Trust::Partial { issuer, wrong_key: true, .. } => (
            Status::WrongIssuer,
            format!(
                "it was signed with another key of {issuer} than that of the certificate of that name that is at hand"
            ),
        ),
        Trust::Partial { issuer, .. } => {
            (Status::PartialChain, format!("its issuer {issuer} was not presented and is in no store of the machine"))
        }
        Trust::Unreadable(why) => (Status::Unreadable, why.clone()),
    };
    Some(Problem { status, link: verdict.links.len().saturating_sub(1), words })
}

#[cfg(test)]
mod tests;
