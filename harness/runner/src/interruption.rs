//! The wish that the program ends: Ctrl-C, or the system's own request.

use std::io;

/// Listens from now on, so that no wish is missed; the future ends with the first. To be called on a tokio runtime.
///
/// # Errors
///
/// When the system would not tell.
#[cfg(unix)]
pub fn listen() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Listens from now on, so that no wish is missed; the future ends with the first. To be called on a tokio runtime.
///
/// # Errors
///
/// When the system would not tell.
#[cfg(windows)]
pub fn listen() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close};
    let (mut interrupted, mut broken, mut closed) = (ctrl_c()?, ctrl_break()?, ctrl_close()?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = broken.recv() => {}
            _ = closed.recv() => {}
        }
    })
}
