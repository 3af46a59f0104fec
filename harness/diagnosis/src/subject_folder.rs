//! Reads a subject folder: what an administrator gathered on the server, in every form in which Windows prints it.
//!
//! | file | holds |
//! | --- | --- |
//! | `wsus.json` or `wsus.txt` | the output of Step 0 of the guide: `ConvertTo-Json` or `Format-List`; told by content, not by name |
//! | `host.json` | facts about the host, `"schema": 1`, every other field optional; may be absent |
//! | `stores/root`, `stores/ca`, `stores/user-root` | certificates, PEM or DER; an existing empty folder is an empty store |
//!
//! Everything that `host.json` may say, and nothing else (a key that is not in here is refused):
//!
//! ```json
//! {
//!   "schema": 1,
//!   "now": "2026-02-28T09:00:30Z",
//!   "reference_now": "2026-02-28T09:00:00Z",
//!   "wsus_version": "10.0.20348.2227",
//!   "updates": ["KB4484071"],
//!   "protocol_version": "1.20",
//!   "tls": { "protocols": ["1.2"], "suites": ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"], "sch_use_strong_crypto": true },
//!   "stores": { "root": ["stores/root/organisation.cer"], "ca": [], "user_root": [] },
//!   "microsoft_roots": ["8F43288AD272F3103B6FB1428485EA3014C0BCFE"],
//!   "proxy": { "user": "wsus", "domain": "CONTOSO", "allow_basic": false },
//!   "content": { "host_binaries_on_microsoft_update": false, "get_content_from_mu": false },
//!   "winhttp_proxy": "Direct access (no proxy server).",
//!   "outputs": { "Test-NetConnection": "TcpTestSucceeded : True" }
//! }
//! ```
//!
//! In `tls`, `functions` may stand in place of `suites`: the policy's comma-separated text. The files of `stores` are
//! relative to `host.json` and stay below its folder; the folders above are looked at only where `stores` is absent.
//!
//! What is absent is unknown. A secret is refused where it has a name, masked where it hides in pasted text, and never kept.
//!
//! **The clock.** `now` in `host.json` is the server's clock. It means something only against a second clock at the same
//! moment: `reference_now` where the file gives one; else the examiner's clock at reading, when `host.json` was written
//! less than five minutes before; else the time at which `host.json` was last modified. Whoever copies a folder should keep
//! its time stamps, or give `reference_now`.

mod error;
mod host;
mod mask;
mod step0;
mod stores;
mod text;

use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::subject::{HostFacts, Subject};

pub use error::{Place, Step0Failure, SubjectError};

/// Reads the subject folder `folder`; `read_at` is the examiner's clock.
///
/// # Errors
///
/// When something in the folder cannot be used, or the folder holds the record of a Step 0 that failed.
pub fn read(folder: &Path, read_at: OffsetDateTime) -> Result<Subject, SubjectError> {
    if !folder.is_dir() {
        return Err(SubjectError::NotAFolder { folder: folder.to_owned() });
    }
    let step0 = step0::read(&wsus_file(folder)?)?;
    let host_file = folder.join("host.json");
    let host = if exists(&host_file)? {
        host::read(&host_file, read_at)?
    } else {
        HostFacts { stores: stores::beside(folder)?, ..HostFacts::default() }
    };
    Ok(Subject { step0, host })
}

/// Reads the same from single files, as `diagnose --wsus F --host F` names them. Paths of certificates, and the folder
/// `stores`, are looked for beside `host`.
///
/// # Errors
///
/// As [`read`].
pub fn read_files(wsus: &Path, host: Option<&Path>, read_at: OffsetDateTime) -> Result<Subject, SubjectError> {
    let step0 = step0::read(wsus)?;
    let host = host.map(|file| host::read(file, read_at)).transpose()?.unwrap_or_default();
    Ok(Subject { step0, host })
}

fn wsus_file(folder: &Path) -> Result<PathBuf, SubjectError> {
    let (json, text) = (folder.join("wsus.json"), folder.join("wsus.txt"));
    match (exists(&json)?, exists(&text)?) {
        (true, false) => Ok(json),
        (false, true) => Ok(text),
        (true, true) => Err(SubjectError::TwoStep0 { folder: folder.to_owned() }),
        (false, false) => Err(SubjectError::NoStep0 { folder: folder.to_owned() }),
    }
}

fn exists(file: &Path) -> Result<bool, SubjectError> {
    file.try_exists().map_err(|source| SubjectError::Unreadable { file: file.to_owned(), source })
}

#[cfg(test)]
mod tests;
