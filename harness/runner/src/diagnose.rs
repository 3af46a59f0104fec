//! `diagnose`: the black box on a real network, or inside a running lab, or on saved evidence.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use diagnosis::deadlines::Deadlines;
use diagnosis::network::{Network, Plan};
use diagnosis::secret::Password;
use diagnosis::subject_folder::{self, SubjectError};
use diagnosis::{Diagnosis, Evidence, Subject};
use scenarios::network::NetworkFile;
use time::OffsetDateTime;

use crate::cli::Diagnose;
use crate::failure::{Failure, with_sources};

/// More than any evidence needs.
const MOST_EVIDENCE: u64 = 256 * 1024 * 1024;

/// `host:port:address:port`, as curl's `--connect-to` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectTo {
    host: String,
    port: u16,
    address: SocketAddr,
}

/// What the surroundings of the program have to offer: its environment and its terminal.
pub struct Surroundings<'a> {
    /// The value of `WSUSLAB_PROXY_PASSWORD_FILE`.
    pub password_file: Option<PathBuf>,
    /// Asks a person for the password; `None` where there is nobody to ask.
    pub ask: &'a dyn Fn(&str) -> std::io::Result<Option<String>>,
}

/// Diagnoses as the command line says.
///
/// # Errors
///
/// When an input cannot be used, or the examination itself broke.
pub fn diagnose(options: &Diagnose, surroundings: &Surroundings<'_>) -> Result<Diagnosis, Failure> {
    let evidence = match &options.replay {
        Some(file) => replay(file)?,
        None => look(options, surroundings)?,
    };
    Ok(diagnosis::conclude(&evidence))
}

fn look(options: &Diagnose, surroundings: &Surroundings<'_>) -> Result<Evidence, Failure> {
    let subject = subject(options)?;
    let plan = plan(options)?;
    let usual = if plan.is_some() { Deadlines::LOOPBACK } else { Deadlines::WINDOWS };
    let deadlines = options.deadline.map_or(usual, |limit: Duration| usual.at_most(limit));
    let network = network(options, plan, password(options, &subject, surroundings)?);
    let evidence = diagnosis::examine(&subject, &network, deadlines).map_err(|error| Failure::lab(&error))?;
    if let Some(file) = &options.evidence_out {
        save(file, &evidence)?;
    }
    Ok(evidence)
}

fn subject(options: &Diagnose) -> Result<Subject, Failure> {
    let now = OffsetDateTime::now_utc();
    let read = match (&options.folder, &options.wsus) {
        (Some(folder), _) => subject_folder::read(folder, now),
        (None, Some(wsus)) => subject_folder::read_files(wsus, options.host.as_deref(), now),
        (None, None) => return Err(Failure::input("expected a subject folder, --wsus or --replay")),
    };
    read.map_err(|error: SubjectError| match error.help() {
        Some(help) => Failure::input_with_help(with_sources(&error), help),
        None => Failure::input(with_sources(&error)),
    })
}

/// The plan that is named, or lies in the folder: then the subject lives in a lab, and nothing outside is dialled.
fn plan(options: &Diagnose) -> Result<Option<NetworkFile>, Failure> {
    let beside = || options.folder.as_ref().map(|folder| folder.join("network.json")).filter(|file| file.exists());
    let Some(file) = options.plan.clone().or_else(beside) else { return Ok(None) };
    let text = read(&file)?;
    let plan: NetworkFile = serde_json::from_str(&text).map_err(|error| unusable(&file, &error, "an address plan"))?;
    if plan.schema != 1 {
        return Err(Failure::input(format!("{}: schema {} is not known; expected 1", file.display(), plan.schema)));
    }
    Ok(Some(plan))
}

fn network(options: &Diagnose, plan: Option<NetworkFile>, password: Option<Password>) -> Network {
    let dns = options.dns.or_else(|| plan.as_ref().and_then(|plan| plan.dns).map(|dns| dns.lab));
    let connect_to = options.connect_to.iter().map(|to| ((to.host.clone(), to.port), to.address)).collect();
    Network { dns, plan: plan.map(sealed), connect_to, proxy_password: password, ..Network::default() }
}

fn sealed(plan: NetworkFile) -> Plan {
    Plan {
        tcp: plan.tcp.into_iter().map(|mapping| (mapping.lab, mapping.address)).collect(),
        udp: plan.udp.into_iter().map(|mapping| (mapping.lab, mapping.address)).collect(),
        closed: plan.closed.into_iter().map(|closed| (closed.host, closed.address)).collect(),
    }
}

/// The proxy password: from the file that is named, else from the environment's, else from a person, if it can be needed at all.
fn password(
    options: &Diagnose,
    subject: &Subject,
    surroundings: &Surroundings<'_>,
) -> Result<Option<Password>, Failure> {
    if let Some(file) = options.proxy_password_file.as_ref().or(surroundings.password_file.as_ref()) {
        return Ok(Some(Password::new(read(file)?)));
    }
    let step0 = &subject.step0;
    let uses_credentials = step0.use_proxy == Some(true)
        && step0.anonymous_proxy_access == Some(false)
        && step0.has_proxy_password == Some(true);
    if !uses_credentials {
        return Ok(None);
    }
    let user = subject.host.proxy.as_ref().and_then(|proxy| proxy.user.as_deref()).unwrap_or("the proxy account");
    let question = format!("Proxy password of {} (tried once; empty to go on without): ", user.escape_debug());
    let answer = (surroundings.ask)(&question).map_err(|error| Failure::file("the terminal", &error))?;
    Ok(answer.filter(|password| !password.is_empty()).map(Password::new))
}

fn save(file: &Path, evidence: &Evidence) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(evidence).map_err(|error| Failure::lab(&error))?;
    std::fs::write(file, text + "\n").map_err(|error| Failure::file(file.display(), &error))
}

fn replay(file: &Path) -> Result<Evidence, Failure> {
    let evidence: Evidence = serde_json::from_str(&read(file)?)
        .map_err(|error| unusable(file, &error, "evidence as --evidence-out saves it"))?;
    if evidence.schema != 1 {
        return Err(Failure::input(format!("{}: schema {} is not known; expected 1", file.display(), evidence.schema)));
    }
    Ok(evidence)
}

fn read(file: &Path) -> Result<String, Failure> {
    let length = std::fs::metadata(file).map_err(|error| Failure::file(file.display(), &error))?.len();
    if MOST_EVIDENCE < length {
        return Err(Failure::input(format!("{}: too large; expected at most {MOST_EVIDENCE} bytes", file.display())));
    }
    std::fs::read_to_string(file).map_err(|error| Failure::file(file.display(), &error))
}

fn unusable(file: &Path, error: &serde_json::Error, expected: &str) -> Failure {
    let place = format!("{}:{}:{}", file.display(), error.line(), error.column());
    let text = error.to_string();
    let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
    Failure::input_with_help(format!("{place}: {problem}"), format!("expected {expected}"))
}

/// Reads `host:port:address:port`; an address of IPv6 stands in brackets.
///
/// # Errors
///
/// When it is none; the message says what was expected.
pub fn parse_connect_to(text: &str) -> Result<ConnectTo, String> {
    let expected = || "expected HOST:PORT:ADDRESS:PORT, as sws.update.microsoft.com:443:127.0.0.1:4443".to_owned();
    let (host, rest) = text.split_once(':').ok_or_else(expected)?;
    let (port, address) = rest.split_once(':').ok_or_else(expected)?;
    let port = port.parse().map_err(|_| expected())?;
    let address = address.parse().map_err(|_| expected())?;
    if host.is_empty() || host.contains(char::is_whitespace) || port == 0 {
        return Err(expected());
    }
    Ok(ConnectTo { host: host.to_ascii_lowercase(), port, address })
}

/// Reads the address of a DNS server; the port is 53 without one.
///
/// # Errors
///
/// When it is none; the message says what was expected.
pub fn parse_dns(text: &str) -> Result<SocketAddr, String> {
    let alone = || text.parse::<IpAddr>().map(|address| SocketAddr::new(address, 53));
    text.parse()
        .or_else(|_| alone())
        .map_err(|_| "expected an IP address, with or without a port, as 10.0.0.2".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn connect_to_is_read_as_curl_reads_it() {
        let to = parse_connect_to("Up.corp.example:8531:127.0.0.1:9").unwrap();
        assert_eq!((to.host.as_str(), to.port, to.address), ("up.corp.example", 8531, "127.0.0.1:9".parse().unwrap()));
        assert!(parse_connect_to("up:8531:[::1]:9").is_ok());
        for bad in ["", "up", "up:8531", "up:x:127.0.0.1:9", ":1:127.0.0.1:9", "up:1:other:9", "up:1:127.0.0.1"] {
            assert!(parse_connect_to(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_dns_server_has_an_address_and_perhaps_a_port() {
        assert_eq!(parse_dns("10.0.0.2"), Ok("10.0.0.2:53".parse().unwrap()));
        assert_eq!(parse_dns("10.0.0.2:5353"), Ok("10.0.0.2:5353".parse().unwrap()));
        assert_eq!(parse_dns("[::1]:5353"), Ok("[::1]:5353".parse().unwrap()));
        assert!(parse_dns("dns.example").is_err());
    }
}
