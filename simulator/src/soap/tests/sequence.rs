//! The whole of a metadata synchronization in one process, as a downstream server walks it.

use super::*;

#[test]
fn a_downstream_server_gets_every_revision_that_was_announced() {
    for lab in Lab::both() {
        assert_eq!(lab.call("GetAuthConfig", "").one("ServiceUrl"), "DssAuthWebService/DssAuthWebService.asmx");
        let cookie = lab.cookie();
        let maximum = lab.call("GetConfigData", &cookie).one("MaxNumberOfUpdatesPerRequest").parse().unwrap();
        for get_config in [true, false] {
            let filter = format!("<filter><GetConfig>{get_config}</GetConfig></filter>");
            let list = lab.call("GetRevisionIdList", &format!("{cookie}{filter}")).all("UpdateIdentity");
            assert!(20 < list.len());
            for batch in list.chunks(maximum) {
                check_batch(&lab, &cookie, batch);
            }
        }
    }
}

fn check_batch(lab: &Lab, cookie: &str, batch: &[String]) {
    let ids: String = batch.iter().map(|id| format!("<UpdateIdentity>{id}</UpdateIdentity>")).collect();
    let answer = lab.call("GetUpdateData", &format!("{cookie}<updateIds>{ids}</updateIds>"));
    assert_eq!(answer.all("Id"), batch);
    let blobs = answer.all("XmlUpdateBlob").len() + answer.all("XmlUpdateBlobCompressed").len();
    assert_eq!(blobs, batch.len());
    let located = answer.all("FileDigest");
    assert!(answer.all("base64Binary").iter().all(|digest| located.contains(digest)));
}

#[test]
fn two_servers_of_one_kind_differ_in_keys_and_ids_of_faults_only() {
    let [first, second] = [Lab::wsus(), Lab::wsus()];
    let list = "<filter><GetConfig>false</GetConfig></filter>";
    for (operation, members) in [("GetConfigData", ""), ("GetRevisionIdList", list)] {
        let texts = [&first, &second].map(|lab| lab.call(operation, &format!("{}{members}", lab.cookie())).text);
        assert_eq!(texts[0], texts[1], "{operation}");
    }
}
