//! Cipher suites as Windows names them: IANA's names, with a curve behind some of them up to Windows Server 2012 R2.

/// A suite of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suite {
    /// IANA's name.
    pub(crate) name: String,
    /// The curve to which the entry is limited, as OpenSSL names it.
    pub(crate) curve: Option<&'static str>,
}

/// The curves that a suffix names.
const SUFFIXES: [(&str, &str); 3] = [("_P256", "P-256"), ("_P384", "P-384"), ("_P521", "P-521")];

impl Suite {
    /// Reads an entry of the policy's `Functions`, as `TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P256`.
    pub(crate) fn read(entry: &str) -> Suite {
        let entry = entry.trim().to_ascii_uppercase();
        for (suffix, curve) in SUFFIXES {
            if let Some(name) = entry.strip_suffix(suffix) {
                return Suite { name: name.to_owned(), curve: Some(curve) };
            }
        }
        Suite { name: entry, curve: None }
    }

    /// The names of a policy's suites, each once, in their order; without those of NULL, which stand on the list of every
    /// Windows and are offered only to a program that asks for them, unless there are no others.
    pub(crate) fn names(entries: &[String]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in entries.iter().map(|entry| Suite::read(entry).name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.iter().any(|name| !is_null(name)) {
            names.retain(|name| !is_null(name));
        }
        names
    }

    /// The curves to which a policy is limited; empty where an entry with elliptic curves leaves them open.
    pub(crate) fn curves(entries: &[String]) -> Vec<String> {
        let mut curves: Vec<String> = Vec::new();
        for suite in entries.iter().map(|entry| Suite::read(entry)) {
            match suite.curve {
                Some(curve) if !curves.iter().any(|known| known == curve) => curves.push(curve.to_owned()),
                None if suite.name.contains("ECDHE") || is_of_1_3(&suite.name) => return Vec::new(),
                _ => {}
            }
        }
        curves
    }
}

fn is_null(name: &str) -> bool {
    name.contains("_WITH_NULL_")
}

/// Whether a suite is one of TLS 1.3, which names no key exchange.
pub(crate) fn is_of_1_3(name: &str) -> bool {
    !name.contains("_WITH_")
}

/// The suites of TLS 1.3.
pub(crate) const OF_1_3: [&str; 3] =
    ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"];

/// The suites before TLS 1.3 that a Windows offers without a policy, in its order: the list of Windows Server 2022, which that
/// of 2019 resembles (Schannel, "Cipher Suites in TLS/SSL"). NULL stands on that list too, but is offered only to a program
/// that asks for it, as WSUS does not.
pub(crate) const BY_DEFAULT: [&str; 21] = [
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
];

/// Those that no Windows since Server 2016 offers without a policy, and that a policy can add.
const BY_POLICY: [&str; 13] = [
    "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256",
    "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256",
    "TLS_DHE_DSS_WITH_AES_256_CBC_SHA",
    "TLS_DHE_DSS_WITH_AES_128_CBC_SHA",
    "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_RC4_128_SHA",
    "TLS_RSA_WITH_RC4_128_MD5",
    "TLS_RSA_WITH_DES_CBC_SHA",
    "TLS_RSA_WITH_NULL_SHA256",
    "TLS_RSA_WITH_NULL_SHA",
    "TLS_RSA_WITH_NULL_MD5",
];

/// Every suite before TLS 1.3 with a certificate that a Windows can be made to offer. A server that accepts none of them
/// accepts no Windows.
pub(crate) fn of_windows() -> impl Iterator<Item = &'static str> {
    BY_DEFAULT.into_iter().chain(BY_POLICY)
}

#[cfg(test)]
mod tests {
    use super::Suite;

    fn entries(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn a_suffix_is_a_curve_and_not_part_of_the_name() {
        let suite = Suite::read(" tls_ecdhe_rsa_with_aes_256_cbc_sha384_p256");
        assert_eq!((suite.name.as_str(), suite.curve), ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", Some("P-256")));
        assert_eq!(Suite::read("TLS_RSA_WITH_AES_128_CBC_SHA").curve, None);
    }

    #[test]
    fn one_suite_with_two_curves_is_one_name_and_two_curves() {
        let policy = entries(
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA_P384,TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA_P256,TLS_RSA_WITH_AES_128_CBC_SHA",
        );
        assert_eq!(Suite::names(&policy), ["TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"]);
        assert_eq!(Suite::curves(&policy), ["P-384", "P-256"]);
    }

    #[test]
    fn null_is_offered_where_there_is_nothing_else() {
        let policy = entries("TLS_RSA_WITH_AES_128_CBC_SHA,TLS_RSA_WITH_NULL_SHA256");
        assert_eq!(Suite::names(&policy), ["TLS_RSA_WITH_AES_128_CBC_SHA"]);
        assert_eq!(Suite::names(&policy[1..]), ["TLS_RSA_WITH_NULL_SHA256"]);
    }

    #[test]
    fn an_entry_without_a_suffix_leaves_the_curves_open() {
        let policy = entries("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA_P384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        assert_eq!(Suite::curves(&policy), Vec::<String>::new());
    }
}
