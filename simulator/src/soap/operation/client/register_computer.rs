//! RegisterComputer ([MS-WUSP] 3.1.5.5): an agent describes its computer. What it says is not kept, only that it did.

use super::super::Server;
use super::super::get_cookie::Cookie;
use crate::soap::fault::SoapFault;
use crate::soap::read::{Element, Reading, Unreadable};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterComputer {
    /// `cookie`.
    pub cookie: Option<Cookie>,
    /// `DnsName` of `computerInfo`; `None` where that is absent.
    pub computer_info: Option<String>,
}

impl RegisterComputer {
    pub(crate) fn read(reading: Reading, wrapper: Option<&Element<'_>>) -> Result<RegisterComputer, Unreadable> {
        let [cookie, info] = reading.members(wrapper, ["cookie", "computerInfo"]);
        let name = |info: &Element<'_>| {
            let [name] = reading.members(Some(info), ["DnsName"]);
            reading.string(name)
        };
        Ok(RegisterComputer {
            cookie: cookie.map(|cookie| Cookie::read(reading, cookie)).transpose()?,
            computer_info: info.map(name),
        })
    }

    pub(in super::super) fn answer(&self, server: Server<'_>) -> Result<(), SoapFault> {
        let account = server.admit_client(self.cookie.as_ref())?.account;
        if self.computer_info.is_none() {
            return Err(SoapFault::invalid_parameter("computerInfo"));
        }
        server.state.register(account);
        Ok(())
    }
}
