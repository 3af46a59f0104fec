//! One TCP connection attempt.

use std::io::{Error, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::evidence::{ConnectEnd, ConnectSeen};
use crate::network::watched::Watched;
use crate::network::{ExamineError, Network};

/// Dials `address`, through the address plan where there is one.
pub(crate) fn connect(
    network: &Network,
    address: SocketAddr,
    limit: Duration,
) -> Result<(ConnectSeen, Option<Watched>), ExamineError> {
    let real = network.tcp(address)?;
    let (ended, stream) = match TcpStream::connect_timeout(&real, limit) {
        Ok(stream) => {
            // Requests go out in two pieces where the server is asked to continue; Nagle would hold the second back.
            let _ = stream.set_nodelay(true);
            (ConnectEnd::Connected, Some(Watched::new(stream, Instant::now() + limit)))
        }
        Err(error) => (end_of(&error), None),
    };
    Ok((ConnectSeen { address, ended }, stream))
}

fn end_of(error: &Error) -> ConnectEnd {
    match error.kind() {
        ErrorKind::ConnectionRefused => ConnectEnd::Refused,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => ConnectEnd::TimedOut,
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => ConnectEnd::Unreachable,
        _ => ConnectEnd::Other(error.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;
    use crate::network::Plan;
    use crate::scripted_peer;

    fn check(network: &Network, address: SocketAddr, ended: ConnectEnd) {
        let (seen, stream) = connect(network, address, Duration::from_secs(10)).unwrap();
        assert_eq!(seen, ConnectSeen { address, ended: ended.clone() });
        assert_eq!(stream.is_some(), ended == ConnectEnd::Connected);
    }

    #[test]
    fn a_listener_is_told_from_a_closed_port() {
        check(&Network::default(), scripted_peer::listener(vec![]), ConnectEnd::Connected);
        check(&Network::default(), scripted_peer::nobody(), ConnectEnd::Refused);
    }

    #[test]
    fn a_lab_address_is_what_the_evidence_names() {
        let lab: SocketAddr = "198.18.1.1:443".parse().unwrap();
        let plan = Plan { tcp: [(lab, scripted_peer::listener(vec![]))].into(), ..Plan::default() };
        check(&Network { plan: Some(plan), ..Network::default() }, lab, ConnectEnd::Connected);
    }

    #[test]
    fn no_packet_leaves_the_plan() {
        let network = Network { plan: Some(Plan::default()), ..Network::default() };
        let outside = scripted_peer::listener(vec![]);
        let error = connect(&network, outside, Duration::from_secs(10)).unwrap_err();
        assert!(matches!(error, ExamineError::OutsideThePlan(at) if at == outside));
    }
}
