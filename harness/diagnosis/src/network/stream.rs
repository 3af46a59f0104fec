//! What HTTP runs over: TCP, or TLS over TCP.

use std::io::{self, Read, Write};

use openssl::ssl::SslStream;

use super::watched::Watched;

/// The stream.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(Watched),
    Tls(SslStream<Watched>),
}

impl Stream {
    /// What lies below every protocol.
    pub(crate) fn watched(&self) -> &Watched {
        match self {
            Stream::Plain(watched) => watched,
            Stream::Tls(tls) => tls.get_ref(),
        }
    }

    /// What lies below every protocol.
    pub(crate) fn watched_mut(&mut self) -> &mut Watched {
        match self {
            Stream::Plain(watched) => watched,
            Stream::Tls(tls) => tls.get_mut(),
        }
    }

    /// Says goodbye as TLS wants it (RFC 8446, 6.1), so that the peer need not take our leaving for a truncation.
    pub(crate) fn close(self) {
        if let Stream::Tls(mut tls) = self {
            // A peer that is gone already needs no goodbye.
            let _ = tls.shutdown();
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(watched) => watched.read(buffer),
            Stream::Tls(tls) => tls.read(buffer).inspect_err(|error| {
                if let Some(code) = fatal_alert(error) {
                    tls.get_mut().alerted(code);
                }
            }),
        }
    }
}

fn fatal_alert(error: &io::Error) -> Option<u8> {
    sealed_alert(error.get_ref()?.downcast_ref()?)
}

/// OpenSSL numbers the alerts that it received from here on (`SSL_AD_REASON_OFFSET`).
const ALERT_REASONS: i32 = 1000;

/// The alert that the TLS library read, where one is the reason of an error.
pub(crate) fn sealed_alert(error: &openssl::ssl::Error) -> Option<u8> {
    let reasons = error.ssl_error()?.errors().iter().map(|error| error.reason_code());
    reasons.filter_map(|reason| u8::try_from(reason - ALERT_REASONS).ok()).next()
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(watched) => watched.write(bytes),
            Stream::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(watched) => watched.flush(),
            Stream::Tls(tls) => tls.flush(),
        }
    }
}
