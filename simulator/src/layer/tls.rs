//! TLS: reads the ClientHello, lets a fault choose who answers it and with which chain, and completes the handshake.
//!
//! rustls speaks for every honest server; OpenSSL only where versions, suites or keys are wanted that rustls rightly refuses.

use std::sync::Arc;
use std::time::Duration;

use certs::Defect;
use openssl::error::ErrorStack;
use rustls::SupportedProtocolVersion;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::fault::Fault;
use crate::journal::Event;
use crate::layer::tcp::Conn;
use crate::layer::tls::dh::Flight;
use crate::layer::tls::old::Terms;
use crate::layer::visit::Visit;
use crate::running::lab::{Lab, Place};
use crate::running::{ChainTicket, Grounds, StartError};
use crate::seam::{Act, Moment, Occasion, Seams, Standing};

mod dh;
mod doorkeeper;
mod hello;
mod modern;
mod old;
mod raw;
mod rsa;

pub use dh::GroupBits;
pub(crate) use hello::{ClientHello, SSL_3_0, TLS_1_0, TLS_1_2};
pub(crate) use old::knows_suite;
pub(crate) use raw::{alert, oversized_record, server_flight_of, server_hello_of_tls_1_2};

/// IIS and Schannel give up a handshake after about this long.
const PATIENCE: Duration = Duration::from_secs(30);
/// No ClientHello of a sane client comes near.
const LONGEST_HELLO: usize = 32 * 1024;

/// Where faults of TLS act.
pub(crate) trait TlsSeam: Send + Sync {
    /// A ClientHello was read and not yet answered.
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Proceed
    }

    /// A chain is about to be sent.
    fn on_chain(&self) -> ChainAct {
        ChainAct::Proceed
    }

    /// What it takes for itself; `None` where it does not act always.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// Who answers a ClientHello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HelloAct {
    /// The server as it is.
    Proceed,
    /// A server of TLS 1.0. It sends its alerts, for whoever wants one asks for it.
    Tls10,
    /// A server of TLS 1.1, with the manners of this one.
    Tls11,
    /// A server of these newer versions, with the manners of this one.
    Modern(&'static [&'static SupportedProtocolVersion]),
    /// A server of these suites, with the manners of this one.
    Suites(Vec<String>),
    /// A server of TLS 1.2 with DHE in a group of this length alone, and the manners of this one.
    Dhe(GroupBits),
    /// Nobody: a ServerHello of TLS 1.0 and the chain are sent, whatever the client offered.
    ServerHelloOfTls10,
    /// Nobody: a ServerHello of SSL 3.0 and the chain are sent, whatever the client offered.
    ServerHelloOfSsl3,
    /// Nobody: a fatal alert is sent.
    Alert(u8),
    /// Nobody: FIN.
    Close,
    /// Nobody: RST.
    Reset,
    /// Nobody: a record begins, and FIN comes before its end.
    CloseInsideRecord,
    /// Nobody: these bytes are sent, and FIN.
    Say(Vec<u8>),
    /// The server as it is, which asks the client for a certificate, and may insist on one.
    AskForCertificate(Insistence),
    /// Nobody, and the connection stays open.
    Stall,
}

/// Whether a client that has no certificate is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Insistence {
    /// It is.
    Optional,
    /// It is refused.
    Required,
}

/// Which chain is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChainAct {
    /// The good one.
    Proceed,
    /// The one with this defect.
    Present(Defect),
}

impl Act for HelloAct {
    fn proceed() -> Self {
        HelloAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == HelloAct::Proceed
    }
}

impl Act for ChainAct {
    fn proceed() -> Self {
        ChainAct::Proceed
    }

    fn proceeds(&self) -> bool {
        *self == ChainAct::Proceed
    }
}

/// What a server is like when it speaks TLS.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manners {
    /// The versions it speaks.
    pub(crate) versions: &'static [&'static SupportedProtocolVersion],
    /// Whether it answers a ClientHello that it cannot accept with RST in place of an alert.
    pub(crate) resets: bool,
}

/// What goes on once a handshake has completed.
pub(crate) trait Behind: Send {
    /// Holds the whole conversation within TLS. Says in words how it ended.
    fn serve<S>(self, stream: S, visit: Arc<Visit>) -> impl Future<Output = String> + Send
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static;
}

/// The TLS of one listener, before its certificates are made.
pub(crate) struct Plan {
    manners: Manners,
    good: ChainTicket,
    bad: Vec<(Defect, ChainTicket)>,
    seams: Seams<dyn TlsSeam>,
}

/// The TLS of one listener.
pub(crate) struct Endpoint {
    manners: Manners,
    good: Identity,
    bad: Vec<(Defect, Identity)>,
    seams: Arc<Seams<dyn TlsSeam>>,
}

/// A chain, and who proves in the handshake that the server holds its key.
struct Identity {
    chain: Arc<certs::Chain>,
    prover: Prover,
}

/// Who proves that a key is held.
enum Prover {
    Rustls(modern::Key),
    /// The key is one that rustls rightly refuses.
    OpenSsl,
}

impl Identity {
    fn new(chain: &Arc<certs::Chain>) -> Result<Identity, ErrorStack> {
        let prover = match modern::key(chain) {
            Ok(key) => Prover::Rustls(key),
            Err(_) => old::can_use(chain).map(|()| Prover::OpenSsl)?,
        };
        Ok(Identity { chain: Arc::clone(chain), prover })
    }
}

impl Plan {
    /// Asks for the good chain, and for every chain that a fault on this listener may present.
    pub(crate) fn draw(
        lab: &mut Lab,
        place: &Place<'_>,
        manners: Manners,
        request: certs::Request,
        faults: &[Fault],
    ) -> Plan {
        let mut seams: Seams<dyn TlsSeam> = lab.seams(place);
        for fault in faults.iter().filter(|fault| fault.is_on(place.listener)) {
            if let Some(tls) = &fault.tls {
                let (name, at_seam) = tls.at_seam();
                seams.place(name, fault.when.clone(), at_seam);
            }
        }
        let wanted = seams.faults().filter_map(|fault| match fault.on_chain() {
            ChainAct::Proceed => None,
            ChainAct::Present(defect) => Some(defect),
        });
        let bad = (2..).zip(wanted).map(|(nth, defect)| {
            let request = pointing_elsewhere(&request, place, nth).with(defect);
            (defect, lab.request_chain(request))
        });
        let bad = bad.collect();
        Plan { manners, good: lab.request_chain(request), bad, seams }
    }

    /// The ticket of the good chain.
    pub(crate) fn good(&self) -> ChainTicket {
        self.good
    }

    /// Takes up the certificates.
    pub(crate) fn carry_out(self, node: &str, grounds: &Grounds) -> Result<Endpoint, StartError> {
        let identity = |ticket| {
            Identity::new(grounds.chain(ticket)).map_err(|error| StartError::Impossible {
                node: node.to_owned(),
                reason: format!("its certificate cannot be used: {error}"),
            })
        };
        let bad = self.bad.into_iter().map(|(defect, ticket)| Ok((defect, identity(ticket)?)));
        let bad = bad.collect::<Result<_, StartError>>()?;
        Ok(Endpoint { manners: self.manners, good: identity(self.good)?, bad, seams: Arc::new(self.seams) })
    }
}

/// A request whose pointers lead to files of their own: another chain may have another issuer.
fn pointing_elsewhere(request: &certs::Request, place: &Place<'_>, nth: usize) -> certs::Request {
    let elsewhere = |url: &String| match url.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/{}-{}-{nth}/{file}", place.node, place.listener),
        None => url.clone(),
    };
    let (aia, crl) = (request.aia.as_ref().map(elsewhere), request.crl.as_ref().map(elsewhere));
    certs::Request { aia, crl, ..request.clone() }
}

/// What came first on a connection.
pub(crate) enum Heard {
    /// A ClientHello.
    Hello(ClientHello),
    /// Something that is not TLS.
    NotTls,
}

/// Reads a ClientHello without taking it. `Err` says in words how the connection ended before there was one.
pub(crate) async fn read_hello(conn: &mut Conn) -> Result<ClientHello, String> {
    let heard = conn.look_ahead(LONGEST_HELLO, PATIENCE, hello::read).await;
    match heard {
        Ok(Some(Heard::Hello(hello))) => {
            if let Some(name) = &hello.server_name {
                conn.visit().tcp.learn_host(name);
            }
            conn.visit().write(Event::ClientHello { server_name: hello.server_name.clone() });
            Ok(hello)
        }
        // HTTP.SYS closes such a connection without a word, and above all without an answer in HTTP.
        Ok(Some(Heard::NotTls)) => Err("closed: what came was not TLS".to_owned()),
        Ok(None) if conn.heard() => Err("closed: the ClientHello never ended".to_owned()),
        Ok(None) => Err("the peer said nothing".to_owned()),
        Err(error) => Err(format!("broken before a ClientHello: {error}")),
    }
}

impl Endpoint {
    /// Answers a ClientHello that lies ahead on the connection, and lets whoever stands behind it go on.
    pub(crate) async fn serve(&self, conn: Conn, hello: &ClientHello, behind: impl Behind) -> String {
        let connection = conn.visit().connection;
        let moment = Moment { connection, host: hello.server_name.as_deref(), ..Moment::default() };
        let occasion = self.seams.occasion(moment);
        let own = modern::Terms { versions: self.manners.versions, asks_for_certificate: None };
        match occasion.ask(|fault| fault.on_hello(hello)) {
            HelloAct::Proceed => self.serve_modern(conn, own, &occasion, behind).await,
            HelloAct::Modern(versions) => {
                self.serve_modern(conn, modern::Terms { versions, ..own }, &occasion, behind).await
            }
            HelloAct::Tls10 => self.serve_old(conn, &Terms::TLS_1_0, &occasion, behind).await,
            HelloAct::Tls11 => self.serve_old(self.mannered(conn), &Terms::TLS_1_1, &occasion, behind).await,
            HelloAct::Suites(suites) => {
                self.serve_old(self.mannered(conn), &Terms::of(suites), &occasion, behind).await
            }
            HelloAct::Dhe(bits) if bits.completes() => {
                self.serve_old(self.mannered(conn), &Terms::dhe(bits), &occasion, behind).await
            }
            HelloAct::Dhe(bits) => self.begin_dhe(conn, bits, hello, &occasion).await,
            HelloAct::ServerHelloOfTls10 => self.pretend(conn, TLS_1_0, hello, &occasion).await,
            HelloAct::ServerHelloOfSsl3 => self.pretend(conn, SSL_3_0, hello, &occasion).await,
            HelloAct::Alert(code) => raw::answer(conn, &alert(code), PATIENCE).await,
            HelloAct::Close => raw::close(conn),
            HelloAct::Reset => raw::reset(conn),
            HelloAct::CloseInsideRecord => raw::close_inside_record(conn).await,
            HelloAct::Say(bytes) => raw::say_and_close(conn, &bytes).await,
            HelloAct::AskForCertificate(insistence) => {
                let terms = modern::Terms { asks_for_certificate: Some(insistence), ..own };
                self.serve_modern(conn, terms, &occasion, behind).await
            }
            HelloAct::Stall => raw::stall(conn, PATIENCE).await,
        }
    }

    async fn serve_modern(
        &self,
        conn: Conn,
        terms: modern::Terms,
        occasion: &Occasion<dyn TlsSeam>,
        behind: impl Behind,
    ) -> String {
        let visit = Arc::clone(conn.visit());
        let (Identity { chain, prover }, signature) = self.identity(occasion);
        let Prover::Rustls(key) = prover else {
            return self.serve_old(self.mannered(conn), &Terms::like(terms.versions), occasion, behind).await;
        };
        let handshake = modern::accept(self.mannered(conn), &visit, chain, key, terms, signature);
        match within(PATIENCE, handshake).await {
            Ok(stream) => behind.serve(stream, visit).await,
            Err(ended) => ended,
        }
    }

    async fn serve_old(
        &self,
        conn: Conn,
        terms: &Terms,
        occasion: &Occasion<dyn TlsSeam>,
        behind: impl Behind,
    ) -> String {
        let visit = Arc::clone(conn.visit());
        let (identity, signature) = self.identity(occasion);
        match within(PATIENCE, old::accept(conn, &visit, &identity.chain, terms, signature)).await {
            Ok(stream) => behind.serve(stream, visit).await,
            Err(ended) => ended,
        }
    }

    fn mannered(&self, mut conn: Conn) -> Conn {
        conn.reset_in_place_of_an_alert(self.manners.resets);
        conn
    }

    async fn pretend(&self, conn: Conn, version: u16, hello: &ClientHello, occasion: &Occasion<dyn TlsSeam>) -> String {
        let (identity, signature) = self.identity(occasion);
        let flight = server_flight_of(version, hello, identity.chain.certificates());
        chain_sent(conn.visit(), &identity.chain, signature);
        raw::answer(conn, &flight, PATIENCE).await
    }

    /// As far as the client goes in so short a group.
    async fn begin_dhe(
        &self,
        conn: Conn,
        bits: GroupBits,
        hello: &ClientHello,
        occasion: &Occasion<dyn TlsSeam>,
    ) -> String {
        let (identity, signature) = self.identity(occasion);
        match dh::flight(bits, hello, &identity.chain) {
            Ok(Flight::Whole(flight)) => {
                chain_sent(conn.visit(), &identity.chain, signature);
                raw::answer(conn, &flight, PATIENCE).await
            }
            Ok(Flight::Alert(alert)) => raw::answer(self.mannered(conn), &alert, PATIENCE).await,
            Err(error) => format!("no ServerKeyExchange: {error}"),
        }
    }

    fn identity(&self, occasion: &Occasion<dyn TlsSeam>) -> (&Identity, Option<Signature>) {
        let (act, signature) = occasion.ask_now_sign_later(|fault| fault.on_chain());
        let bad = |defect| self.bad.iter().find(|(other, _)| *other == defect).map(|(_, identity)| identity);
        let identity = match act {
            ChainAct::Proceed => &self.good,
            // Every defect that a fault on this listener may name was asked for when the plan was drawn.
            ChainAct::Present(defect) => bad(defect).unwrap_or(&self.good),
        };
        (identity, signature)
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("manners", &self.manners).field("seams", &self.seams).finish_non_exhaustive()
    }
}

/// The right of a certificate fault to sign when its chain is sent.
type Signature = crate::seam::Signature<dyn TlsSeam>;

fn chain_sent(visit: &Visit, chain: &certs::Chain, signature: Option<Signature>) {
    visit.write(Event::ChainSent { certificates: chain.thumbprints().to_vec() });
    if let Some(signature) = signature {
        signature.sign();
    }
}

async fn within<T>(patience: Duration, handshake: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let timed = tokio::time::timeout(patience, handshake).await;
    timed.unwrap_or_else(|_| Err(format!("closed: no handshake within {} s", patience.as_secs())))
}
