//! Words for sentences: what came from the wire or from a file is made safe before a terminal or a shell sees it.

use time::OffsetDateTime;

/// The most characters of a foreign text that a sentence quotes.
const QUOTED: usize = 160;

/// A foreign text as one harmless line: control and direction characters escaped, and not too long.
pub(crate) fn safe(text: &str) -> String {
    let mut line = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == QUOTED {
            line.push('…');
            break;
        }
        if unsafe_on_a_terminal(character) {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// A whole text with what a terminal would act on escaped; line ends too.
pub(crate) fn escaped(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars() {
        if unsafe_on_a_terminal(character) {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// Whether a name or address may stand in a command that a person will paste into a shell.
pub(crate) fn fit_for_a_command(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte))
        && !text.starts_with('-')
}

/// A moment as `2024-01-31 12:00:00 UTC`.
pub(crate) fn moment(time: OffsetDateTime) -> String {
    let time = time.to_offset(time::UtcOffset::UTC);
    let (date, clock) = (time.date(), time.time());
    format!("{date} {:02}:{:02}:{:02} UTC", clock.hour(), clock.minute(), clock.second())
}

/// `a, b and c`.
pub(crate) fn list<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Whether a terminal would act on the character, or a reader be misled by it.
fn unsafe_on_a_terminal(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_from_the_wire_cannot_reach_the_terminal() {
        assert_eq!(safe("a\u{1b}[2J\u{202e}b"), r"a\u{1b}[2J\u{202e}b");
    }

    #[test]
    fn a_huge_text_is_cut() {
        assert_eq!(safe(&"x".repeat(1_000_000)).chars().count(), QUOTED + 1);
    }

    #[test]
    fn a_name_that_would_end_a_command_is_not_put_into_one() {
        assert!(fit_for_a_command("up.contoso.com"));
        assert!(!fit_for_a_command("up\"; Remove-Item x"));
        assert!(!fit_for_a_command("-UseSsl"));
    }
}
