//! The black box: it looks at a WSUS server's synchronization path from outside, as its administrator could, and names the
//! cause of a failure. It learns nothing of a lab but through the network.
//!
//! Three stages that meet only in plain data: [`subject_folder`] reads what the administrator gathered, [`examine()`] touches
//! the network and never judges, [`conclude()`] judges and touches nothing.

pub mod chain;
pub mod conclude;
pub mod deadlines;
pub mod diagnosis;
pub mod evidence;
pub mod examine;
pub mod explain;
pub mod network;
pub mod path;
mod probe;
pub mod render;
pub mod rule;
pub mod rules;
#[cfg(test)]
mod scripted_peer;
pub mod secret;
pub mod subject;
pub mod subject_folder;
mod suites;
pub mod sync;
#[cfg(test)]
mod testing;
mod words;

pub use conclude::conclude;
pub use diagnosis::Diagnosis;
pub use evidence::Evidence;
pub use examine::examine;
pub use subject::Subject;
