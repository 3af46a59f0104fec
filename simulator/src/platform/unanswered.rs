//! A TCP port that leaves every SYN unanswered, without privileges: on Linux the kernel drops a SYN for a listener whose
//! accept queue is full.

use std::io;
use std::net::SocketAddr;

use socket2::Socket;

/// A listener that nobody accepts from and whose queue is full. Dropping it frees the port.
#[derive(Debug)]
pub(crate) struct Unanswered {
    address: SocketAddr,
    /// Kept, because a queue is only full while its connections live.
    _sockets: Vec<Socket>,
}

impl Unanswered {
    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
    use std::time::Duration;

    use socket2::{Domain, Protocol, SockAddr, Type};

    use super::{Socket, SocketAddr, Unanswered, io};

    /// A connection over loopback completes within microseconds; one that is still open after this has met silence. Were a busy
    /// kernel later than that, the connection would still complete and fill the queue, since its socket is kept.
    const SILENCE: Duration = Duration::from_micros(2_500);
    /// A backlog of 0 holds one connection; more are needed only where the kernel rounds it up.
    const FILLERS: usize = 16;

    impl Unanswered {
        /// Listens, fills the queue with connections of its own, and returns when one of them met silence.
        pub(crate) fn listen(bind: SocketAddr) -> io::Result<Unanswered> {
            let listener = Socket::new(Domain::for_address(bind), Type::STREAM, Some(Protocol::TCP))?;
            listener.set_reuse_address(true)?;
            listener.bind(&bind.into())?;
            listener.listen(0)?;
            let address = listener.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
            let mut sockets = vec![listener];
            for _ in 0..FILLERS {
                let filler = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
                let met = filler.connect_timeout(&SockAddr::from(from_here(address)), SILENCE);
                sockets.push(filler);
                match met {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                        return Ok(Unanswered { address, _sockets: sockets });
                    }
                    Err(error) => return Err(error),
                }
            }
            Err(io::Error::other(format!("{address} still answered after {FILLERS} connections nobody accepted")))
        }
    }

    /// Where to reach a listener of this machine: an unspecified address is no destination.
    fn from_here(mut address: SocketAddr) -> SocketAddr {
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        address
    }
}

#[cfg(not(target_os = "linux"))]
impl Unanswered {
    /// Says that it cannot be done here, and what to do instead.
    pub(crate) fn listen(bind: SocketAddr) -> io::Result<Unanswered> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!(
                "{bind} cannot be made to leave connections unanswered on this system: only Linux drops a SYN for a full \
                 queue, Windows answers it with RST; run this world on Linux, or drop the port with a firewall rule",
            ),
        ))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use std::io::ErrorKind;
    use std::net::TcpStream;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_client_meets_silence_and_not_a_refusal() {
        let unanswered = Unanswered::listen("127.0.0.1:0".parse().unwrap()).unwrap();
        for _ in 0..3 {
            let met = TcpStream::connect_timeout(&unanswered.address(), Duration::from_millis(100));
            assert_eq!(met.unwrap_err().kind(), ErrorKind::TimedOut);
        }
    }

    #[test]
    fn the_port_refuses_once_the_value_is_gone() {
        let unanswered = Unanswered::listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = unanswered.address();
        drop(unanswered);
        let met = TcpStream::connect_timeout(&address, Duration::from_secs(1));
        assert_eq!(met.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }

    #[test]
    fn it_listens_on_every_address_of_the_machine_too() {
        let unanswered = Unanswered::listen("0.0.0.0:0".parse().unwrap()).unwrap();
        let loopback = SocketAddr::new("127.0.0.1".parse().unwrap(), unanswered.address().port());
        let met = TcpStream::connect_timeout(&loopback, Duration::from_millis(100));
        assert_eq!(met.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[test]
    fn a_port_that_is_taken_is_an_error() {
        let unanswered = Unanswered::listen("127.0.0.1:0".parse().unwrap()).unwrap();
        assert_eq!(Unanswered::listen(unanswered.address()).unwrap_err().kind(), ErrorKind::AddrInUse);
    }

    #[test]
    fn it_is_ready_soon() {
        let started = Instant::now();
        Unanswered::listen("127.0.0.1:0".parse().unwrap()).unwrap();
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}
