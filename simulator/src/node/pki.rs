//! The web server to which certificates point: issuers' certificates (RFC 5280, 4.2.2.1) and revocation lists (RFC 5280,
//! 4.2.1.13) over plain HTTP, as an enterprise authority publishes them with IIS.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use hyper::Method;

use crate::layer::http::{self, Answer, Asked, Reply, Site};
use crate::node::iis;
use crate::running::StartError;
use crate::running::lab::{Lab, Place};
use crate::world::{Direct, Pki};

/// Binds it; once the world stands and all its certificates are issued, it knows what it has to publish.
pub(super) async fn start(name: &str, node: &Pki, lab: &mut Lab) -> Result<(), StartError> {
    lab.enter_name(&node.name, node.address);
    let place = Place {
        node: name,
        kind: "pki",
        listener: "http",
        lab: (node.address, 80).into(),
        url: format!("http://{}/", node.name),
    };
    let Some(door) = lab.bind_tcp(&place, &node.faults).await? else { return Ok(()) };
    if node.direct == Direct::Dropped {
        lab.only_from_proxies(&place).await?;
    }
    lab.publish();
    let (http, root) = (http::Place::new(lab, &place, false, &node.faults), place.url.to_ascii_lowercase());
    lab.serve(move |grounds| {
        let site: Arc<dyn Site> = Arc::new(Shelf::at(&root, grounds.published()));
        Ok(door.serve(Arc::clone(grounds), move |conn| {
            let visit = Arc::clone(conn.visit());
            http::serve(conn, visit, Arc::clone(&site), Arc::clone(&http))
        }))
    });
    Ok(())
}

/// What is published at one name: type and content by path.
#[derive(Debug)]
struct Shelf(BTreeMap<String, (&'static str, Bytes)>);

impl Shelf {
    /// The part of all that is published whose address begins so.
    fn at(root: &str, published: &[certs::Published]) -> Shelf {
        let here = published.iter().filter_map(|file| {
            let path = file.url.strip_prefix(root)?;
            Some((format!("/{path}"), (file.content_type, Bytes::from(file.body.clone()))))
        });
        Shelf(here.collect())
    }
}

impl Site for Shelf {
    fn answer(&self, asked: &Asked) -> Reply {
        let file = self.0.get(&asked.path).filter(|_| matches!(asked.method, Method::GET | Method::HEAD));
        Reply::Answer(file.map_or_else(iis::not_found, |(content_type, body)| Answer {
            status: 200,
            headers: vec![("Content-Type", (*content_type).to_owned()), ("Server", iis::OF_TODAY.to_owned())],
            body: body.clone().into(),
            closes: false,
        }))
    }
}
