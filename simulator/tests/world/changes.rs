//! A catalogue that changes while the server runs, as a downstream server meets it that keeps its anchors.

use simulator::world::{After, Call, Catalogue, Change, Generated, Node, Number, Replace, Upstream};
use simulator::{Running, World};

use crate::client::{SYNC, UPSTREAM, beside, start, world};
use crate::cookies::{between, cookie_from, say};

fn changing(changes: Vec<Change>) -> World {
    let catalogue = Catalogue { changes, ..Catalogue::default() };
    world("upstream", Node::Upstream(Upstream { catalogue, ..Upstream::default() }))
}

fn after(after: After) -> Change {
    Change { after, add: None, expire: None, replace: None }
}

fn synchronizations(count: u32) -> Change {
    after(After::Synchronizations(count))
}

/// What a list of updates says: its anchor, and its revisions as `id/revision`; or the ErrorCode of a fault.
type List = Result<(String, Vec<String>), String>;

/// A downstream server: it says which updates it knows by an anchor.
async fn list(running: &Running, cookie: &str, anchor: &str) -> List {
    let say = say(running, UPSTREAM, 8530);
    let members = format!("{cookie}<filter><Anchor>{anchor}</Anchor><GetConfig>false</GetConfig></filter>");
    let answer = beside(move || say(SYNC, "GetRevisionIdList", &members)).await;
    if answer.starts_with("HTTP/1.1 500 ") {
        return Err(between(&answer, "ErrorCode"));
    }
    let identities = answer.split("<UpdateIdentity>").skip(1);
    let name = |identity: &str| format!("{}/{}", between(identity, "UpdateID"), between(identity, "RevisionNumber"));
    Ok((between(&answer, "Anchor"), identities.map(name).collect()))
}

/// Whether the metadata of a revision can be had, and what it says.
async fn metadata(running: &Running, cookie: &str, name: &str) -> String {
    let (id, revision) = name.split_once('/').unwrap();
    let members = format!(
        "{cookie}<updateIds><UpdateIdentity><UpdateID>{id}</UpdateID><RevisionNumber>{revision}</RevisionNumber>\
         </UpdateIdentity></updateIds>"
    );
    let say = say(running, UPSTREAM, 8530);
    beside(move || say(SYNC, "GetUpdateData", &members)).await
}

#[tokio::test]
async fn the_second_synchronization_gets_exactly_what_has_changed() {
    let add = Change { add: Some(Number::default()), ..synchronizations(1) };
    let expire = Change { expire: Some(Number::default()), ..synchronizations(1) };
    let running = start(&changing(vec![add, expire])).await;
    let cookie = beside(cookie_from(&running, UPSTREAM, 8530)).await;
    let (anchor, all) = list(&running, &cookie, "").await.unwrap();
    assert!(metadata(&running, &cookie, &all[0]).await.starts_with("HTTP/1.1 200 OK\r\n"));
    let (next, delta) = list(&running, &cookie, &anchor).await.unwrap();
    assert_eq!(delta.len(), 2, "{delta:?}");
    // Its metadata may be long enough to travel in a cabinet.
    let added = metadata(&running, &cookie, &delta[0]).await;
    assert!(!all.contains(&delta[0]) && added.contains("<FileDigestList><base64Binary>"), "{added}");
    let (id, revision) = delta[1].split_once('/').unwrap();
    assert!(revision == "201" && all.contains(&format!("{id}/200")), "{delta:?}");
    assert!(metadata(&running, &cookie, &delta[1]).await.contains("PublicationState=\"Expired\""));
    let (_, nothing) = list(&running, &cookie, &next).await.unwrap();
    assert_eq!(nothing, [] as [String; 0]);
}

#[tokio::test]
async fn a_replaced_catalogue_is_told_once_and_then_listed_whole() {
    let generated = Some(Generated { seed: 5, size: 3 });
    let replace = Change { replace: Some(Replace { generated }), ..synchronizations(1) };
    let running = start(&changing(vec![replace])).await;
    let cookie = beside(cookie_from(&running, UPSTREAM, 8530)).await;
    let (anchor, _) = list(&running, &cookie, "").await.unwrap();
    assert_eq!(list(&running, &cookie, &anchor).await, Err("ServerChanged".to_owned()));
    let (_, all) = list(&running, &cookie, "").await.unwrap();
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn what_changes_after_the_list_does_not_spoil_what_the_list_announced() {
    let call = Call { operation: "GetRevisionIdList".to_owned(), nth: 1 };
    let expire = Change { expire: Some(Number { updates: 3 }), ..after(After::Call(call)) };
    let running = start(&changing(vec![expire])).await;
    let cookie = beside(cookie_from(&running, UPSTREAM, 8530)).await;
    let (anchor, all) = list(&running, &cookie, "").await.unwrap();
    for name in &all {
        let answer = metadata(&running, &cookie, name).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{name}: {answer}");
    }
    assert_eq!(list(&running, &cookie, &anchor).await.unwrap().1.len(), 3);
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused_before_the_world_starts() {
    let refused = async |change: Change| changing(vec![change]).check().unwrap_err().to_string();
    let call = |operation: &str, nth| after(After::Call(Call { operation: operation.to_owned(), nth }));
    let one = Some(Number::default());
    for (change, reason) in [
        (synchronizations(1), "a change of the catalogue is exactly one of add, expire and replace"),
        (Change { add: one, ..synchronizations(0) }, "a change comes after at least one synchronization"),
        (Change { add: one, ..call("GetAuthConfig", 0) }, "calls are counted from 1"),
        (
            Change { add: one, ..call("GetUpdates", 1) },
            "\"GetUpdates\" is no operation after which a catalogue could change",
        ),
        (
            Change { add: Some(Number { updates: 0 }), ..synchronizations(1) },
            "a change of the catalogue concerns 1 to 10000 updates",
        ),
    ] {
        assert_eq!(refused(change).await, format!("node upstream: {reason}"));
    }
}
