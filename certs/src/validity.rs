//! From when to when a certificate is valid. Nothing here reads a clock: the time of the world comes in as a value.

use rcgen::CertificateParams;
use time::{Duration, OffsetDateTime, UtcOffset};

use crate::error::CertsError;

/// Years in which all the dates of a world can be written in a certificate.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=9990;

/// A span of time, both ends included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validity {
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_after: OffsetDateTime,
}

impl Validity {
    /// An authority ends within days. It begins long enough ago to have covered any leaf that has expired since, so that
    /// a verifier finds one date wrong and not two.
    pub(crate) fn of_an_authority(now: OffsetDateTime) -> Self {
        Self { not_before: now - Duration::days(180), not_after: now + Duration::days(7) }
    }

    pub(crate) fn of_a_leaf(now: OffsetDateTime) -> Self {
        Self { not_before: now - Duration::days(1), not_after: now + Duration::days(6) }
    }

    pub(crate) fn write_to(self, params: &mut CertificateParams) {
        params.not_before = self.not_before;
        params.not_after = self.not_after;
    }
}

/// Certificates know whole seconds of universal time.
pub(crate) fn whole_seconds(now: OffsetDateTime) -> Result<OffsetDateTime, CertsError> {
    if !YEARS.contains(&now.year()) {
        return Err(CertsError::Year { year: now.year() });
    }
    Ok(now.to_offset(UtcOffset::UTC).replace_nanosecond(0).unwrap_or(now))
}
