//! The examiner: starts a world, asks the black box, compares. Everything of the `wsuslab` program but its printing.
//!
//! The runner alone sees both sides. It runs scenarios and sends events ([`run`]), a verdict compares expectation and
//! diagnosis ([`verdict`]), and reporters turn events into text ([`report`]) without seeing more than them.

pub mod catalogue_text;
pub mod cli;
pub mod diagnose;
pub mod duration;
pub mod examiner;
pub mod explain;
pub mod failure;
pub mod fired;
pub mod interruption;
pub mod journal_text;
pub mod report;
pub mod run;
pub mod select;
pub mod serve;
pub mod verdict;
pub mod workspace;

pub use failure::Failure;
