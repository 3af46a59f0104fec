//! `protocolVersion`: must read `x.y`, and x must be 1. A newer minor version is not refused.

use crate::soap::fault::{ErrorCode, SoapFault};

/// The two rows of the specification's tables that speak of the version; its two numbers.
pub(crate) fn check(text: &str) -> Result<(u32, u32), SoapFault> {
    let (major, minor) = text.split_once('.').ok_or_else(invalid)?;
    let version = (number(major)?, number(minor)?);
    if version.0 == 1 { Ok(version) } else { Err(SoapFault::of(ErrorCode::IncompatibleProtocolVersion)) }
}

fn number(text: &str) -> Result<u32, SoapFault> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().map_err(|_| invalid()) } else { Err(invalid()) }
}

fn invalid() -> SoapFault {
    SoapFault::invalid_parameter("protocolVersion")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_minor_version_of_1_is_welcome() {
        for (text, minor) in [("1.0", 0), ("1.2", 2), ("1.8", 8), ("1.20", 20), ("1.999", 999)] {
            assert_eq!(check(text), Ok((1, minor)), "{text}");
        }
    }

    #[test]
    fn another_major_version_is_incompatible() {
        for text in ["2.0", "0.9", "10.1"] {
            assert_eq!(check(text), Err(SoapFault::of(ErrorCode::IncompatibleProtocolVersion)), "{text}");
        }
    }

    #[test]
    fn what_does_not_read_x_y_is_an_invalid_parameter() {
        for text in ["", "1", "1.", ".1", "1.2.3", "one.two", "+1.2", " 1.2", "1.99999999999"] {
            assert_eq!(check(text), Err(invalid()), "{text}");
        }
    }
}
