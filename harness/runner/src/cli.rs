//! The command line. Words and defaults only; what a command does stands in the module of its name.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnose::{ConnectTo, parse_connect_to, parse_dns};
use crate::duration;
use crate::report::RunFormat;
use crate::serve::Offer;

/// A lab in which WSUS synchronization fails on purpose, and an examiner that names the cause.
#[derive(Debug, Parser)]
#[command(name = "wsuslab", version, arg_required_else_help = true, subcommand_required = true)]
#[command(after_help = "Exit codes: 0 as expected, 1 not as expected, 2 bad usage or input, 3 the lab itself failed.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the scenarios
    List(Format),
    /// Show one scenario with its lesson
    Show(Show),
    /// Explain a code, an F-number, an HRESULT, an event id or a piece of exception text
    Explain(Explain),
    /// Start each world, examine it blind, print the verdicts
    Run(Run),
    /// Start one world and keep it
    Serve(Serve),
    /// Examine a real server from its subject folder
    Diagnose(Box<Diagnose>),
}

/// How to print.
#[derive(Debug, Args)]
pub struct Format {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: TextFormat,
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// For people.
    #[default]
    Human,
    /// For programs; stable, with `"schema": 1`.
    Json,
}

/// `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// An id, or the path of a scenario file
    #[arg(value_name = "ID|FILE.toml")]
    pub scenario: String,
    /// How to print
    #[command(flatten)]
    pub format: Format,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// A code, an F-number, an HRESULT, an event id or a piece of exception text
    #[arg(required = true, num_args = 1.., value_name = "WORD")]
    pub words: Vec<String>,
    /// How to print
    #[command(flatten)]
    pub format: Format,
}

/// `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Ids, globs over ids ('tls/*') or paths of scenario files; all of the catalogue without
    #[arg(value_name = "ID|GLOB|FILE.toml")]
    pub scenarios: Vec<String>,
    /// Ask this program instead: it gets the subject folder as its last argument and prints a diagnosis as JSON.
    /// The line is split at blanks, with quotes as in a shell
    #[arg(long, value_name = "CMD")]
    pub examiner: Option<String>,
    /// How long that program may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration::parse, requires = "examiner")]
    pub examiner_timeout: Duration,
    /// Print the confusion matrix too: what was expected against what was concluded
    #[arg(long)]
    pub matrix: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: RunFormat,
    /// How many scenarios at once; twice the cores and 8 without
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// No wait of the built-in examiner is longer than this
    #[arg(long, value_name = "TIME", value_parser = duration::parse, conflicts_with = "examiner")]
    pub deadline: Option<Duration>,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// An id, or the path of a scenario file
    #[arg(value_name = "ID|FILE.toml")]
    pub scenario: String,
    /// The address on which every node listens
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub bind: IpAddr,
    /// Listen on the ports of the lab (443, 8530, 53 …) instead of free ones
    #[arg(long)]
    pub standard_ports: bool,
    /// Offer the metadata of this package of `wsusutil export` (.cab or .xml.gz), or so many updates that are computed from a
    /// seed, instead of the built-in ones
    #[arg(long, value_name = "PACKAGE|generated:SEED:SIZE")]
    pub catalogue: Option<Offer>,
    /// End after this time; at Ctrl-C without
    #[arg(long = "for", value_name = "TIME", value_parser = duration::parse)]
    pub lasting: Option<Duration>,
    /// Write the subject folder here, and leave it; into a temporary folder without
    #[arg(long, value_name = "DIR")]
    pub subject: Option<PathBuf>,
    /// Write the world's roots here, and leave them. One of them covers Microsoft's names: remove it from every store afterwards
    #[arg(long, value_name = "DIR")]
    pub export_roots: Option<PathBuf>,
    /// How to print
    #[command(flatten)]
    pub format: Format,
}

/// `diagnose`.
#[derive(Debug, Args)]
pub struct Diagnose {
    /// A subject folder: wsus.json or wsus.txt, host.json, stores/
    #[arg(value_name = "FOLDER", required_unless_present_any = ["wsus", "replay"], conflicts_with_all = ["wsus", "replay"])]
    pub folder: Option<PathBuf>,
    /// The output of Step 0, instead of a folder
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub wsus: Option<PathBuf>,
    /// host.json, with --wsus
    #[arg(long, value_name = "FILE", requires = "wsus")]
    pub host: Option<PathBuf>,
    /// Dial HOST:PORT at ADDRESS:PORT, as curl does
    #[arg(long, value_name = "HOST:PORT:ADDRESS:PORT", value_parser = parse_connect_to, conflicts_with = "replay")]
    pub connect_to: Vec<ConnectTo>,
    /// Ask this DNS server instead of the system's resolver
    #[arg(long, value_name = "ADDRESS[:PORT]", value_parser = parse_dns, conflicts_with = "replay")]
    pub dns: Option<SocketAddr>,
    /// The address plan of a running lab; FOLDER/network.json without, where there is one
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub plan: Option<PathBuf>,
    /// A file with the proxy password; asked for on a terminal without. It is tried once
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub proxy_password_file: Option<PathBuf>,
    /// No wait is longer than this; Windows's own deadlines without (21 s to connect, 100 s for an answer)
    #[arg(long, value_name = "TIME", value_parser = duration::parse, conflicts_with = "replay")]
    pub deadline: Option<Duration>,
    /// Save all that was seen, without any secret
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub evidence_out: Option<PathBuf>,
    /// Conclude again from saved evidence, without a network
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,
    /// How to print
    #[command(flatten)]
    pub format: Format,
}
