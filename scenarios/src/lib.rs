//! The questions: one TOML file each, and the code that reads them.
//!
//! A scenario is a world, the subject set in it, the expected diagnosis and the lesson. Everything is good by default, and a
//! file names only its deviation. The path is the id: `scenarios/tls/expired.toml` is `tls/expired`.

mod alone;
mod catalogue;
mod control;
mod error;
pub mod network;
mod read;
pub mod scenario;
pub mod subject;
pub mod subject_files;

pub use catalogue::{LAYERS, catalogue, find, read_file};
pub use error::{ReadError, ReadFileError};
pub use read::read;
pub use scenario::{Expect, Lesson, Scenario};
pub use subject::Subject;
pub use subject_files::SubjectFiles;
