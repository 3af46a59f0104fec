//! Tells why Step 0 failed from the errors that PowerShell printed in its place.
//!
//! The window wraps errors anywhere and PowerShell 7 frames them with bars, so texts are compared without blanks, bars and
//! case. Error ids and type names stand in localised errors too, the sentences only in English ones.

use std::path::Path;

use crate::subject_folder::error::{Step0Failure, SubjectError};
use crate::subject_folder::mask::mask;

/// The failure that `text` records. The kinds are tried in the order in which one hides the next: the wrong PowerShell may
/// not find the module, and without the module nobody's permission is asked.
pub(super) fn of(text: &str, file: &Path) -> Option<SubjectError> {
    let squeezed = Squeezed::of(text);
    let (kind, line) = KINDS.iter().find_map(|(kind, signs)| {
        let first = signs.iter().filter_map(|sign| squeezed.line_of(sign)).min()?;
        Some((*kind, first))
    })?;
    let quoted: String = text.lines().nth(line - 1).unwrap_or_default().trim().chars().take(300).collect();
    Some(SubjectError::Step0Failed { file: file.to_owned(), kind, line, quoted: mask(&quoted) })
}

/// Published by Microsoft, in PowerShell's source, or in somebody's public report, unless marked as recalled.
const KINDS: [(Step0Failure, &[&str]); 4] = [
    (
        Step0Failure::WrongPowerShell,
        &[
            "WinPSCompatSession",
            // The object came through the compatibility session and has lost its methods; the exact type name is recalled.
            "[Deserialized.Microsoft.UpdateServices",
            "does not support current PowerShell edition",
            // Seen of another module of Windows that was forced into PowerShell 7; recalled of this one.
            "Could not load type",
            // Recalled: a script's own `#requires` line, and a manifest's.
            "requires Windows PowerShell",
            "requires a minimum Windows PowerShell version",
            "Modules_PSEditionNotSupported",
        ],
    ),
    (
        Step0Failure::NoModule,
        &[
            "The specified module 'UpdateServices' was not loaded because no valid module file was found",
            "Modules_ModuleNotFound",
            "The term 'Get-WsusServer' is not recognized",
            // The form is PowerShell's for any command; with this one it is derived.
            "(Get-WsusServer:String) [], CommandNotFoundException",
        ],
    ),
    (
        Step0Failure::NotElevated,
        &[
            // Seen of the WSUS API called by an account outside of the WSUS groups; recalled of Get-WsusServer itself.
            "Request for principal permission failed",
            "System.Security.SecurityException",
            "UnauthorizedAccess",
            "Access is denied",
            // Recalled: the web service's answer to somebody outside of the WSUS groups.
            "The request failed with HTTP status 401",
        ],
    ),
    (
        Step0Failure::Unreachable,
        &[
            "The WSUS administration console was unable to connect",
            // The type is in the WSUS API; when Get-WsusServer lets it out is recalled.
            "WsusInvalidServerException",
            // Recalled.
            "Cannot connect to",
            "Unable to connect to the remote server",
            "The remote name could not be resolved",
            "The request failed with HTTP status",
            "System.Net.WebException",
        ],
    ),
];

/// A text without blanks, bars and case, with the line of each byte.
struct Squeezed {
    text: String,
    lines: Vec<usize>,
}

impl Squeezed {
    fn of(text: &str) -> Squeezed {
        let mut squeezed = Squeezed { text: String::new(), lines: Vec::new() };
        for (index, line) in text.lines().enumerate() {
            for kept in squeeze(line) {
                squeezed.text.push(kept);
                squeezed.lines.resize(squeezed.text.len(), index + 1);
            }
        }
        squeezed
    }

    fn line_of(&self, sign: &str) -> Option<usize> {
        let sign: String = squeeze(sign).collect();
        self.text.find(&sign).map(|at| self.lines[at])
    }
}

fn squeeze(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace() && *c != '|').map(|c| match c {
        // Typographic quotes, as Windows PowerShell prints them in some languages.
        '\u{2018}' | '\u{2019}' => '\'',
        other => other.to_ascii_lowercase(),
    })
}
