//! `UpdateIdentity` on the wire, in both directions.

use crate::catalogue::Identity;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

/// Reads an identity; a missing member has the default of its type.
pub(crate) fn read(reading: Reading, element: &Element<'_>) -> Result<Identity, Unreadable> {
    let [id, revision] = reading.members(Some(element), ["UpdateID", "RevisionNumber"]);
    let id = id.map(Element::guid).transpose()?.unwrap_or_default();
    let revision = revision.map(Element::int).transpose()?.unwrap_or_default();
    Ok(Identity { id, revision })
}

/// Reads the items of `ArrayOfUpdateIdentity`.
pub(crate) fn read_all(reading: Reading, list: &Element<'_>) -> Result<Vec<Identity>, Unreadable> {
    reading.items(list, "UpdateIdentity").map(|item| read(reading, item)).collect()
}

/// Writes `ArrayOfUpdateIdentity` as the element `name`.
pub(crate) fn write_all<S: Sink>(writer: &mut Writer<'_, S>, name: &str, identities: &[Identity]) {
    writer.array(name, identities, |writer, identity| write(writer, "UpdateIdentity", *identity));
}

/// Writes an identity as the element `name`.
pub(crate) fn write<S: Sink>(writer: &mut Writer<'_, S>, name: &str, identity: Identity) {
    writer.wrap(name, |writer| {
        writer.value("UpdateID", identity.id);
        writer.value("RevisionNumber", identity.revision);
    });
}
