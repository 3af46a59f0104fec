//! gzip (RFC 1952), as the dynamic compression of IIS gives it where an administrator switched it on.

use std::io::Write;

/// One member with all of the bytes.
pub(crate) fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to a vector cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
