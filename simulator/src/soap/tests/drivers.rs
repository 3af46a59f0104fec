//! GetDriverIdList, GetDriverSetData and GetUpdateDecryptionData.

use super::*;

const NETWORK: &str =
    "<HardwareIdAndDelta><Id>PCI\\VEN_1AF4&amp;DEV_1000</Id><Delta>false</Delta></HardwareIdAndDelta>";
const WINDOWS_10: &str = "b3c75dc1-155f-4be4-b015-3f1a91758e52";
const OFFICE_2016: &str = "25aed893-7c2d-4a31-ae22-28ff8ac150ed";

fn list(lab: &Lab, filter: &str) -> Answer {
    lab.call("GetDriverIdList", &format!("{}<filter>{filter}</filter>", lab.cookie()))
}

fn model(number: u8, delta: bool) -> String {
    let id = Guid::named(&format!("computer/model {number}"));
    format!("<ComputerIds><IdAndDelta><Id>{id}</Id><Delta>{delta}</Delta></IdAndDelta></ComputerIds>")
}

fn category(id: &str) -> String {
    format!("<Categories><IdAndDelta><Id>{id}</Id><Delta>true</Delta></IdAndDelta></Categories>")
}

#[test]
fn a_device_gets_its_driver_whatever_the_case_of_its_id() {
    let answer = list(&Lab::microsoft_update(), &format!("<PnpHardwareIds>{NETWORK}</PnpHardwareIds>"));
    let network = Guid::named("driver/network driver 1").to_string();
    assert_eq!(answer.all("UpdateID"), [network]);
    assert!(answer.text.contains("<NewDriverSets/><RemovedDriverSets/>"), "{}", answer.text);
}

#[test]
fn a_computer_gets_its_set_with_all_drivers_in_it_and_learns_of_removed_ones() {
    let lab = Lab::microsoft_update();
    let answer = list(&lab, &model(1, false));
    assert_eq!((answer.all("UpdateID").len(), answer.all("guid").len()), (2, 1));
    let removed = list(&lab, &model(2, false));
    assert!(removed.all("UpdateID").is_empty() && removed.text.contains("<NewDriverSets/><RemovedDriverSets><guid>"));
}

#[test]
fn a_delta_has_what_is_newer_than_its_anchor() {
    let lab = Lab::microsoft_update();
    let after = |delta| {
        let filter = format!("<Anchor>2030-01-01 00:00:00.000</Anchor>{}", model(1, delta));
        list(&lab, &filter).all("guid").len()
    };
    assert_eq!((after(true), after(false)), (0, 1));
}

#[test]
fn categories_narrow_and_unknown_ones_alone_select_nothing() {
    let lab = Lab::microsoft_update();
    let with = |categories: &str| list(&lab, &format!("{categories}{}", model(1, true))).all("guid").len();
    assert_eq!((with(&category(WINDOWS_10)), with(&category(OFFICE_2016)), with(&category(DSS))), (1, 0, 0));
}

#[test]
fn asked_for_nothing_or_for_what_is_unknown_it_gives_nothing() {
    let lab = Lab::microsoft_update();
    assert!(list(&lab, "").text.contains("<NewRevisions/>"));
    assert!(list(&lab, &model(9, false)).text.contains("<NewRevisions/>"));
}

#[test]
fn the_metadata_of_a_driver_is_given_and_its_update_in_no_list() {
    let lab = Lab::microsoft_update();
    let driver = identity(&Guid::named("driver/network driver 1").to_string(), 1);
    let answer = lab.call("GetUpdateData", &format!("{}<updateIds>{driver}</updateIds>", lab.cookie()));
    assert!(answer.one("XmlUpdateBlob").contains("UpdateType=\"Driver\""));
    let updates = lab.call("GetRevisionIdList", &format!("{}<filter />", lab.cookie()));
    assert!(!updates.text.contains(&driver));
}

#[test]
fn driver_sets_are_told_by_id_and_unknown_ones_left_out() {
    let lab = Lab::microsoft_update();
    let id = Guid::named("driver-set/model 1");
    let sets = format!("<driverSets><guid>{id}</guid><guid>{DSS}</guid></driverSets>");
    let answer = lab.call("GetDriverSetData", &format!("{}{sets}", lab.cookie()));
    assert_eq!(answer.one("DriverSetId"), id.to_string());
    assert!(answer.one("DriverSetXml").starts_with("&lt;DriverSet "));
    let none = lab.call("GetDriverSetData", &format!("{}<driverSets />", lab.cookie()));
    assert_eq!(none.one("GetDriverSetDataResult"), "<DriverSets/>");
}

#[test]
fn servers_before_windows_server_2016_have_no_such_operations() {
    let lab = Lab::of(ServiceSettings::wsus("upstream", "6.3.9600.18694", "1.8"));
    for operation in ["GetDriverIdList", "GetDriverSetData"] {
        let answer = lab.call(operation, "");
        assert!(answer.one("faultstring").starts_with("Server did not recognize"), "{}", answer.text);
    }
    assert_eq!(lab.call("GetUpdateDecryptionData", &format!("{}<updateIds />", lab.cookie())).status, 200);
    let lab = Lab::of(ServiceSettings::wsus("upstream", "3.2.7600.226", "1.8"));
    assert!(lab.call("GetUpdateDecryptionData", "").text.contains("did not recognize"));
}

#[test]
fn decryption_data_has_every_file_and_the_key_where_there_is_one() {
    let lab = Lab::wsus();
    let catalogue = BuiltIn::new();
    let mut rows = catalogue.revisions(crate::catalogue::Part::Updates, None).map(|revision| revision.identity);
    let with_file = rows.find(|id| !catalogue.metadata(*id).unwrap().files.is_empty()).unwrap();
    let id = identity(&with_file.id.to_string(), with_file.revision);
    let answer = lab.call("GetUpdateDecryptionData", &format!("{}<updateIds>{id}</updateIds>", lab.cookie()));
    assert_eq!(answer.all("FileDigest").len(), 1);
    assert!(!answer.text.contains("DecryptionKey"));
    assert_eq!(answer.one("UpdateID"), with_file.id.to_string());
}
