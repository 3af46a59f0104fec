//! The judgement: evidence in, diagnosis out. Pure and total, whatever the evidence holds.
//!
//! Every rule is asked. The cause is what blocks the earliest step; without one the walk itself decides: healthy if it was
//! seen to its end and nothing is in doubt, not you if Microsoft's own service says that it cannot, else undetermined, with
//! the check that would decide.

mod lines;
mod not_you;
mod open;
mod remedy;
mod unseen;

use crate::diagnosis::{Appearance, Considered, Diagnosis, Remark};
use crate::evidence::Evidence;
use crate::rule::{self, Doubt, Finding, Outcome, Rule, Step, Weight};
use crate::rules;

pub(crate) use remedy::unfilled;

/// Names the cause: the earliest step that is blocked on the path the server uses.
pub fn conclude(evidence: &Evidence) -> Diagnosis {
    let judged = Judged::of(evidence);
    let mut diagnosis = match judged.blocks.first() {
        Some(cause) => caused(evidence, cause, &judged.blocks[1..]),
        None => match open::questions(evidence, &judged.doubts) {
            Some(open) => match not_you::sentence(evidence).filter(|_| judged.doubts.is_empty()) {
                Some(sentence) => not_you(sentence),
                None => undetermined(open),
            },
            None => healthy(),
        },
    };
    diagnosis.warnings = judged.warnings.iter().map(|(rule, finding)| remark(rule, &finding.sentence)).collect();
    diagnosis.considered = judged.considered(evidence);
    diagnosis.not_seen = unseen::steps(evidence, &judged.doubts);
    diagnosis.evidence = lines::of(evidence);
    diagnosis
}

/// What all rules said, sorted.
struct Judged {
    /// Blocking findings, the earliest step first.
    blocks: Vec<Blocked>,
    warnings: Vec<(&'static Rule, Finding)>,
    doubts: Vec<(&'static Rule, Doubt)>,
    excluded: Vec<(&'static Rule, String)>,
}

struct Blocked {
    rule: &'static Rule,
    step: Step,
    finding: Finding,
}

impl Judged {
    fn of(evidence: &Evidence) -> Judged {
        let mut judged = Judged { blocks: vec![], warnings: vec![], doubts: vec![], excluded: vec![] };
        for rule in rules::ALL {
            match (rule.check)(evidence) {
                Outcome::DoesNotApply => {}
                Outcome::RuledOut(why) => judged.excluded.push((rule, why.into_owned())),
                Outcome::CannotTell(doubt) => judged.doubts.push((rule, doubt)),
                Outcome::Found(finding) => match finding.weight {
                    Weight::Warns => judged.warnings.push((rule, finding)),
                    Weight::Blocks(step) => judged.blocks.push(Blocked { rule, step, finding }),
                },
            }
        }
        // Stable: within one step the order of the rule book decides.
        judged.blocks.sort_by_key(|blocked| blocked.step);
        judged
    }

    fn considered(&self, evidence: &Evidence) -> Vec<Considered> {
        let doubts = self.doubts.iter().map(|(rule, doubt)| {
            let decided_by = remedy::fill(&doubt.decided_by, evidence);
            let why = format!("cannot tell for want of {}; decided by: {decided_by}", doubt.for_want_of);
            Considered { code: rule.code.to_owned(), why, excluded: false }
        });
        let excluded = self.excluded.iter().map(|(rule, why)| Considered {
            code: rule.code.to_owned(),
            why: why.clone(),
            excluded: true,
        });
        doubts.chain(excluded).collect()
    }
}

fn caused(evidence: &Evidence, cause: &Blocked, behind: &[Blocked]) -> Diagnosis {
    let rule = cause.rule;
    Diagnosis {
        cause: rule.code.to_owned(),
        sentence: cause.finding.sentence.clone(),
        guide: rule.guide.to_owned(),
        consequences: behind
            .iter()
            .map(|blocked| remark(blocked.rule, &format!("behind it: {}", blocked.finding.sentence)))
            .collect(),
        appearances: rule.appearances.iter().chain(left_behind(cause.step)).map(appearance).collect(),
        first_check: remedy::fill(rule.first_check, evidence),
        remedy: rule
            .remedy
            .iter()
            .chain(afterwards(cause.step))
            .filter(|action| remedy::concerns(action, evidence))
            .map(|action| remedy::action(action, evidence))
            .collect(),
        ..empty()
    }
}

fn undetermined(open: open::Open) -> Diagnosis {
    Diagnosis {
        cause: "undetermined".to_owned(),
        sentence: open.sentence,
        guide: open.guide,
        first_check: open.first_check,
        ..empty()
    }
}

fn not_you(sentence: String) -> Diagnosis {
    Diagnosis {
        cause: "not-you".to_owned(),
        sentence,
        guide: "4".to_owned(),
        first_check: not_you::FIRST_CHECK.to_owned(),
        appearances: FAILED_SYNCHRONIZATION.iter().map(appearance).collect(),
        ..empty()
    }
}

fn healthy() -> Diagnosis {
    Diagnosis {
        cause: "healthy".to_owned(),
        sentence:
            "the whole synchronization was seen along the path that the server uses, and nothing stands in its way"
                .to_owned(),
        guide: "V".to_owned(),
        first_check: "the newest entry under Synchronizations in the WSUS console".to_owned(),
        ..empty()
    }
}

fn empty() -> Diagnosis {
    Diagnosis {
        schema: 1,
        cause: String::new(),
        sentence: String::new(),
        guide: String::new(),
        warnings: Vec::new(),
        consequences: Vec::new(),
        considered: Vec::new(),
        not_seen: Vec::new(),
        evidence: Vec::new(),
        appearances: Vec::new(),
        first_check: String::new(),
        remedy: Vec::new(),
    }
}

/// What every failed synchronization leaves behind. The second follows only with the health cycle, up to ten minutes later.
const FAILED_SYNCHRONIZATION: &[rule::Appearance] = &[
    rule::Appearance::event("Event 386: Synchronization failed. Reason: <exception message>", rule::Provenance::Seen),
    rule::Appearance::event(
        "Event 10022: The last catalog synchronization attempt was unsuccessful.",
        rule::Provenance::Recalled,
    ),
];

/// Files fail after a synchronization that succeeded.
const FAILED_DOWNLOAD: &[rule::Appearance] = &[rule::Appearance::event(
    "Event 10032: The server is failing to download some updates.",
    rule::Provenance::Recalled,
)];

fn left_behind(step: Step) -> &'static [rule::Appearance] {
    if step == Step::Content { FAILED_DOWNLOAD } else { FAILED_SYNCHRONIZATION }
}

fn afterwards(step: Step) -> &'static [rule::Action] {
    if step == Step::Content { FETCH_AGAIN } else { AFTERWARDS }
}

const FETCH_AGAIN: &[rule::Action] =
    &[rule::Action::cmd("cd /d \"%ProgramFiles%\\Update Services\\Tools\" && wsusutil reset").before(
        "the cause is mended; run it on this server, it compares every file with the catalogue and fetches what is missing, \
         which may take hours",
    )];

const AFTERWARDS: &[rule::Action] = &[rule::Action::windows_powershell(
    "(Get-WsusServer).GetSubscription().StartSynchronization()",
)
.before(
    "the cause is mended; then watch SoftwareDistribution.log for a run without a new exception (event 10022 may lag \
     behind by hours)",
)];

fn remark(rule: &Rule, sentence: &str) -> Remark {
    Remark { code: rule.code.to_owned(), sentence: sentence.to_owned() }
}

fn appearance(appearance: &rule::Appearance) -> Appearance {
    Appearance {
        text: appearance.text.to_owned(),
        place: appearance.place.name().to_owned(),
        provenance: appearance.provenance.name().to_owned(),
        build: appearance.build.to_owned(),
    }
}

#[cfg(test)]
mod tests;
