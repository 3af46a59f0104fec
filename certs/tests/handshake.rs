//! Every chain on the wire: rustls serves it, OpenSSL without any verification receives exactly what was sent. Where one of the
//! two cannot, that is written down here, since whoever builds a world must then use another server or another client.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use certs::{Authority, Chain, Defect, KeyPool};
use openssl::pkey::PKey;
use openssl::ssl::{HandshakeError, Ssl, SslContext, SslMethod, SslVerifyMode, SslVersion};
use openssl::x509::X509;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection};
use time::OffsetDateTime;

const NAME: &str = "xn--bcher-kva.branch.corp.example";
const DEADLINE: Duration = Duration::from_secs(10);

#[test]
fn a_client_that_verifies_nothing_sees_every_chain_as_it_was_sent() {
    for defect in Defect::ALL {
        let chain = chain(*defect);
        let seen = |version| match rustls_server(&chain) {
            Some(server) => seen(&chain, version, server),
            None => "rustls cannot serve it".to_owned(),
        };
        assert_eq!([seen(SslVersion::TLS1_2), seen(SslVersion::TLS1_3)], unless(*defect, IT_IS_SEEN), "{defect}");
    }
}

#[test]
fn openssl_serves_every_chain_that_rustls_cannot() {
    for defect in [Defect::Rsa512, Defect::Rsa1024] {
        let chain = chain(defect);
        assert_eq!(seen(&chain, SslVersion::TLS1_2, openssl_server(&chain)), "as it was sent", "{defect}");
    }
}

const IT_IS_SEEN: [&str; 2] = ["as it was sent", "as it was sent"];

/// By TLS 1.2 and by TLS 1.3.
fn unless(defect: Defect, seen: [&'static str; 2]) -> [&'static str; 2] {
    match defect {
        Defect::Rsa512 | Defect::Rsa1024 => ["rustls cannot serve it"; 2],
        // OpenSSL looks at this one usage in TLS 1.2 even when it verifies nothing.
        Defect::BadKeyUsage => ["ecc cert not for signing", "as it was sent"],
        // OpenSSL reads a hundred thousand bytes of certificates and no more.
        Defect::Sans10000 => ["excessive message size"; 2],
        _ => seen,
    }
}

fn chain(defect: Defect) -> Chain {
    let request = Chain::good_for(NAME).at([10, 87, 0, 10].into()).with(defect);
    let authority = Authority::mint_for([&request], OffsetDateTime::now_utc()).unwrap();
    authority.issue(request, &KeyPool::default()).unwrap()
}

fn seen(chain: &Chain, version: SslVersion, server: Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serving = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        server(stream);
    });
    let received = received(TcpStream::connect(address).unwrap(), version);
    serving.join().unwrap();
    match received {
        Ok(received) if received == chain.certificates() => "as it was sent".to_owned(),
        Ok(received) => format!("{} certificates of {}", received.len(), chain.certificates().len()),
        Err(reason) => reason,
    }
}

/// Shakes hands once; how that ends is the client's to tell.
type Server = Box<dyn FnOnce(TcpStream) + Send>;

fn rustls_server(chain: &Chain) -> Option<Server> {
    let provider = ring::default_provider();
    let key = provider.key_provider.load_private_key(chain.key().to_pkcs8().into()).ok()?;
    let presenter = Arc::new(Presenter(Arc::new(CertifiedKey::new(chain.to_rustls(), key))));
    let builder = ServerConfig::builder_with_provider(provider.into()).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_no_client_auth().with_cert_resolver(presenter);
    let mut server = ServerConnection::new(config.into()).unwrap();
    Some(Box::new(move |mut stream| while server.is_handshaking() && server.complete_io(&mut stream).is_ok() {}))
}

fn openssl_server(chain: &Chain) -> Server {
    let mut context = SslContext::builder(SslMethod::tls_server()).unwrap();
    context.set_security_level(0);
    let mut certificates = chain.certificates().iter().map(|der| X509::from_der(der).unwrap());
    context.set_certificate(&certificates.next().unwrap()).unwrap();
    certificates.for_each(|certificate| context.add_extra_chain_cert(certificate).unwrap());
    context.set_private_key(&PKey::private_key_from_pkcs8(chain.key().pkcs8_der()).unwrap()).unwrap();
    let server = Ssl::new(&context.build()).unwrap();
    Box::new(move |stream| drop(server.accept(stream)))
}

/// At security level 0, as an examiner that has to see everything.
fn received(stream: TcpStream, version: SslVersion) -> Result<Vec<Vec<u8>>, String> {
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut context = SslContext::builder(SslMethod::tls_client()).unwrap();
    context.set_security_level(0);
    context.set_verify(SslVerifyMode::NONE);
    context.set_min_proto_version(Some(version)).unwrap();
    context.set_max_proto_version(Some(version)).unwrap();
    let mut client = Ssl::new(&context.build()).unwrap();
    client.set_hostname(NAME).unwrap();
    let stream = client.connect(stream).map_err(|error| reason(&error))?;
    let chain = stream.ssl().peer_cert_chain().ok_or("no chain")?;
    Ok(chain.iter().map(|certificate| certificate.to_der().unwrap()).collect())
}

fn reason<S>(error: &HandshakeError<S>) -> String {
    let HandshakeError::Failure(failed) = error else { return "no handshake was begun or ended".to_owned() };
    let stack = failed.error().ssl_error();
    let first = stack.and_then(|stack| stack.errors().first()).and_then(openssl::error::Error::reason);
    first.unwrap_or("no reason was given").to_owned()
}

#[derive(Debug)]
struct Presenter(Arc<CertifiedKey>);

impl ResolvesServerCert for Presenter {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}
