//! Worlds that are in no catalogue, with names, addresses, ports and keys of their own: the same codes come out. And two
//! faults at once: the one that blocks first is named, the other is not alleged, and what could not be seen is said.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "shared/examine.rs"]
mod examine;

use examine::examine;

/// Examines a world; `text` is a scenario file without what is the same in all of them.
fn conclude(text: &str) -> diagnosis::Diagnosis {
    let rest = "[expect]\ncause = 'undetermined'\n[lesson]\nsymptom = 's'\ncause = 'c'\ntell-apart = 't'\nremedy = 'r'\nreferences = ['r']";
    let file = format!("title = 'unseen'\n{text}\n{rest}\n");
    let scenario = scenarios::read("unseen", "unseen.toml", &file).unwrap_or_else(|error| panic!("{error}\n{file}"));
    examine(&scenario, None).unwrap_or_else(|error| panic!("{error}"))
}

/// One thing is wrong: it is named, and nothing else.
fn check(text: &str, cause: &str) {
    let diagnosis = conclude(text);
    assert_eq!(diagnosis.cause, cause, "{diagnosis:#?}");
    assert!(diagnosis.warnings.is_empty(), "{:#?}", diagnosis.warnings);
}

/// Two things are wrong: the first is named, the second is not alleged, and something could not be seen.
fn check_hidden(text: &str, cause: &str, hidden: &str) {
    let diagnosis = conclude(text);
    assert_eq!(diagnosis.cause, cause, "{diagnosis:#?}");
    assert!(diagnosis.warnings.is_empty(), "{:#?}", diagnosis.warnings);
    let alleged = diagnosis.consequences.iter().any(|remark| remark.code == hidden);
    assert!(!alleged, "{hidden} cannot have been seen: {:#?}", diagnosis.consequences);
    assert!(!diagnosis.not_seen.is_empty(), "{diagnosis:#?}");
}

/// An upstream server unlike that of any scenario.
const BRANCH: &str = "
    [world.upstream]
    name = 'patches.branch.test'
    aliases = ['patches']
    address = '192.0.2.77'
    http-port = 80
    https-port = 443
    key = 'rsa2048'
";

/// A proxy unlike that of any scenario.
const GATE: &str = "
    [world.gate]
    kind = 'proxy'
    name = 'gate.branch.test'
    address = '192.0.2.9'
    port = 3128
";

const FROM_UPSTREAM: &str = "[subject]\nfrom = 'upstream'\n";
const FROM_MICROSOFT: &str = "[subject]\nfrom = 'microsoft-update'\n";

#[test]
fn a_healthy_world_is_healthy_under_any_name() {
    check(&format!("{BRANCH}{FROM_UPSTREAM}"), "healthy");
    check(&format!("{BRANCH}{GATE}{FROM_UPSTREAM}"), "healthy");
    check(
        &format!("[world.microsoft-update]\nkey = 'rsa2048'\naddress = '203.0.113.40'\n{GATE}{FROM_MICROSOFT}"),
        "healthy",
    );
}

#[test]
fn a_dead_endpoint_behind_a_foreign_gate_is_one() {
    let url = "[subject.step0]\nMUUrl = 'https://fe2.update.microsoft.com/v6'\n";
    check(&format!("{GATE}{FROM_MICROSOFT}{url}"), "server/decommissioned-endpoint");
}

#[test]
fn a_name_that_is_not_known_is_one() {
    check(
        &format!("{BRANCH}[world.dns]\naddress = '192.0.2.53'\nunknown = ['patches.branch.test']\n{FROM_UPSTREAM}"),
        "dns/name-not-found",
    );
}

#[test]
fn a_refused_port_is_one() {
    check(
        &format!("{BRANCH}faults = [{{ on = 'https', tcp = {{ refuse = {{}} }} }}]\n{FROM_UPSTREAM}"),
        "tcp/connection-refused",
    );
}

#[test]
fn a_dropped_syn_is_one() {
    check(&format!("{BRANCH}faults = [{{ tcp = {{ drop = {{}} }} }}]\n{FROM_UPSTREAM}"), "tcp/no-answer");
}

#[test]
fn a_gate_that_asks_for_credentials_is_one() {
    let auth = "auth = { basic = { user = 'svc-patches', password = 'another' } }\n";
    let anonymous = "[subject.step0]\nAnonymousProxyAccess = true\n";
    check(&format!("{GATE}{auth}{FROM_MICROSOFT}{anonymous}"), "proxy/authentication-required");
    check(&format!("{GATE}{auth}{BRANCH}{FROM_UPSTREAM}{anonymous}"), "proxy/authentication-required");
    check(&format!("{GATE}{auth}{FROM_MICROSOFT}proxy-password = 'wrong'\n"), "proxy/credentials-rejected");
}

#[test]
fn a_gate_that_denies_or_does_not_resolve_is_one() {
    check(&format!("{GATE}deny = ['patches.branch.test']\n{BRANCH}{FROM_UPSTREAM}"), "proxy/connect-denied");
    check(
        &format!("{GATE}cannot-resolve = ['patches.branch.test']\n{BRANCH}{FROM_UPSTREAM}"),
        "proxy/target-unreachable",
    );
}

#[test]
fn each_bad_chain_is_itself_with_another_name_and_another_key() {
    for (defect, cause) in [
        ("expired", "tls/expired"),
        ("self-signed", "tls/self-signed"),
        ("incomplete-chain", "tls/incomplete-chain"),
        ("untrusted-root", "tls/untrusted-root"),
        ("wrong-host", "tls/wrong-host"),
    ] {
        let faults = format!("faults = [{{ on = 'https', tls = {{ certificate = '{defect}' }} }}]\n");
        check(&format!("{BRANCH}{faults}{FROM_UPSTREAM}"), cause);
        check(&format!("{BRANCH}{faults}{GATE}{FROM_UPSTREAM}"), cause);
    }
}

#[test]
fn an_old_server_is_too_old_by_either_answer_and_by_any_way() {
    for answer in ["alert", "server-hello"] {
        let faults = format!("faults = [{{ on = 'https', tls = {{ only-tls10 = {{ answer = '{answer}' }} }} }}]\n");
        check(&format!("{BRANCH}{faults}{FROM_UPSTREAM}"), "tls/server-version-too-old");
        check(&format!("{BRANCH}{faults}{GATE}{FROM_UPSTREAM}"), "tls/server-version-too-old");
    }
}

#[test]
fn a_stopped_pool_is_one_over_http_too() {
    let faults = "faults = [{ http = { pool-stopped = {} } }]\n";
    let plain = "[subject.step0]\nUpstreamWsusServerPortNumber = 80\nUpstreamWsusServerUseSsl = false\n";
    check(&format!("{BRANCH}{faults}{FROM_UPSTREAM}{plain}"), "http/service-unavailable");
    check(&format!("{BRANCH}{faults}{GATE}{FROM_UPSTREAM}{plain}"), "http/service-unavailable");
}

#[test]
fn a_scheme_that_is_not_the_ports_is_one() {
    let tls_to_plain = "[subject.step0]\nUpstreamWsusServerPortNumber = 80\nUpstreamWsusServerUseSsl = true\n";
    check(&format!("{BRANCH}{FROM_UPSTREAM}{tls_to_plain}"), "tls/port-speaks-http");
    let plain_to_tls = "[subject.step0]\nUpstreamWsusServerPortNumber = 443\nUpstreamWsusServerUseSsl = false\n";
    check(&format!("{BRANCH}{FROM_UPSTREAM}{plain_to_tls}"), "http/port-expects-tls");
}

#[test]
fn a_version_that_does_not_fit_is_one() {
    let fault = "faults = [{ soap = { answer = { error-code = 'IncompatibleProtocolVersion' } }, when = { operation = 'GetConfigData' } }]\n";
    check(&format!("{BRANCH}{fault}{FROM_UPSTREAM}"), "soap/incompatible-protocol-version");
    check(&format!("{BRANCH}protocol-version = 'none'\n{FROM_UPSTREAM}"), "soap/upstream-too-old");
    check(&format!("{BRANCH}protocol-version = '1.2'\n{FROM_UPSTREAM}"), "soap/upstream-too-old");
}

#[test]
fn of_two_faults_the_name_comes_first() {
    let text = format!(
        "{BRANCH}faults = [{{ on = 'https', tls = {{ certificate = 'expired' }} }}]\n[world.dns]\nunknown = ['patches.branch.test']\n{FROM_UPSTREAM}"
    );
    check_hidden(&text, "dns/name-not-found", "tls/expired");
}

#[test]
fn of_two_faults_the_port_comes_first() {
    let text = format!(
        "{BRANCH}faults = [{{ on = 'https', tcp = {{ refuse = {{}} }} }}, {{ on = 'http', http = {{ pool-stopped = {{}} }} }}]\n{FROM_UPSTREAM}"
    );
    check_hidden(&text, "tcp/connection-refused", "http/service-unavailable");
}

#[test]
fn of_two_faults_the_proxy_comes_first() {
    let proxy = format!("{GATE}auth = {{ basic = {{ user = 'svc' }} }}\n");
    let upstream = format!("{BRANCH}faults = [{{ on = 'https', tls = {{ certificate = 'wrong-host' }} }}]\n");
    let subject = format!("{FROM_UPSTREAM}[subject.step0]\nAnonymousProxyAccess = true\n");
    check_hidden(&format!("{proxy}{upstream}{subject}"), "proxy/authentication-required", "tls/wrong-host");
}

#[test]
fn of_two_faults_the_handshake_comes_first() {
    let text = format!(
        "{BRANCH}faults = [{{ on = 'https', tls = {{ only-tls10 = {{ answer = 'alert' }} }} }}, {{ on = 'https', http = {{ pool-stopped = {{}} }} }}]\n{FROM_UPSTREAM}"
    );
    check_hidden(&text, "tls/server-version-too-old", "http/service-unavailable");
}

#[test]
fn of_two_faults_the_certificate_comes_first_and_the_other_stands_behind_it() {
    let text = format!(
        "{BRANCH}faults = [{{ on = 'https', tls = {{ certificate = 'expired' }} }}, {{ on = 'https', http = {{ pool-stopped = {{}} }} }}]\n{FROM_UPSTREAM}"
    );
    let diagnosis = conclude(&text);
    assert_eq!(diagnosis.cause, "tls/expired", "{diagnosis:#?}");
    assert!(diagnosis.warnings.is_empty(), "{:#?}", diagnosis.warnings);
    assert!(diagnosis.consequences.iter().any(|remark| remark.code == "http/service-unavailable"), "{diagnosis:#?}");
    assert!(!diagnosis.not_seen.is_empty(), "{diagnosis:#?}");
}

/// Causes that several clients report in the same words: the code, or where there is one code the sentence, tells them apart.
#[test]
fn what_clients_report_alike_is_told_apart() {
    let plain = "[subject.step0]\nUpstreamWsusServerPortNumber = 80\nUpstreamWsusServerUseSsl = false\n";
    let not_resolved = format!("{GATE}cannot-resolve = ['patches.branch.test']\n{BRANCH}{FROM_UPSTREAM}{plain}");
    let stopped = format!("{GATE}{BRANCH}faults = [{{ http = {{ pool-stopped = {{}} }} }}]\n{FROM_UPSTREAM}{plain}");
    differ("503 of the proxy, 503 of the server", [&not_resolved, &stopped]);

    let defect = |defect: &str| {
        format!("{BRANCH}faults = [{{ on = 'https', tls = {{ certificate = '{defect}' }} }}]\n{FROM_UPSTREAM}")
    };
    differ("signed by itself, intermediate missing", [&defect("self-signed"), &defect("incomplete-chain")]);
    differ("root unknown, intermediate missing", [&defect("untrusted-root"), &defect("incomplete-chain")]);

    let fast = format!("{BRANCH}{FROM_UPSTREAM}[subject.host]\nclock = '+400d'\n");
    differ("certificate expired, clock ahead", [&defect("expired"), &fast]);

    let reset = "faults = [{ on = 'https', tcp = { reset-after = { bytes = 0 } } }]\n";
    let by_server = format!("{BRANCH}{reset}{FROM_UPSTREAM}");
    let behind_tunnel = format!("{GATE}{BRANCH}{reset}{FROM_UPSTREAM}");
    differ("reset by the server, dropped by the proxy after 200", [&by_server, &behind_tunnel]);

    let tls_to_plain = "[subject.step0]\nUpstreamWsusServerPortNumber = 80\nUpstreamWsusServerUseSsl = true\n";
    let old = format!(
        "{BRANCH}faults = [{{ on = 'https', tls = {{ only-tls10 = {{ answer = 'server-hello' }} }} }}]\n{FROM_UPSTREAM}"
    );
    differ("HTTP on the port for TLS, an old ServerHello", [&format!("{BRANCH}{FROM_UPSTREAM}{tls_to_plain}"), &old]);
}

fn differ(what: &str, worlds: [&str; 2]) {
    let [one, other] = worlds.map(conclude);
    assert!(one.cause != "healthy" && other.cause != "healthy", "{what}: {} and {}", one.cause, other.cause);
    assert_ne!((&one.cause, &one.sentence), (&other.cause, &other.sentence), "{what}");
}
