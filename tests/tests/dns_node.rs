//! The DNS node, asked over UDP and TCP by clients that are not hickory: dig, and a few lines of Python on bare sockets.

use std::net::SocketAddr;
use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed};
use simulator::fault::dns::DnsFault;
use simulator::fault::{Fault, When};
use simulator::world::{Dns, Node, Proxy, Upstream};
use simulator::{Running, StartOptions, World};
use tokio::runtime::Runtime;
use wsuslab_tests::peer;

const DEADLINE: Duration = Duration::from_secs(20);

/// Asks by hand: sys.argv is transport, address, port, name. Prints the response code and the addresses.
const ASK: &str = r#"
import socket, struct, sys
transport, address, port, name = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
query = struct.pack(">6H", 0x2a2a, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", 1, 1)
if transport == "udp":
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(10)
    client.sendto(query, (address, port))
    answer = client.recv(4096)
else:
    client = socket.create_connection((address, port), timeout=10)
    client.sendall(struct.pack(">H", len(query)) + query)
    stream = client.makefile("rb")
    answer = stream.read(struct.unpack(">H", stream.read(2))[0])
identifier, flags, questions, answers = struct.unpack(">4H", answer[:8])
assert identifier == 0x2a2a and flags & 0x8180 == 0x8180 and questions == 1, answer
at = 12 + len(labels) + 1 + 4
found = []
for _ in range(answers):
    while answer[at] and answer[at] < 0xC0:
        at += 1 + answer[at]
    at += 2 if answer[at] else 1
    kind, _, _, length = struct.unpack(">2HIH", answer[at:at + 10])
    at += 10
    if kind == 1:
        found.append(socket.inet_ntoa(answer[at:at + length]))
    at += length
print(flags & 15, *found)
"#;

/// What a resolver without the Internet answers: response code and addresses.
const ANSWERS: [(&str, &str); 5] = [
    ("wsus01.corp.example", "0 10.87.0.10"),
    ("WSUS01", "0 10.87.0.10"),
    ("proxy.corp.example", "3"),
    ("broken.corp.example", "3"),
    ("www.example.org", "3"),
];

fn main() -> ExitCode {
    let mut trials = Vec::new();
    for transport in ["udp", "tcp"] {
        trials.push(peer::trial("python3", format!("python_asks_over_{transport}"), move || {
            ask_all(transport, by_python)
        }));
        trials.push(peer::trial("dig", format!("dig_asks_over_{transport}"), move || ask_all(transport, by_dig)));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn ask_all(transport: &str, ask: fn(&str, SocketAddr, &str) -> String) -> Result<(), Failed> {
    let runtime = Runtime::new()?;
    let running = runtime.block_on(world().start(StartOptions::default()))?;
    for (name, expected) in ANSWERS {
        let answered = ask(transport, dns_node(&running), name);
        if answered != expected {
            return Err(format!("{name} over {transport}: expected {expected:?}, got {answered:?}").into());
        }
    }
    let journal = runtime.block_on(running.stop());
    if journal.signed() { Ok(()) } else { Err("the name that is not found was not signed".into()) }
}

/// A short and a full name, one that the server does not know, and one that a fault takes away.
fn world() -> World {
    let fault = Fault {
        when: Some(When { host: Some("broken.corp.example".to_owned()), ..When::default() }),
        dns: Some(DnsFault::NameNotFound {}),
        ..Fault::default()
    };
    let upstream =
        Upstream { aliases: vec!["wsus01".to_owned(), "broken.corp.example".to_owned()], ..Upstream::default() };
    let dns = Dns { unknown: vec!["proxy.corp.example".to_owned()], faults: vec![fault], ..Dns::default() };
    let nodes = [
        ("dns".to_owned(), Node::Dns(dns)),
        ("proxy".to_owned(), Node::Proxy(Proxy::default())),
        ("upstream".to_owned(), Node::Upstream(upstream)),
    ];
    World { nodes: nodes.into() }
}

fn dns_node(running: &Running) -> SocketAddr {
    let lab = SocketAddr::from((Dns::default().address, 53));
    let (tcp, udp) = (running.plan.tcp[&lab], running.plan.udp[&lab]);
    assert_eq!(tcp, udp, "one port number, as a client expects that falls back from UDP to TCP");
    udp
}

fn by_python(transport: &str, server: SocketAddr, name: &str) -> String {
    let (address, port) = (server.ip().to_string(), server.port().to_string());
    printed(Command::new("python3").args(["-c", ASK, transport, &address, &port, name]))
}

fn by_dig(transport: &str, server: SocketAddr, name: &str) -> String {
    let mut dig = Command::new("dig");
    dig.arg(format!("@{}", server.ip())).args(["-p", &server.port().to_string(), "-t", "A", "-q", name]);
    dig.args(["+tries=1", "+time=10", if transport == "tcp" { "+tcp" } else { "+notcp" }]);
    let printed = printed(&mut dig);
    let code = match printed.split_once("status: ").and_then(|(_, rest)| rest.split(',').next()) {
        Some("NOERROR") => "0",
        Some("NXDOMAIN") => "3",
        other => return format!("{other:?} in {printed}"),
    };
    let records = printed.lines().filter(|line| !line.starts_with(';'));
    let addresses = records.filter_map(|line| line.split_whitespace().skip_while(|word| *word != "A").nth(1));
    [code].into_iter().chain(addresses).collect::<Vec<_>>().join(" ")
}

fn printed(command: &mut Command) -> String {
    let output = peer::run(command, DEADLINE);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
