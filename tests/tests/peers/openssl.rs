//! `openssl s_client`: versions, and how many certificates a server sends.

use std::process::Command;

use libtest_mimic::{Failed, Trial};
use wsuslab_tests::peer;

use super::served::{DEADLINE, Served};

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn() -> Result<(), Failed>| peer::trial("openssl", format!("openssl/{name}"), test);
    vec![
        trial("completes TLS 1.0 and nothing newer with an old server", completes_only_tls_1_0_with_an_old_server),
        trial("completes TLS 1.2 and 1.3 with a server of today", completes_tls_1_2_and_1_3_with_a_server_of_today),
        trial("counts the certificates of each chain", counts_the_certificates),
    ]
}

fn completes_only_tls_1_0_with_an_old_server() -> Result<(), Failed> {
    for scenario in ["tls/server-version-too-old-alert", "tls/server-version-too-old-server-hello"] {
        let served = Served::start(scenario);
        completes(&served, &["-tls1", "-cipher", "DEFAULT@SECLEVEL=0"], "TLSv1,")?;
        for newer in ["-tls1_1", "-tls1_2", "-tls1_3"] {
            completes(&served, &[newer, "-cipher", "DEFAULT@SECLEVEL=0"], "(NONE),")?;
        }
    }
    Ok(())
}

fn completes_tls_1_2_and_1_3_with_a_server_of_today() -> Result<(), Failed> {
    let served = Served::start("healthy/downstream-of-https-upstream");
    completes(&served, &["-tls1_2"], "TLSv1.2,")?;
    completes(&served, &["-tls1_3"], "TLSv1.3,")?;
    completes(&served, &["-tls1", "-cipher", "DEFAULT@SECLEVEL=0"], "(NONE),")
}

fn counts_the_certificates() -> Result<(), Failed> {
    for (scenario, wanted) in [
        ("healthy/downstream-of-https-upstream", 2),
        ("tls/incomplete-chain", 1),
        ("tls/self-signed", 1),
        ("tls/expired", 2),
    ] {
        let served = Served::start(scenario);
        let sent = s_client(&served, &["-showcerts"]).matches("-----BEGIN CERTIFICATE-----").count();
        if sent != wanted {
            return Err(format!("{scenario}: {sent} certificates, expected {wanted}").into());
        }
    }
    Ok(())
}

/// s_client's line is `New, TLSv1.2, Cipher is …`, or `New, (NONE), Cipher is (NONE)`.
fn completes(served: &Served, arguments: &[&str], version: &str) -> Result<(), Failed> {
    let said = s_client(served, arguments);
    // TLS 1.0 is told as the version of the suite, which is SSLv3 or TLSv1.0; the session tells the protocol.
    let told = match version {
        "TLSv1," => said.contains("Protocol  : TLSv1\n"),
        other => said.contains(&format!("New, {other}")),
    };
    if told { Ok(()) } else { Err(format!("{arguments:?}: expected {version} in {said}").into()) }
}

fn s_client(served: &Served, arguments: &[&str]) -> String {
    let address = served.address("upstream", "https");
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", &address, "-servername", "wsus01.corp.example"]).args(arguments);
    String::from_utf8_lossy(&peer::run(&mut command, DEADLINE).stdout).into_owned()
}
