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
