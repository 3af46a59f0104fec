//! The configuration part: company, families, products, classifications (all real by id) and detectoids of our own.

use std::sync::Arc;

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::Row;
use super::document::Document;
use crate::catalogue::{Guid, Identity, Metadata, Part, Revision};

pub(super) const MICROSOFT: Guid = Guid::of(0x56309036_4c77_4dd9_951a_99ee9c246a94);
pub(super) const WINDOWS: Guid = Guid::of(0x6964aab4_c5b5_43bd_a17d_ffb4346a8e1d);
pub(super) const OFFICE: Guid = Guid::of(0x477b856e_65c4_4473_b621_a8b230bb70d9);

pub(super) const SERVER_2019: Guid = Guid::of(0xf702a48c_919b_45d6_9aef_ca4248d50397);
pub(super) const SERVER_21H2: Guid = Guid::of(0x71718f13_7324_4b0f_8f9e_2ca9dc978e53);
pub(super) const WINDOWS_10: Guid = Guid::of(0xb3c75dc1_155f_4be4_b015_3f1a91758e52);
pub(super) const WINDOWS_11: Guid = Guid::of(0x72e7624a_5b00_45d2_b92f_e561c0a6a160);
pub(super) const DEFENDER: Guid = Guid::of(0x8c3fcc84_7410_4a95_8b89_a166a0190486);
pub(super) const EDGE: Guid = Guid::of(0x69010383_ff55_4227_bd6c_d91c26f2643b);
pub(super) const OFFICE_2016: Guid = Guid::of(0x25aed893_7c2d_4a31_ae22_28ff8ac150ed);

pub(super) const APPLICATIONS: Guid = Guid::of(0x5c9376ab_8ce6_464a_b136_22113dd69801);
pub(super) const CRITICAL: Guid = Guid::of(0xe6cf1350_c01b_414d_a61f_263d14d133b4);
pub(super) const DEFINITIONS: Guid = Guid::of(0xe0789628_ce08_4437_be74_2495b842f43b);
pub(super) const DRIVERS: Guid = Guid::of(0xebfc1fc5_71a4_4f7b_9aca_3b9a503104a0);
pub(super) const FEATURE_PACKS: Guid = Guid::of(0xb54e7d24_7add_428f_8b75_90a396fa584f);
pub(super) const SECURITY: Guid = Guid::of(0x0fa1201d_4330_4fa8_8ae9_b877473b6441);
pub(super) const SERVICE_PACKS: Guid = Guid::of(0x68c5b0a3_d1a6_4553_ae49_01d3a7827828);
pub(super) const TOOLS: Guid = Guid::of(0xb4832bd8_e735_4761_8daf_37f882276dab);
pub(super) const ROLLUPS: Guid = Guid::of(0x28bc880e_0592_4cbf_8f95_c79b17911d5f);
pub(super) const UPDATES: Guid = Guid::of(0xcd5ffd1e_e932_4e3a_bf74_18bf0b1bbd83);
pub(super) const UPGRADES: Guid = Guid::of(0x3689bdc8_b205_4af4_8d4a_a63924c5e9d5);

/// When the first row came into the catalogue; each further one a minute later.
const BEGINNING: OffsetDateTime = datetime!(2025-01-14 18:00:00.120 UTC);

/// `CategoryType`, and the parent where there is one.
#[derive(Clone, Copy)]
enum Kind {
    Company,
    Family(Guid),
    Product(Guid),
    Classification,
}

struct Category(Guid, i32, Kind, &'static str);

/// Parents before children. The company comes in two revisions, as a server's setup leaves them.
const CATEGORIES: &[Category] = &[
    Category(MICROSOFT, 1, Kind::Company, "Microsoft Corporation"),
    Category(MICROSOFT, 101, Kind::Company, "Microsoft"),
    Category(WINDOWS, 100, Kind::Family(MICROSOFT), "Windows"),
    Category(OFFICE, 105, Kind::Family(MICROSOFT), "Office"),
    Category(SERVER_2019, 201, Kind::Product(WINDOWS), "Windows Server 2019"),
    Category(SERVER_21H2, 201, Kind::Product(WINDOWS), "Microsoft Server operating system-21H2"),
    Category(WINDOWS_10, 209, Kind::Product(WINDOWS), "Windows 10, version 1903 and later"),
    Category(WINDOWS_11, 202, Kind::Product(WINDOWS), "Windows 11"),
    Category(DEFENDER, 112, Kind::Product(WINDOWS), "Microsoft Defender Antivirus"),
    Category(EDGE, 213, Kind::Product(WINDOWS), "Microsoft Edge"),
    Category(OFFICE_2016, 202, Kind::Product(OFFICE), "Office 2016"),
    Category(APPLICATIONS, 2, Kind::Classification, "Applications"),
    Category(CRITICAL, 100, Kind::Classification, "Critical Updates"),
    Category(DEFINITIONS, 100, Kind::Classification, "Definition Updates"),
    Category(DRIVERS, 100, Kind::Classification, "Drivers"),
    Category(FEATURE_PACKS, 100, Kind::Classification, "Feature Packs"),
    Category(SECURITY, 100, Kind::Classification, "Security Updates"),
    Category(SERVICE_PACKS, 100, Kind::Classification, "Service Packs"),
    Category(TOOLS, 100, Kind::Classification, "Tools"),
    Category(ROLLUPS, 100, Kind::Classification, "Update Rollups"),
    Category(UPDATES, 100, Kind::Classification, "Updates"),
    Category(UPGRADES, 200, Kind::Classification, "Upgrades"),
];

/// A detectoid: its name, its type, the one it stands on, its rule.
struct Detectoid {
    name: &'static str,
    kind: &'static str,
    needs: Option<&'static str>,
    rule: (&'static str, &'static [(&'static str, &'static str)]),
}

const DETECTOIDS: &[Detectoid] = &[
    Detectoid {
        name: "64-bit processor",
        kind: "Architecture",
        needs: None,
        rule: ("bar:Processor", &[("Architecture", "9")]),
    },
    Detectoid {
        name: "ARM64 processor",
        kind: "Architecture",
        needs: None,
        rule: ("bar:Processor", &[("Architecture", "12")]),
    },
    Detectoid {
        name: "server product",
        kind: "SKU or Feature",
        needs: Some("64-bit processor"),
        rule: (
            "bar:WindowsVersion",
            &[("ProductType", "3"), ("Comparison", "GreaterThanOrEqualTo"), ("MajorVersion", "10")],
        ),
    },
    Detectoid {
        name: "English system",
        kind: "Windows Locale",
        needs: None,
        rule: ("bar:WindowsLanguage", &[("Language", "en")]),
    },
    Detectoid {
        name: "antivirus engine present",
        kind: "SKU or Feature",
        needs: None,
        rule: ("bar:RegKeyExists", &[("Key", "HKEY_LOCAL_MACHINE"), ("Subkey", "SOFTWARE\\wsuslab\\antivirus")]),
    },
];

/// The id of a detectoid.
pub(super) fn detectoid(name: &str) -> Guid {
    Guid::named(&format!("detectoid/{name}"))
}

/// All rows of this part, in the order of their change.
pub(super) fn rows() -> Vec<Row> {
    let categories = CATEGORIES.iter().map(Category::document);
    let documents = categories.chain(DETECTOIDS.iter().map(Detectoid::document));
    documents.zip(0..).map(|((identity, xml), minutes)| row(identity, xml, minutes)).collect()
}

fn row(identity: Identity, xml: Arc<str>, minutes: i64) -> Row {
    let changed = BEGINNING + Duration::minutes(minutes);
    Row {
        part: Part::Configuration,
        revision: Revision { identity, changed, products: Arc::default(), classification: None },
        metadata: Metadata { xml, files: Arc::default() },
    }
}

impl Category {
    fn document(&self) -> (Identity, Arc<str>) {
        let Category(id, revision, kind, title) = self;
        let identity = Identity { id: *id, revision: *revision };
        let xml = Document::update(identity, |document| {
            let properties = [
                ("DefaultPropertiesLanguage", "en"),
                ("UpdateType", "Category"),
                ("ExplicitlyDeployable", "false"),
                ("Handler", "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Category"),
                ("PublicationState", "Published"),
                ("CreationDate", "2025-01-14T18:00:00Z"),
                ("PublisherID", "42f20e12-2856-447d-a8b2-68f06c2e9b45"),
            ];
            document.empty("upd:Properties", &properties);
            document.words(title, &format!("{title}, as the samples of wsuslab use it."));
            if let Kind::Family(parent) | Kind::Product(parent) = *kind {
                document.element("upd:Relationships", &[], |document| {
                    document.element("upd:Prerequisites", &[], |document| document.belongs_to(&[parent]));
                });
            }
            always_installed(document);
            kind.handler(document);
        });
        (identity, xml)
    }
}

impl Kind {
    fn handler(self, document: &mut Document) {
        let attributes: &[(&str, &str)] = match self {
            Kind::Company => &[
                ("CategoryType", "Company"),
                ("ProhibitsSubcategories", "false"),
                ("ProhibitsUpdates", "true"),
                ("DisplayOrder", "1"),
            ],
            Kind::Family(_) => &[("CategoryType", "ProductFamily"), ("ProhibitsUpdates", "true")],
            Kind::Product(_) => {
                &[("CategoryType", "Product"), ("ProhibitsSubcategories", "true"), ("ExcludedByDefault", "false")]
            }
            Kind::Classification => &[
                ("CategoryType", "UpdateClassification"),
                ("ProhibitsSubcategories", "true"),
                ("ProhibitsUpdates", "false"),
            ],
        };
        handler(document, "cat:Category", ("xmlns:cat", CATEGORY), |document| {
            document.empty("cat:CategoryInformation", attributes);
        });
    }
}

const CATEGORY: &str = "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Category";

/// `HandlerSpecificData` of a type, with the namespace that the type is of.
pub(super) fn handler(
    document: &mut Document,
    kind: &str,
    namespace: (&str, &str),
    inside: impl FnOnce(&mut Document),
) {
    const INSTANCE: (&str, &str) = ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    document.element("upd:HandlerSpecificData", &[("xsi:type", kind), INSTANCE, namespace], inside);
}

impl Detectoid {
    fn document(&self) -> (Identity, Arc<str>) {
        let identity = Identity { id: detectoid(self.name), revision: 100 };
        let xml = Document::update(identity, |document| {
            let properties = [
                ("DefaultPropertiesLanguage", "en"),
                ("UpdateType", "Detectoid"),
                ("ExplicitlyDeployable", "false"),
                ("DetectoidType", self.kind),
                ("IsPublic", "false"),
                ("PublicationState", "Published"),
                ("CreationDate", "2025-01-14T18:00:00Z"),
                ("PublisherID", "395392a0-19c0-48b7-a927-f7c15066d905"),
            ];
            document.empty("upd:Properties", &properties);
            document.words(&format!("wsuslab sample detectoid: {}", self.name), "Tells whether an update may apply.");
            document.element("upd:Relationships", &[], |document| {
                if let Some(needs) = self.needs {
                    document.element("upd:Prerequisites", &[], |document| document.id(detectoid(needs)));
                }
            });
            let (rule, attributes) = self.rule;
            document.element("upd:ApplicabilityRules", &[], |document| {
                document.element("upd:IsInstalled", &[], |document| document.rule(rule, attributes));
            });
        });
        (identity, xml)
    }
}

fn always_installed(document: &mut Document) {
    document.element("upd:ApplicabilityRules", &[], |document| {
        document.element("upd:IsInstalled", &[], |document| document.empty("lar:True", &[]));
    });
}
