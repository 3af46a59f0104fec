//! GetRevisionIdList: its two lists, its filters, its anchors.

use super::*;
use crate::catalogue::generated::Generated;
use crate::catalogue::{Changing, Identity, Metadata, Part, Revision};

const SERVER_2019: &str = "f702a48c-919b-45d6-9aef-ca4248d50397";
const DEFENDER: &str = "8c3fcc84-7410-4a95-8b89-a166a0190486";
const SECURITY: &str = "0fa1201d-4330-4fa8-8ae9-b877473b6441";
const DEFINITIONS: &str = "e0789628-ce08-4437-be74-2495b842f43b";
/// In the middle of the built-in updates, none of which is newer than the end.
const MIDDLE: &str = "<Anchor>77,2025-02-12 18:00:00.000</Anchor>";

fn list(lab: &Lab, filter: &str) -> Answer {
    let answer = lab.call("GetRevisionIdList", &format!("{}<filter>{filter}</filter>", lab.cookie()));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

fn count(lab: &Lab, filter: &str) -> usize {
    list(lab, filter).all("UpdateIdentity").len()
}

fn ids(name: &str, ids: &[(&str, bool)]) -> String {
    let items = ids.iter().map(|(id, delta)| format!("<IdAndDelta><Id>{id}</Id><Delta>{delta}</Delta></IdAndDelta>"));
    format!("<{name}>{}</{name}>", items.collect::<String>())
}

fn both(product: (&str, bool), classification: (&str, bool)) -> String {
    ids("Categories", &[product]) + &ids("Classifications", &[classification])
}

#[test]
fn the_two_lists_have_what_the_catalogue_has() {
    let lab = Lab::wsus();
    assert_eq!(count(&lab, "<GetConfig>true</GetConfig>"), 27);
    assert_eq!(count(&lab, "<GetConfig>false</GetConfig>"), 31);
    assert_eq!(count(&lab, ""), 31);
}

#[test]
fn the_configuration_ignores_the_other_filters() {
    let filter = format!("<GetConfig>true</GetConfig>{}", ids("Categories", &[(SERVER_2019, false)]));
    assert_eq!(count(&Lab::wsus(), &filter), 27);
}

#[test]
fn both_lists_together_select_what_is_in_both() {
    let lab = Lab::wsus();
    assert_eq!(count(&lab, &both((SERVER_2019, false), (SECURITY, false))), 6);
    assert_eq!(count(&lab, &both((DEFENDER, false), (DEFINITIONS, false))), 8);
    assert_eq!(count(&lab, &both((DEFENDER, false), (SECURITY, false))), 0);
    let two = ids("Categories", &[(SERVER_2019, false), (DEFENDER, false)])
        + &ids("Classifications", &[(SECURITY, false), (DEFINITIONS, false)]);
    assert_eq!(count(&lab, &two), 14);
}

#[test]
fn one_list_without_the_other_selects_nothing() {
    let lab = Lab::wsus();
    assert_eq!(count(&lab, &ids("Categories", &[(SERVER_2019, false)])), 0);
    assert_eq!(count(&lab, &ids("Classifications", &[(SECURITY, false)])), 0);
    assert!(list(&lab, &ids("Classifications", &[(SECURITY, false)])).text.contains("<NewRevisions />"));
}

#[test]
fn empty_lists_are_no_lists() {
    assert_eq!(count(&Lab::wsus(), "<Categories /><Classifications />"), 31);
}

#[test]
fn the_anchor_of_an_answer_begins_an_empty_delta() {
    for lab in Lab::both() {
        for get_config in ["true", "false"] {
            let whole = list(&lab, &format!("<GetConfig>{get_config}</GetConfig>"));
            let anchor = whole.one("Anchor");
            assert_eq!(count(&lab, &format!("<Anchor>{anchor}</Anchor><GetConfig>{get_config}</GetConfig>")), 0);
        }
    }
}

#[test]
fn each_kind_of_server_writes_its_own_anchor() {
    assert_eq!(list(&Lab::wsus(), "").one("Anchor"), "1,2026-01-02 03:04:05.678");
    assert_eq!(list(&Lab::microsoft_update(), "").one("Anchor"), "2026-01-02 03:04:05.678");
}

#[test]
fn the_anchor_never_lies_before_the_catalogue() {
    let lab = Lab::wsus().later(Duration::days(-3650));
    let anchor = list(&lab, "").one("Anchor");
    assert_eq!(anchor, "1,2025-02-19 06:00:00.450");
    assert_eq!(count(&lab, &format!("<Anchor>{anchor}</Anchor>")), 0);
}

#[test]
fn the_time_of_an_anchor_decides_and_its_counter_does_not() {
    let lab = Lab::wsus();
    let after = |anchor: &str| count(&lab, &format!("<Anchor>{anchor}</Anchor>"));
    assert_eq!(after("1,2025-02-12 18:00:00.000"), after("2147483647,2025-02-12 18:00:00.000"));
    assert_eq!(after("2025-02-12 18:00:00.000"), 27);
    assert_eq!(after("1,2999-01-01 00:00:00.000"), 0);
    assert_eq!(after(""), 31);
    assert_eq!(after("1,1999-01-01 00:00:00.000"), 31);
}

#[test]
fn a_delta_of_an_id_keeps_to_the_anchor_and_a_new_id_reaches_behind_it() {
    let lab = Lab::wsus();
    let after = |product_delta, classification_delta| {
        let lists = both((SERVER_2019, product_delta), (SECURITY, classification_delta));
        count(&lab, &format!("{MIDDLE}{lists}"))
    };
    assert_eq!(after(true, true), 2);
    assert_eq!(after(false, true), 6);
    assert_eq!(after(true, false), 6);
}

#[test]
fn a_newly_selected_product_does_not_bring_back_the_others() {
    let lists = ids("Categories", &[(SERVER_2019, true), (DEFENDER, false)])
        + &ids("Classifications", &[(SECURITY, true), (DEFINITIONS, true)]);
    assert_eq!(count(&Lab::wsus(), &format!("{MIDDLE}{lists}")), 2 + 8);
    let end = MIDDLE.replace("2025-02-12", "2030-01-01");
    assert_eq!(count(&Lab::wsus(), &format!("{end}{lists}")), 8);
}

#[test]
fn several_revisions_of_a_category_may_be_listed() {
    let answer = list(&Lab::wsus(), "<GetConfig>true</GetConfig>");
    let microsoft = answer.all("UpdateID").iter().filter(|id| *id == "56309036-4c77-4dd9-951a-99ee9c246a94").count();
    assert_eq!(microsoft, 2);
}

fn languages(items: &[(i32, bool)]) -> String {
    let item =
        |(id, delta): &(i32, bool)| format!("<LanguageAndDelta><Id>{id}</Id><Delta>{delta}</Delta></LanguageAndDelta>");
    format!("<Languages>{}</Languages>", items.iter().map(item).collect::<String>())
}

#[test]
fn an_update_without_a_language_passes_any_list_of_languages() {
    assert_eq!(count(&Lab::wsus(), &languages(&[(1033, false)])), 31);
}

/// A server whose catalogue has, above the built-in updates, one in German, one in Kazakh, and one for newer servers.
fn with_languages() -> Lab {
    let catalogue = Changing::new(Arc::new(BuiltIn::new()));
    let properties = [
        "<u:Properties><u:Language>de</u:Language></u:Properties>",
        "<u:Properties><u:Language>kk</u:Language></u:Properties>",
        "<u:Properties CompatibleProtocolVersion='1.10'></u:Properties>",
    ];
    for (number, properties) in (1..).zip(properties) {
        let identity = Identity { id: Guid::of(number), revision: 1 };
        let revision = Revision { identity, changed: NOW, products: Arc::default(), classification: None };
        let xml = format!("<u:Update xmlns:u='urn:u'>{properties}</u:Update>").into();
        catalogue.add(Part::Updates, revision, Metadata { xml, files: Arc::default() }, []).unwrap();
    }
    Lab::with(ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"), Arc::new(catalogue))
}

#[test]
fn an_update_of_a_language_comes_where_the_language_is_wanted() {
    let lab = with_languages();
    assert_eq!(count(&lab, ""), 34);
    assert_eq!(count(&lab, &languages(&[(1033, true)])), 32);
    assert_eq!(count(&lab, &languages(&[(1031, true)])), 33);
    assert_eq!(count(&lab, &languages(&[(0, true)])), 34);
}

#[test]
fn a_newly_wanted_language_reaches_behind_the_anchor_for_its_own_updates_alone() {
    let lab = with_languages();
    let after =
        |delta| count(&lab, &format!("<Anchor>1,2030-01-01 00:00:00.000</Anchor>{}", languages(&[(1031, delta)])));
    assert_eq!((after(true), after(false)), (0, 1));
}

#[test]
fn the_first_63_languages_do_not_include_those_beyond_them() {
    let lab = with_languages();
    assert_eq!(count(&lab, "<GetConfig>false</GetConfig><Get63LanguageOnly>true</Get63LanguageOnly>"), 33);
}

#[test]
fn an_old_downstream_server_gets_neither_languages_nor_updates_that_it_does_not_know() {
    let lab = with_languages();
    let speaking = |version: &str| {
        let members = format!("{}<protocolVersion>{version}</protocolVersion>", lab.authorization());
        let cookie = lab.call("GetCookie", &members).one("GetCookieResult");
        lab.call("GetRevisionIdList", &format!("<cookie>{cookie}</cookie><filter />")).all("UpdateIdentity").len()
    };
    assert_eq!(["1.1", "1.8", "1.10", "1.20"].map(speaking), [32, 33, 34, 34]);
}

/// The answer to the request for all of a long list, whose catalogue changes before it is sent.
fn long_list(accept_encoding: &str) -> Body {
    let catalogue = Arc::new(Changing::new(Arc::new(Generated::new(1, 3_000))));
    let lab =
        Lab::with(ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"), Arc::<Changing>::clone(&catalogue));
    let operation = format!("<GetRevisionIdList xmlns=\"{SD}\">{}<filter /></GetRevisionIdList>", lab.cookie());
    let action = format!("SOAPAction: \"{SD}/GetRevisionIdList\"");
    let headers = ["Content-Type: text/xml", &action, accept_encoding];
    let answer = lab.send("POST", SYNC, &headers, envelope(&operation).as_bytes()).unwrap();
    catalogue.replace(Arc::new(BuiltIn::new()));
    assert!(matches!(answer.body, Body::Streamed(_)));
    assert_eq!(answer.body.length(), answer.body.to_bytes().len() as u64);
    answer.body
}

#[test]
fn a_long_list_is_made_while_it_is_sent_and_as_it_stood_when_it_was_asked_for() {
    let text = String::from_utf8(long_list("Accept-Encoding: gzip").to_bytes().to_vec()).unwrap();
    let catalogue = Generated::new(1, 3_000);
    let wanted = |place: u32| {
        let own = catalogue.identity(place);
        identity(&own.id.to_string(), own.revision)
    };
    let list: String = (0..3_000).map(wanted).collect();
    assert!(text.contains(&format!("<NewRevisions>{list}</NewRevisions></GetRevisionIdListResult>")));
}

#[test]
fn a_long_list_in_xpress_is_the_same_list() {
    let (plain, encoded) = (long_list("Accept-Encoding: gzip"), long_list("Accept-Encoding: xpress"));
    assert!(crate::pack::xpress::decode(&encoded.to_bytes(), usize::MAX).unwrap() == plain.to_bytes());
}
