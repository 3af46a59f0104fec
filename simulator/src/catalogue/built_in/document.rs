//! Writing `upd:Update` documents: the namespaces and elements of real ones, the words our own.

use std::sync::Arc;

use quick_xml::escape::escape;

use crate::catalogue::{Guid, Identity};

/// A document as it is written.
#[derive(Debug, Default)]
pub(super) struct Document {
    text: String,
}

/// Attributes in their order.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Document {
    /// A whole document: the root with its namespaces and the identity, and what else it is given.
    pub(super) fn update(identity: Identity, inside: impl FnOnce(&mut Document)) -> Arc<str> {
        const NAMESPACES: Attributes<'_> = &[
            ("xmlns:upd", "http://schemas.microsoft.com/msus/2002/12/Update"),
            ("xmlns:lar", "http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules"),
        ];
        let mut document = Document::default();
        document.element("upd:Update", NAMESPACES, |document| {
            document.identity(identity);
            inside(document);
        });
        document.text.into()
    }

    /// An element around others.
    pub(super) fn element(&mut self, name: &str, attributes: Attributes<'_>, inside: impl FnOnce(&mut Document)) {
        self.tag(name, attributes);
        self.text.push('>');
        inside(self);
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.text.push_str(" />");
    }

    /// A basic rule, which declares its own namespace as those of real documents do.
    pub(super) fn rule(&mut self, name: &str, attributes: Attributes<'_>) {
        const NAMESPACE: (&str, &str) =
            ("xmlns:bar", "http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules");
        self.empty(name, &[&[NAMESPACE], attributes].concat());
    }

    /// An element around text.
    pub(super) fn leaf(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.element(name, attributes, |document| document.text.push_str(&escape(text)));
    }

    /// An identity with its revision.
    pub(super) fn identity(&mut self, identity: Identity) {
        let (id, revision) = (identity.id.to_string(), identity.revision.to_string());
        self.empty("upd:UpdateIdentity", &[("UpdateID", &id), ("RevisionNumber", &revision)]);
    }

    /// An identity without one, as relationships other than bundles have it.
    pub(super) fn id(&mut self, id: Guid) {
        self.empty("upd:UpdateIdentity", &[("UpdateID", &id.to_string())]);
    }

    /// Title and description in English.
    pub(super) fn words(&mut self, title: &str, description: &str) {
        self.words_and(title, description, |_| {});
    }

    /// Title and description in English, and what stands behind them.
    pub(super) fn words_and(&mut self, title: &str, description: &str, behind: impl FnOnce(&mut Document)) {
        self.element("upd:LocalizedPropertiesCollection", &[], |document| {
            document.element("upd:LocalizedProperties", &[], |document| {
                document.leaf("upd:Language", &[], "en");
                document.leaf("upd:Title", &[], title);
                document.leaf("upd:Description", &[], description);
            });
            behind(document);
        });
    }

    /// A prerequisite of which one of these ids is enough; `IsCategory` marks what an update belongs to.
    pub(super) fn belongs_to(&mut self, ids: &[Guid]) {
        self.element("upd:AtLeastOne", &[("IsCategory", "true")], |document| {
            ids.iter().for_each(|id| document.id(*id));
        });
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.text.push_str(&escape(*value));
            self.text.push('"');
        }
    }
}
