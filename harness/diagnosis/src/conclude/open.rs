//! What stays open when no rule found a cause: the end of the walk, the doubts, and the check that would decide.

use super::remedy::fill;
use crate::chain::{Status, Verdict};
use crate::evidence::{Evidence, Purpose, TlsEnd, WalkEnd};
use crate::path::Scheme;
use crate::rule::{Doubt, Rule, Step};
use crate::words::{list, moment, safe};

pub(super) struct Open {
    pub(super) sentence: String,
    pub(super) guide: String,
    pub(super) first_check: String,
}

/// `None` where nothing is open: then the path is healthy.
pub(super) fn questions(evidence: &Evidence, doubts: &[(&'static Rule, Doubt)]) -> Option<Open> {
    let seen = [end_of_walk(evidence), incomplete_metadata(evidence), unexplained_chain(evidence)];
    let seen: Vec<Question> = seen.into_iter().flatten().collect();
    if seen.is_empty() && doubts.is_empty() {
        return None;
    }
    let mut sentences: Vec<String> = seen.iter().map(|question| question.what.clone()).collect();
    if doubts.is_empty() {
        sentences.push("no rule names the cause".to_owned());
    } else if evidence.observations.is_empty() {
        sentences.push("nothing was looked at".to_owned());
    } else if seen.is_empty() {
        sentences.push("everything that was looked at works".to_owned());
    }
    sentences.extend(candidates(doubts));
    let first_check = match (doubts.first(), seen.first()) {
        (Some((_, doubt)), _) => fill(&doubt.decided_by, evidence),
        (None, Some(question)) => fill(question.check, evidence),
        (None, None) => String::new(),
    };
    if !doubts.is_empty() {
        sentences.push(format!("decided by: {first_check}"));
    }
    let guide = doubts.first().map_or("", |(rule, _)| rule.guide).to_owned();
    Some(Open { sentence: sentences.join("; "), guide, first_check })
}

/// Something that was seen and that no rule explains.
struct Question {
    what: String,
    check: &'static str,
}

fn end_of_walk(evidence: &Evidence) -> Option<Question> {
    let (what, check) = match evidence.walk(Purpose::Path).end {
        WalkEnd::RanToItsEnd => return None,
        WalkEnd::NotBegun if evidence.path().is_none() => return None,
        WalkEnd::NotBegun => ("nothing was looked at".to_owned(), "repeat the examination"),
        WalkEnd::Open => (
            "what was looked at works, but the synchronization was not seen to its end".to_owned(),
            "repeat the examination",
        ),
        WalkEnd::Stopped { step, how, .. } => {
            let again = evidence.handshakes(Purpose::Again).any(|again| again.seen.ended == TlsEnd::Completed);
            let again = if again { "; the same offer was accepted when it was made again" } else { "" };
            (format!("the walk stopped at {}: {how}{again}", step.in_words()), check_of(step))
        }
    };
    Some(Question { what, check })
}

fn incomplete_metadata(evidence: &Evidence) -> Option<Question> {
    let sync = evidence.sync()?.seen;
    if sync.stopped_at.is_some() || sync.missing.is_empty() && sync.unreadable.is_empty() && sync.misnamed.is_empty() {
        return None;
    }
    let examples =
        list(sync.missing.iter().chain(&sync.unreadable).chain(&sync.misnamed).take(3).map(|text| safe(text)));
    let (missing, unreadable) = (sync.missing.len(), sync.unreadable.len() + sync.misnamed.len());
    let what = format!(
        "the synchronization ran to its end, but the metadata of {missing} announced revisions never came and that of \
         {unreadable} could not be used ({examples})"
    );
    Some(Question { what, check: "SoftwareDistribution.log of the upstream at the time of the examination" })
}

fn unexplained_chain(evidence: &Evidence) -> Option<Question> {
    let path = evidence.path().filter(|path| path.scheme == Scheme::Https)?;
    let completed = evidence.walk(Purpose::Path).reached_at_least(Step::Handshake);
    let Some((_, verdict)) = evidence.chain_verdict() else {
        let what = format!("the certificates of {} were not seen", safe(&path.host));
        return completed.then_some(Question { what, check: "openssl s_client -showcerts -connect {host}:{port}" });
    };
    let problem = verdict.problems.first()?;
    let (role, name) = (verdict.role(problem.link), problem.status.windows_name());
    let mut what = format!("this server would reject the {role}: {} ({name})", problem.words);
    what += &clock(evidence, &verdict);
    let check = match problem.status {
        Status::NotYetValid | Status::Expired => {
            "(Get-Date).ToUniversalTime() on this server, and w32tm /query /status"
        }
        _ => "certutil -verify -urlfetch upstream.cer, with the certificate as the target presents it",
    };
    Some(Question { what, check })
}

fn clock(evidence: &Evidence, verdict: &Verdict) -> String {
    let early = verdict.having(Status::NotYetValid).next().is_some();
    match evidence.subject_now() {
        Some(now) if early => {
            format!("; this server's clock reads {}, the examiner's {}", moment(now), moment(evidence.taken_at))
        }
        _ => String::new(),
    }
}

/// The candidates, one clause for each thing that is missing.
fn candidates(doubts: &[(&'static Rule, Doubt)]) -> Vec<String> {
    let mut wants: Vec<&str> = Vec::new();
    for (_, doubt) in doubts {
        if !wants.contains(&doubt.for_want_of.as_ref()) {
            wants.push(&doubt.for_want_of);
        }
    }
    let clause = |want: &&str| {
        let codes = doubts.iter().filter(|(_, doubt)| doubt.for_want_of == *want).map(|(rule, _)| rule.code);
        format!("it may be {}, which cannot be told for want of {want}", either(codes.collect()))
    };
    wants.iter().map(clause).collect()
}

fn either(codes: Vec<&str>) -> String {
    match codes.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        other => other.concat(),
    }
}

/// Where to look when a step failed in a way that no rule knows.
fn check_of(step: Step) -> &'static str {
    match step {
        Step::Configuration => "the output of Step 0",
        Step::Name => "Resolve-DnsName {host}, and the DNS server that this machine asks",
        Step::Connect => "Test-NetConnection {host} -Port {port}, and the firewalls on the way",
        Step::Proxy => "the proxy's log for this server's request",
        Step::Handshake => "a capture of the handshake on this server, and the System log (Schannel) of both ends",
        Step::Certificate => "certutil -verify -urlfetch upstream.cer",
        Step::Request => "the log of IIS and HTTPERR on the source, or of whatever stands in front of it",
        Step::Authorization | Step::Metadata => "SoftwareDistribution.log and the Application log of the source",
        Step::Content => "events 364 and 363 in the Application log",
    }
}
