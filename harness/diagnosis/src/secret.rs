//! A password that never shows itself.

/// A password: not printed, not serialised, not compared.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Takes a password as read; one line end is cut off, as `echo` and editors add it.
    pub fn new(text: impl Into<String>) -> Password {
        let mut text = text.into();
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        Password(text)
    }

    /// The password itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_cut_off_and_blanks_are_kept() {
        for (read, kept) in [("a b \n", "a b "), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a\r", "a\r"), ("", "")] {
            assert_eq!(Password::new(read).reveal(), kept);
        }
    }

    #[test]
    fn it_does_not_show_itself() {
        assert_eq!(format!("{:?}", Some(Password::new("secret-word"))), "Some(Password(redacted))");
    }
}
