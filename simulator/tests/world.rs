//! A running world as clients meet it: real sockets, real TLS, and what the journal says of them.
#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

#[path = "world/bad_input.rs"]
mod bad_input;
#[path = "world/changes.rs"]
mod changes;
#[path = "world/client.rs"]
mod client;
#[path = "world/compression.rs"]
mod compression;
#[path = "world/cookies.rs"]
mod cookies;
#[path = "world/files.rs"]
mod files;
#[path = "world/garbage.rs"]
mod garbage;
#[path = "world/healthy.rs"]
mod healthy;
#[path = "world/http.rs"]
mod http;
#[path = "world/inspection.rs"]
mod inspection;
#[path = "world/long_list.rs"]
mod long_list;
#[path = "world/microsoft_update.rs"]
mod microsoft_update;
#[path = "world/pki.rs"]
mod pki;
#[path = "world/range.rs"]
mod range;
#[path = "world/start.rs"]
mod start;
#[path = "world/tcp.rs"]
mod tcp;
#[path = "world/tls.rs"]
mod tls;
