//! A world that is about to run: sockets are bound, names entered and certificates asked for, but nothing is served yet.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::net::{TcpListener, UdpSocket};

use crate::catalogue::{BuiltIn, Catalogue};
use crate::fault::Fault;
use crate::layer::tcp::{Door, TcpSeam};
use crate::layer::visit::At;
use crate::plan::AddressPlan;
use crate::running::closed::{Closed, KernelFault};
use crate::running::grounds::{ChainTicket, Grounds};
use crate::running::tasks::Tasks;
use crate::running::{Listener, Running, StartError, StartOptions};
use crate::seam::Seams;

/// How many connections may wait to be accepted; the system may allow fewer.
const WAITING: i32 = 4_096;

/// A world that is about to run.
///
/// A node binds what it needs and says with [`Lab::serve`] what shall begin once the whole world stands. Only then are the
/// plan complete and the certificates made: both come with the [`Grounds`].
pub(crate) struct Lab {
    options: StartOptions,
    plan: AddressPlan,
    listeners: Vec<Listener>,
    requests: Vec<certs::Request>,
    trusted: Vec<(String, ChainTicket)>,
    publishes: bool,
    begin: Vec<Begin>,
    closed: Vec<Closed>,
}

/// A listener as its node describes it.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    /// Name of the node.
    pub(crate) node: &'a str,
    /// `microsoft-update`, `upstream`, `proxy`, `dns` or `pki`.
    pub(crate) kind: &'static str,
    /// Name of the listener.
    pub(crate) listener: &'a str,
    /// Lab address and port.
    pub(crate) lab: SocketAddr,
    /// A URL with a name of the world, for people.
    pub(crate) url: String,
}

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;
type Begin = Box<dyn FnOnce(&Arc<Grounds>) -> Result<Task, StartError> + Send>;

/// What the authority of a world leaves behind.
struct Certificates {
    chains: Vec<Arc<certs::Chain>>,
    published: Vec<certs::Published>,
    trust: certs::Trust,
}

impl Lab {
    pub(crate) fn new(options: StartOptions) -> Lab {
        Lab {
            options,
            plan: AddressPlan::default(),
            listeners: Vec::new(),
            requests: Vec::new(),
            trusted: Vec::new(),
            publishes: false,
            begin: Vec::new(),
            closed: Vec::new(),
        }
    }

    /// What the servers of the world offer.
    pub(crate) fn catalogue(&self) -> Arc<dyn Catalogue> {
        self.options.catalogue.clone().unwrap_or_else(|| Arc::new(BuiltIn::new()))
    }

    /// Enters a name of the world: an unhindered resolver answers with this address.
    pub(crate) fn enter_name(&mut self, name: &str, address: impl Into<IpAddr>) {
        self.plan.names.insert(name.to_ascii_lowercase(), address.into());
    }

    /// The names that were entered so far.
    pub(crate) fn names(&self) -> Vec<String> {
        self.plan.names.keys().cloned().collect()
    }

    /// Binds a TCP listener. `None` where a kernel-enacted fault of the node takes its place: then the fault has tried
    /// itself and nothing is to be served.
    pub(crate) async fn bind_tcp(&mut self, place: &Place<'_>, faults: &[Fault]) -> Result<Option<Door>, StartError> {
        let faults: Vec<&Fault> = faults.iter().filter(|fault| fault.is_on(place.listener)).collect();
        if let Some(kernel) = faults.iter().find_map(|fault| fault.tcp.as_ref()?.enacted_by_kernel()) {
            let closed = kernel.enact(place, self.real(place), &self.options.journal).await?;
            self.enter_tcp(place, closed.address());
            self.closed.push(closed);
            return Ok(None);
        }
        let (listener, address) = self.listen(place).map_err(|source| self.not_bound(place, source))?;
        self.enter_tcp(place, address);
        let mut seams: Seams<dyn TcpSeam> = self.seams(place);
        for fault in faults {
            if let Some((name, at_seam)) = fault.tcp.as_ref().and_then(|tcp| tcp.at_seam()) {
                seams.place(name, fault.when.clone(), at_seam);
            }
        }
        Ok(Some(Door::new(listener, self.at(place), seams)))
    }

    /// Enters a further lab address at which an already bound listener is found.
    pub(crate) fn share_tcp(&mut self, with: SocketAddr, place: &Place<'_>) {
        if let Some(address) = self.plan.tcp.get(&with).copied() {
            self.enter_tcp(place, address);
        }
    }

    /// Lets only the proxies of the world pass to a bound listener: whoever else dials its lab address gets no answer.
    pub(crate) async fn only_from_proxies(&mut self, place: &Place<'_>) -> Result<(), StartError> {
        if self.options.standard_ports {
            let reason =
                "with standard ports the direct path cannot be dropped: its socket is the one that the proxy uses";
            return Err(StartError::Impossible { node: place.node.to_owned(), reason: reason.to_owned() });
        }
        let unanswered = KernelFault::Drop.try_in_place(place, self.real(place)).await?;
        if let Some(served) = self.plan.tcp.insert(place.lab, unanswered.address()) {
            self.plan.from_proxies.insert(place.lab, served);
        }
        for listener in self.listeners.iter_mut().filter(|listener| listener.lab == place.lab) {
            listener.address = unanswered.address();
        }
        self.closed.push(unanswered);
        Ok(())
    }

    /// Binds a TCP listener and a UDP socket that share one port number, as DNS needs. No kernel-enacted fault takes their place.
    pub(crate) fn bind_tcp_and_udp(&mut self, place: &Place<'_>) -> Result<(Door, UdpSocket), StartError> {
        let (listener, socket, address) = self.listen_twice(place).map_err(|source| self.not_bound(place, source))?;
        self.enter_tcp(place, address);
        self.plan.udp.insert(place.lab, address);
        Ok((Door::new(listener, self.at(place), self.seams(place)), socket))
    }

    /// Asks for a certificate chain, to be had from the [`Grounds`] later.
    pub(crate) fn request_chain(&mut self, request: certs::Request) -> ChainTicket {
        self.requests.push(request);
        ChainTicket(self.requests.len() - 1)
    }

    /// The leaf of this chain is self-signed and meant to be trusted: the subject is told of it.
    pub(crate) fn trust_leaf(&mut self, node: &str, chain: ChainTicket) {
        self.trusted.push((node.to_owned(), chain));
    }

    /// Somebody serves what the certificates point to: it is to be had from the [`Grounds`] later.
    pub(crate) fn publish(&mut self) {
        self.publishes = true;
    }

    /// Says what begins once the world stands. The task ends with the world.
    pub(crate) fn serve<B, T>(&mut self, begin: B)
    where
        B: FnOnce(&Arc<Grounds>) -> Result<T, StartError> + Send + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        self.begin.push(Box::new(move |grounds| {
            let task: Task = Box::pin(begin(grounds)?);
            Ok(task)
        }));
    }

    /// A listener and the journal it writes.
    pub(crate) fn at(&self, place: &Place<'_>) -> At {
        At { node: place.node.into(), listener: place.listener.into(), journal: self.options.journal.clone() }
    }

    /// Seams of a listener at which nothing is placed yet.
    pub(crate) fn seams<S: ?Sized>(&self, place: &Place<'_>) -> Seams<S> {
        Seams::new(self.options.journal.clone(), place.node, place.listener)
    }

    /// Whether listeners take the ports that they have in the lab, so that two of them may want the same socket.
    pub(crate) fn standard_ports(&self) -> bool {
        self.options.standard_ports
    }

    /// Closes the other ports of every host, makes the certificates and begins to serve.
    pub(crate) fn open(mut self) -> Result<Running, StartError> {
        // As a world lists its nodes, whoever started first.
        self.listeners.sort_by(|one, other| one.node.cmp(&other.node));
        self.close_other_ports()?;
        let Certificates { chains, published, trust } = self.make_certificates()?;
        let grounds = Arc::new(Grounds {
            plan: Arc::new(self.plan),
            journal: self.options.journal,
            tasks: Tasks::new(),
            chains,
            published,
            roots: trust.roots().chain([trust.microsoft_root.as_slice()]).map(<[u8]>::to_vec).collect(),
            connections: AtomicU64::new(0),
        });
        // All that can fail comes before the first task starts.
        let tasks: Vec<Task> = self.begin.into_iter().map(|begin| begin(&grounds)).collect::<Result<_, _>>()?;
        for task in tasks {
            grounds.tasks.spawn(task);
        }
        Ok(Running::of(&grounds, trust, self.listeners, self.closed))
    }

    fn close_other_ports(&mut self) -> Result<(), StartError> {
        for listener in &self.listeners {
            let host = listener.lab.ip();
            if self.plan.closed.contains_key(&host) {
                continue;
            }
            let any = SocketAddr::new(self.options.bind, 0);
            let not_bound = |source| StartError::Bind { node: listener.node.clone(), address: any, source };
            let closed = Closed::refusing(any).map_err(not_bound)?;
            self.plan.closed.insert(host, closed.address());
            self.closed.push(closed);
        }
        Ok(())
    }

    fn make_certificates(&mut self) -> Result<Certificates, StartError> {
        let authority = certs::Authority::mint_for(&self.requests, time::OffsetDateTime::now_utc())?;
        let mut chains = Vec::with_capacity(self.requests.len());
        for request in std::mem::take(&mut self.requests) {
            chains.push(Arc::new(authority.issue(request, &self.options.keys)?));
        }
        let mut trust = authority.trust()?;
        for (node, ticket) in &self.trusted {
            trust.self_signed.insert(node.clone(), chains[ticket.0].leaf().to_vec());
        }
        let published = if self.publishes { authority.published()? } else { Vec::new() };
        Ok(Certificates { chains, published, trust })
    }

    fn listen(&self, place: &Place<'_>) -> std::io::Result<(TcpListener, SocketAddr)> {
        let listener = std::net::TcpListener::bind(self.real(place))?;
        // Asked again, since the standard library lets few wait: a thousand servers may come at once.
        socket2::SockRef::from(&listener).listen(WAITING)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((TcpListener::from_std(listener)?, address))
    }

    fn listen_twice(&self, place: &Place<'_>) -> std::io::Result<(TcpListener, UdpSocket, SocketAddr)> {
        /// A number that is free for TCP is seldom taken for UDP; so often in a row it never is.
        const ATTEMPTS: usize = 16;
        let mut attempt = 1;
        loop {
            let (listener, address) = self.listen(place)?;
            match std::net::UdpSocket::bind(address) {
                Ok(socket) => {
                    socket.set_nonblocking(true)?;
                    return Ok((listener, UdpSocket::from_std(socket)?, address));
                }
                Err(_) if attempt < ATTEMPTS && !self.options.standard_ports => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn real(&self, place: &Place<'_>) -> SocketAddr {
        SocketAddr::new(self.options.bind, if self.options.standard_ports { place.lab.port() } else { 0 })
    }

    fn not_bound(&self, place: &Place<'_>, source: std::io::Error) -> StartError {
        let address = self.real(place);
        let taken = self.listeners.iter().find(|other| other.address == address && self.options.standard_ports);
        match taken {
            Some(other) => StartError::Impossible {
                node: place.node.to_owned(),
                reason: format!(
                    "its listener {} needs {address}, which {} of node {} has taken; give one of them another port",
                    place.listener, other.name, other.node
                ),
            },
            None => StartError::Bind { node: place.node.to_owned(), address, source },
        }
    }

    fn enter_tcp(&mut self, place: &Place<'_>, address: SocketAddr) {
        self.plan.tcp.insert(place.lab, address);
        self.list(place, address);
    }

    fn list(&mut self, place: &Place<'_>, address: SocketAddr) {
        let listener = Listener {
            node: place.node.to_owned(),
            name: place.listener.to_owned(),
            kind: place.kind,
            lab: place.lab,
            address,
            url: place.url.clone(),
        };
        if !self.listeners.contains(&listener) {
            self.listeners.push(listener);
        }
    }
}
