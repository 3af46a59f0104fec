//! The nodes: one file per kind. Each binds its listeners, enters its names, and says what begins once the world stands.
//!
//! A kind is one function `start(name, &world::Kind, &mut Lab) -> Result<(), StartError>`, called before anything is served:
//!
//! 1. [`Lab::enter_name`] for every name that resolves to the node;
//! 2. [`Lab::bind_tcp`] with the node's faults for every TCP listener: a `Door` whose seams of the layer tcp are placed, or
//!    `None` where the kernel refuses or drops in its place; [`Lab::bind_tcp_and_udp`] for DNS;
//! 3. [`Lab::seams`] and `Seams::place` for the other layers of the listener, filtered by `Fault::is_on`;
//! 4. [`Lab::request_chain`] for certificates;
//! 5. [`Lab::serve`] with a closure that gets the [`Grounds`] (complete plan, certificates, numbering, tasks) and returns the
//!    task of the listener: for TCP `door.serve(grounds, |conn| async { … how it ended, in words })`. A task that belongs to no
//!    connection of the door is started with `grounds.tasks.spawn`; both end with the world.
//!
//! [`Grounds`]: crate::running::Grounds

use crate::running::StartError;
use crate::running::lab::Lab;
use crate::world::Node;

mod desk;
mod dns;
mod iis;
mod microsoft_update;
mod pki;
mod proxy;
pub(crate) mod upstream;

/// Binds a node.
pub(crate) async fn start(name: &str, node: &Node, lab: &mut Lab) -> Result<(), StartError> {
    match node {
        Node::MicrosoftUpdate(node) => microsoft_update::start(name, node, lab).await,
        Node::Upstream(node) => upstream::start(name, node, lab).await,
        Node::Proxy(node) => proxy::start(name, node, lab).await,
        Node::Dns(node) => dns::start(name, node, lab).await,
        Node::Pki(node) => pki::start(name, node, lab).await,
    }
}
