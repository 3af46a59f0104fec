//! What can be wrong with a subject folder: always the file, the place in it, and what was expected.

use std::fmt;
use std::path::PathBuf;

/// Why a subject cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// The path is not a folder.
    #[error("{}: not a folder; expected a subject folder with wsus.json or wsus.txt in it", folder.display())]
    NotAFolder {
        /// The path.
        folder: PathBuf,
    },
    /// The folder lacks the output of Step 0.
    #[error("{}: no wsus.json and no wsus.txt; expected one of them, with the output of Step 0", folder.display())]
    NoStep0 {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder has the output of Step 0 twice.
    #[error("{}: both wsus.json and wsus.txt; expected one of them", folder.display())]
    TwoStep0 {
        /// The folder.
        folder: PathBuf,
    },
    /// The operating system would not read it.
    #[error("{}: cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// More than the examiner is willing to read.
    #[error("{}: too large; expected at most {limit} bytes", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// Something in the file cannot be used.
    #[error("{}{place}: {problem}; expected {expected}", file.display())]
    Unusable {
        /// The file.
        file: PathBuf,
        /// Where in it.
        place: Place,
        /// What is wrong there.
        problem: String,
        /// What was expected in its place.
        expected: String,
    },
    /// A key that would hold a secret. Its value is not repeated.
    #[error("{}{place}: `{key}` does not belong here; expected no password in a subject folder", file.display())]
    Secret {
        /// The file.
        file: PathBuf,
        /// Where in it.
        place: Place,
        /// The key.
        key: String,
    },
    /// The file holds the record of a Step 0 that failed.
    #[error("{}:{line}: Step 0 failed: {kind}: {quoted:?}", file.display())]
    Step0Failed {
        /// The file.
        file: PathBuf,
        /// Why it failed.
        kind: Step0Failure,
        /// The line that tells.
        line: usize,
        /// That line's text, masked and shortened.
        quoted: String,
    },
    /// Step 0 printed its names and not one value.
    #[error("{}: every field of Step 0 is empty; expected at least SyncFromMicrosoftUpdate to have a value", file.display())]
    NothingRead {
        /// The file.
        file: PathBuf,
    },
}

/// A place in a file: whatever of it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line, counted from 1.
    pub line: Option<usize>,
    /// Column, counted from 1.
    pub column: Option<usize>,
    /// Name of the field.
    pub field: Option<&'static str>,
}

/// Why Step 0 failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step0Failure {
    /// The module `UpdateServices` is not installed where Step 0 ran.
    NoModule,
    /// Step 0 ran in PowerShell 6 or later, where the module's objects arrive without their methods, or not at all.
    WrongPowerShell,
    /// The person was not allowed to, mostly for want of an elevated window.
    NotElevated,
    /// The module could not reach the server's own web service.
    Unreachable,
}

impl SubjectError {
    /// What to do about it, where that is more than the message says.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            SubjectError::NotAFolder { .. } => {
                "for single files use --wsus FILE and --host FILE; for a saved examination use --replay"
            }
            SubjectError::NoStep0 { .. } => RUN_STEP0,
            SubjectError::TwoStep0 { .. } => "keep the newer one",
            SubjectError::TooLarge { .. } => {
                "the output of Step 0 is about one kilobyte: this is probably another file"
            }
            SubjectError::Secret { .. } => {
                "remove it here; put the password alone into a file that only you can read and name that file with \
                 --proxy-password-file"
            }
            SubjectError::Step0Failed { kind, .. } => kind.remedy(),
            SubjectError::NothingRead { .. } => {
                "an earlier command of Step 0 failed in that session, so that $config was empty; run Step 0 again in an \
                 elevated Windows PowerShell 5.1 on the WSUS server and look at its first error"
            }
            SubjectError::Unreadable { .. } | SubjectError::Unusable { .. } => return None,
        };
        Some(help.to_owned())
    }
}

const RUN_STEP0: &str = "run Step 0 of the guide on the WSUS server, in an elevated Windows PowerShell 5.1, and save what it \
                         prints: … | ConvertTo-Json > wsus.json";

impl Step0Failure {
    fn remedy(self) -> &'static str {
        match self {
            Step0Failure::NoModule => {
                "run Step 0 on the WSUS server itself, in 64-bit Windows PowerShell 5.1; on another machine install the \
                 module first (Install-WindowsFeature UpdateServices-API, or UpdateServices-RSAT on an administrator's \
                 computer) and name the server: Get-WsusServer -Name NAME -PortNumber 8530"
            }
            Step0Failure::WrongPowerShell => {
                "the module UpdateServices works in Windows PowerShell 5.1 only: start powershell.exe (not pwsh.exe), \
                 elevated, and run Step 0 again"
            }
            Step0Failure::NotElevated => {
                "open Windows PowerShell with \"Run as administrator\", as a member of WSUS Administrators or of the \
                 server's Administrators, and run Step 0 again"
            }
            Step0Failure::Unreachable => {
                "see on the server whether WsusService runs, whether the application pool WsusPool is started, and on \
                 which port the site listens (8530, or 8531 with SSL); then run Step 0 again"
            }
        }
    }
}

impl fmt::Display for Step0Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step0Failure::NoModule => "the module UpdateServices was not found",
            Step0Failure::WrongPowerShell => "it ran in the wrong PowerShell",
            Step0Failure::NotElevated => "permission was refused",
            Step0Failure::Unreachable => "the WSUS server's web service was not reachable",
        })
    }
}

impl Place {
    /// A line and a column; 0, as serde_json says for the end of a text, is no column.
    pub(super) fn at(line: usize, column: usize) -> Place {
        Place { line: Some(line), column: Some(column).filter(|column| *column != 0), field: None }
    }

    /// The same place with the name of a field.
    pub(super) fn of(self, field: &'static str) -> Place {
        Place { field: Some(field), ..self }
    }

    /// The place of a byte in `text`; columns count characters.
    pub(super) fn of_byte(text: &str, byte: usize) -> Place {
        let before = &text[..byte];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Place::at(before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        match self.field {
            Some(field) => write!(f, ": {field}"),
            None => Ok(()),
        }
    }
}
