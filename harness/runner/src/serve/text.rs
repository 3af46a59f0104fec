//! Where everything of a served world is: for people, and as one line of JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use simulator::running::Listener;

use super::Served;
use super::curl::quoted;

#[derive(Serialize)]
struct Ready<'a> {
    schema: u32,
    id: &'a str,
    nodes: Vec<ReadyNode<'a>>,
    files: Files<'a>,
    connect_to: Vec<String>,
    curl: Option<&'a str>,
}

#[derive(Serialize)]
struct ReadyNode<'a> {
    name: &'a str,
    kind: &'a str,
    listeners: Vec<ReadyListener<'a>>,
}

#[derive(Serialize)]
struct ReadyListener<'a> {
    name: &'a str,
    lab: String,
    address: String,
    url: &'a str,
}

#[derive(Serialize)]
struct Files<'a> {
    subject: &'a Path,
    wsus: PathBuf,
    host: Option<PathBuf>,
    roots: Option<&'a Path>,
    proxy_password: Option<&'a Path>,
}

pub(super) fn json(served: &Served) -> String {
    let ready = Ready {
        schema: 1,
        id: &served.scenario.id,
        nodes: by_node(&served.running.listeners).into_iter().map(ready_node).collect(),
        files: files(served),
        connect_to: served.running.plan.connect_to(),
        curl: served.curl.as_deref(),
    };
    // Texts, numbers and paths of this system have a JSON form.
    serde_json::to_string(&ready).unwrap_or_default() + "\n"
}

fn ready_node<'a>((name, listeners): (&'a str, Vec<&'a Listener>)) -> ReadyNode<'a> {
    let kind = listeners.first().map_or("", |listener| listener.kind);
    let listener = |listener: &'a Listener| ReadyListener {
        name: &listener.name,
        lab: listener.lab.to_string(),
        address: listener.address.to_string(),
        url: &listener.url,
    };
    ReadyNode { name, kind, listeners: listeners.into_iter().map(listener).collect() }
}

fn files(served: &Served) -> Files<'_> {
    let subject = &served.workspace.subject;
    Files {
        subject,
        wsus: subject.join("wsus.json"),
        host: Some(subject.join("host.json")).filter(|file| file.exists()),
        roots: served.roots_folder.as_deref(),
        proxy_password: served.workspace.password_file.as_deref(),
    }
}

fn by_node(listeners: &[Listener]) -> BTreeMap<&str, Vec<&Listener>> {
    let mut nodes: BTreeMap<&str, Vec<&Listener>> = BTreeMap::new();
    for listener in listeners {
        nodes.entry(&listener.node).or_default().push(listener);
    }
    nodes
}

pub(super) fn human(served: &Served) -> String {
    let mut page = format!("{}: {}\n\n", served.scenario.id, served.scenario.title);
    // Writing to a string cannot fail.
    let _ = listeners(&mut page, &served.running.listeners);
    let subject = &served.workspace.subject;
    let shown = quoted(&subject.display().to_string());
    let _ = writeln!(page, "\nSubject folder  {}", subject.display());
    if let Some(file) = &served.workspace.password_file {
        let _ = writeln!(page, "Proxy password  {}", file.display());
    }
    let password = served.workspace.password_file.as_ref();
    let password = password
        .map_or(String::new(), |file| format!(" --proxy-password-file {}", quoted(&file.display().to_string())));
    let _ = writeln!(page, "\nExamine it      wsuslab diagnose {shown}{password}");
    match &served.curl {
        Some(curl) => {
            let _ = writeln!(page, "Reach it        {curl}");
            if let Some(question) = super::curl::question(&served.scenario, &served.running) {
                let _ = writeln!(page, "Ask its DNS     {question}");
                page.push_str("                curl is told where to connect and goes past the DNS: a name that fails, fails here\n");
            }
        }
        None => page.push_str("Reach it        the configuration of the subject names no way that curl could take\n"),
    }
    let _ = roots(&mut page, served);
    page.push_str("\nReady. Ctrl-C ends it.\n");
    page
}

fn listeners(page: &mut String, listeners: &[Listener]) -> std::fmt::Result {
    for (node, listeners) in by_node(listeners) {
        let kind = listeners.first().map_or("", |listener| listener.kind);
        let shown = if kind == node { node.to_owned() } else { format!("{node} ({kind})") };
        writeln!(page, "{shown}")?;
        for listener in listeners {
            let Listener { name, lab, address, url, .. } = listener;
            writeln!(page, "  {name:<6} {address:<21} as {lab:<19} {url}")?;
        }
    }
    Ok(())
}

fn roots(page: &mut String, served: &Served) -> std::fmt::Result {
    let Some(folder) = &served.roots_folder else { return Ok(()) };
    writeln!(
        page,
        "\nThe roots of this world were exported to {}. Whoever trusts them trusts this lab.",
        folder.display()
    )?;
    if served.roots.iter().any(|root| root.covers_microsoft) {
        writeln!(page, "microsoft.cer covers the names of Microsoft Update: it is the worst one to leave in a store.")?;
    }
    writeln!(page, "Remove each from every machine that got it, in an elevated cmd.exe:")?;
    for root in &served.roots {
        writeln!(page, "  certutil -delstore Root {}    ({}.cer)", root.thumbprint, root.name)?;
    }
    Ok(())
}
