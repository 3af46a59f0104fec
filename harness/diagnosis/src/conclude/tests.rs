//! The judgement as a whole: which of several findings is the cause, and when it is left open.

#![allow(clippy::unwrap_used, reason = "tests")]

use crate::conclude;
use crate::evidence::{
    ConnectEnd, ContentEnd, Ended, Evidence, HandshakeSeen, NameEnd, Offer, PartsEnd, Purpose, Seen, TlsEnd,
};
use crate::path::Scheme;
use crate::subject::{Der, TlsVersion};
use crate::testing::pki::Wanted;
use crate::testing::*;
use time::macros::datetime;

#[track_caller]
fn concludes(evidence: &Evidence, expected: &str) {
    let diagnosis = conclude(evidence);
    assert_eq!(diagnosis.cause, expected, "{diagnosis:#?}");
}

#[test]
fn every_healthy_path_is_healthy_with_no_warning() {
    for evidence in healthy() {
        let diagnosis = conclude(&evidence);
        assert_eq!((diagnosis.cause.as_str(), diagnosis.warnings.len()), ("healthy", 0), "{diagnosis:#?}");
        assert_eq!(diagnosis.not_seen, Vec::<String>::new());
    }
}

#[test]
fn the_earliest_blocked_step_is_the_cause_and_the_rest_waits_behind_it() {
    let leaf = Wanted::leaf("other.contoso.com").until(datetime!(2026-05-01 00:00 UTC));
    let evidence = https_upstream().instead(handshake(pki::chain_of(leaf)));
    let evidence = evidence.stopped_by(not_soap("GetAuthConfig", Scheme::Https, head(503, &[])));
    let diagnosis = conclude(&evidence);
    assert_eq!(diagnosis.cause, "tls/expired");
    let behind: Vec<_> = diagnosis.consequences.iter().map(|remark| remark.code.as_str()).collect();
    assert_eq!(behind, ["tls/wrong-host", "http/service-unavailable"]);
}

#[test]
fn what_stands_above_a_missing_issuer_was_not_seen() {
    let diagnosis = conclude(&https_upstream().instead(handshake(pki::chain(UPSTREAM)[..1].to_vec())));
    assert_eq!(diagnosis.cause, "tls/incomplete-chain");
    let unseen = ["the certificate of CN=Contoso Issuing CA, and whether it leads to a trusted root"];
    assert_eq!(diagnosis.not_seen, unseen);
}

#[test]
fn a_dead_endpoint_behind_a_407_is_a_warning_and_the_407_the_cause() {
    let evidence = through_proxy().step0(|step0| step0.mu_url = Some("https://fe2.update.microsoft.com/v6".to_owned()));
    let diagnosis = conclude(&evidence.stopped_by(tunnel(407, &[("Proxy-Authenticate", "Basic realm=\"x\"")])));
    assert_eq!(diagnosis.cause, "proxy/authentication-required");
    assert_eq!(diagnosis.warnings[0].code, "server/decommissioned-endpoint");
    assert_eq!(diagnosis.not_seen.len(), 5, "{:?}", diagnosis.not_seen);
}

#[test]
fn a_whole_sync_with_unknown_stores_is_undetermined_among_those_it_could_be() {
    let diagnosis = conclude(&https_upstream().host(|host| host.stores = None));
    assert_eq!(diagnosis.cause, "undetermined");
    assert_eq!(
        diagnosis.sentence,
        "everything that was looked at works; it may be tls/untrusted-root, which cannot be told for want of the \
         certificate stores of this server; decided by: certutil -store Root and certutil -store CA on this server (the \
         machine's stores, not the user's)"
    );
}

#[test]
fn doubt_about_the_stores_is_moot_over_plain_http_and_beside_a_certain_cause() {
    concludes(&http_upstream().host(|host| host.stores = None), "healthy");
    let stopped = https_upstream().stopped_by(not_soap("GetAuthConfig", Scheme::Https, head(503, &[])));
    let diagnosis = conclude(&stopped.host(|host| host.stores = None));
    assert_eq!(diagnosis.cause, "http/service-unavailable");
    assert!(
        diagnosis.considered.iter().any(|considered| considered.code == "tls/untrusted-root" && !considered.excluded)
    );
}

#[test]
fn a_wrong_password_that_is_not_at_hand_is_neither_excluded_nor_proven() {
    let evidence =
        through_proxy().credentials().stopped_by(tunnel(407, &[("Proxy-Authenticate", "Basic realm=\"x\"")]));
    let diagnosis = conclude(&evidence);
    assert_eq!(diagnosis.cause, "undetermined");
    assert!(diagnosis.sentence.contains("it may be proxy/credentials-rejected"), "{}", diagnosis.sentence);
}

#[test]
fn an_end_that_no_rule_knows_is_described_and_not_guessed() {
    let diagnosis = conclude(&https_upstream().stopped_by(failed_handshake(TlsEnd::Reset, None)));
    assert_eq!(diagnosis.cause, "undetermined");
    assert_eq!(
        diagnosis.sentence,
        "the walk stopped at the TLS handshake: up.contoso.com:8531 reset the connection in the TLS handshake after 7 \
         bytes; no rule names the cause"
    );
}

#[test]
fn a_chain_that_no_rule_explains_is_not_called_healthy() {
    concludes(&https_upstream().instead(handshake(vec![Der(vec![0x30, 0x80])])), "undetermined");
    concludes(&https_upstream().instead(handshake(Vec::new())), "undetermined");
}

#[test]
fn metadata_that_never_came_is_not_called_healthy() {
    let withheld = |evidence: Evidence| evidence.synchronized(|sync| sync.missing.push("0/1".to_owned()));
    concludes(&withheld(http_upstream()), "soap/metadata-incomplete");
    // No remedy for an upstream's catalogue is one for Microsoft's.
    concludes(&withheld(microsoft_update()), "undetermined");
    concludes(&microsoft_update().synchronized(|sync| sync.misnamed.push("0/1".to_owned())), "undetermined");
}

#[test]
fn a_wrong_part_of_a_file_says_nothing_of_its_bytes() {
    let evidence = http_upstream().fetching_file(|file| {
        file.parts = PartsEnd::Wrong("bytes 0-0/9 for bytes 0-3/9".to_owned());
        (file.received, file.ended) = (1, ContentEnd::NotCompared);
    });
    let diagnosis = conclude(&evidence);
    assert_eq!(diagnosis.cause, "content/ranges-ignored");
    assert_eq!((diagnosis.warnings, diagnosis.consequences), (vec![], vec![]));
}

#[test]
fn a_missing_field_of_step_0_is_asked_for() {
    let mut evidence = microsoft_update().step0(|step0| step0.use_proxy = None);
    evidence.observations.clear();
    let diagnosis = conclude(&evidence);
    assert_eq!(diagnosis.cause, "undetermined");
    assert!(diagnosis.sentence.contains("for want of UseProxy"), "{}", diagnosis.sentence);
}

#[test]
fn remedies_carry_the_subjects_values_and_never_a_hostile_one() {
    let refused = || https_upstream().stopped_by(connect("10.87.0.10:8531", ConnectEnd::Refused));
    assert_eq!(conclude(&refused()).first_check, "Test-NetConnection up.contoso.com -Port 8531");
    let hostile = refused().step0(|step0| step0.upstream_wsus_server_name = Some("x;del".to_owned()));
    assert_eq!(conclude(&hostile).first_check, "Test-NetConnection <host> -Port 8531");
}

#[test]
fn a_remedy_for_downstream_servers_is_not_shown_to_the_top_server() {
    let refused = microsoft_update().stopped_by(connect("198.18.1.1:443", ConnectEnd::Refused));
    let commands = conclude(&refused).remedy.into_iter().map(|action| action.command).collect::<String>();
    assert!(!commands.contains("Set-WsusServerSynchronization"), "{commands}");
}

#[test]
fn what_comes_from_the_wire_cannot_reach_the_terminal() {
    let evidence = through_proxy().stopped_by(tunnel(503, &[("X-Squid-Error", "\u{1b}[2J")]));
    let diagnosis = conclude(&evidence);
    let all = serde_json::to_string(&diagnosis).unwrap();
    assert!(!all.contains("\\u001b") && all.contains("u{1b}"), "{all}");
}

#[test]
fn saved_evidence_gives_the_same_diagnosis() {
    for evidence in healthy() {
        let saved = serde_json::to_string(&evidence).unwrap();
        assert_eq!(conclude(&serde_json::from_str(&saved).unwrap()), conclude(&evidence));
    }
}

/// Every small mutation of healthy evidence: the judgement is total, and what is dropped is never alleged.
#[test]
fn mutated_evidence_never_panics_and_lost_observations_are_never_a_cause() {
    for evidence in healthy() {
        for at in 0..evidence.observations.len() {
            let mut dropped = evidence.clone();
            dropped.observations.remove(at);
            let cause = conclude(&dropped).cause;
            assert!(!cause.contains('/'), "without observation {at}: {cause}");
            let mut cut = evidence.clone();
            cut.observations.truncate(at);
            assert_eq!(conclude(&cut).cause, "undetermined", "cut at {at}");
            for seen in odd_sights() {
                let mut altered = evidence.clone();
                altered.observations[at].seen = seen.clone();
                altered.observations[at].host = "\u{1b}]0;x\u{7}".repeat(1000);
                let _ = conclude(&altered);
                altered.subject = crate::Subject::default();
                let _ = conclude(&altered);
                altered.observations[at].purpose = Purpose::CurrentEndpoint;
                let _ = conclude(&altered);
            }
        }
    }
}

fn odd_sights() -> Vec<Seen> {
    let garbage: Vec<Der> =
        [vec![], vec![0x30], vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff], vec![0xff; 5000]].map(Der).into();
    let endless: Vec<Der> = vec![pki::intermediate().der.clone(); 3000];
    let mut broken = pki::chain(UPSTREAM);
    for byte in broken[0].0.iter_mut().skip(20).step_by(17) {
        *byte ^= 0x5a;
    }
    let Seen::Tunnel(mut silent) = tunnel(200, &[]) else { unreachable!() };
    (silent.answer, silent.ended, silent.target) = (None, Ended::NotTheProtocol("\0".repeat(100_000)), String::new());
    vec![
        no_name(NameEnd::Addresses(Vec::new())),
        no_name(NameEnd::Other("x".repeat(1_000_000))),
        connect("[::1]:0", ConnectEnd::Other("\r\n".to_owned())),
        Seen::Tunnel(silent),
        tunnel(0, &[("Proxy-Authenticate", ",,=\"\",Basic,")]),
        tunnel(407, &[("Proxy-Authenticate", "\u{202e}")]),
        handshake(garbage),
        handshake(endless),
        handshake(broken),
        failed_handshake(TlsEnd::Other(String::new()), None),
        soap_fault("", Scheme::Http, "\u{7}"),
    ]
}

#[test]
fn a_report_says_that_the_examiner_looked_behind_a_bad_chain() {
    let notes = |evidence: Evidence| {
        let lines = conclude(&evidence).evidence;
        lines.iter().filter(|line| line.starts_with("note: this server would have stopped")).count()
    };
    assert_eq!(notes(https_upstream()), 0);
    assert_eq!(notes(https_upstream().stores(|stores| stores.root = Some(Vec::new()))), 1);
}

#[test]
fn a_report_holds_both_lists_of_suites_and_what_they_share() {
    let Seen::Handshake(failed) = failed_handshake(TlsEnd::Alert(40), None) else { unreachable!() };
    let suites = vec!["TLS_RSA_WITH_AES_128_CBC_SHA".to_owned()];
    let failed = HandshakeSeen { offer: Offer { suites, ..failed.offer.clone() }, ..failed };
    let evidence = https_upstream().stopped_by(Seen::Handshake(failed)).accepting(&[TlsVersion::Tls12]);
    let lines = conclude(&evidence).evidence;
    let told: Vec<&String> = lines.iter().filter(|line| line.starts_with("suites")).collect();
    assert_eq!(
        told,
        [
            "suites that this server offers: TLS_RSA_WITH_AES_128_CBC_SHA",
            "suites that the target accepts, as far as it was asked: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "suites in common: none",
        ]
    );
}
