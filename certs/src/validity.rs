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

    /// For an authority whose time is over by a month.
    pub(crate) fn that_ended_before(now: OffsetDateTime) -> Self {
        Self { not_before: now - Duration::days(150), not_after: now - Duration::days(30) }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use openssl::asn1::Asn1Time;
    use openssl::x509::X509;

    use crate::verifiers::NOW;
    use crate::{Authority, Chain, Defect, IssuedBy, KeyPool};

    const FULL: &str = "wsus.corp.example";

    #[test]
    fn every_date_is_set_and_authorities_end_within_days() {
        let authority = Authority::mint(&[FULL.to_owned()], &[], NOW).unwrap();
        let trust = authority.trust().unwrap();
        let leaf = |request| authority.issue(request, &KeyPool::default()).unwrap().leaf().to_vec();
        for (der, dates) in [
            (trust.organisation_root, "Sep  2 12:00:00 2025 GMT to Mar  8 12:00:00 2026 GMT"),
            (trust.organisation_intermediate, "Sep  2 12:00:00 2025 GMT to Mar  8 12:00:00 2026 GMT"),
            (trust.microsoft_root, "Sep  2 12:00:00 2025 GMT to Mar  8 12:00:00 2026 GMT"),
            (leaf(Chain::good_for(FULL)), "Feb 28 12:00:00 2026 GMT to Mar  7 12:00:00 2026 GMT"),
            (
                leaf(Chain::good_for(FULL).issued_by(IssuedBy::Itself)),
                "Feb 28 12:00:00 2026 GMT to Mar  7 12:00:00 2026 GMT",
            ),
            (leaf(Chain::good_for(FULL).with(Defect::Expired)), "Nov  1 12:00:00 2025 GMT to Jan 30 12:00:00 2026 GMT"),
        ] {
            let certificate = X509::from_der(&der).unwrap();
            assert_eq!(format!("{} to {}", certificate.not_before(), certificate.not_after()), dates);
        }
    }

    #[test]
    fn no_further_root_outlives_the_world_by_more_than_days() {
        for request in [
            Chain::good_for(FULL).issued_by(IssuedBy::Inspection),
            Chain::good_for(FULL).with(Defect::ExpiredRoot),
            Chain::good_for(FULL).with(Defect::ExpiredCrossSign),
        ] {
            let authority = Authority::mint_for([&request], NOW).unwrap();
            authority.issue(request, &KeyPool::default()).unwrap();
            for der in authority.trust().unwrap().further_roots.into_values() {
                let root = X509::from_der(&der).unwrap();
                assert!(root.not_after() <= Asn1Time::from_unix(NOW.unix_timestamp() + 7 * 24 * 3600).unwrap());
            }
        }
    }

    #[test]
    fn a_year_that_no_certificate_can_carry_is_refused() {
        for (year, message) in [
            (1960, "certificates cannot be dated around the year 1960"),
            (9999, "certificates cannot be dated around the year 9999"),
        ] {
            let refused = Authority::mint(&[], &[], NOW.replace_year(year).unwrap()).unwrap_err();
            assert_eq!(refused.to_string(), message);
        }
    }
}
