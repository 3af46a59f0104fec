//! Servers of versions, suites and keys that rustls rightly refuses, by the OpenSSL that is linked in, at security level 0: they
//! really complete.

use std::pin::Pin;
use std::sync::{Arc, LazyLock};

use openssl::error::ErrorStack;
use openssl::pkey::PKey;
use openssl::provider::Provider;
use openssl::ssl::{Ssl, SslContext, SslContextBuilder, SslMethod, SslOptions, SslSessionCacheMode, SslVersion};
use openssl::x509::X509;
use rustls::{ProtocolVersion, SupportedProtocolVersion};
use tokio_openssl::SslStream;

use crate::journal::Event;
use crate::layer::tcp::Conn;
use crate::layer::tls::{GroupBits, Signature, chain_sent};
use crate::layer::visit::Visit;

/// An alert is this long on the wire; whoever has sent more before the handshake failed has sent the chain.
const ALERT_LENGTH: u64 = 7;
/// What OpenSSL answers about a suite that it does not know.
const NO_NAME: &str = "(NONE)";

/// RC4 stands in a provider of its own, which is loaded beside the default one for as long as the process lives.
static LEGACY: LazyLock<Result<Provider, ErrorStack>> = LazyLock::new(|| Provider::try_load(None, "legacy", true));

/// What such a server accepts.
pub(super) struct Terms {
    oldest: SslVersion,
    newest: SslVersion,
    /// By the names of IANA; whatever OpenSSL has without.
    suites: Option<Vec<String>>,
    /// DHE in such a group and nothing else.
    dhe: Option<GroupBits>,
}

impl Terms {
    /// TLS 1.0 and nothing newer.
    pub(super) const TLS_1_0: Terms =
        Terms { oldest: SslVersion::TLS1, newest: SslVersion::TLS1, suites: None, dhe: None };
    /// TLS 1.1 and nothing else.
    pub(super) const TLS_1_1: Terms =
        Terms { oldest: SslVersion::TLS1_1, newest: SslVersion::TLS1_1, suites: None, dhe: None };

    /// The versions that a server of rustls would speak, with whatever OpenSSL has.
    pub(super) fn like(versions: &[&'static SupportedProtocolVersion]) -> Terms {
        let speaks = |wanted| versions.iter().any(|version| version.version == wanted);
        let oldest = if speaks(ProtocolVersion::TLSv1_2) { SslVersion::TLS1_2 } else { SslVersion::TLS1_3 };
        let newest = if speaks(ProtocolVersion::TLSv1_3) { SslVersion::TLS1_3 } else { SslVersion::TLS1_2 };
        Terms { oldest, newest, suites: None, dhe: None }
    }

    /// These suites, and of TLS 1.2 and 1.3 the versions that they belong to.
    pub(super) fn of(suites: Vec<String>) -> Terms {
        let (of_1_3, before): (Vec<&str>, Vec<&str>) =
            suites.iter().map(String::as_str).partition(|suite| is_of_1_3(suite));
        let oldest = if before.is_empty() { SslVersion::TLS1_3 } else { SslVersion::TLS1_2 };
        let newest = if of_1_3.is_empty() { SslVersion::TLS1_2 } else { SslVersion::TLS1_3 };
        Terms { oldest, newest, suites: Some(suites), dhe: None }
    }

    /// DHE in such a group, with TLS 1.2.
    pub(super) fn dhe(bits: GroupBits) -> Terms {
        Terms { oldest: SslVersion::TLS1_2, newest: SslVersion::TLS1_2, suites: None, dhe: Some(bits) }
    }

    fn apply(&self, context: &mut SslContextBuilder) -> Result<(), ErrorStack> {
        context.set_min_proto_version(Some(self.oldest))?;
        context.set_max_proto_version(Some(self.newest))?;
        if let Some(bits) = self.dhe {
            let group = bits.parameters()?;
            context.set_tmp_dh(&group)?;
            return context.set_cipher_list("kDHE:!aNULL:!PSK:@SECLEVEL=0");
        }
        let Some(suites) = &self.suites else { return context.set_cipher_list("DEFAULT:@SECLEVEL=0") };
        let (of_1_3, before): (Vec<&str>, Vec<&str>) =
            suites.iter().map(String::as_str).partition(|suite| is_of_1_3(suite));
        if !before.is_empty() {
            let before: Vec<&str> = before.into_iter().map(openssl::ssl::cipher_name).collect();
            context.set_cipher_list(&format!("{}:@SECLEVEL=0", before.join(":")))?;
        }
        if of_1_3.is_empty() { Ok(()) } else { context.set_ciphersuites(&of_1_3.join(":")) }
    }
}

/// Whether this is the name of a suite that such a server can speak.
pub(crate) fn knows_suite(name: &str) -> bool {
    let is_a_name = name.starts_with("TLS_") && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_a_name && openssl::ssl::cipher_name(name) != NO_NAME
}

/// Whether OpenSSL can use this chain and its key; why not.
pub(super) fn can_use(chain: &certs::Chain) -> Result<(), ErrorStack> {
    context(chain, &Terms::TLS_1_0).map(|_| ())
}

/// Completes a handshake. `Err` says in words how the connection ended.
pub(super) async fn accept(
    conn: Conn,
    visit: &Arc<Visit>,
    chain: &certs::Chain,
    terms: &Terms,
    signature: Option<Signature>,
) -> Result<SslStream<Conn>, String> {
    let ssl = context(chain, terms).and_then(|context| Ssl::new(&context));
    let stream = ssl.and_then(|ssl| SslStream::new(ssl, conn));
    let mut stream = stream.map_err(|error| format!("no TLS: {error}"))?;
    let accepted = Pin::new(&mut stream).accept().await;
    if stream.get_ref().sent() > ALERT_LENGTH {
        chain_sent(visit, chain, signature);
    }
    accepted.map_err(|error| format!("handshake failed: {error}"))?;
    let version = match stream.ssl().version_str() {
        "TLSv1" => "TLS 1.0".to_owned(),
        other => other.replace("TLSv", "TLS "),
    };
    visit.write(Event::Handshake { version });
    Ok(stream)
}

/// Made per connection, for there is one such listener in few worlds. It loads no store of the machine.
fn context(chain: &certs::Chain, terms: &Terms) -> Result<SslContext, ErrorStack> {
    LEGACY.as_ref().map_err(Clone::clone)?;
    let mut context = SslContext::builder(SslMethod::tls_server())?;
    context.set_security_level(0);
    terms.apply(&mut context)?;
    context.set_options(SslOptions::NO_TICKET | SslOptions::CIPHER_SERVER_PREFERENCE);
    context.set_num_tickets(0)?;
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    let key = PKey::private_key_from_der(chain.key().pkcs8_der())?;
    for (index, der) in chain.certificates().iter().enumerate() {
        let certificate = X509::from_der(der)?;
        if index == 0 { context.set_certificate(&certificate)? } else { context.add_extra_chain_cert(certificate)? }
    }
    context.set_private_key(&key)?;
    Ok(context.build())
}

/// The suites of TLS 1.3 name no key exchange.
fn is_of_1_3(suite: &str) -> bool {
    !suite.contains("_WITH_")
}
