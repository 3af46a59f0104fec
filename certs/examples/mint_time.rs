//! Prints how long the keys and certificates of one world take: `cargo run --release -p certs --example mint_time`.

#![allow(clippy::print_stdout, reason = "printing is what this is for")]

use std::time::{Duration, Instant};

use certs::{Authority, CertsError, Chain, Defect, IssuedBy, KeyPool, KeyType, Request};
use time::OffsetDateTime;

const RUNS: usize = 100;

fn main() -> Result<(), CertsError> {
    let organisation = || Chain::good_for("wsus.corp.example");
    let microsoft = || Chain::good_for("sws.update.microsoft.com").issued_by(IssuedBy::Microsoft);
    // A request on which every defect can act.
    let on_all = || Chain::good_for("xn--bcher-kva.branch.corp.example").at([10, 87, 0, 10].into());
    let begun = Instant::now();
    let warm = KeyPool::warm(20 * RUNS, 1)?;
    println!("warming {} P-256 keys and one RSA key: {:?}", 20 * RUNS, begun.elapsed());
    report("one leaf, no warm key", || world(&KeyPool::default(), [organisation()]))?;
    report("one leaf", || world(&warm, [organisation()]))?;
    report("one RSA leaf", || world(&warm, [organisation().key(KeyType::Rsa2048)]))?;
    report("one self-signed leaf", || world(&warm, [organisation().issued_by(IssuedBy::Itself)]))?;
    report("a leaf of each authority", || world(&warm, [organisation(), microsoft()]))?;
    KeyPool::warm_rsa(KeyType::Rsa1024, 1)?;
    KeyPool::warm_rsa_authorities(1)?;
    for defect in Defect::ALL {
        report(&format!("one leaf with {defect}"), || world(&warm, [on_all().with(*defect)]))?;
    }
    report("one leaf, and the subject is told of both roots", || world(&warm, [organisation()])?.trust().map(|_| ()))
}

fn world<const LEAVES: usize>(keys: &KeyPool, requests: [Request; LEAVES]) -> Result<Authority, CertsError> {
    let authority = Authority::mint_for(&requests, OffsetDateTime::now_utc())?;
    for request in requests {
        authority.issue(request, keys)?;
    }
    Ok(authority)
}

fn report<T>(what: &str, mut mint: impl FnMut() -> Result<T, CertsError>) -> Result<(), CertsError> {
    let mut taken = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let begun = Instant::now();
        mint()?;
        taken.push(begun.elapsed());
    }
    taken.sort();
    println!("{what}: {} at the median", in_microseconds(taken[RUNS / 2]));
    Ok(())
}

fn in_microseconds(time: Duration) -> String {
    format!("{} µs", time.as_micros())
}
