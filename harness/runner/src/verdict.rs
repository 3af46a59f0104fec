//! Expectation against diagnosis, for one scenario. Pure.

use std::collections::BTreeSet;

use scenarios::Expect;
use serde::{Deserialize, Serialize};

use crate::fired::Fired;

/// The six verdicts, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The lab is broken; nothing can be said of the examiner.
    LabError,
    /// The deviation did not act, so that a right answer would prove nothing.
    FaultNeverFired,
    /// Something was expected, and healthy or undetermined or nothing at all was said; or an expected warning was not raised.
    Missed,
    /// A cause was expected and another was named.
    WrongCause,
    /// A cause or a warning was alleged that is not there.
    FalseAlarm,
    /// As expected.
    Matched,
}

/// What an examiner said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The cause; `None` where it gave no diagnosis.
    pub cause: Option<String>,
    /// The codes of its warnings.
    pub warnings: Vec<String>,
    /// Whether it says that it has not seen everything, or that more is wrong; `None` where it does not tell.
    pub tells_of_more: Option<bool>,
}

/// Compares. A lab that could not be started never comes here: it is [`Verdict::LabError`]. Who gives no diagnosis has missed
/// whatever there was: that the fault did not act either may be for want of a look.
pub fn judge(expect: &Expect, said: &Said, fired: Fired) -> Verdict {
    let Some(concluded) = said.cause.as_deref() else { return Verdict::Missed };
    if fired == Fired::No {
        return Verdict::FaultNeverFired;
    }
    match cause(&expect.cause, concluded) {
        Verdict::Matched => match warnings(&expect.warnings, &said.warnings) {
            Verdict::Matched => hidden(expect, said),
            verdict => verdict,
        },
        verdict => verdict,
    }
}

/// Whether a run may end well with this verdict. A gap that has closed is as little expected as one that has opened.
pub fn as_expected(verdict: Verdict, known_gap: bool) -> bool {
    match verdict {
        Verdict::LabError | Verdict::FaultNeverFired => false,
        Verdict::Matched => !known_gap,
        Verdict::Missed | Verdict::WrongCause | Verdict::FalseAlarm => known_gap,
    }
}

fn cause(expected: &str, concluded: &str) -> Verdict {
    match concluded {
        _ if concluded == expected => Verdict::Matched,
        // Nothing is wrong with the path: whatever is alleged is alleged wrongly.
        _ if expected == "healthy" => Verdict::FalseAlarm,
        "healthy" | "undetermined" => Verdict::Missed,
        _ => Verdict::WrongCause,
    }
}

fn warnings(expected: &[String], said: &[String]) -> Verdict {
    let expected: BTreeSet<&String> = expected.iter().collect();
    let said: BTreeSet<&String> = said.iter().collect();
    if !expected.is_subset(&said) {
        Verdict::Missed
    } else if expected != said {
        Verdict::FalseAlarm
    } else {
        Verdict::Matched
    }
}

/// What stands behind the cause cannot be seen, so that whoever warns of it has guessed; but that there may be more is known.
fn hidden(expect: &Expect, said: &Said) -> Verdict {
    if expect.hidden_behind.iter().any(|code| said.warnings.contains(code)) {
        Verdict::FalseAlarm
    } else if !expect.hidden_behind.is_empty() && said.tells_of_more == Some(false) {
        Verdict::Missed
    } else {
        Verdict::Matched
    }
}

impl Verdict {
    /// All six, in their order.
    pub const ALL: [Verdict; 6] = [
        Verdict::LabError,
        Verdict::FaultNeverFired,
        Verdict::Missed,
        Verdict::WrongCause,
        Verdict::FalseAlarm,
        Verdict::Matched,
    ];

    /// Its name, as in the JSON form.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::LabError => "lab-error",
            Verdict::FaultNeverFired => "fault-never-fired",
            Verdict::Missed => "missed",
            Verdict::WrongCause => "wrong-cause",
            Verdict::FalseAlarm => "false-alarm",
            Verdict::Matched => "matched",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: (&str, &[&str]), said: (Option<&str>, &[&str]), fired: Fired, verdict: Verdict) {
        let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let expect = Expect { cause: expected.0.to_owned(), warnings: owned(expected.1), ..Expect::default() };
        let said = Said { cause: said.0.map(str::to_owned), warnings: owned(said.1), tells_of_more: None };
        assert_eq!(judge(&expect, &said, fired), verdict, "{expected:?} {said:?} {fired:?}");
    }

    #[test]
    fn the_table_of_verdicts() {
        use Verdict::{FalseAlarm, FaultNeverFired, Matched, Missed, WrongCause};
        for (expected, said, verdict) in [
            ("tls/expired", Some("tls/expired"), Matched),
            ("tls/expired", Some("tls/wrong-host"), WrongCause),
            ("tls/expired", Some("not-you"), WrongCause),
            ("tls/expired", Some("healthy"), Missed),
            ("tls/expired", Some("undetermined"), Missed),
            ("tls/expired", None, Missed),
            ("undetermined", Some("undetermined"), Matched),
            ("undetermined", Some("tls/expired"), WrongCause),
            ("undetermined", Some("healthy"), Missed),
            ("healthy", Some("healthy"), Matched),
            ("healthy", Some("tls/expired"), FalseAlarm),
            ("healthy", Some("undetermined"), FalseAlarm),
            ("healthy", None, Missed),
        ] {
            check((expected, &[]), (said, &[]), Fired::Signed, verdict);
            check((expected, &[]), (said, &[]), Fired::Setting, verdict);
            let unasked = if said.is_some() { FaultNeverFired } else { Missed };
            check((expected, &[]), (said, &[]), Fired::No, unasked);
        }
    }

    #[test]
    fn exactly_the_expected_warnings_are_raised() {
        let (cause, warned) = ("healthy", &["server/deprecated-endpoint"][..]);
        check((cause, warned), (Some(cause), warned), Fired::Setting, Verdict::Matched);
        check((cause, warned), (Some(cause), &[]), Fired::Setting, Verdict::Missed);
        check((cause, &[]), (Some(cause), warned), Fired::Setting, Verdict::FalseAlarm);
        check((cause, warned), (Some(cause), &[warned[0], "tls/expired"]), Fired::Setting, Verdict::FalseAlarm);
        check((cause, warned), (Some(cause), &[warned[0], warned[0]]), Fired::Setting, Verdict::Matched);
    }

    #[test]
    fn what_is_hidden_is_not_alleged_and_not_denied() {
        let hidden_behind = vec!["http/service-unavailable".to_owned()];
        let expect =
            Expect { cause: "tls/expired".to_owned(), hidden_behind: hidden_behind.clone(), ..Expect::default() };
        let said = |tells_of_more| Said { cause: Some(expect.cause.clone()), warnings: Vec::new(), tells_of_more };
        assert_eq!(judge(&expect, &said(Some(true)), Fired::Signed), Verdict::Matched);
        assert_eq!(judge(&expect, &said(Some(false)), Fired::Signed), Verdict::Missed);
        assert_eq!(judge(&expect, &said(None), Fired::Signed), Verdict::Matched);
        let guessed = Said { warnings: hidden_behind.clone(), ..said(Some(true)) };
        assert_eq!(judge(&expect, &guessed, Fired::Signed), Verdict::FalseAlarm);
        let named = Said { cause: hidden_behind.first().cloned(), ..said(Some(true)) };
        assert_eq!(judge(&expect, &named, Fired::Signed), Verdict::WrongCause);
        let nothing_hidden = Expect { hidden_behind: Vec::new(), ..expect.clone() };
        assert_eq!(judge(&nothing_hidden, &said(Some(false)), Fired::Signed), Verdict::Matched);
    }

    #[test]
    fn the_cause_is_judged_before_the_warnings() {
        check(("tls/expired", &["server/update-url-untidy"]), (Some("dns/x"), &[]), Fired::Signed, Verdict::WrongCause);
    }

    #[test]
    fn a_known_gap_fails_when_it_closes_and_excuses_no_broken_lab() {
        assert!(as_expected(Verdict::Matched, false) && !as_expected(Verdict::Matched, true));
        for verdict in [Verdict::Missed, Verdict::WrongCause, Verdict::FalseAlarm] {
            assert!(!as_expected(verdict, false) && as_expected(verdict, true));
        }
        for verdict in [Verdict::LabError, Verdict::FaultNeverFired] {
            assert!(!as_expected(verdict, false) && !as_expected(verdict, true));
        }
    }
}
