//! Each bad chain by curl's own verdict, with nothing but the organisation's root to trust.

use libtest_mimic::{Failed, Trial};
use wsuslab_tests::peer;

use super::curl::{NOT_TRUSTED, ask, failed};
use super::served::Served;

/// Scenario, and the reason that curl gives.
const BAD: [(&str, &str); 5] = [
    ("tls/expired", "certificate has expired"),
    ("tls/self-signed", "self-signed certificate"),
    ("tls/incomplete-chain", "unable to get local issuer certificate"),
    ("tls/untrusted-root", "unable to get local issuer certificate"),
    ("tls/wrong-host", "no alternative certificate subject name matches target host name 'wsus01.corp.example'"),
];

pub(crate) fn trials() -> Vec<Trial> {
    BAD.into_iter()
        .map(|(scenario, reason)| {
            peer::trial("curl", format!("curl/gives its reason for {scenario}"), move || gives(scenario, reason))
        })
        .collect()
}

fn gives(scenario: &str, reason: &str) -> Result<(), Failed> {
    let served = Served::start(scenario);
    let output = ask(&served, "https://wsus01.corp.example:8531", &["--cacert", &served.root("organisation")]);
    failed(&output, NOT_TRUSTED, reason)
}
