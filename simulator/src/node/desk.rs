//! What stands behind the TLS of a socket: one site, or several that the name in the ClientHello tells apart.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::layer::http::{self, Site};
use crate::layer::tcp::{Conn, Door};
use crate::layer::tls;
use crate::layer::visit::Visit;
use crate::running::lab::Lab;

/// A site and the HTTP in front of it.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) site: Arc<dyn Site>,
    pub(super) http: Arc<http::Place>,
}

/// A desk and the TLS in front of it, before the certificates are made.
pub(super) struct Plan {
    /// The names for which it is chosen.
    pub(super) names: Vec<String>,
    pub(super) tls: tls::Plan,
    pub(super) desk: Desk,
}

struct Ready {
    names: Vec<String>,
    tls: tls::Endpoint,
    desk: Desk,
}

/// Serves the desks behind a door once the world stands. The first is for whoever names none.
pub(super) fn serve(node: &str, door: Door, plans: Vec<Plan>, lab: &mut Lab) {
    let node = node.to_owned();
    lab.serve(move |grounds| {
        let mut ready = Vec::with_capacity(plans.len());
        for Plan { names, tls, desk } in plans {
            ready.push(Ready { names, tls: tls.carry_out(&node, grounds)?, desk });
        }
        let desks: Arc<[Ready]> = ready.into();
        Ok(door.serve(Arc::clone(grounds), move |conn| receive(conn, Arc::clone(&desks))))
    });
}

async fn receive(mut conn: Conn, desks: Arc<[Ready]>) -> String {
    let hello = match tls::read_hello(&mut conn).await {
        Ok(hello) => hello,
        Err(ended) => return ended,
    };
    let named = |ready: &&Ready| hello.server_name.as_ref().is_some_and(|name| ready.names.contains(name));
    let ready = desks.iter().find(named).unwrap_or(&desks[0]);
    let desk = ready.desk.clone();
    ready.tls.serve(conn, &hello, desk).await
}

impl tls::Behind for Desk {
    fn serve<S>(self, stream: S, visit: Arc<Visit>) -> impl Future<Output = String> + Send
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        http::serve(stream, visit, self.site, self.http)
    }
}
