//! Which clock is right where certificates are out of time: this server's, the examiner's, or that of the source. A wrong
//! clock makes many certificates wrong at once, a real expiry mostly one.

use time::format_description::well_known::Rfc2822;
use time::{Duration, OffsetDateTime};

use super::{Status, Verdict};
use crate::evidence::{Evidence, Purpose};

/// Closer than this two clocks agree: no certificate is renewed within the hour.
const AGREE: Duration = Duration::hours(1);

/// What the clocks say of certificates that this server's clock puts out of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Clocks {
    /// This server's.
    pub ours: OffsetDateTime,
    /// The examiner's.
    pub examiner: OffsetDateTime,
    /// That of the source, as its answers say it.
    pub source: Option<OffsetDateTime>,
    /// How many certificates of the chain are out of time by this server's clock.
    pub out_of_time: usize,
    /// Whose fault it is.
    pub blame: Blame,
}

/// Whose fault it is that certificates are out of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// This server's clock: by the others' everything is in time.
    Clock,
    /// The certificates: they are out of time by any clock that counts.
    Certificates,
    /// Two clocks disagree on one certificate, and there is no third.
    Open,
}

impl Evidence {
    /// The clocks, where this server's is known and puts a certificate of the chain out of time.
    pub fn clocks(&self) -> Option<Clocks> {
        let ours = self.subject_now()?;
        let (_, verdict) = self.chain_verdict()?;
        let out_of_time = out_of_time(&verdict);
        if out_of_time == 0 {
            return None;
        }
        let (examiner, source) = (self.taken_at, self.source_clock());
        let truth = match source {
            Some(source) if AGREE < (source - examiner).abs() && (source - ours).abs() <= AGREE => ours,
            _ => examiner,
        };
        let in_time =
            |now| self.chain_verdict_at(Some(now)).is_some_and(|(_, verdict)| self::out_of_time(&verdict) == 0);
        let blame = match (in_time(truth), source) {
            (false, _) => Blame::Certificates,
            (true, None) if out_of_time == 1 && 1 < verdict.links.len() => Blame::Open,
            (true, _) => Blame::Clock,
        };
        Some(Clocks { ours, examiner, source, out_of_time, blame })
    }

    /// The field Date of the last answer of the target itself.
    fn source_clock(&self) -> Option<OffsetDateTime> {
        let dates = self.calls(Purpose::Path).filter_map(|call| call.seen.exchange.answer.as_ref()?.header("Date"));
        dates.filter_map(|date| OffsetDateTime::parse(date, &Rfc2822).ok()).last()
    }
}

fn out_of_time(verdict: &Verdict) -> usize {
    verdict.having(Status::Expired).chain(verdict.having(Status::NotYetValid)).count()
}
