//! The sample messages of [MS-WSUSSS] section 4: requests go through the simulator's server, responses through the black
//! box's client. The two share no code, so that one mistake cannot agree with itself; this file shares none with either and
//! cuts text by hand.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "transcripts/client.rs"]
mod client;
#[path = "transcripts/requests.rs"]
mod requests;
#[path = "transcripts/responses.rs"]
mod responses;
#[path = "transcripts/services.rs"]
mod services;

/// A transcript, as `get-cookie.request`.
fn transcript(name: &str) -> String {
    let file = wsuslab_tests::source::root().join("tests/transcripts").join(format!("{name}.xml"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
