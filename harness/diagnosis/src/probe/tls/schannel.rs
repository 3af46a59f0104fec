//! What Schannel puts into a ClientHello, as far as OpenSSL lets us imitate it. Versions and suites come from the subject.

use openssl::ssl::SslOptions;

/// The groups that Windows offers by itself ("TLS Elliptic Curves in Windows 10 and later"); P-521 only by a policy.
pub(super) const GROUPS: &str = "X25519:P-256:P-384";

/// Windows Server 2016 and later, in their order; without DSA, which no server has. No EdDSA among them.
pub(super) const SIGNATURE_ALGORITHMS: &str = "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:\
    RSA+SHA384:RSA+SHA1:ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA1:RSA+SHA512:ECDSA+SHA512";

/// Schannel does not know encrypt-then-MAC (RFC 7366). `SSL_OP_NO_ENCRYPT_THEN_MAC`; the binding has no name for it.
pub(super) const LEFT_OUT: SslOptions = SslOptions::from_bits_retain(1 << 19);
