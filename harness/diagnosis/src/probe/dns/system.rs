//! The system's resolver. It has no deadline of its own, so it works on a thread that is left behind when ours has passed.

use std::io;
use std::net::ToSocketAddrs;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::evidence::NameEnd;

/// Asks the system for the addresses of `host`.
pub(super) fn look_up(host: &str, port: u16, limit: Duration) -> NameEnd {
    let (answer, wait) = mpsc::channel();
    let target = (host.to_owned(), port);
    let spawned = thread::Builder::new().name("name lookup".to_owned()).spawn(move || {
        // Nobody may be waiting any more.
        let _ =
            answer.send(target.to_socket_addrs().map(|found| found.map(|address| address.ip()).collect::<Vec<_>>()));
    });
    if let Err(error) = spawned {
        return NameEnd::Other(error.to_string());
    }
    match wait.recv_timeout(limit) {
        Ok(Ok(mut found)) => {
            found.dedup();
            if found.is_empty() { NameEnd::NoAddress } else { NameEnd::Addresses(found) }
        }
        Ok(Err(error)) => end_of(&error),
        Err(RecvTimeoutError::Timeout) => NameEnd::TimedOut,
        Err(RecvTimeoutError::Disconnected) => {
            NameEnd::Other("the system's resolver ended without an answer".to_owned())
        }
    }
}

/// The standard library hands on what `getaddrinfo` says only as text; these are the texts of glibc, musl and Apple.
/// Windows numbers its answers.
fn end_of(error: &io::Error) -> NameEnd {
    const NO_SUCH_NAME: [&str; 3] =
        ["Name or service not known", "Name does not resolve", "nodename nor servname provided"];
    const NO_ADDRESS: &str = "No address associated with";
    /// `WSAHOST_NOT_FOUND`.
    const HOST_NOT_FOUND: i32 = 11001;
    /// `WSANO_DATA`.
    const NO_DATA: i32 = 11004;

    let text = error.to_string();
    match error.raw_os_error() {
        Some(HOST_NOT_FOUND) => NameEnd::NoSuchName,
        Some(NO_DATA) => NameEnd::NoAddress,
        _ if NO_SUCH_NAME.iter().any(|known| text.contains(known)) => NameEnd::NoSuchName,
        _ if text.contains(NO_ADDRESS) => NameEnd::NoAddress,
        _ => NameEnd::Other(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resolver_s_texts_are_told_apart() {
        let check = |text: &str, ended: NameEnd| {
            assert_eq!(end_of(&io::Error::other(format!("failed to lookup address information: {text}"))), ended);
        };
        check("Name or service not known", NameEnd::NoSuchName);
        check("No address associated with hostname", NameEnd::NoAddress);
        let text = "failed to lookup address information: Temporary failure in name resolution";
        check("Temporary failure in name resolution", NameEnd::Other(text.to_owned()));
    }

    #[test]
    fn localhost_has_an_address() {
        assert!(matches!(look_up("localhost", 80, Duration::from_secs(5)), NameEnd::Addresses(_)));
    }
}
