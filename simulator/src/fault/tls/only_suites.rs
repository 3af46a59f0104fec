//! `tls/only-suites`: a server that accepts the named cipher suites and no others (F-06).

use serde::{Deserialize, Serialize};

use crate::layer::tls::{ClientHello, HelloAct, TlsSeam, knows_suite};
use crate::seam::{Stage, Standing};

/// Parameters of `only-suites`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OnlySuites {
    /// The suites, the preferred first. Those of TLS 1.3 make it a server of TLS 1.3, all others one of TLS 1.2.
    pub suites: Suites,
}

/// Cipher suites by the names of the registry of IANA, each of them known to the library that will speak them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Suites(Vec<String>);

impl TlsSeam for OnlySuites {
    fn on_hello(&self, _hello: &ClientHello) -> HelloAct {
        HelloAct::Suites(self.suites.0.clone())
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::ClientHello))
    }
}

impl TryFrom<Vec<String>> for Suites {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Suites, String> {
        match names.iter().find(|name| !knows_suite(name)) {
            _ if names.is_empty() => Err("a server without any cipher suite".to_owned()),
            Some(unknown) => Err(format!("unknown cipher suite {unknown:?}")),
            None => Ok(Suites(names)),
        }
    }
}

impl From<Suites> for Vec<String> {
    fn from(suites: Suites) -> Vec<String> {
        suites.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_read_by_the_names_of_iana() {
        check(&["TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_AES_128_GCM_SHA256"], Ok(()));
    }

    #[test]
    fn a_name_of_openssl_is_refused() {
        check(&["AES256-SHA"], Err("unknown cipher suite \"AES256-SHA\""));
        check(&["TLS_\0"], Err("unknown cipher suite \"TLS_\\0\""));
    }

    #[test]
    fn no_suite_is_refused() {
        check(&[], Err("a server without any cipher suite"));
    }

    fn check(names: &[&str], expected: Result<(), &str>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let read = Suites::try_from(names.clone());
        assert_eq!(read, expected.map(|()| Suites(names)).map_err(str::to_owned));
    }
}
