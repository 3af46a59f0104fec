//! The table: scenario, curl's exit code and words, OpenSSL's verification result. Where Windows judges otherwise, a line says so.
//!
//! The words are those of Debian 12 (curl 7.88, OpenSSL 3.0) and of what came since.

/// What curl and OpenSSL make of the chain of a scenario.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) scenario: &'static str,
    /// Exit code, and among its words; with 0 what came back from the server.
    pub(crate) curl: (i32, &'static str),
    /// As `s_client` prints it.
    pub(crate) openssl: &'static str,
}

/// Those of curl, and those of OpenSSL.
type Words = (&'static str, &'static str);

const EXPIRED: Words = ("certificate has expired", "10 (certificate has expired)");
const LEAF_ALONE: Words = ("unable to get local issuer certificate", "21 (unable to verify the first certificate)");
const NO_ROOT: Words = ("unable to get local issuer certificate", "20 (unable to get local issuer certificate)");
const SELF_SIGNED: Words = ("self-signed certificate", "18 (self-signed certificate)");
const NOT_YET_VALID: Words = ("certificate is not yet valid", "9 (certificate is not yet valid)");
const OTHER_NAME: Words =
    ("no alternative certificate subject name matches target host name", "62 (hostname mismatch)");
const OTHER_ADDRESS: Words =
    ("no alternative certificate subject name matches target host name", "64 (IP address mismatch)");
const PURPOSE: Words = ("unsuitable certificate purpose", "26 (unsuitable certificate purpose)");
const OLD_DIGEST: Words = ("CA signature digest algorithm too weak", "68 (CA signature digest algorithm too weak)");
const UNKNOWN_CRITICAL: Words = ("unhandled critical extension", "34 (unhandled critical extension)");

/// curl's exit code for a chain that it does not trust.
const NOT_TRUSTED: i32 = 60;

const fn fine(scenario: &'static str) -> Verdict {
    Verdict { scenario, curl: (0, "GetAuthConfigResponse"), openssl: "0 (ok)" }
}

const fn refused(scenario: &'static str, (curl, openssl): Words) -> Verdict {
    Verdict { scenario, curl: (NOT_TRUSTED, curl), openssl }
}

pub(crate) const VERDICTS: &[Verdict] = &[
    fine("healthy/exempted-from-inspection"),
    fine("healthy/self-signed-upstream-in-store"),
    refused("proxy/name-not-found-hides-an-expired-certificate", EXPIRED),
    // The proxy's own chain is in order, and it answers in the upstream's place.
    Verdict {
        scenario: "proxy/target-unreachable-inspecting-proxy",
        curl: (0, "ERR_SECURE_CONNECT_FAIL"),
        openssl: "0 (ok)",
    },
    fine("tls/100-sans"),
    fine("tls/1000-sans"),
    // Windows takes anyExtendedKeyUsage for every usage.
    refused("tls/any-eku", PURPOSE),
    fine("tls/bad-key-usage"),
    fine("tls/bad-key-usage-rsa"),
    // OpenSSL reads no message of certificates beyond 100 KiB, Schannel none beyond 32.
    Verdict { scenario: "tls/certificate-too-long", curl: (35, "excessive message size"), openssl: "no certificates" },
    Verdict {
        scenario: "tls/certificate-too-long-over-1-3",
        curl: (35, "excessive message size"),
        openssl: "no certificates",
    },
    fine("tls/crl-unreachable"),
    // The chain is good, and OpenSSL leaves over the group behind it.
    Verdict { scenario: "tls/dh-group-too-short-behind-long-chain", curl: (35, "dh key too small"), openssl: "0 (ok)" },
    fine("tls/duplicate-certificate"),
    fine("tls/ecc384"),
    refused("tls/expired", EXPIRED),
    refused("tls/expired-1963", EXPIRED),
    refused("tls/expired-and-stopped-pool", EXPIRED),
    refused("tls/expired-and-wrong-name", EXPIRED),
    refused("tls/expired-clock-unknown", EXPIRED),
    fine("tls/expired-cross-sign-both-roots"),
    fine("tls/expired-cross-sign-only-new-root"),
    refused("tls/expired-cross-sign-only-old-root", EXPIRED),
    refused("tls/expired-intermediate", EXPIRED),
    refused("tls/expired-intermediate-and-clock-unknown", EXPIRED),
    fine("tls/expired-intermediate-beside"),
    refused("tls/expired-microsoft", EXPIRED),
    refused("tls/expired-root", EXPIRED),
    refused("tls/expired-root-not-trusted", NO_ROOT),
    refused("tls/incomplete-chain", LEAF_ALONE),
    // Windows fetches the issuer, and is content.
    refused("tls/incomplete-chain-aia", LEAF_ALONE),
    refused("tls/incomplete-chain-aia-dead", LEAF_ALONE),
    refused("tls/incomplete-chain-aia-gone", LEAF_ALONE),
    refused("tls/incomplete-chain-aia-refused", LEAF_ALONE),
    refused("tls/incomplete-chain-aia-through-winhttp-proxy", LEAF_ALONE),
    refused("tls/incomplete-chain-aia-untrusted-root", LEAF_ALONE),
    refused("tls/incomplete-chain-aia-web-page", LEAF_ALONE),
    // OpenSSL finds the intermediate among what it trusts, and goes on to the root; Windows does likewise.
    fine("tls/incomplete-chain-intermediate-in-trusted-root"),
    // Windows takes the intermediate from its own store.
    refused("tls/incomplete-chain-known-here", LEAF_ALONE),
    // Windows leaves the old intermediate aside and fetches the new one.
    refused("tls/incomplete-chain-old-intermediate-sent", LEAF_ALONE),
    refused("tls/incomplete-chain-root-in-its-place", LEAF_ALONE),
    refused("tls/incomplete-chain-stores-unknown", LEAF_ALONE),
    refused("tls/interception-expired-leaf", EXPIRED),
    refused("tls/interception-incomplete-chain", LEAF_ALONE),
    // The chain is in order; the version is not.
    Verdict { scenario: "tls/interception-tls10", curl: (35, "legacy sigalg disallowed"), openssl: "0 (ok)" },
    Verdict { scenario: "tls/interception-tls10-upstream", curl: (35, "legacy sigalg disallowed"), openssl: "0 (ok)" },
    // Only WSUS asks for a root of Microsoft in front of Microsoft Update.
    fine("tls/interception-trusted-authority"),
    refused("tls/interception-untrusted", NO_ROOT),
    refused("tls/interception-untrusted-authority", NO_ROOT),
    refused("tls/interception-upstream-cannot-compare", NO_ROOT),
    fine("tls/interception-upstream-trusted"),
    fine("tls/interception-upstream-trusted-cannot-compare"),
    refused("tls/interception-upstream-untrusted", NO_ROOT),
    Verdict {
        scenario: "tls/invalid-chain",
        curl: (60, "invalid CA certificate"),
        openssl: "26 (unsuitable certificate purpose)",
    },
    // curl meets the failure in the library before there is a verdict.
    Verdict {
        scenario: "tls/invalid-chain-bad-signature",
        curl: (35, "asn1 encoding routines"),
        openssl: "7 (certificate signature failure)",
    },
    Verdict {
        scenario: "tls/invalid-chain-intermediate-no-key-cert-sign",
        curl: (60, "invalid CA certificate"),
        openssl: "32 (key usage does not include certificate signing)",
    },
    Verdict {
        scenario: "tls/invalid-chain-name-constraint-violation",
        curl: (60, "excluded subtree violation"),
        openssl: "48 (excluded subtree violation)",
    },
    Verdict {
        scenario: "tls/invalid-chain-path-length-exceeded",
        curl: (60, "path length constraint exceeded"),
        openssl: "25 (path length constraint exceeded)",
    },
    refused("tls/invalid-chain-unknown-critical-extension", UNKNOWN_CRITICAL),
    refused("tls/invalid-chain-unknown-critical-extension-intermediate", UNKNOWN_CRITICAL),
    refused("tls/invalid-chain-wrong-intermediate", LEAF_ALONE),
    refused("tls/issuer-needs-winhttp-proxy", LEAF_ALONE),
    refused("tls/issuer-needs-winhttp-proxy-unknown", LEAF_ALONE),
    fine("tls/long-chain"),
    fine("tls/no-common-name"),
    fine("tls/no-eku"),
    // Neither minds that the name stands in the subject alone (F-41), nor does Windows; browsers do.
    fine("tls/no-san"),
    fine("tls/no-subject"),
    refused("tls/not-yet-valid", NOT_YET_VALID),
    refused("tls/not-yet-valid-and-clock-behind", NOT_YET_VALID),
    refused("tls/not-yet-valid-intermediate", NOT_YET_VALID),
    fine("tls/ocsp-unreachable"),
    fine("tls/reversed-chain"),
    // Nobody asked for the list, nor does a synchronization.
    fine("tls/revoked"),
    refused("tls/self-signed", SELF_SIGNED),
    refused("tls/self-signed-authority", SELF_SIGNED),
    refused("tls/self-signed-stores-unknown", SELF_SIGNED),
    // Nobody looks at the signature of a trusted root.
    fine("tls/sha1-root"),
    fine("tls/superfluous-certificate"),
    fine("tls/superfluous-root"),
    refused("tls/untrusted-root", NO_ROOT),
    refused("tls/untrusted-root-and-incomplete", LEAF_ALONE),
    refused("tls/untrusted-root-stores-unknown", NO_ROOT),
    // Schannel has no Ed25519; the lab's OpenSSL does.
    fine("tls/unusable-key"),
    fine("tls/upper-case-name"),
    refused("tls/weak-certificate-md5", OLD_DIGEST),
    Verdict {
        scenario: "tls/weak-certificate-rsa1024",
        curl: (60, "EE certificate key too weak"),
        openssl: "66 (EE certificate key too weak)",
    },
    // At its usual level OpenSSL offers nothing that so short a key could sign.
    Verdict {
        scenario: "tls/weak-certificate-rsa512",
        curl: (35, "sslv3 alert handshake failure"),
        openssl: "no certificates",
    },
    // Windows lets SHA-1 pass below a private root (F-37).
    refused("tls/weak-certificate-sha1", OLD_DIGEST),
    refused("tls/weak-certificate-sha1-intermediate", OLD_DIGEST),
    refused("tls/weak-certificate-sha1-microsoft", OLD_DIGEST),
    fine("tls/wildcard"),
    refused("tls/wrong-host", OTHER_NAME),
    refused("tls/wrong-host-address-as-name", OTHER_ADDRESS),
    refused("tls/wrong-host-address-not-in-certificate", OTHER_ADDRESS),
    refused("tls/wrong-host-and-metadata-incomplete", OTHER_NAME),
    refused("tls/wrong-host-certified-short-name", OTHER_NAME),
    // All go by the alternative names, where there are any.
    refused("tls/wrong-host-common-name-only-matches", OTHER_NAME),
    // curl cuts the dot off, OpenSSL compares it.
    Verdict {
        scenario: "tls/wrong-host-trailing-dot",
        curl: (0, "GetAuthConfigResponse"),
        openssl: "62 (hostname mismatch)",
    },
    refused("tls/wrong-host-unicode-name", OTHER_NAME),
    refused("tls/wrong-host-wildcard-apex", OTHER_NAME),
    refused("tls/wrong-host-wildcard-too-deep", OTHER_NAME),
    // OpenSSL takes a wildcard within a label, curl and Windows do not.
    Verdict {
        scenario: "tls/wrong-host-wildcard-within-label",
        curl: (60, "no alternative certificate subject name matches target host name"),
        openssl: "0 (ok)",
    },
    refused("tls/wrong-usage", PURPOSE),
    refused("tls/wrong-usage-intermediate", PURPOSE),
];
