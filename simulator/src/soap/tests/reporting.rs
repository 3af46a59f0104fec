//! The reporting service: what downstream servers tell, and what becomes of it.

use super::*;

const COOKIE: &str = "<cookie><Expiration>9999-12-31T23:59:59.9999999</Expiration><EncryptedData /></cookie>";
const TIME: &str = "<clientTime>2026-01-02T03:04:05.678Z</clientTime>";
const PC: &str = "d07a4d51-0000-46d1-ad86-91195cb43250";
const CHILD: &str = "5b0e9a47-1c2d-4e3f-8a9b-0c1d2e3f4a5b";

fn server(id: &str, parent: &str, is_replica: bool, time: &str) -> String {
    format!(
        "<DownstreamServerRollupInfo><ServerId>{id}</ServerId><FullDomainName>dss01.corp.example</FullDomainName>\
         <LastSyncTime>{time}</LastSyncTime><ParentServerId>{parent}</ParentServerId><Version>10.0.20348.1</Version>\
         <IsReplica>{is_replica}</IsReplica><LastRollupTime>{time}</LastRollupTime>\
         <ServerSummary><UpdateCount>7</UpdateCount></ServerSummary></DownstreamServerRollupInfo>"
    )
}

const SELF: &str = "00000000-0000-0000-0000-000000000000";
const EARLY: &str = "2026-01-02T03:00:00Z";

fn report_servers(lab: &Lab, servers: &str) -> Answer {
    lab.call("RollupDownstreamServers", &format!("{COOKIE}{TIME}<downstreamServers>{servers}</downstreamServers>"))
}

/// A report of a server directly below this one.
pub(super) fn report(lab: &Lab, id: &str, is_replica: bool) {
    assert_eq!(report_servers(lab, &server(id, SELF, is_replica, EARLY)).status, 200);
}

fn computer(parent: &str, time: &str, details: bool) -> String {
    let details =
        if details { "<Details FullDomainName='pc1.corp.example'><TargetGroupIdList /></Details>" } else { "" };
    format!(
        "<ComputerRollupInfo ComputerId='{PC}' LastSyncTime='{time}' LastSyncResult='1' ParentServerId='{parent}'>{details}\
         </ComputerRollupInfo>"
    )
}

fn report_computer(lab: &Lab, computer: &str) -> Answer {
    lab.call("RollupComputers", &format!("{COOKIE}{TIME}<computers>{computer}</computers>"))
}

fn report_status(lab: &Lab, number: i32, is_full: bool, updates: &[(u128, i32, &str)]) -> Answer {
    let update = |(id, state, time): &(u128, i32, &str)| {
        format!(
            "<ComputerStatusRollupUpdateStatus><UpdateId>{}</UpdateId><SummarizationState>{state}</SummarizationState>\
             <LastChangeTime>{time}</LastChangeTime></ComputerStatusRollupUpdateStatus>",
            Guid::of(*id)
        )
    };
    let updates: String = updates.iter().map(update).collect();
    lab.call(
        "RollupComputerStatus",
        &format!(
            "{COOKIE}{TIME}<parentServerId>{DSS}</parentServerId><computers><ComputerStatusRollupInfo>\
             <InstanceId>{DSS}</InstanceId><ComputerId>{PC}</ComputerId><RollupNumber>{number}</RollupNumber>\
             <IsFullRollup>{is_full}</IsFullRollup><UpdateStatus>{updates}</UpdateStatus></ComputerStatusRollupInfo>\
             </computers>"
        ),
    )
}

fn out_of_sync(lab: &Lab, asker: &str, number: i32) -> Answer {
    let numbers = format!(
        "<lastRollupNumbers><ComputerLastRollupNumber><ComputerId>{PC}</ComputerId><RollupNumber>{number}</RollupNumber>\
         </ComputerLastRollupNumber></lastRollupNumbers>"
    );
    lab.call("GetOutOfSyncComputers", &format!("{COOKIE}<parentServerId>{asker}</parentServerId>{numbers}"))
}

#[test]
fn the_configuration_has_the_maxima_of_every_real_server() {
    let lab = Lab::wsus();
    let result = lab.call("GetRollupConfiguration", COOKIE).one("GetRollupConfigurationResult");
    let (reset, id) =
        (Guid::named(&format!("rollup/{}/0", Guid::named("server/upstream"))), Guid::named("server/upstream"));
    assert_eq!(
        result,
        format!(
            "<DoDetailedRollup>true</DoDetailedRollup><RollupResetGuid>{reset}</RollupResetGuid><ServerId>{id}</ServerId>\
             <RollupDownstreamServersMaxBatchSize>5000</RollupDownstreamServersMaxBatchSize>\
             <RollupComputersMaxBatchSize>1500</RollupComputersMaxBatchSize>\
             <GetOutOfSyncComputersMaxBatchSize>20000</GetOutOfSyncComputersMaxBatchSize>\
             <RollupComputerStatusMaxBatchSize>500</RollupComputerStatusMaxBatchSize>"
        )
    );
}

#[test]
fn a_server_is_known_from_its_authorization_and_reports_the_rest_later() {
    let lab = Lab::wsus();
    lab.authorization();
    let known = |lab: &Lab| lab.services.state().downstream_servers()[0].1.clone();
    assert_eq!((known(&lab).name.as_str(), known(&lab).is_replica), ("dss01.corp.example", None));
    report(&lab, DSS, true);
    let server = known(&lab);
    assert_eq!((server.is_replica, server.version.as_str(), server.summary.0[0]), (Some(true), "10.0.20348.1", 7));
    assert_eq!(server.parent, Some(Guid::named("server/upstream")));
}

#[test]
fn a_report_that_is_older_than_the_last_changes_nothing() {
    let lab = Lab::wsus();
    report(&lab, DSS, true);
    report_servers(&lab, &server(DSS, SELF, false, "2026-01-02T02:00:00Z"));
    assert_eq!(lab.services.state().downstream_servers()[0].1.is_replica, Some(true));
}

#[test]
fn the_times_of_a_clock_that_differs_are_shifted() {
    let lab = Lab::wsus();
    let time = "<clientTime>2026-01-02T05:04:05.678Z</clientTime>";
    let servers = server(DSS, SELF, true, "2026-01-02T05:00:00Z");
    lab.call("RollupDownstreamServers", &format!("{time}<downstreamServers>{servers}</downstreamServers>"));
    let last = lab.services.state().downstream_servers()[0].1.last_rollup;
    assert_eq!(last, Some(datetime!(2026-01-02 03:00 UTC)));
}

#[test]
fn a_server_below_an_unknown_one_is_an_internal_error() {
    let lab = Lab::wsus();
    let answer = report_servers(&lab, &server(DSS, PC, true, EARLY));
    assert_eq!(answer.fault(), "InternalServerError()");
    assert!(lab.services.state().downstream_servers().is_empty());
}

#[test]
fn a_new_computer_without_details_must_come_again_with_them() {
    let lab = Lab::wsus();
    report(&lab, DSS, true);
    let bare = report_computer(&lab, &computer(DSS, EARLY, false));
    assert!(bare.text.contains(&format!(
        "<RollupComputersResult><ChangedComputer ComputerId=\"{PC}\" Change=\"NewParent\" /></RollupComputersResult>"
    )));
    let whole = report_computer(&lab, &computer(DSS, EARLY, true));
    assert!(whole.text.contains("<RollupComputersResult /></RollupComputersResponse>"), "{}", whole.text);
    assert_eq!(lab.services.state().computers()[0].1.name, "pc1.corp.example");
    assert!(report_computer(&lab, &computer(DSS, EARLY, false)).text.contains("<RollupComputersResult />"));
}

#[test]
fn a_deleted_computer_is_said_to_be_deleted() {
    let lab = Lab::wsus();
    report(&lab, DSS, true);
    report_computer(&lab, &computer(DSS, EARLY, true));
    lab.services.state().delete_computer(PC);
    assert!(report_computer(&lab, &computer(DSS, EARLY, true)).text.contains("Change=\"Deleted\""));
    assert!(lab.services.state().computers().is_empty());
}

#[test]
fn a_computer_below_an_unknown_server_is_an_internal_error() {
    let lab = Lab::wsus();
    assert_eq!(report_computer(&lab, &computer(DSS, EARLY, true)).fault(), "InternalServerError()");
}

#[test]
fn a_status_is_kept_newest_first_and_a_full_report_begins_anew() {
    let lab = Lab::wsus();
    report(&lab, DSS, true);
    report_computer(&lab, &computer(DSS, EARLY, true));
    let status = |lab: &Lab| {
        let states = lab.services.state().computers()[0].1.status.clone();
        states.into_iter().map(|(id, (state, _))| (id.0[15], state)).collect::<Vec<_>>()
    };
    assert_eq!(report_status(&lab, 1, true, &[(1, 2, EARLY), (2, 4, EARLY)]).one("RollupComputerStatusResult"), "true");
    report_status(&lab, 2, false, &[(1, 4, "2026-01-02T03:01:00Z"), (2, 1, "2026-01-01T00:00:00Z")]);
    assert_eq!(status(&lab), [(1, 4), (2, 4)]);
    report_status(&lab, 3, true, &[(3, 5, EARLY)]);
    assert_eq!(status(&lab), [(3, 5)]);
}

#[test]
fn a_computer_is_out_of_sync_when_its_last_report_has_another_number() {
    let lab = Lab::wsus();
    report(&lab, DSS, true);
    report_computer(&lab, &computer(DSS, EARLY, true));
    report_status(&lab, 3, true, &[]);
    assert_eq!(out_of_sync(&lab, DSS, 2).one("GetOutOfSyncComputersResult"), format!("<string>{PC}</string>"));
    assert!(out_of_sync(&lab, DSS, 3).text.contains("<GetOutOfSyncComputersResult />"));
    assert!(out_of_sync(&lab, PC, 2).text.contains("<GetOutOfSyncComputersResult />"));
}

#[test]
fn a_computer_below_a_server_of_the_one_that_asks_is_looked_at_too() {
    let lab = Lab::wsus();
    report(&lab, DSS, false);
    assert_eq!(report_servers(&lab, &server(CHILD, DSS, true, EARLY)).status, 200);
    report_computer(&lab, &computer(CHILD, EARLY, true));
    assert_eq!(out_of_sync(&lab, DSS, 2).one("GetOutOfSyncComputersResult"), format!("<string>{PC}</string>"));
}

#[test]
fn a_computer_that_moved_must_come_again_with_details_and_is_named_once() {
    let lab = Lab::wsus();
    report(&lab, DSS, false);
    report(&lab, CHILD, false);
    report_computer(&lab, &computer(DSS, EARLY, true));
    let moved = report_computer(&lab, &[computer(CHILD, EARLY, false), computer(DSS, EARLY, false)].concat());
    let named = format!("<ChangedComputer ComputerId=\"{PC}\" Change=\"NewParent\" />");
    assert_eq!(moved.one("RollupComputersResult"), named);
}

#[test]
fn an_older_report_of_a_computer_changes_nothing() {
    let lab = Lab::wsus();
    report(&lab, DSS, false);
    report(&lab, CHILD, false);
    report_computer(&lab, &computer(DSS, EARLY, true));
    let late = report_computer(&lab, &computer(CHILD, "2026-01-02T02:00:00Z", false));
    assert!(late.text.contains("<RollupComputersResult />"), "{}", late.text);
    assert_eq!(lab.services.state().computers()[0].1.parent.to_string(), DSS);
}

#[test]
fn the_summaries_of_all_servers_of_a_report_count_together() {
    let lab = Lab::wsus();
    let with = |count| {
        let clients = "<DownstreamServerRollupClientSummary />".repeat(count);
        let summaries = format!("<ClientSummaries>{clients}</ClientSummaries></DownstreamServerRollupInfo>");
        server(DSS, SELF, true, EARLY).replace("</DownstreamServerRollupInfo>", &summaries)
    };
    assert_eq!(
        report_servers(&lab, &[with(2500), with(2501)].concat()).fault(),
        "InvalidParameters(downstreamServers)"
    );
    assert_eq!(report_servers(&lab, &[with(2500), with(2500)].concat()).status, 200);
}

#[test]
fn lists_must_be_there_and_not_too_long() {
    let lab = Lab::wsus();
    let clients = "<DownstreamServerRollupClientSummary />".repeat(5001);
    let cases = [
        (
            "RollupDownstreamServers",
            "downstreamServers",
            format!(
                "<DownstreamServerRollupInfo><ClientSummaries>{clients}</ClientSummaries></DownstreamServerRollupInfo>"
            ),
        ),
        ("RollupComputers", "computers", "<ComputerRollupInfo />".repeat(1501)),
        ("GetOutOfSyncComputers", "lastRollupNumbers", "<ComputerLastRollupNumber />".repeat(20_001)),
        ("RollupComputerStatus", "computers", "<ComputerStatusRollupInfo />".repeat(501)),
    ];
    for (operation, list, items) in cases {
        let fault = format!("InvalidParameters({list})");
        assert_eq!(lab.call(operation, &format!("{COOKIE}{TIME}")).fault(), fault);
        assert_eq!(lab.call(operation, &format!("{COOKIE}{TIME}<{list}>{items}</{list}>")).fault(), fault);
    }
}

#[test]
fn client_summaries_count_over_all_servers_of_a_report() {
    let lab = Lab::wsus();
    let with = |counts: [usize; 2]| {
        let clients = |count| "<DownstreamServerRollupClientSummary />".repeat(count);
        let one = |count| {
            server(DSS, SELF, true, EARLY).replace(
                "</ServerSummary>",
                &format!("</ServerSummary><ClientSummaries>{}</ClientSummaries>", clients(count)),
            )
        };
        report_servers(&lab, &counts.map(one).concat())
    };
    assert_eq!(with([2500, 2500]).status, 200);
    assert_eq!(with([2500, 2501]).fault(), "InvalidParameters(downstreamServers)");
}

#[test]
fn the_configuration_is_given_without_any_input() {
    assert_eq!(Lab::wsus().call("GetRollupConfiguration", "").status, 200);
}

#[test]
fn without_detailed_roll_up_computers_are_refused() {
    let settings =
        ServiceSettings { detailed_rollup: false, ..ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20") };
    let lab = Lab::of(settings);
    assert_eq!(lab.call("GetRollupConfiguration", COOKIE).one("DoDetailedRollup"), "false");
    let members = format!("{COOKIE}{TIME}<computers /><lastRollupNumbers />");
    for operation in ["RollupComputers", "GetOutOfSyncComputers", "RollupComputerStatus"] {
        assert_eq!(lab.call(operation, &members).fault(), "InternalServerError()", "{operation}");
    }
}

#[test]
fn a_wrong_attribute_gets_the_words_of_the_framework() {
    let answer = report_computer(&Lab::wsus(), "<ComputerRollupInfo LastSyncTime='soon' />");
    assert!(answer.one("faultstring").ends_with("The string 'soon' is not a valid AllXsd value."));
}

#[test]
fn microsoft_update_has_no_reporting_service() {
    assert_eq!(Lab::microsoft_update().send("GET", REPORTING, &[], b""), None);
}
