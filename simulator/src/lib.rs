//! The world: a fake Microsoft Update, upstream WSUS server, explicit proxy and DNS server on real sockets, that behave
//! perfectly unless a fault or a setting says otherwise. It does not know that it is a test, nor the answer.

pub mod body;
pub mod catalogue;
pub mod fault;
pub mod journal;
mod layer;
mod node;
pub mod pack;
pub mod plan;
mod platform;
pub mod running;
pub mod seam;
pub mod soap;
pub mod world;

pub use journal::Journal;
pub use plan::AddressPlan;
pub use running::{Running, StartError, StartOptions};
pub use world::World;
