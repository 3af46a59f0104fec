//! Microsoft Update: what its three names do to the paths of synchronization.

use simulator::StartOptions;
use simulator::fault::Fault;
use simulator::fault::tcp::TcpFault;
use simulator::world::{Fe2, MicrosoftUpdate};

use crate::client::{MODERN, ONLY_1_2, SYNC, ask, beside, call, get, handshake, microsoft_update, start};

const FE2: &str = "fe2.update.microsoft.com";

#[tokio::test]
async fn sws_and_sws1_answer_a_call() {
    let running = start(&microsoft_update(MicrosoftUpdate::default())).await;
    for host in ["sws.update.microsoft.com", "sws1.update.microsoft.com"] {
        let address = running.plan.real(host, 443).unwrap();
        let answer =
            beside(move || ask(&mut handshake(address, host, ONLY_1_2).unwrap(), &call(host, "GetAuthConfig"))).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("<s:Envelope"), "{answer}");
    }
}

#[tokio::test]
async fn fe2_completes_tls_and_cuts_off_whoever_synchronizes() {
    let running = start(&microsoft_update(MicrosoftUpdate::default())).await;
    let address = running.plan.real(FE2, 443).unwrap();
    let paths =
        [SYNC, "/v6/ServerSyncWebService/ServerSyncWebService.asmx", "//DssAuthWebService/DssAuthWebService.asmx"];
    for path in paths {
        let request = call(FE2, "GetAuthConfig").replacen(SYNC, path, 1);
        let answer = beside(move || ask(&mut handshake(address, FE2, MODERN).unwrap(), &request)).await;
        assert_eq!(answer, "", "{path}");
    }
    assert!(!running.journal.signed(), "a setting signs nothing");
}

#[tokio::test]
async fn fe2_knows_no_other_path() {
    let running = start(&microsoft_update(MicrosoftUpdate::default())).await;
    let address = running.plan.real(FE2, 443).unwrap();
    let answer = beside(move || ask(&mut handshake(address, FE2, MODERN).unwrap(), &get(FE2, "/v6/other.aspx"))).await;
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
}

#[tokio::test]
async fn fe2_of_2019_answers_until_get_update_data() {
    let node = MicrosoftUpdate { fe2: Fe2::FaultOf2019, ..MicrosoftUpdate::default() };
    let running = start(&microsoft_update(node)).await;
    let address = running.plan.real(FE2, 443).unwrap();
    let answer = |operation: &'static str| {
        let request = call(FE2, operation).replacen(SYNC, "/v6/ServerSyncWebService/ServerSyncWebService.asmx", 1);
        beside(move || ask(&mut handshake(address, FE2, MODERN).unwrap(), &request))
    };
    assert!(answer("GetAuthConfig").await.starts_with("HTTP/1.1 200 OK\r\n"));
    let refused = answer("GetUpdateData").await;
    assert!(refused.starts_with("HTTP/1.1 500 ") && refused.contains("InternalServerError"), "{refused}");
    assert!(!running.journal.signed(), "a setting signs nothing");
}

#[tokio::test]
async fn a_fault_on_one_listener_leaves_the_others_alone() {
    let fault = Fault { on: Some("sws".to_owned()), tcp: Some(TcpFault::Refuse {}), ..Fault::default() };
    let running = start(&microsoft_update(MicrosoftUpdate { faults: vec![fault], ..MicrosoftUpdate::default() })).await;
    let sws = running.plan.real("sws.update.microsoft.com", 443).unwrap();
    let sws1 = running.plan.real("sws1.update.microsoft.com", 443).unwrap();
    assert!(beside(move || std::net::TcpStream::connect(sws).is_err()).await);
    assert!(beside(move || handshake(sws1, "sws1.update.microsoft.com", MODERN).is_ok()).await);
}

#[cfg(unix)]
#[tokio::test]
async fn with_standard_ports_the_name_in_the_client_hello_chooses() {
    // Only a privileged user may take port 443 everywhere; where the tests may not, the error must say so.
    let bind = "127.77.0.1".parse().unwrap();
    let options = StartOptions { standard_ports: true, bind, ..StartOptions::default() };
    match microsoft_update(MicrosoftUpdate::default()).start(options).await {
        Ok(running) => {
            let address = running.plan.real("sws1.update.microsoft.com", 443).unwrap();
            assert_eq!(address, "127.77.0.1:443".parse().unwrap());
            let named = |host: &'static str| {
                beside(move || {
                    let stream = handshake(address, host, MODERN).unwrap();
                    let leaf = stream.ssl().peer_certificate().unwrap();
                    leaf.subject_name().entries().map(|entry| entry.data().as_slice().to_vec()).last().unwrap()
                })
            };
            assert_eq!(named("sws1.update.microsoft.com").await, b"sws1.update.microsoft.com");
            assert_eq!(named(FE2).await, b"fe2.update.microsoft.com");
        }
        Err(error) => assert_eq!(error.to_string(), "node microsoft-update: cannot listen on 127.77.0.1:443"),
    }
}
