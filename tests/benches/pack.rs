//! The packings and the catalogues that answers are made of. `cargo bench -p wsuslab-tests --bench pack`.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has failed")]

use divan::Bencher;
use divan::counter::BytesCount;
use simulator::catalogue::generated::Generated;
use simulator::catalogue::{Catalogue, Part};
use simulator::pack::cabinet::Blob;
use simulator::pack::xpress;

fn main() {
    divan::main();
}

/// About 4 MB of documents.
fn documents() -> String {
    let catalogue = Generated::new(1, 1_000);
    (0..1_000).map(|place| catalogue.metadata(catalogue.identity(place)).unwrap().xml.to_string()).collect()
}

#[divan::bench]
fn xpress_encode(bencher: Bencher<'_, '_>) {
    let body = documents();
    bencher.counter(BytesCount::new(body.len())).bench_local(|| xpress::encode(body.as_bytes()));
}

#[divan::bench]
fn xpress_decode(bencher: Bencher<'_, '_>) {
    let body = documents();
    let encoded = xpress::encode(body.as_bytes());
    bencher.counter(BytesCount::new(body.len())).bench_local(|| xpress::decode(&encoded, body.len()).unwrap());
}

#[divan::bench]
fn blob(bencher: Bencher<'_, '_>) {
    let text = documents();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| Blob::new(&text).unwrap().into_vec());
}

#[divan::bench]
fn a_million_begin() -> Generated {
    Generated::new(1, 1_000_000)
}

#[divan::bench]
fn a_million_listed(bencher: Bencher<'_, '_>) {
    let catalogue = Generated::new(1, 1_000_000);
    bencher.bench_local(|| catalogue.revisions(Part::Updates, None).count());
}

#[divan::bench]
fn a_hundred_of_a_million(bencher: Bencher<'_, '_>) {
    let catalogue = Generated::new(1, 1_000_000);
    let since = catalogue.changed() - time::Duration::seconds(1_000);
    bencher.bench_local(|| catalogue.revisions(Part::Updates, Some(since)).collect::<Vec<_>>());
}

#[divan::bench]
fn a_document(bencher: Bencher<'_, '_>) {
    let catalogue = Generated::new(1, 1_000_000);
    let identity = catalogue.identity(123_456);
    bencher.bench_local(|| catalogue.metadata(identity));
}
