//! The chain as lines of text, the bad link marked. ASCII, as a Windows console shows it.

use super::{Origin, Trust, Verdict};

pub(super) fn draw(verdict: &Verdict) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, link) in verdict.links.iter().enumerate() {
        let (certificate, origin) = (&link.certificate, origin(link.origin));
        let (from, until) = (certificate.not_before.date(), certificate.not_after.date());
        let arrow = if at == 0 { "" } else { "<- " };
        let indent = "   ".repeat(at.min(8));
        lines.push(format!("chain: {indent}{arrow}{} ({origin}, {from} to {until})", certificate.subject));
        for problem in verdict.problems.iter().filter(|problem| problem.link == at) {
            let (name, hresult) = (problem.status.windows_name(), problem.status.hresult());
            lines.push(format!("chain: {indent}   !! {} [{name}, {hresult}]", problem.words));
        }
        for weakness in verdict.weaknesses.iter().filter(|weakness| weakness.link == at) {
            lines.push(format!("chain: {indent}   ! {}", weakness.words));
        }
    }
    lines.extend(ending(verdict));
    lines.extend(verdict.elsewhere().into_iter().map(|remark| format!("elsewhere: {remark}")));
    lines
}

fn ending(verdict: &Verdict) -> Option<String> {
    let words = match &verdict.trust {
        Trust::Trusted => "ends at a trust anchor of the machine".to_owned(),
        Trust::Unknown(_) => "whether it ends at a trust anchor is open: the machine's stores are not known".to_owned(),
        Trust::Unreadable(why) => format!("!! unreadable: {why}"),
        Trust::SelfSigned { .. } | Trust::UntrustedRoot { .. } | Trust::Partial { .. } => return None,
    };
    Some(format!("chain: {words}"))
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Presented => "presented",
        Origin::CaStore => "from Intermediate Certification Authorities",
        Origin::RootStore => "from Trusted Root",
        Origin::Fetched => "fetched, as Windows does",
    }
}
