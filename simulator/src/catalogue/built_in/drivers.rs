//! Two drivers and two driver sets, for who synchronizes drivers by hardware id. They are in neither list of revisions.

use std::sync::Arc;

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::categories::{self, DRIVERS, WINDOWS_10, WINDOWS_11};
use super::document::Document;
use crate::catalogue::{Driver, DriverSet, Guid, Identity, Metadata};

/// When the first one came into the catalogue; each further one a day later.
const BEGINNING: OffsetDateTime = datetime!(2025-02-11 18:00:00.450 UTC);
const HANDLER: &str = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver";

struct Sample {
    name: &'static str,
    class: &'static str,
    hardware_id: &'static str,
}

const SAMPLES: [Sample; 2] = [
    Sample { name: "network driver 1", class: "Net", hardware_id: "pci\\ven_1af4&dev_1000" },
    Sample { name: "storage driver 1", class: "SCSIAdapter", hardware_id: "pci\\ven_1af4&dev_1001" },
];

/// The drivers with their metadata.
pub(super) fn drivers() -> Vec<(Driver, Metadata)> {
    SAMPLES.iter().zip(0..).map(|(sample, days)| sample.driver(days)).collect()
}

/// A set with both drivers, and one that was removed.
pub(super) fn sets() -> Vec<DriverSet> {
    let set = |name: &str, days, removed| {
        let (id, computer) = (Guid::named(&format!("driver-set/{name}")), Guid::named(&format!("computer/{name}")));
        DriverSet {
            id,
            changed: BEGINNING + Duration::days(days),
            removed,
            products: [WINDOWS_10, WINDOWS_11].into(),
            computer_ids: [computer].into(),
            drivers: SAMPLES.iter().map(Sample::identity).collect(),
            xml: targeting(id, computer),
        }
    };
    vec![set("model 1", 2, false), set("model 2", 3, true)]
}

impl Sample {
    fn identity(&self) -> Identity {
        Identity { id: Guid::named(&format!("driver/{}", self.name)), revision: 1 }
    }

    fn driver(&self, days: i64) -> (Driver, Metadata) {
        let driver = Driver {
            identity: self.identity(),
            changed: BEGINNING + Duration::days(days),
            products: [WINDOWS_10, WINDOWS_11].into(),
            hardware_ids: [self.hardware_id.to_owned()].into(),
        };
        (driver, Metadata { xml: self.document(), files: Arc::default() })
    }

    fn document(&self) -> Arc<str> {
        Document::update(self.identity(), |document| {
            let properties = [
                ("DefaultPropertiesLanguage", "en"),
                ("UpdateType", "Driver"),
                ("ExplicitlyDeployable", "true"),
                ("Handler", HANDLER),
                ("PublicationState", "Published"),
                ("CreationDate", "2025-02-11T18:00:00Z"),
                ("PublisherID", "395392a0-19c0-48b7-a927-f7c15066d905"),
            ];
            document.empty("upd:Properties", &properties);
            document.words(&format!("wsuslab sample {}", self.name), "Drives nothing.");
            document.element("upd:Relationships", &[], |document| {
                document.element("upd:Prerequisites", &[], |document| {
                    document.belongs_to(&[WINDOWS_10, WINDOWS_11]);
                    document.belongs_to(&[DRIVERS]);
                });
            });
            document.element("upd:ApplicabilityRules", &[], |document| {
                document.element("upd:Metadata", &[], |document| self.metadata(document));
            });
            categories::handler(document, "drv:WindowsDriver", ("xmlns:drv", HANDLER), |_| {});
        })
    }

    fn metadata(&self, document: &mut Document) {
        let attributes = [
            ("xmlns:drv", HANDLER),
            ("HardwareID", self.hardware_id),
            ("DriverVerDate", "2025-01-01"),
            ("DriverVerVersion", "1.0.0.1"),
            ("Class", self.class),
            ("Manufacturer", "wsuslab"),
            ("Provider", "wsuslab"),
            ("Model", self.name),
            ("WhqlDriverID", "1"),
        ];
        document.empty("drv:WindowsDriverMetaData", &attributes);
    }
}

/// What real ones look like is not known; this says what the specification says that they say.
fn targeting(set: Guid, computer: Guid) -> Arc<str> {
    let drivers: String =
        SAMPLES.iter().map(|sample| format!("<Driver UpdateID=\"{}\" />", sample.identity().id)).collect();
    format!(
        "<DriverSet DriverSetID=\"{set}\"><ComputerHardwareID>{computer}</ComputerHardwareID><Drivers>{drivers}</Drivers>\
         </DriverSet>"
    )
    .into()
}
