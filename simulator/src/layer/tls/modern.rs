//! A server of TLS 1.2 and 1.3, by rustls with a provider that is named and never the process's own.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, SignatureAlgorithm, SupportedProtocolVersion};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::journal::Event;
use crate::layer::tcp::Conn;
use crate::layer::tls::doorkeeper::Doorkeeper;
use crate::layer::tls::rsa::RsaKey;
use crate::layer::tls::{Insistence, Signature, chain_sent};
use crate::layer::visit::Visit;

static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(ring::default_provider()));

/// What such a server accepts.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) versions: &'static [&'static SupportedProtocolVersion],
    /// Whether it asks the client for a certificate.
    pub(crate) asks_for_certificate: Option<Insistence>,
}

/// A key that rustls proves to hold, and the chain that it belongs to.
pub(super) type Key = Arc<CertifiedKey>;

/// The key of a chain. `Err` where rustls rightly refuses it, as RSA below 2048 bits.
pub(super) fn key(chain: &certs::Chain) -> Result<Key, rustls::Error> {
    let mut key = PROVIDER.key_provider.load_private_key(chain.key().to_pkcs8().into())?;
    if key.algorithm() == SignatureAlgorithm::RSA {
        // Whatever ring rightly refuses it has refused by now.
        let by_openssl = RsaKey::new(chain.key().pkcs8_der());
        key = Arc::new(by_openssl.map_err(|error| rustls::Error::General(error.to_string()))?);
    }
    Ok(Arc::new(CertifiedKey::new(chain.to_rustls(), key)))
}

/// Completes a handshake. `Err` says in words how the connection ended.
pub(crate) async fn accept(
    conn: Conn,
    visit: &Arc<Visit>,
    chain: &Arc<certs::Chain>,
    key: &Key,
    terms: Terms,
    signature: Option<Signature>,
) -> Result<TlsStream<Conn>, String> {
    let presenter = Presenter {
        key: Arc::clone(key),
        chain: Arc::clone(chain),
        visit: Arc::clone(visit),
        signature: Mutex::new(signature),
    };
    let config = config(terms, presenter).map_err(|error| format!("no TLS: {error}"))?;
    let stream = TlsAcceptor::from(Arc::new(config)).accept(conn).await;
    let stream = stream.map_err(|error| format!("handshake failed: {error}"))?;
    if let Some(version) = stream.get_ref().1.protocol_version() {
        let version = version.as_str().unwrap_or("unknown").replace("TLSv1_", "TLS 1.");
        visit.write(Event::Handshake { version });
    }
    Ok(stream)
}

/// A configuration for one connection: what makes it cheap is that the key is shared.
fn config(terms: Terms, presenter: Presenter) -> Result<ServerConfig, rustls::Error> {
    let builder = ServerConfig::builder_with_provider(Arc::clone(&PROVIDER)).with_protocol_versions(terms.versions)?;
    let builder = match terms.asks_for_certificate {
        None => builder.with_no_client_auth(),
        Some(insistence) => builder.with_client_cert_verifier(Arc::new(Doorkeeper(insistence))),
    };
    let mut config = builder.with_cert_resolver(Arc::new(presenter));
    // A resumed session would not show its chain.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// Presents the chain on one connection, and says so.
#[derive(Debug)]
struct Presenter {
    key: Key,
    chain: Arc<certs::Chain>,
    visit: Arc<Visit>,
    signature: Mutex<Option<Signature>>,
}

impl ResolvesServerCert for Presenter {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let signature = self.signature.lock().unwrap_or_else(PoisonError::into_inner).take();
        chain_sent(&self.visit, &self.chain, signature);
        Some(Arc::clone(&self.key))
    }
}
