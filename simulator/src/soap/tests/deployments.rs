//! GetDeployments and DownloadFiles.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::catalogue::{Identity, Part, Sha1};
use crate::soap::state::{Administration, Deployment};

const LATER: &str = "<syncAnchor>1,2026-01-02 03:04:05.678</syncAnchor>";

fn deployments(lab: &Lab, anchors: &str) -> Answer {
    let answer = lab.call("GetDeployments", &format!("{}{anchors}", lab.cookie()));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

#[test]
fn a_replica_gets_every_group_and_what_was_approved_up_to_its_anchor() {
    let lab = Lab::wsus();
    let answer = deployments(&lab, LATER);
    assert_eq!(
        answer.one("GetDeploymentsResult").split("<Deployments>").next().unwrap().to_owned(),
        format!(
            "<Anchor>1,2026-01-02 03:04:05.678</Anchor><Groups><ServerSyncTargetGroup>\
         <TargetGroupID>a0a08746-4dbe-4a37-9adf-9e7652c0b421</TargetGroupID>\
         <ParentGroupId>00000000-0000-0000-0000-000000000000</ParentGroupId><Name>All Computers</Name>\
         <IsBuiltin>true</IsBuiltin></ServerSyncTargetGroup><ServerSyncTargetGroup>\
         <TargetGroupID>b73ca6ed-5727-47f3-84de-015e03f6a88a</TargetGroupID>\
         <ParentGroupId>a0a08746-4dbe-4a37-9adf-9e7652c0b421</ParentGroupId><Name>Unassigned Computers</Name>\
         <IsBuiltin>true</IsBuiltin></ServerSyncTargetGroup><ServerSyncTargetGroup><TargetGroupID>{}</TargetGroupID>\
         <ParentGroupId>a0a08746-4dbe-4a37-9adf-9e7652c0b421</ParentGroupId><Name>wsuslab pilots</Name>\
         <IsBuiltin>false</IsBuiltin></ServerSyncTargetGroup></Groups>",
            Guid::named("target-group/pilots"),
        )
    );
    assert_eq!(answer.all("ServerSyncDeployment").len(), 16);
    assert_eq!(answer.all("Action").iter().filter(|action| *action == "0").count(), 8);
    assert!(answer.all("Deadline").iter().all(|deadline| deadline == "9999-12-31T23:59:59.9999999"));
    assert_eq!(answer.one("HiddenUpdates").matches("<guid>").count(), 1);
    assert!(answer.text.contains("<DeadDeployments />"));
    let eula = Guid::named("eula/wsuslab-licence-1.txt");
    assert_eq!(answer.one("AcceptedEulas"), format!("<guid>{eula}</guid>"));
}

#[test]
fn the_anchor_of_an_answer_begins_an_empty_delta_with_the_full_lists() {
    let lab = Lab::wsus();
    let anchor = deployments(&lab, LATER).one("Anchor");
    let again = deployments(&lab, &format!("<deploymentAnchor>{anchor}</deploymentAnchor>{LATER}"));
    assert!(again.text.contains("<Deployments />"));
    assert_eq!((again.all("ServerSyncTargetGroup").len(), again.all("HiddenUpdates").len()), (3, 1));
    let early = deployments(&lab, "<syncAnchor>1,1999-01-01 00:00:00.000</syncAnchor>");
    assert!(early.text.contains("<Deployments />"));
}

#[test]
fn what_was_removed_is_dead_and_the_counter_rises() {
    let lab = Lab::wsus();
    let made = |id| Deployment {
        id: Guid::of(id),
        revision: Identity { id: Guid::of(7), revision: 1 },
        group: Guid::of(8),
        action: 3,
        admin_name: "CORP\\a".to_owned(),
        made: NOW,
        removed: None,
    };
    lab.services.state().administration(Administration::default, |decisions| {
        decisions.approve(made(1));
        decisions.approve(made(2));
        decisions.remove(Guid::of(2), NOW + Duration::HOUR);
    });
    let now = deployments(&lab, LATER);
    assert_eq!((now.one("Anchor"), now.all("DeploymentGuid").len()), ("4,2026-01-02 03:04:05.678".to_owned(), 2));
    let anchors = format!(
        "<deploymentAnchor>{}</deploymentAnchor><syncAnchor>1,2026-01-02 05:00:00.000</syncAnchor>",
        now.one("Anchor")
    );
    let later = deployments(&lab, &anchors);
    assert_eq!(later.one("DeadDeployments"), format!("<guid>{}</guid>", Guid::of(2)));
    assert!(later.text.contains("<Deployments />"));
}

#[test]
fn a_server_that_reported_itself_autonomous_gets_nothing_and_a_replica_all() {
    for (is_replica, groups) in [(false, 0), (true, 3)] {
        let lab = Lab::wsus();
        let cookie = lab.cookie();
        super::reporting::report(&lab, DSS, is_replica);
        let answer = lab.call("GetDeployments", &format!("{cookie}{LATER}"));
        assert_eq!(answer.all("ServerSyncTargetGroup").len(), groups, "{}", answer.text);
    }
}

fn digests(digests: &[&[u8]]) -> String {
    let items = digests.iter().map(|digest| format!("<base64Binary>{}</base64Binary>", STANDARD.encode(digest)));
    format!("<fileDigestList>{}</fileDigestList>", items.collect::<String>())
}

fn known() -> Sha1 {
    let catalogue = BuiltIn::new();
    let mut metadata = catalogue.revisions(Part::Updates, None).filter_map(|row| catalogue.metadata(row.identity));
    metadata.find_map(|metadata| metadata.files.first().map(|file| file.sha1)).unwrap()
}

#[test]
fn files_that_are_asked_for_are_remembered_and_the_response_is_an_empty_element() {
    let lab = Lab::wsus();
    let answer = lab.call("DownloadFiles", &format!("{}{}", lab.cookie(), digests(&[&known().0])));
    assert!(answer.text.contains(
        "<soap:Body><DownloadFilesResponse xmlns=\"http://www.microsoft.com/SoftwareDistribution\" /></soap:Body>"
    ));
    assert_eq!(lab.services.state().requested_files(), [known()]);
}

#[test]
fn unknown_digests_are_named_in_the_fault() {
    let lab = Lab::wsus();
    let answer = lab.call("DownloadFiles", &format!("{}{}", lab.cookie(), digests(&[&[1; 20], &known().0, b"short"])));
    assert_eq!(answer.fault(), "FileDigestsMissing(AQEBAQEBAQEBAQEBAQEBAQEBAQE=|c2hvcnQ=)");
    assert!(lab.services.state().requested_files().is_empty());
}

#[test]
fn ping_and_related_revisions_say_as_little_as_they_may() {
    let lab = Lab::wsus();
    let ping = lab.call("Ping", "<pingLevel>1</pingLevel>");
    assert!(
        ping.text
            .contains("<PingResponse xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/IMonitorable\">")
    );
    assert_eq!((ping.one("SuccessFlag"), ping.one("ServicesMachine")), ("true".into(), "wsus01.corp.example".into()));
    let related = lab.call("GetRelatedRevisionsForUpdates", "");
    assert!(related.text.contains("<GetRelatedRevisionsForUpdatesResult /></GetRelatedRevisionsForUpdatesResponse>"));
}
