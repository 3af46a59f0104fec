//! GetDriverIdList ([MS-WSUSSS] 3.1.4.7): drivers and driver sets for the devices and computers that a server has seen.
//! A WSUS server knows the operation and lets nobody ask for anything; Microsoft Update answers.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::get_cookie::Cookie;
use super::get_revision_id_list::{IdAndDelta, read_ids};
use super::{Server, guids, identity};
use crate::catalogue::{Guid, Identity, Part};
use crate::soap::anchor::Anchor;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetDriverIdList {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `filter`; an absent one selects nothing.
    pub filter: DriverFilter,
}

/// `ServerSyncDriverFilter` ([MS-WSUSSS] 3.1.4.7.3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DriverFilter {
    /// `Anchor`.
    pub anchor: Option<String>,
    /// `Categories`: versions of Windows; an empty list is no condition.
    pub categories: Vec<IdAndDelta>,
    /// `ComputerIds`.
    pub computer_ids: Vec<IdAndDelta>,
    /// `PnpHardwareIds`, each with its `Delta`.
    pub pnp_hardware_ids: Vec<(String, bool)>,
}

/// `DriverSetAndRevisionIdList` ([MS-WSUSSS] 3.1.4.7.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverIdList {
    /// `Anchor`.
    pub anchor: String,
    /// `NewRevisions`.
    pub new_revisions: Vec<Identity>,
    /// `NewDriverSets`.
    pub new_driver_sets: Vec<Guid>,
    /// `RemovedDriverSets`.
    pub removed_driver_sets: Vec<Guid>,
}

impl GetDriverIdList {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<GetDriverIdList, Unreadable> {
        let [cookie, filter] = reading.members(wrapper, ["cookie", "filter"]);
        let cookie = cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?;
        Ok(GetDriverIdList { cookie, filter: DriverFilter::read(reading, filter)? })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<DriverIdList, SoapFault> {
        server.admit(self.cookie.as_ref())?;
        let since = Anchor::since(self.filter.anchor.as_deref(), "filter")?;
        self.filter.check(server)?;
        let anchor = Anchor::at(server.now, server.settings.personality).to_string();
        let mut list = DriverIdList {
            anchor,
            new_revisions: Vec::new(),
            new_driver_sets: Vec::new(),
            removed_driver_sets: Vec::new(),
        };
        if let Some(products) = self.filter.products(server) {
            self.filter.select(server, since, &products, &mut list);
        }
        Ok(list)
    }
}

impl DriverFilter {
    fn read(reading: Reading, element: Option<&Element<'_>>) -> Result<DriverFilter, Unreadable> {
        const MEMBERS: [&str; 5] = ["DssProtocolVersion", "Anchor", "Categories", "ComputerIds", "PnpHardwareIds"];
        let [_, anchor, categories, computers, hardware] = reading.members(element, MEMBERS);
        let pair = |item| {
            let [id, delta] = reading.members(Some(item), ["Id", "Delta"]);
            Ok((id.map(Element::string).unwrap_or_default(), delta.map_or(Ok(false), Element::boolean)?))
        };
        let items = hardware.into_iter().flat_map(|list| reading.items(list, "HardwareIdAndDelta"));
        Ok(DriverFilter {
            anchor: anchor.map(Element::string),
            categories: read_ids(reading, categories)?,
            computer_ids: read_ids(reading, computers)?,
            pnp_hardware_ids: items.map(pair).collect::<Result<_, _>>()?,
        })
    }

    /// The two rows of the table that speak of maxima. What real servers call the members is not known.
    fn check(&self, server: Server<'_>) -> Result<(), SoapFault> {
        let maxima = server.settings.maxima();
        if maxima.computer_ids < self.computer_ids.len() {
            return Err(SoapFault::invalid_parameter("filter.ComputerIds"));
        }
        if maxima.hardware_ids < self.pnp_hardware_ids.len() {
            return Err(SoapFault::invalid_parameter("filter.PnpHardwareIds"));
        }
        Ok(())
    }

    /// The categories that exist; `None` where some were given and none does, which selects nothing.
    fn products(&self, server: Server<'_>) -> Option<Vec<IdAndDelta>> {
        if self.categories.is_empty() {
            return Some(Vec::new());
        }
        let known: BTreeSet<Guid> =
            server.catalogue.revisions(Part::Configuration, None).map(|revision| revision.identity.id).collect();
        let valid: Vec<_> = self.categories.iter().filter(|item| known.contains(&item.id)).copied().collect();
        (!valid.is_empty()).then_some(valid)
    }

    fn select(
        &self,
        server: Server<'_>,
        since: Option<OffsetDateTime>,
        products: &[IdAndDelta],
        list: &mut DriverIdList,
    ) {
        let wants = |changed: OffsetDateTime, own: &[Guid], mut deltas: Vec<bool>| {
            if deltas.is_empty() {
                return false;
            }
            if !products.is_empty() {
                let of_products: Vec<_> = products.iter().filter(|item| own.contains(&item.id)).collect();
                if of_products.is_empty() {
                    return false;
                }
                deltas.extend(of_products.iter().map(|item| item.delta));
            }
            deltas.contains(&false) || since.is_none_or(|since| since < changed)
        };
        let mut drivers = BTreeSet::new();
        for set in server.catalogue.driver_sets() {
            let computers = self.computer_ids.iter().filter(|item| set.computer_ids.contains(&item.id));
            if !wants(set.changed, &set.products, computers.map(|item| item.delta).collect()) {
                continue;
            }
            if set.removed {
                list.removed_driver_sets.push(set.id);
            } else {
                list.new_driver_sets.push(set.id);
                drivers.extend(set.drivers.iter().copied());
            }
        }
        for driver in server.catalogue.drivers() {
            let is_one = |id: &str| driver.hardware_ids.iter().any(|own| own.eq_ignore_ascii_case(id));
            let devices = self.pnp_hardware_ids.iter().filter(|(id, _)| is_one(id));
            if wants(driver.changed, &driver.products, devices.map(|(_, delta)| *delta).collect()) {
                drivers.insert(driver.identity);
            }
        }
        list.new_revisions.extend(drivers);
    }
}

impl DriverIdList {
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.text("Anchor", &self.anchor);
        identity::write_all(writer, "NewRevisions", &self.new_revisions);
        guids::write(writer, "NewDriverSets", &self.new_driver_sets);
        guids::write(writer, "RemovedDriverSets", &self.removed_driver_sets);
    }
}
