//! A diagnosis as a report for a person: plain text, no colours, readable in a narrow window.

use crate::diagnosis::{Action, Appearance, Considered, Diagnosis, Remark};
use crate::words::escaped;

/// The report, wrapped at `width` columns. Commands are never wrapped, so that they can be copied.
pub fn text(diagnosis: &Diagnosis, width: usize) -> String {
    let mut page = Page { width: width.max(40), text: String::new() };
    page.verdict(diagnosis);
    page.section("What was seen", diagnosis.evidence.iter(), |page, line| page.seen(line));
    page.section("Warnings", diagnosis.warnings.iter(), Page::warning);
    page.section("Consequences", diagnosis.consequences.iter(), Page::remark);
    page.section("Not seen", diagnosis.not_seen.iter(), |page, line| page.item("- ", line));
    let (excluded, open): (Vec<_>, Vec<_>) = diagnosis.considered.iter().partition(|considered| considered.excluded);
    page.section("Cannot tell", open.into_iter(), Page::considered);
    page.section("Ruled out", excluded.into_iter(), Page::considered);
    page.section(
        "First check",
        Some(&diagnosis.first_check).into_iter().filter(|check| !check.is_empty()),
        |page, check| {
            page.command(check);
        },
    );
    page.section("Remedy", diagnosis.remedy.iter().enumerate(), |page, (at, action)| page.action(at + 1, action));
    page.section("What you will see on the server", diagnosis.appearances.iter(), Page::appearance);
    if !diagnosis.appearances.is_empty() {
        page.item("  ", BLANK_DETAILS);
    }
    page.text
}

/// The steps of a remedy, as they stand in a report.
pub fn remedy(steps: &[Action], width: usize) -> String {
    let mut page = Page { width: width.max(40), text: String::new() };
    page.section("Remedy", steps.iter().enumerate(), |page, (at, action)| page.action(at + 1, action));
    page.text
}

const BLANK_DETAILS: &str = "The console and event 386 may show no details on servers with the security update of October \
    2025 or later; SoftwareDistribution.log has them.";

/// No chain is drawn further to the right.
const DEEPEST: usize = 25;

struct Page {
    width: usize,
    text: String,
}

impl Page {
    fn verdict(&mut self, diagnosis: &Diagnosis) {
        self.item("Cause: ", &diagnosis.cause);
        self.item("       ", &diagnosis.sentence);
        match diagnosis.guide.as_str() {
            "" => {}
            "V" => self.item("       ", "Guide: Verify synchronization succeeded"),
            section => self.item("       ", &format!("Guide: section {section}")),
        }
    }

    fn section<T>(&mut self, title: &str, items: impl Iterator<Item = T>, mut each: impl FnMut(&mut Page, T)) {
        let mut items = items.peekable();
        if items.peek().is_none() {
            return;
        }
        self.text.push('\n');
        self.text.push_str(title);
        self.text.push('\n');
        for item in items {
            each(self, item);
        }
    }

    /// A line of what was seen. One of a drawn chain keeps its indentation, which is what makes it a drawing.
    fn seen(&mut self, line: &str) {
        match line.split_once("chain:") {
            Some((before, drawn)) => {
                let blanks = drawn.len() - drawn.trim_start().len();
                self.item(&format!("- {}chain:{}", escaped(before), " ".repeat(blanks.min(DEEPEST))), drawn);
            }
            None => self.item("- ", line),
        }
    }

    fn remark(&mut self, remark: &Remark) {
        self.item("  ", &format!("{}: {}", remark.code, remark.sentence));
    }

    /// The remedy of a report is the cause's, so a warning names where more is said of it.
    fn warning(&mut self, warning: &Remark) {
        self.remark(warning);
        self.item("  ", &format!("More: wsuslab explain {}", warning.code));
    }

    fn considered(&mut self, considered: &Considered) {
        self.item("  ", &format!("{}: {}", considered.code, considered.why));
    }

    fn action(&mut self, number: usize, action: &Action) {
        let shell = match action.shell.as_str() {
            "windows-powershell" => "In Windows PowerShell 5.1, elevated",
            "cmd" => "In cmd.exe, elevated",
            "person" => "By hand",
            other => other,
        };
        self.item("  ", &format!("{number}. {shell}:"));
        match action.shell.as_str() {
            "person" => self.item("     ", &action.command),
            _ => self.command(&action.command),
        }
        let effect = match action.effect.as_str() {
            "safe" => "",
            "restarts-iis" => "restarts IIS or the WSUS service; running synchronizations stop",
            "affects-other-applications" => "affects other applications on the same server",
            "sends-password-in-clear-text" => "sends the password in clear text",
            other => other,
        };
        for (mark, value) in [("Effect", effect), ("Before", &action.before), ("Not on", &action.not_on)] {
            if !value.is_empty() {
                self.item("     ", &format!("{mark}: {value}"));
            }
        }
    }

    fn appearance(&mut self, appearance: &Appearance) {
        let build = if appearance.build.is_empty() { String::new() } else { format!(", on {}", appearance.build) };
        self.item("  ", &format!("{} ({}{build}): {}", appearance.place, appearance.provenance, appearance.text));
    }

    fn command(&mut self, command: &str) {
        for line in command.lines() {
            self.text.push_str("     ");
            self.text.push_str(&escaped(line));
            self.text.push('\n');
        }
    }

    /// One paragraph; its first line begins with `lead`, the others are indented as far.
    fn item(&mut self, lead: &str, paragraph: &str) {
        let indent = " ".repeat(lead.chars().count());
        let mut line = lead.to_owned();
        let mut empty = true;
        for word in escaped(paragraph).split_whitespace() {
            if !empty && self.width < line.chars().count() + 1 + word.chars().count() {
                self.end(&line);
                line.clone_from(&indent);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.end(&line);
    }

    fn end(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::conclude;
    use crate::testing::*;

    #[test]
    fn a_healthy_path_is_reported_in_a_few_lines() {
        let report = text(&conclude(&http_upstream()), 80);
        assert!(report.starts_with("Cause: healthy\n"), "{report}");
        assert!(!report.contains("Remedy") && !report.contains("Warnings"), "{report}");
    }

    #[test]
    fn a_cause_is_reported_with_its_remedy_and_all_its_marks() {
        let evidence = microsoft_update()
            .step0(|step0| step0.mu_url = Some("https://fe2.update.microsoft.com/v6".to_owned()))
            .stopped_by(no_answer("GetAuthConfig", crate::path::Scheme::Https));
        let report = text(&conclude(&evidence), 80);
        for expected in [
            "Cause: server/decommissioned-endpoint\n",
            "       Guide: section 1\n",
            "     $config.MUUrl = 'https://sws.update.microsoft.com'\n",
            "     Before: SyncFromMicrosoftUpdate is true, TLS 1.2 works on this server, and\n     all WSUS consoles are closed\n",
            "     Not on: a downstream or replica server\n",
            "     Effect: affects other applications on the same server\n",
            "  exception (seen): SoapException: Fault occurred\n",
        ] {
            assert!(report.contains(expected), "{expected}\n{report}");
        }
    }

    #[test]
    fn a_chain_keeps_its_shape() {
        let report = text(&conclude(&https_upstream()), 80);
        assert!(report.contains("\n- chain: CN=up.contoso.com"), "{report}");
        assert!(report.contains("\n- chain:    <- CN="), "{report}");
        assert!(report.contains("\n- chain:       <- CN=Contoso Root"), "{report}");
    }

    #[test]
    fn a_warning_names_where_to_read_more() {
        let evidence = microsoft_update().step0(|step0| step0.mu_url = Some(format!(" https://{SWS}")));
        let report = text(&conclude(&evidence), 80);
        assert!(report.contains("\n  More: wsuslab explain server/update-url-untidy\n"), "{report}");
    }

    #[test]
    fn prose_keeps_to_the_width_and_commands_stay_whole() {
        for evidence in healthy() {
            let report = text(&conclude(&evidence.host(|host| host.stores = None)), 80);
            let prose = report.lines().filter(|line| !line.starts_with("     "));
            assert!(prose.clone().all(|line| line.chars().count() <= 80), "{report}");
        }
    }

    #[test]
    fn a_foreign_diagnosis_cannot_reach_the_terminal() {
        let mut diagnosis = conclude(&http_upstream());
        diagnosis.sentence = "\u{1b}[2J".to_owned();
        diagnosis.first_check = "\u{1b}]0;x\u{7}".to_owned();
        assert!(!text(&diagnosis, 0).contains('\u{1b}'));
    }
}
