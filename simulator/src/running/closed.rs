//! Sockets that stand in for ports nobody serves: really refused, or really unanswered.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use crate::journal::{Event, Journal};
use crate::platform::{self, Unanswered};
use crate::running::StartError;
use crate::running::lab::Place;
use crate::seam::{Stage, Standing};

/// A refusal over loopback comes at once; Windows sends SYN again for two seconds before it believes one.
const REFUSED_WITHIN: Duration = Duration::from_secs(3);

/// A port that nobody serves, for as long as this lives.
#[derive(Debug)]
pub(crate) enum Closed {
    /// Bound and not listening: the kernel answers RST, and no other program can take the port.
    Refusing {
        /// Where.
        address: SocketAddr,
        /// Kept, because the port is bound for as long as it lives.
        _socket: Socket,
    },
    /// The kernel answers nothing.
    Unanswered(Unanswered),
}

/// A fault that the kernel enacts in place of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KernelFault {
    /// `tcp/refuse`.
    Refuse,
    /// `tcp/drop`.
    Drop,
}

impl Closed {
    /// Binds an address so that connections to it are refused.
    pub(crate) fn refusing(address: SocketAddr) -> io::Result<Closed> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.bind(&address.into())?;
        let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Closed::Refusing { address, _socket: socket })
    }

    /// Where connections are refused or unanswered.
    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Closed::Refusing { address, .. } => *address,
            Closed::Unanswered(unanswered) => unanswered.address(),
        }
    }
}

impl KernelFault {
    /// No connection comes about.
    pub(crate) const STANDING: Standing = Standing::end(Stage::Connecting);

    /// Puts the fault in place of a listener and tries it.
    pub(crate) async fn enact(
        self,
        place: &Place<'_>,
        real: SocketAddr,
        journal: &Journal,
    ) -> Result<Closed, StartError> {
        let closed = self.try_in_place(place, real).await?;
        journal.write(place.node, place.listener, 0, Event::Armed { fault: self.name().to_owned() });
        Ok(closed)
    }

    /// The same as a setting of the world, which signs nothing.
    pub(crate) async fn try_in_place(self, place: &Place<'_>, real: SocketAddr) -> Result<Closed, StartError> {
        // Both trials block their thread for some time.
        let tried = tokio::task::spawn_blocking(move || self.try_at(real)).await;
        let tried = tried.unwrap_or_else(|panicked| Err(io::Error::other(panicked)));
        tried.map_err(|error| self.failed(place, real, error))
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            KernelFault::Refuse => "tcp/refuse",
            KernelFault::Drop => "tcp/drop",
        }
    }

    fn try_at(self, real: SocketAddr) -> io::Result<Closed> {
        match self {
            // Tries itself.
            KernelFault::Drop => platform::unanswered_listener(real).map(Closed::Unanswered),
            KernelFault::Refuse => {
                let closed = Closed::refusing(real)?;
                match TcpStream::connect_timeout(&from_here(closed.address()), REFUSED_WITHIN) {
                    Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(closed),
                    Err(error) => Err(error),
                    Ok(_) => Err(io::Error::other("a connection was accepted")),
                }
            }
        }
    }

    fn failed(self, place: &Place<'_>, real: SocketAddr, error: io::Error) -> StartError {
        match error.kind() {
            io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied | io::ErrorKind::AddrNotAvailable => {
                StartError::Bind { node: place.node.to_owned(), address: real, source: error }
            }
            _ => StartError::NotEnacted {
                node: place.node.to_owned(),
                fault: self.name().to_owned(),
                reason: error.to_string(),
            },
        }
    }
}

/// Where to reach a socket of this machine: an unspecified address is no destination.
fn from_here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
