//! Input that cannot be used: one message that names the file, the place and what was expected; exit code 2; no backtrace; and
//! nothing on standard output. And what is not the input's fault: exit code 3.

use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};
use wsuslab_tests::peer;

use super::served::{DEADLINE, wsuslab};

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn() -> Result<(), Failed>| Trial::test(format!("input/{name}"), test);
    vec![
        trial("a scenario file that cannot be used", scenario_files),
        trial("a scenario that does not exist", unknown_scenarios),
        trial("a world that contradicts itself", impossible_worlds),
        trial("a lab that cannot start", broken_labs),
        trial("an address or a port that cannot be had", addresses_and_ports),
        trial("a command line that means nothing", command_lines),
        trial("a subject folder that cannot be used", subject_folders),
        trial("a Step 0 that failed", failed_step0),
        trial("further files that cannot be used", further_files),
        trial("an output that cannot be written", outputs),
    ]
}

/// A scenario that is good up to `{world}`.
const SCENARIO: &str = "title = 't'
{world}
[subject]
from = 'upstream'
[expect]
cause = 'healthy'
[lesson]
symptom = 's'
cause = 'c'
tell-apart = 't'
remedy = 'r'
references = ['r']
";

fn scenario_files() -> Result<(), Failed> {
    for (world, words) in [
        ("guid = '6'", "x.toml:2:1: unknown field `guid`"),
        ("modes = 'F-34'", "x.toml:2:9: invalid type: string \"F-34\""),
        ("[world.upstream]\nhttp-port = 'eighty'", "x.toml:3:13: invalid type: string \"eighty\""),
        ("[world.upstream]\nhttp-prot = 80", "x.toml:3:1: unknown field `http-prot`"),
        (
            "[world.upstream]\nfaults = [{ tcp = { refuse = {} }, http = { pool-stopped = {} } }]",
            "x.toml:3:11: the fault names 2 layers",
        ),
        ("[world.upstream]\nfaults = [{}]", "x.toml:3:11: the fault names 0 layers"),
        (
            "[world.upstream]\nfaults = [{ on = 'htps', tcp = { refuse = {} } }]",
            "x.toml:3:18: the node has no listener `htps`",
        ),
        (
            "[world.upstream]\nfaults = [{ tcp = { refuse = { now = true } } }]",
            "x.toml:3:32: unexpected keys in table: now",
        ),
        ("[world.nobody]", "x.toml:2:8: the name `nobody` does not imply a kind"),
        ("[world", "x.toml:2:"),
    ] {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("x.toml"), SCENARIO.replace("{world}", world))?;
        for command in ["run", "serve", "show"] {
            refused(folder.path(), &[command, "x.toml"], words)?;
        }
        refused(folder.path(), &["run", "--format", "json", "x.toml"], words)?;
        refused(folder.path(), &["serve", "--format", "json", "x.toml"], words)?;
    }
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("bytes.toml"), [0xff, 0xfe, 0x00, 0x80])?;
    std::fs::write(folder.path().join("empty.toml"), "")?;
    std::fs::create_dir(folder.path().join("folder.toml"))?;
    refused(folder.path(), &["run", "absent.toml"], "absent.toml: cannot be read")?;
    refused(folder.path(), &["run", "bytes.toml"], "bytes.toml: cannot be read")?;
    refused(folder.path(), &["run", "folder.toml"], "folder.toml: cannot be read")?;
    refused(folder.path(), &["run", "empty.toml"], "empty.toml:1:1: missing field")
}

fn unknown_scenarios() -> Result<(), Failed> {
    let here = tempfile::tempdir()?;
    refused(
        here.path(),
        &["run", "tls/exspired"],
        "no scenario is called \"tls/exspired\" help: did you mean tls/expired",
    )?;
    refused(here.path(), &["run", "tls/expired", "nothing/*"], "no scenario is called \"nothing/*\"")?;
    refused(here.path(), &["run", "tls/[", "--format", "json"], "tls/[: no pattern")?;
    refused(here.path(), &["serve", "tls/*"], "no scenario is called \"tls/*\"")?;
    refused(here.path(), &["show", "tls"], "no scenario is called \"tls\"")
}

fn impossible_worlds() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let world = "[world.upstream]\naddress = '10.87.0.2'\nhttp-port = 53";
    std::fs::write(folder.path().join("x.toml"), SCENARIO.replace("{world}", world))?;
    for command in ["run", "serve"] {
        let arguments = [command, "--format", "json", "x.toml"];
        refused(
            folder.path(),
            &arguments,
            "x.toml:2:8: node upstream: its lab address 10.87.0.2:53 is taken by node dns",
        )?;
        refused(folder.path(), &arguments, "expected a world that does not contradict itself")?;
    }
    Ok(())
}

/// With so few open files no world can start: that is nobody's input, and the document is whole all the same.
fn broken_labs() -> Result<(), Failed> {
    let few = "ulimit -n 12; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args([
        "-c",
        few,
        env!("CARGO_BIN_EXE_wsuslab"),
        "run",
        "--format",
        "json",
        "healthy/downstream-of-http-upstream",
    ]);
    let output = peer::run(&mut command, DEADLINE);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let told = said["scenarios"][0]["verdict"] == "lab-error" && said["summary"]["lab-error"] == 1;
    if output.status.code() == Some(3) && told { Ok(()) } else { Err(format!("{}\n{said:#}", output.status).into()) }
}

fn addresses_and_ports() -> Result<(), Failed> {
    let here = tempfile::tempdir()?;
    refused(here.path(), &["serve", "tls/expired", "--bind", "nowhere"], "invalid value 'nowhere' for '--bind")?;
    // RFC 5737: an address of no machine.
    refused(
        here.path(),
        &["serve", "tls/expired", "--bind", "192.0.2.1", "--format", "json"],
        "cannot listen on 192.0.2.1:",
    )?;
    // Without privileges port 53 is refused before 8530 is found occupied; either way one message names the port.
    let _occupied = std::net::TcpListener::bind("127.87.0.1:8530")?;
    let standard =
        ["serve", "healthy/downstream-of-http-upstream", "--bind", "127.87.0.1", "--standard-ports", "--for", "1s"];
    refused(here.path(), &standard, "cannot listen on 127.87.0.1:")
}

fn command_lines() -> Result<(), Failed> {
    let here = tempfile::tempdir()?;
    for (arguments, words) in [
        (&[][..], "Usage: wsuslab"),
        (&["dance"], "unrecognized subcommand 'dance'"),
        (&["run", "--format", "yaml"], "invalid value 'yaml' for '--format"),
        (&["run", "--jobs", "0"], "invalid value '0' for '--jobs"),
        (&["run", "--deadline", "soon"], "invalid value 'soon' for '--deadline"),
        (&["run", "--examiner", ""], "--examiner"),
        (&["run", "--examiner", "no-such-program"], "--examiner: there is no program \"no-such-program\""),
        (&["serve"], "required arguments were not provided"),
        (&["serve", "tls/expired", "--for", "forever"], "invalid value 'forever' for '--for"),
        (&["diagnose"], "required arguments were not provided"),
        (&["diagnose", ".", "--connect-to", "here"], "expected HOST:PORT:ADDRESS:PORT"),
        (&["diagnose", ".", "--connect-to", "h:70000:127.0.0.1:1"], "expected HOST:PORT:ADDRESS:PORT"),
        (&["diagnose", ".", "--dns", "dns.example"], "expected an IP address"),
        (&["explain"], "required arguments were not provided"),
    ] {
        refused(here.path(), arguments, words)?;
    }
    Ok(())
}

fn subject_folders() -> Result<(), Failed> {
    for (files, words) in [
        (&[][..], "subject: no wsus.json and no wsus.txt"),
        (&[("wsus.json", "")], "wsus.json"),
        (&[("wsus.json", "\u{1}\u{2}\u{3} garbage")], "wsus.json"),
        (&[("wsus.json", "{\"SyncFromMicrosoftUpdate\": tru")], "wsus.json:1:"),
        (&[("wsus.json", "{\"SyncFromMicrosoftUpdate\": \"perhaps\"}")], "SyncFromMicrosoftUpdate"),
        (&[("wsus.json", GOOD), ("wsus.txt", GOOD)], "both wsus.json and wsus.txt"),
        (&[("wsus.json", GOOD), ("host.json", "{\"schema\": 2}")], "host.json:1:"),
        (&[("wsus.json", GOOD), ("host.json", "{\"schema\": 1, \"clock\": 3}")], "clock"),
        (
            &[("wsus.json", GOOD), ("host.json", "{\"schema\": 1, \"proxy\": {\"password\": \"s3cret\"}}")],
            "expected no password",
        ),
        (&[("wsus.json", GOOD), ("stores/root/x.cer", "no certificate")], "x.cer"),
        (&[("wsus.json", GOOD), ("network.json", "{")], "network.json:1:1"),
        (&[("wsus.json", GOOD), ("network.json", "{\"schema\": 1, \"tcp\": 3}")], "network.json:1:"),
    ] {
        let here = subject(files)?;
        refused(here.path(), &["diagnose", "subject", "--format", "json"], words)?;
        let said = at(here.path(), &["diagnose", "subject"]);
        if String::from_utf8_lossy(&said.stderr).contains("s3cret") {
            return Err("a secret is repeated".into());
        }
    }
    let here = tempfile::tempdir()?;
    refused(here.path(), &["diagnose", "subject"], "subject: not a folder")?;
    std::fs::write(here.path().join("subject"), "")?;
    refused(here.path(), &["diagnose", "subject"], "subject: not a folder")
}

const GOOD: &str = "{\"SyncFromMicrosoftUpdate\": false, \"UpstreamWsusServerName\": \"\"}";

fn failed_step0() -> Result<(), Failed> {
    let no_module = "PS C:\\> Import-Module UpdateServices -ErrorAction Stop\r\n\
        Import-Module : The specified module 'UpdateServices' was not loaded because no valid module file was found\r\n\
        \u{20}   + CategoryInfo          : ResourceUnavailable: (UpdateServices:String) [Import-Module], FileNotFoundException\r\n\
        \u{20}   + FullyQualifiedErrorId : Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand\r\n";
    let here = subject(&[("wsus.txt", no_module)])?;
    refused(here.path(), &["diagnose", "subject"], "Step 0 failed: the module UpdateServices was not found")?;
    refused(here.path(), &["diagnose", "subject", "--format", "json"], "wsus.txt:2: Step 0 failed")
}

fn further_files() -> Result<(), Failed> {
    let here = subject(&[("wsus.json", GOOD)])?;
    std::fs::write(here.path().join("evidence.json"), "{\"schema\": 1}")?;
    for (arguments, words) in [
        (&["diagnose", "--replay", "absent.json"][..], "absent.json"),
        (&["diagnose", "--replay", "evidence.json"], "evidence.json:1:13: missing field"),
        (&["diagnose", "--replay", "subject/wsus.json"], "expected evidence as --evidence-out saves it"),
        (&["diagnose", "--wsus", "absent.json"], "absent.json: cannot be read"),
        (&["diagnose", "--wsus", "subject/wsus.json", "--host", "absent.json"], "absent.json: cannot be read"),
        (&["diagnose", "subject", "--plan", "absent.json"], "absent.json"),
        (&["diagnose", "subject", "--proxy-password-file", "absent"], "absent"),
    ] {
        refused(here.path(), arguments, words)?;
    }
    Ok(())
}

fn outputs() -> Result<(), Failed> {
    let here = subject(&[("wsus.json", GOOD)])?;
    refused(here.path(), &["serve", "tls/expired", "--subject", "subject"], "subject: not empty")?;
    refused(here.path(), &["serve", "tls/expired", "--export-roots", "subject/wsus.json"], "subject/wsus.json")?;
    refused(here.path(), &["diagnose", "subject", "--evidence-out", "no/such/folder.json"], "no/such/folder.json")
}

fn subject(files: &[(&str, &str)]) -> std::io::Result<tempfile::TempDir> {
    let here = tempfile::tempdir()?;
    let folder = here.path().join("subject");
    std::fs::create_dir(&folder)?;
    for (path, text) in files {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        std::fs::write(file, text)?;
    }
    Ok(here)
}

/// The program in this folder, so that short names of files stand in its messages.
fn at(folder: &Path, arguments: &[&str]) -> Output {
    peer::run(wsuslab(arguments).current_dir(folder).env("RUST_BACKTRACE", "1"), DEADLINE)
}

fn refused(folder: &Path, arguments: &[&str], words: &str) -> Result<(), Failed> {
    let output = at(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    // A message may be broken over lines anywhere, with a rule in front of each.
    let plain = said.replace(['│', '×', '╰', '╭', '─'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let quiet = output.stdout.is_empty() && !said.contains("panicked") && !said.contains("backtrace");
    if output.status.code() == Some(2) && plain.contains(&wanted) && quiet {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stdout);
    Err(format!("{arguments:?}: expected {words:?}, {}\n{told}\n{said}", output.status).into())
}
