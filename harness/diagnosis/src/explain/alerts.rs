//! TLS alerts (RFC 8446, 6.2; RFC 5246, 7.2) and what Schannel makes of them.

use super::Entry;

pub(super) const ALERTS: &[Entry] = &[
    Entry {
        word: "10",
        title: "unexpected_message; Schannel: SEC_E_ILLEGAL_MESSAGE 0x80090326",
        text: "The peer got a message that does not belong there: a broken implementation, or a middlebox that meddles.",
        modes: &["F-18"],
    },
    Entry {
        word: "20",
        title: "bad_record_mac; Schannel: SEC_E_MESSAGE_ALTERED 0x8009030F",
        text: "A record was altered on the way, or the keys differ.",
        modes: &[],
    },
    Entry {
        word: "40",
        title: "handshake_failure; Schannel: SEC_E_ILLEGAL_MESSAGE 0x80090326",
        text: "The peer finds nothing in common with what was offered, mostly no cipher suite. Microsoft Update resets instead of sending it; an IIS upstream sends it.",
        modes: &["F-06"],
    },
    Entry {
        word: "42",
        title: "bad_certificate; Schannel: SEC_E_CERT_UNKNOWN 0x80090327",
        text: "The client rejects the certificate. .NET sends it for a name mismatch alone, a wrong usage, a bad signature, and for any chain status without an alert of its own.",
        modes: &["F-40", "F-36"],
    },
    Entry {
        word: "43",
        title: "unsupported_certificate; Schannel: SEC_E_CERT_UNKNOWN 0x80090327",
        text: "The certificate is of a kind that the peer cannot use.",
        modes: &["F-36"],
    },
    Entry {
        word: "44",
        title: "certificate_revoked; Schannel: CRYPT_E_REVOKED 0x80092010",
        text: "The client holds the certificate for revoked, or could not check and says so in this way. Synchronization does not check revocation unless told to.",
        modes: &["F-38", "F-39"],
    },
    Entry {
        word: "45",
        title: "certificate_expired; Schannel: SEC_E_CERT_EXPIRED 0x80090328",
        text: "The certificate is outside its validity by the client's clock: expired, not yet valid, or the clock is wrong.",
        modes: &["F-34", "F-35"],
    },
    Entry {
        word: "46",
        title: "certificate_unknown; Schannel: SEC_E_CERT_UNKNOWN 0x80090327",
        text: "The client rejects the certificate. .NET sends it where no certificate came, or where the chain and the name are both wrong.",
        modes: &["F-32", "F-40"],
    },
    Entry {
        word: "48",
        title: "unknown_ca; Schannel: SEC_E_UNTRUSTED_ROOT 0x80090325",
        text: "The client finds no way to a root that it trusts: an intermediate is missing, the root is unknown, or the certificate signed itself. .NET sends it only in programs made for 4.7 or later; WSUS may just close.",
        modes: &["F-31", "F-32", "F-33", "F-18"],
    },
    Entry {
        word: "49",
        title: "access_denied; Schannel: SEC_E_LOGON_DENIED 0x8009030C",
        text: "The certificate was good and its holder may not go on.",
        modes: &[],
    },
    Entry {
        word: "51",
        title: "decrypt_error; Schannel: SEC_E_DECRYPT_FAILURE 0x80090330",
        text: "A signature or a Finished message did not verify.",
        modes: &[],
    },
    Entry {
        word: "70",
        title: "protocol_version; Schannel: SEC_E_UNSUPPORTED_FUNCTION 0x80090302",
        text: "The peer knows none of the versions that were offered. OpenSSL and modern IIS send it; an older Schannel answers with a ServerHello of the old version instead. It says nothing of which versions would do: try each alone.",
        modes: &["F-03", "F-04"],
    },
    Entry {
        word: "71",
        title: "insufficient_security; Schannel: SEC_E_ALGORITHM_MISMATCH 0x80090331",
        text: "The suites that were offered are too weak for the peer.",
        modes: &["F-06"],
    },
    Entry {
        word: "80",
        title: "internal_error; Schannel: SEC_E_INTERNAL_ERROR 0x80090304",
        text: "Something broke inside the peer; a certificate without a private key is a common reason on a server.",
        modes: &["F-43"],
    },
    Entry {
        word: "112",
        title: "unrecognized_name",
        text: "The peer does not serve the name that the client sent in SNI: a wrong name, or a front end that does not know it.",
        modes: &["F-40"],
    },
];
