//! The explicit proxy.

use std::sync::Arc;

use crate::layer::proxy::{ExplicitProxy, ProxySeam};
use crate::running::StartError;
use crate::running::lab::{Lab, Place};
use crate::seam::Seams;
use crate::world::Proxy;

/// Binds it; once the world stands, it forwards.
pub(super) async fn start(name: &str, node: &Proxy, lab: &mut Lab) -> Result<(), StartError> {
    lab.enter_name(&node.name, node.address);
    let place = Place {
        node: name,
        kind: "proxy",
        listener: "proxy",
        lab: (node.address, node.port).into(),
        url: format!("http://{}:{}/", node.name, node.port),
    };
    let Some(door) = lab.bind_tcp(&place, &node.faults).await? else { return Ok(()) };
    let mut seams: Seams<dyn ProxySeam> = lab.seams(&place);
    for fault in node.faults.iter().filter(|fault| fault.is_on(place.listener)) {
        if let Some((name, at_seam)) = fault.proxy.as_ref().map(|proxy| proxy.at_seam()) {
            seams.place(name, fault.when.clone(), at_seam);
        }
    }
    let settings = node.clone();
    lab.serve(move |grounds| {
        let proxy = Arc::new(ExplicitProxy::new(&settings, Arc::clone(&grounds.plan), seams));
        Ok(door.serve(Arc::clone(grounds), move |conn| {
            let proxy = Arc::clone(&proxy);
            async move {
                let visit = Arc::clone(conn.visit());
                proxy.serve(conn, &visit).await
            }
        }))
    });
    Ok(())
}
