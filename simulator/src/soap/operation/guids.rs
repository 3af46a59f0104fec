//! `ArrayOfGuid` on the wire, in both directions.

use crate::catalogue::Guid;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

/// Reads the items.
pub(crate) fn read(reading: Reading, list: &Element<'_>) -> Result<Vec<Guid>, Unreadable> {
    reading.items(list, "guid").map(Element::guid).collect()
}

/// Writes the array as the element `name`.
pub(crate) fn write<S: Sink>(writer: &mut Writer<'_, S>, name: &str, ids: &[Guid]) {
    writer.array(name, ids, |writer, id| writer.value("guid", id));
}
