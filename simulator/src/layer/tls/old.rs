//! A server of TLS 1.0 and nothing newer, by the OpenSSL that is linked in, at security level 0: it really completes.

use std::pin::Pin;
use std::sync::Arc;

use openssl::error::ErrorStack;
use openssl::pkey::PKey;
use openssl::ssl::{Ssl, SslContext, SslMethod, SslOptions, SslSessionCacheMode, SslVersion};
use openssl::x509::X509;
use tokio_openssl::SslStream;

use crate::journal::Event;
use crate::layer::tcp::Conn;
use crate::layer::tls::{Signature, chain_sent};
use crate::layer::visit::Visit;

/// An alert is this long on the wire; whoever has sent more in TLS 1.0 has sent the chain.
const ALERT_LENGTH: u64 = 7;

/// Completes a handshake. `Err` says in words how the connection ended.
pub(crate) async fn accept(
    conn: Conn,
    visit: &Arc<Visit>,
    chain: &certs::Chain,
    signature: Option<Signature>,
) -> Result<SslStream<Conn>, String> {
    let ssl = context(chain).and_then(|context| Ssl::new(&context));
    let stream = ssl.and_then(|ssl| SslStream::new(ssl, conn));
    let mut stream = stream.map_err(|error| format!("no TLS 1.0: {error}"))?;
    let accepted = Pin::new(&mut stream).accept().await;
    if stream.get_ref().sent() > ALERT_LENGTH {
        chain_sent(visit, chain, signature);
    }
    accepted.map_err(|error| format!("handshake failed: {error}"))?;
    visit.write(Event::Handshake { version: stream.ssl().version_str().replace("TLSv1", "TLS 1.0") });
    Ok(stream)
}

/// Made per connection, for there is one such listener in few worlds. It loads no store of the machine.
fn context(chain: &certs::Chain) -> Result<SslContext, ErrorStack> {
    let mut context = SslContext::builder(SslMethod::tls_server())?;
    context.set_security_level(0);
    context.set_min_proto_version(Some(SslVersion::TLS1))?;
    context.set_max_proto_version(Some(SslVersion::TLS1))?;
    context.set_cipher_list("DEFAULT:@SECLEVEL=0")?;
    context.set_options(SslOptions::NO_TICKET);
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    let key = PKey::private_key_from_der(chain.key().pkcs8_der())?;
    for (index, der) in chain.certificates().iter().enumerate() {
        let certificate = X509::from_der(der)?;
        if index == 0 { context.set_certificate(&certificate)? } else { context.add_extra_chain_cert(certificate)? }
    }
    context.set_private_key(&key)?;
    Ok(context.build())
}
