//! The fields of Step 0 as values: what PowerShell printed becomes a boolean, a port, a number or a text, or is refused.

use std::path::Path;

use super::Misprint;
use crate::subject::Step0;
use crate::subject_folder::error::{Place, SubjectError};
use crate::subject_folder::mask::mask;

/// The fields of one object in their order; those that Step 0 does not have are left out by whoever fills this.
pub(super) type Fields = Vec<Field>;

/// One field as printed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// Its name in the spelling of [`Step0::FIELDS`].
    pub(super) name: &'static str,
    pub(super) printed: Printed,
    pub(super) place: Place,
}

/// A value as printed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Printed {
    /// JSON's `null`.
    Null,
    Flag(bool),
    Text(String),
    /// A number, as text.
    Number(String),
    /// Nothing that a field of Step 0 can hold; what it is.
    Other(&'static str),
}

/// The field of Step 0 that is meant, whatever the case of `name`.
pub(super) fn known(name: &str) -> Option<&'static str> {
    Step0::FIELDS.into_iter().find(|field| field.eq_ignore_ascii_case(name))
}

/// Step 0 with these fields.
pub(super) fn fill(fields: &Fields, file: &Path) -> Result<Step0, SubjectError> {
    let mut step0 = Step0::default();
    for (index, field) in fields.iter().enumerate() {
        let misprint = |problem: String, expected: &str| {
            Misprint { place: field.place.clone().of(field.name), problem, expected: expected.to_owned() }.in_file(file)
        };
        if fields[..index].iter().any(|earlier| earlier.name == field.name) {
            return Err(misprint("given twice".to_owned(), "each field once"));
        }
        slot(&mut step0, field.name).set(&field.printed).map_err(|expected| {
            misprint(format!("{} is not {}", field.printed.shown(), expected.article_and_noun), expected.wanted)
        })?;
    }
    Ok(step0)
}

/// Where the value of a field goes.
enum Slot<'a> {
    Flag(&'a mut Option<bool>),
    Port(&'a mut Option<u16>),
    Number(&'a mut Option<i64>),
    Text(&'a mut Option<String>),
}

/// What a slot takes.
struct Expected {
    article_and_noun: &'static str,
    wanted: &'static str,
}

const FLAG: Expected = Expected { article_and_noun: "a boolean", wanted: "True or False" };
const PORT: Expected = Expected { article_and_noun: "a port", wanted: "a number from 1 to 65535" };
const NUMBER: Expected = Expected { article_and_noun: "a number", wanted: "a whole number" };
const TEXT: Expected = Expected { article_and_noun: "a text", wanted: "a text" };

fn slot<'a>(step0: &'a mut Step0, name: &'static str) -> Slot<'a> {
    match name {
        "SyncFromMicrosoftUpdate" => Slot::Flag(&mut step0.sync_from_microsoft_update),
        "IsReplicaServer" => Slot::Flag(&mut step0.is_replica_server),
        "MUUrl" => Slot::Text(&mut step0.mu_url),
        "RedirectorChangeNumber" => Slot::Number(&mut step0.redirector_change_number),
        "UpstreamWsusServerName" => Slot::Text(&mut step0.upstream_wsus_server_name),
        "UpstreamWsusServerPortNumber" => Slot::Port(&mut step0.upstream_wsus_server_port_number),
        "UpstreamWsusServerUseSsl" => Slot::Flag(&mut step0.upstream_wsus_server_use_ssl),
        "UseProxy" => Slot::Flag(&mut step0.use_proxy),
        "ProxyName" => Slot::Text(&mut step0.proxy_name),
        "ProxyServerPort" => Slot::Port(&mut step0.proxy_server_port),
        "AnonymousProxyAccess" => Slot::Flag(&mut step0.anonymous_proxy_access),
        "HasProxyPassword" => Slot::Flag(&mut step0.has_proxy_password),
        "UseSeparateProxyForSsl" => Slot::Flag(&mut step0.use_separate_proxy_for_ssl),
        "SslProxyName" => Slot::Text(&mut step0.ssl_proxy_name),
        "SslProxyServerPort" => Slot::Port(&mut step0.ssl_proxy_server_port),
        other => unreachable!("{other} is in Step0::FIELDS and has no slot"),
    }
}

impl Slot<'_> {
    /// Sets the value; a value that was not printed stays unknown. A text is kept exactly, but for a password in it.
    fn set(self, printed: &Printed) -> Result<(), Expected> {
        if *printed == Printed::Null {
            return Ok(());
        }
        match self {
            Slot::Text(text) => match printed {
                Printed::Text(value) => *text = Some(mask(value)),
                _ => return Err(TEXT),
            },
            _ if printed.is_blank() => {}
            Slot::Flag(flag) => *flag = Some(printed.flag().ok_or(FLAG)?),
            Slot::Port(port) => *port = Some(printed.number().filter(|port| *port != 0).ok_or(PORT)?),
            Slot::Number(number) => *number = Some(printed.number().ok_or(NUMBER)?),
        }
        Ok(())
    }
}

impl Printed {
    fn is_blank(&self) -> bool {
        matches!(self, Printed::Text(text) if text.trim().is_empty())
    }

    fn flag(&self) -> Option<bool> {
        match self {
            Printed::Flag(flag) => Some(*flag),
            Printed::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
            Printed::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    fn number<N: std::str::FromStr>(&self) -> Option<N> {
        match self {
            Printed::Number(digits) | Printed::Text(digits) => digits.trim().parse().ok(),
            _ => None,
        }
    }

    fn shown(&self) -> String {
        match self {
            Printed::Null => "null".to_owned(),
            Printed::Flag(flag) => flag.to_string(),
            Printed::Number(digits) => digits.clone(),
            Printed::Text(text) => format!("{:?}", mask(text)),
            Printed::Other(what) => (*what).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_step_0_has_a_slot() {
        for field in Step0::FIELDS {
            let _ = slot(&mut Step0::default(), field);
        }
    }
}
