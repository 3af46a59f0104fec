//! GetConfigData ([MS-WSUSSS] 3.1.4.4): what the server is like, and which languages it has.

use super::Server;
use super::get_cookie::Cookie;
use crate::soap::anchor::Anchor;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};
use crate::soap::write::{Sink, Writer};
use crate::soap::{Personality, ServiceSettings};

pub(super) mod languages;

pub use languages::Language;

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetConfigData {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `configAnchor`: absent on first contact.
    pub config_anchor: Option<String>,
}

/// `GetConfigDataResult`. What is `None` is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the specification's own names, described there")]
pub struct ConfigData {
    pub catalog_only_sync: bool,
    pub lazy_sync: bool,
    pub server_hosts_psf_files: bool,
    pub max_number_of_computer_ids_in_request: Option<usize>,
    pub max_number_of_driver_sets_per_request: Option<usize>,
    pub max_number_of_pnp_hardware_ids_in_request: Option<usize>,
    pub max_number_of_updates_per_request: usize,
    pub new_config_anchor: String,
    pub protocol_version: Option<String>,
    pub language_update_list: Vec<Language>,
    pub max_updates_per_request_in_get_update_decryption_data: Option<usize>,
}

/// How much may be asked for at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Maxima {
    pub(super) updates: usize,
    pub(super) computer_ids: usize,
    pub(super) driver_sets: usize,
    pub(super) hardware_ids: usize,
    pub(super) decryption: usize,
}

impl ServiceSettings {
    /// The maxima of this server. A WSUS server lets nobody ask for drivers.
    pub(super) const fn maxima(&self) -> Maxima {
        match self.personality {
            Personality::Asmx => {
                Maxima { updates: 100, computer_ids: 0, driver_sets: 0, hardware_ids: 0, decryption: 100 }
            }
            Personality::Wcf => {
                Maxima { updates: 100, computer_ids: 200, driver_sets: 100, hardware_ids: 450, decryption: 500 }
            }
        }
    }
}

impl GetConfigData {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<GetConfigData, Unreadable> {
        let [cookie, anchor] = reading.members(wrapper, ["cookie", "configAnchor"]);
        let cookie = cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?;
        Ok(GetConfigData { cookie, config_anchor: anchor.map(Element::string) })
    }

    pub(super) fn answer(&self, server: Server<'_>) -> Result<ConfigData, SoapFault> {
        server.admit(self.cookie.as_ref())?;
        let settings = server.settings;
        let current = self.config_anchor.as_deref().and_then(Anchor::parse);
        let unchanged = current.is_some_and(|anchor| settings.configured <= anchor.time);
        let language_update_list = if unchanged { Vec::new() } else { languages::all(settings.personality) };
        Ok(ConfigData { language_update_list, ..ConfigData::of(settings) })
    }
}

impl ConfigData {
    /// A server before 2012 knows neither the maxima for drivers nor the one for decryption.
    fn of(settings: &ServiceSettings) -> ConfigData {
        let public = settings.personality == Personality::Wcf;
        let maxima = settings.maxima();
        let newer = |number| settings.since_2012().then_some(number);
        ConfigData {
            catalog_only_sync: public,
            lazy_sync: settings.lazy_sync,
            server_hosts_psf_files: public,
            max_number_of_computer_ids_in_request: newer(maxima.computer_ids),
            max_number_of_driver_sets_per_request: newer(maxima.driver_sets),
            max_number_of_pnp_hardware_ids_in_request: newer(maxima.hardware_ids),
            max_number_of_updates_per_request: maxima.updates,
            new_config_anchor: Anchor::at(settings.configured, settings.personality).to_string(),
            protocol_version: settings.protocol_version.clone(),
            language_update_list: Vec::new(),
            max_updates_per_request_in_get_update_decryption_data: newer(maxima.decryption),
        }
    }

    /// Writes the members; Microsoft Update has an order of its own.
    pub(crate) fn write<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        writer.value("CatalogOnlySync", self.catalog_only_sync);
        writer.value("LazySync", self.lazy_sync);
        writer.value("ServerHostsPsfFiles", self.server_hosts_psf_files);
        self.write_maxima(writer);
        writer.text("NewConfigAnchor", &self.new_config_anchor);
        if let Some(version) = &self.protocol_version {
            writer.text("ProtocolVersion", version);
        }
        writer.array("LanguageUpdateList", &self.language_update_list, |writer, language| language.write(writer));
        let decryption = self.max_updates_per_request_in_get_update_decryption_data;
        number(writer, "MaxUpdatesPerRequestInGetUpdateDecryptionData", decryption);
    }

    fn write_maxima<S: Sink>(&self, writer: &mut Writer<'_, S>) {
        let updates = ("MaxNumberOfUpdatesPerRequest", Some(self.max_number_of_updates_per_request));
        let computers = ("MaxNumberOfComputerIdsInRequest", self.max_number_of_computer_ids_in_request);
        let driver_sets = ("MaxNumberOfDriverSetsPerRequest", self.max_number_of_driver_sets_per_request);
        let hardware = ("MaxNumberOfPnpHardwareIdsInRequest", self.max_number_of_pnp_hardware_ids_in_request);
        let order = match writer.personality {
            Personality::Asmx => [computers, driver_sets, hardware, updates],
            Personality::Wcf => [updates, driver_sets, computers, hardware],
        };
        for (name, maximum) in order {
            number(writer, name, maximum);
        }
    }
}

fn number<S: Sink>(writer: &mut Writer<'_, S>, name: &str, number: Option<usize>) {
    if let Some(number) = number {
        writer.value(name, number);
    }
}
