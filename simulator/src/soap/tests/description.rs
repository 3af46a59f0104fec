//! `?wsdl` against [MS-WSUSSS] 6.1 to 6.3, type by type. The lists beside this file were taken from the specification and
//! not from our tables: `name! type` is there once, `name?` at most once, `name*` any number of times, `~` may be nil,
//! `@` is an attribute.
//!
//! Two deviations: the maxima for drivers and decryption are optional, since servers before 2012 do not send them, and
//! 6.1 lacks the driver operations, which 3.1.4.7 and 3.1.4.8 have. The operations of agents in 6.3 are not offered.

use super::*;
use crate::soap::read::{Element, parse};

fn check(path: &str, expected: &str, operations: &[&str]) {
    let answer = Answer::of(Lab::wsus().send("GET", &format!("{path}?wsdl"), &[], b"").unwrap());
    let root = parse(&answer.text).unwrap().root;
    let mut shapes: Vec<String> = all(&root, "schema").into_iter().flat_map(shapes).collect();
    shapes.sort();
    assert_eq!(shapes, expected.lines().collect::<Vec<_>>(), "{path}");
    check_operations(&root, operations);
}

#[test]
fn server_sync_is_described_as_in_the_specification() {
    let operations = [
        "GetAuthConfig",
        "GetCookie",
        "GetConfigData",
        "GetRevisionIdList",
        "GetUpdateData",
        "GetUpdateDecryptionData",
        "GetDriverIdList",
        "GetDriverSetData",
        "GetRelatedRevisionsForUpdates",
        "GetDeployments",
        "DownloadFiles",
        "Ping",
    ];
    check(SYNC, include_str!("description/server-sync.txt"), &operations);
}

#[test]
fn dss_authorization_is_described_as_in_the_specification() {
    check(AUTH, include_str!("description/dss-auth.txt"), &["GetAuthorizationCookie", "Ping"]);
}

#[test]
fn reporting_is_described_as_in_the_specification() {
    let operations = [
        "GetRollupConfiguration",
        "RollupDownstreamServers",
        "RollupComputers",
        "GetOutOfSyncComputers",
        "RollupComputerStatus",
        "Ping",
    ];
    check(REPORTING, include_str!("description/reporting.txt"), &operations);
}

/// The port type and each of the two bindings has every operation, whose messages are its two wrapper elements.
fn check_operations(root: &Element<'_>, operations: &[&str]) {
    let mut expected = operations.to_vec();
    expected.sort_unstable();
    let places = [all(root, "portType"), all(root, "binding")].concat();
    let places: Vec<_> = places.into_iter().filter(|place| !place.children.is_empty()).collect();
    assert_eq!(places.len(), 3, "a port type, SOAP 1.1 and SOAP 1.2");
    for place in places {
        let named = place.children.iter().filter(|child| !attribute(child, "name").is_empty());
        named.clone().for_each(check_action);
        let mut found: Vec<_> = named.map(|operation| attribute(operation, "name")).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }
    let parts = all(root, "part").into_iter().map(|part| local(attribute(part, "element")).to_owned());
    let mut parts: Vec<_> = parts.collect();
    parts.sort_unstable();
    let both = |name: &&str| [(*name).to_owned(), format!("{name}Response")];
    let mut wanted: Vec<_> = operations.iter().flat_map(both).collect();
    wanted.sort_unstable();
    assert_eq!(parts, wanted);
}

/// In a binding the action of an operation is its namespace and its name.
fn check_action(operation: &Element<'_>) {
    let name = attribute(operation, "name");
    let bound = operation.children.iter().find(|child| child.name == "operation");
    let action = bound.map(|bound| attribute(bound, "soapAction").to_owned());
    let expected = bound.map(|_| format!("{}/{name}", place(name).1));
    assert_eq!(action, expected, "{name}");
}

fn shapes(schema: &Element<'_>) -> Vec<String> {
    let described = |child: &Element<'_>| {
        let kind = match child.name {
            "element" => "element",
            "complexType" => "type",
            _ => return None,
        };
        let members = all(child, "element").into_iter().filter(|member| !attribute(member, "type").is_empty());
        let members = members.map(member).chain(all(child, "attribute").into_iter().map(field));
        let line = format!("{kind} {}: {}", attribute(child, "name"), members.collect::<Vec<_>>().join(", "));
        Some(line.trim_end().to_owned())
    };
    schema.children.iter().filter_map(described).collect()
}

fn member(member: &Element<'_>) -> String {
    let occurs = match (attribute(member, "minOccurs"), attribute(member, "maxOccurs")) {
        ("1", "1") => "!",
        ("0", "1") => "?",
        ("0", "unbounded") => "*",
        other => panic!("{other:?}"),
    };
    let nil = if attribute(member, "nillable") == "true" { "~" } else { "" };
    format!("{}{occurs}{nil} {}", attribute(member, "name"), local(attribute(member, "type")))
}

fn field(field: &Element<'_>) -> String {
    let occurs = if attribute(field, "use") == "required" { "!" } else { "?" };
    format!("@{}{occurs} {}", attribute(field, "name"), local(attribute(field, "type")))
}

/// All elements of a name below or at this one.
fn all<'e, 'x>(element: &'e Element<'x>, name: &str) -> Vec<&'e Element<'x>> {
    let own = (element.name == name).then_some(element);
    own.into_iter().chain(element.children.iter().flat_map(|child| all(child, name))).collect()
}

fn attribute<'e>(element: &'e Element<'_>, name: &str) -> &'e str {
    element.attributes.iter().find(|(attribute, _)| attribute == name).map_or("", |(_, value)| value)
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
