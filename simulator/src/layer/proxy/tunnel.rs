//! A tunnel: bytes both ways until both sides have closed or one has failed. The listener closes it when it is idle.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, copy_bidirectional_with_sizes};

/// Large enough that a tunnel is not held up by system calls.
const BUFFER: usize = 64 * 1024;

/// Carries bytes between client and target. Says in words how it ended.
pub(super) async fn carry(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    target: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> String {
    let mut target = Watched { stream: target, failed: false };
    match copy_bidirectional_with_sizes(client, &mut target, BUFFER, BUFFER).await {
        Ok((up, down)) => format!("the tunnel was closed after {up} bytes to the target and {down} back"),
        Err(error) => {
            let side = if target.failed { "target" } else { "client" };
            match error.kind() {
                ErrorKind::ConnectionReset => format!("the {side} reset the tunnel"),
                kind => format!("the {side}'s side of the tunnel failed: {kind}"),
            }
        }
    }
}

/// A stream that remembers whether it failed, since a copy does not tell which of its two sides did.
struct Watched<'a, S> {
    stream: &'a mut S,
    failed: bool,
}

impl<S> Watched<'_, S> {
    fn note<T>(&mut self, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.failed |= matches!(done, Poll::Ready(Err(_)));
        done
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<'_, S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut *self.stream).poll_read(cx, buffer);
        self.note(done)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<'_, S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut *self.stream).poll_write(cx, bytes);
        self.note(done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut *self.stream).poll_flush(cx);
        self.note(done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut *self.stream).poll_shutdown(cx);
        self.note(done)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    #[tokio::test]
    async fn each_side_may_close_first_and_still_hear_the_other() {
        let (mut client, mut near) = duplex(64);
        let (mut far, mut target) = duplex(64);
        let tunnel = tokio::spawn(async move { carry(&mut near, &mut far).await });
        client.write_all(b"ping").await.unwrap();
        client.shutdown().await.unwrap();
        let mut heard = [0; 4];
        target.read_exact(&mut heard).await.unwrap();
        target.write_all(b"pong!").await.unwrap();
        drop(target);
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        assert_eq!((&heard, &answer[..]), (b"ping", &b"pong!"[..]));
        drop(client);
        assert_eq!(tunnel.await.unwrap(), "the tunnel was closed after 4 bytes to the target and 5 back");
    }

    #[tokio::test]
    async fn the_side_that_failed_is_named() {
        for (target_resets, expected) in [(true, "the target reset the tunnel"), (false, "the client reset the tunnel")]
        {
            let ((client, mut near), (target, mut far)) = (pair().await, pair().await);
            let resetting = if target_resets { &target } else { &client };
            socket2::SockRef::from(resetting).set_linger(Some(std::time::Duration::ZERO)).unwrap();
            let _kept = if target_resets {
                drop(target);
                client
            } else {
                drop(client);
                target
            };
            assert_eq!(carry(&mut near, &mut far).await, expected);
        }
    }

    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (near, listener.accept().await.unwrap().0)
    }
}
