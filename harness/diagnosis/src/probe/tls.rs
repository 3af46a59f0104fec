//! One TLS handshake. It verifies nothing, in order to see everything; what the chain is worth is for the judgement.

mod records;
mod schannel;

use std::sync::LazyLock;
use std::time::Duration;

use openssl::error::ErrorStack;
use openssl::provider::Provider;
use openssl::ssl::{
    HandshakeError, MidHandshakeSslStream, Ssl, SslContext, SslMethod, SslOptions, SslRef, SslStream, SslVerifyMode,
    SslVersion, cipher_name,
};

use crate::evidence::{HandshakeSeen, Offer, Profile, TlsEnd};
use crate::network::stream::sealed_alert;
use crate::network::watched::{End, Traffic, Watched};
use crate::probe::dns::literal;
use crate::subject::{Der, TlsVersion};
use crate::suites::{self, Suite};
use records::Records;

/// Everything that still authenticates the server, however weak: security level 0 allows what every policy forbids.
/// Anonymous suites are left out; no Windows client offers them, and a server that likes them would show no certificate.
const EVERYTHING: &str = "ALL:!aNULL:!PSK:!SRP";

/// What a single version is tried with, in order to learn whether the server has it at all: NULL too, which no Windows offers
/// to a program that does not ask for it.
const EVERYTHING_AND_NULL: &str = "ALL:eNULL:!aNULL:!PSK:!SRP";

/// Every group that Schannel knows. A post-quantum share would make the ClientHello so long that middleboxes stumble over
/// it which no Windows server ever troubled.
const GROUPS: &str = "X25519:P-256:P-384:P-521";

/// `SSL_OP_LEGACY_SERVER_CONNECT`: a server without RFC 5746 is still one that we want to see. The binding has no name
/// for it.
const LEGACY_SERVER_CONNECT: u64 = 0x4;

/// What the library answers for the name of a suite that it does not have.
const UNKNOWN_SUITE: &str = "(NONE)";

/// First bytes kept in evidence.
const SHOWN: usize = 64;

/// What the examiner offers to `host`: the subject's versions where they are known, else everything.
pub(crate) fn offer(host: &str, profile: Profile, versions: &[TlsVersion]) -> Offer {
    let mut versions = versions.to_vec();
    versions.sort();
    versions.dedup();
    let server_name = (literal(host).is_none() && fit_for_a_server_name(host)).then(|| host.to_owned());
    Offer { profile, versions, suites: Vec::new(), groups: Vec::new(), server_name }
}

/// The same offer with a policy's suites only, and with the curves that the policy's names have behind them.
pub(crate) fn with_suites(offer: Offer, entries: &[String]) -> Offer {
    Offer { suites: Suite::names(entries), groups: Suite::curves(entries), ..offer }
}

/// RFC 6066, 3: ASCII, and no longer than DNS allows.
fn fit_for_a_server_name(host: &str) -> bool {
    host.len() <= 253 && host.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Shakes hands over `stream`.
pub(crate) fn shake(
    mut stream: Watched,
    offer: &Offer,
    limit: Duration,
) -> Result<(HandshakeSeen, Option<SslStream<Watched>>), ErrorStack> {
    let Some(hello) = hello(offer)? else { return Ok((nothing_to_offer(offer), None)) };
    stream.begin(limit);
    match hello.connect(stream) {
        Ok(mut stream) => {
            let mut seen = describe(offer, stream.get_ref().seen(), Some(stream.ssl()));
            seen.suite = stream.ssl().current_cipher().and_then(|suite| suite.standard_name()).map(str::to_owned);
            // A version between the oldest and the newest that is not offered cannot be left out of a ClientHello
            // before TLS 1.3; a client refuses it when the server picks it, and so do we.
            if seen.server_version.is_some_and(|version| !offer.versions.contains(&version)) {
                seen.ended = TlsEnd::VersionNotOffered;
                let _ = stream.shutdown();
                return Ok((seen, None));
            }
            if seen.server_version == Some(TlsVersion::Tls13) {
                seen.asks_for_certificate = 1 < records::sealed(&stream.get_ref().seen().sent);
            }
            Ok((seen, Some(stream)))
        }
        Err(HandshakeError::SetupFailure(error)) => Err(error),
        Err(HandshakeError::Failure(failed) | HandshakeError::WouldBlock(failed)) => {
            Ok((describe_failure(offer, &failed), None))
        }
    }
}

/// RC4 stands in a provider of its own, which is loaded beside the default one for as long as the process lives.
static LEGACY: LazyLock<Result<Provider, ErrorStack>> = LazyLock::new(|| Provider::try_load(None, "legacy", true));

/// What is to be sent; `None` where the offer leaves nothing to send. The context is built bare: a connector would load the
/// machine's certificate store, which nobody here asks.
fn hello(offer: &Offer) -> Result<Option<Ssl>, ErrorStack> {
    let suites = Suites::of(offer);
    let versions = offer.versions.iter().filter(|version| suites.serve(**version));
    let (Some(oldest), Some(newest)) = (versions.clone().min(), versions.max()) else { return Ok(None) };
    LEGACY.as_ref().map_err(Clone::clone)?;
    let mut context = SslContext::builder(SslMethod::tls_client())?;
    context.set_verify(SslVerifyMode::NONE);
    context.set_min_proto_version(Some(version_of(*oldest)))?;
    context.set_max_proto_version(Some(version_of(*newest)))?;
    context.set_security_level(0);
    if !suites.before_1_3.is_empty() {
        context.set_cipher_list(&format!("{}:@SECLEVEL=0", suites.before_1_3))?;
    }
    if !suites.of_1_3.is_empty() {
        context.set_ciphersuites(&suites.of_1_3)?;
    }
    let groups = match (offer.groups.as_slice(), offer.profile) {
        ([], Profile::Everything) => GROUPS.to_owned(),
        ([], Profile::Subject | Profile::Import) => schannel::GROUPS.to_owned(),
        (groups, _) => groups.join(":"),
    };
    context.set_groups_list(&groups)?;
    let mut options = SslOptions::from_bits_retain(LEGACY_SERVER_CONNECT);
    if offer.profile != Profile::Everything {
        context.set_sigalgs_list(schannel::SIGNATURE_ALGORITHMS)?;
        options |= schannel::LEFT_OUT;
    }
    context.set_options(options);
    let mut ssl = Ssl::new(&context.build())?;
    if let Some(name) = &offer.server_name {
        ssl.set_hostname(name)?;
    }
    Ok(Some(ssl))
}

/// The suites of an offer as the library wants them: those before TLS 1.3 and those of it are two lists.
struct Suites {
    before_1_3: String,
    of_1_3: String,
}

impl Suites {
    fn of(offer: &Offer) -> Suites {
        let of_1_3 = |named: &[String]| {
            let known =
                suites::OF_1_3.into_iter().filter(|known| named.is_empty() || named.iter().any(|name| name == known));
            known.collect::<Vec<_>>().join(":")
        };
        let before_1_3 = match (offer.suites.as_slice(), offer.profile) {
            ([], Profile::Everything) if offer.versions.len() == 1 => EVERYTHING_AND_NULL.to_owned(),
            ([], Profile::Everything) => EVERYTHING.to_owned(),
            ([], Profile::Subject | Profile::Import) => known(suites::BY_DEFAULT),
            (named, _) => known(named.iter().map(String::as_str)),
        };
        Suites { before_1_3, of_1_3: of_1_3(&offer.suites) }
    }

    /// Whether a version has any suite at all. That those of TLS 1.2 alone do not serve TLS 1.0, the library says itself.
    fn serve(&self, version: TlsVersion) -> bool {
        !if version == TlsVersion::Tls13 { &self.of_1_3 } else { &self.before_1_3 }.is_empty()
    }
}

/// Those of the suites that the library has, by the names that it gives them.
fn known<'n>(suites: impl IntoIterator<Item = &'n str>) -> String {
    // A name with a nought in it would not survive the way into the library.
    let asked = suites.into_iter().filter(|name| !name.contains('\0') && !suites::is_of_1_3(name));
    let names = asked.map(cipher_name).filter(|name| *name != UNKNOWN_SUITE);
    names.collect::<Vec<_>>().join(":")
}

fn version_of(version: TlsVersion) -> SslVersion {
    match version {
        TlsVersion::Tls10 => SslVersion::TLS1,
        TlsVersion::Tls11 => SslVersion::TLS1_1,
        TlsVersion::Tls12 => SslVersion::TLS1_2,
        TlsVersion::Tls13 => SslVersion::TLS1_3,
    }
}

/// A policy that allows no version, or no suite, sends nothing at all.
fn nothing_to_offer(offer: &Offer) -> HandshakeSeen {
    let what = if offer.versions.is_empty() { "version of TLS" } else { "suite of those versions" };
    let reason = format!("no {what} is allowed, so nothing was sent");
    HandshakeSeen { ended: TlsEnd::Other(reason), ..describe(offer, &Traffic::default(), None) }
}

/// What came, as of a completed handshake.
fn describe(offer: &Offer, traffic: &Traffic, ssl: Option<&SslRef>) -> HandshakeSeen {
    let (chain, records) = (ssl.and_then(SslRef::peer_cert_chain), Records::of(&traffic.first));
    HandshakeSeen {
        offer: offer.clone(),
        ended: TlsEnd::Completed,
        bytes_received: traffic.received,
        first_bytes: hex(&traffic.first[..traffic.first.len().min(SHOWN)]),
        server_version: records.server_version.and_then(TlsVersion::from_wire),
        certificate_message: records.certificate_message,
        dh_bits: records.dh_bits,
        asks_for_certificate: records.asks_for_certificate,
        suite: None,
        chain: chain.into_iter().flatten().filter_map(|certificate| certificate.to_der().ok()).map(Der).collect(),
    }
}

fn describe_failure(offer: &Offer, failed: &MidHandshakeSslStream<Watched>) -> HandshakeSeen {
    let traffic = failed.get_ref().seen();
    let seen = describe(offer, traffic, Some(failed.ssl()));
    HandshakeSeen { ended: end_of(offer, traffic, failed.error()), ..seen }
}

/// The bytes decide first, then what the library says of encrypted ones, then how the stream ended.
fn end_of(offer: &Offer, traffic: &Traffic, error: &openssl::ssl::Error) -> TlsEnd {
    let records = Records::of(&traffic.first);
    if records.not_tls {
        return TlsEnd::NotTls;
    }
    if records.server_version.is_some_and(|wire| !offer.versions.iter().any(|offered| offered.wire() == wire)) {
        return TlsEnd::VersionNotOffered;
    }
    if let Some(alert) = records.fatal_alert.or_else(|| sealed_alert(error)) {
        return TlsEnd::Alert(alert);
    }
    match &traffic.end {
        Some(End::Fin) => TlsEnd::Closed,
        Some(End::Reset) => TlsEnd::Reset,
        Some(End::TimedOut) => TlsEnd::TimedOut,
        Some(End::Alert(code)) => TlsEnd::Alert(*code),
        Some(End::Other(text)) => TlsEnd::Other(text.clone()),
        None => TlsEnd::Other(error.to_string()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
