//! The nodes of a world: stock names imply their kind, another name says `kind`.

use std::ops::Range;

use serde::Deserialize;
use simulator::World;
use simulator::world::{Dns, MicrosoftUpdate, Node, Pki, Proxy, Upstream};
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::Problem;
use crate::subject::From;

/// The names that imply their kind; they are the kinds' names too, in this order.
const KINDS: [&str; 5] = ["microsoft-update", "upstream", "proxy", "dns", "pki"];

/// Reads the table `world`, and adds what every world has: a DNS server, and one from whom the subject can synchronize.
pub(super) fn read(tables: Option<DeValue<'_>>, from: From) -> Result<World, Problem> {
    let given = nodes(tables)?
        .into_iter()
        .map(|(name, table)| Ok((name.span(), node(&name, table)?, name.into_inner())))
        .collect::<Result<Vec<_>, Problem>>()?;
    let has = |wanted: fn(&Node) -> bool| given.iter().any(|(_, node, _)| wanted(node));
    let mut world = World::default();
    if !has(|node| matches!(node, Node::Dns(_))) {
        world.nodes.insert("dns".to_owned(), Node::Dns(Dns::default()));
    }
    if from == From::MicrosoftUpdate && !has(|node| matches!(node, Node::MicrosoftUpdate(_))) {
        world.nodes.insert("microsoft-update".to_owned(), Node::MicrosoftUpdate(MicrosoftUpdate::default()));
    }
    if from == From::Upstream && !has(|node| matches!(node, Node::Upstream(_))) {
        world.nodes.insert("upstream".to_owned(), Node::Upstream(Upstream::default()));
    }
    for (span, node, name) in given {
        world.nodes.insert(name, node);
        // Asked after each node, so that the one that contradicts those before it is shown.
        world
            .check()
            .map_err(|error| Problem::new(span, error.to_string(), "a world that does not contradict itself"))?;
    }
    Ok(world)
}

type Named<'i> = (Spanned<String>, Spanned<DeValue<'i>>);

fn nodes(tables: Option<DeValue<'_>>) -> Result<Vec<Named<'_>>, Problem> {
    let tables = match tables {
        None => return Ok(Vec::new()),
        Some(DeValue::Table(tables)) => tables,
        Some(_) => return Err(Problem::new(0..0, "`world` is not a table", "a table for each node, as [world.proxy]")),
    };
    let named = |(name, value): (Spanned<_>, _)| {
        let span = name.span();
        (Spanned::new(span, std::borrow::Cow::into_owned(name.into_inner())), value)
    };
    let mut nodes: Vec<Named<'_>> = tables.into_iter().map(named).collect();
    // As they stand in the file: of two that contradict each other the second is the one to be shown.
    nodes.sort_by_key(|(name, _)| name.span().start);
    Ok(nodes)
}

fn node(name: &Spanned<String>, value: Spanned<DeValue<'_>>) -> Result<Node, Problem> {
    let span = value.span();
    let DeValue::Table(mut table) = value.into_inner() else {
        return Err(Problem::new(span, format!("the node `{}` is not a table", name.get_ref()), "a table"));
    };
    let kind = kind(name, &mut table)?;
    let places = fault_places(&table);
    let table = ValueDeserializer::from(Spanned::new(span, DeValue::Table(table)));
    let node = match kind {
        "microsoft-update" => Node::MicrosoftUpdate(MicrosoftUpdate::deserialize(table)?),
        "upstream" => Node::Upstream(Upstream::deserialize(table)?),
        "proxy" => Node::Proxy(Proxy::deserialize(table)?),
        "pki" => Node::Pki(Pki::deserialize(table)?),
        _ => Node::Dns(Dns::deserialize(table)?),
    };
    check_faults(&node, &places)?;
    Ok(node)
}

/// The kind of a node: what it says, else what its name implies.
fn kind(name: &Spanned<String>, table: &mut DeTable<'_>) -> Result<&'static str, Problem> {
    let known = |kind: &str| KINDS.into_iter().find(|known| *known == kind);
    let expected = "`microsoft-update`, `upstream`, `proxy`, `dns` or `pki`";
    let Some(said) = take(table, "kind") else {
        return known(name.get_ref()).ok_or_else(|| {
            let problem = format!("the name `{}` does not imply a kind", name.get_ref());
            Problem::new(name.span(), problem, format!("kind = one of {expected}"))
        });
    };
    let span = said.span();
    let kind = match said.get_ref() {
        DeValue::String(kind) => known(kind),
        _ => None,
    };
    kind.ok_or_else(|| Problem::new(span, "unknown kind of node", expected))
}

fn take<'i>(table: &mut DeTable<'i>, key: &str) -> Option<Spanned<DeValue<'i>>> {
    let key = table.keys().find(|known| known.get_ref() == key)?.clone();
    table.remove(&key)
}

/// Where a fault and its `on` stand, for messages about what only the node as a whole can tell.
struct FaultPlace {
    whole: Range<usize>,
    on: Range<usize>,
}

fn fault_places(table: &DeTable<'_>) -> Vec<FaultPlace> {
    let faults = table.iter().find(|(key, _)| key.get_ref() == "faults").map(|(_, value)| value.get_ref());
    let Some(DeValue::Array(faults)) = faults else { return Vec::new() };
    let place = |fault: &Spanned<DeValue<'_>>| {
        let on = match fault.get_ref() {
            DeValue::Table(table) => table.iter().find(|(key, _)| key.get_ref() == "on").map(|(_, on)| on.span()),
            _ => None,
        };
        FaultPlace { whole: fault.span(), on: on.unwrap_or_else(|| fault.span()) }
    };
    faults.iter().map(place).collect()
}

/// What can be shown at the fault itself; the rest is said of the node.
fn check_faults(node: &Node, places: &[FaultPlace]) -> Result<(), Problem> {
    let listeners: Vec<String> = node.listeners().into_iter().map(|(name, _)| format!("`{name}`")).collect();
    for (fault, place) in node.faults().iter().zip(places) {
        let layers = fault.layers().len();
        if layers != 1 {
            let problem = format!("the fault names {layers} layers");
            let expected = "exactly one of dns, tcp, proxy, tls, http, soap and content";
            return Err(Problem::new(place.whole.clone(), problem, expected));
        }
        if let Some(on) = fault.on.as_deref().filter(|on| !node.listeners().iter().any(|(name, _)| name == on)) {
            let problem = format!("the node has no listener `{on}`");
            return Err(Problem::new(place.on.clone(), problem, listeners.join(" or ")));
        }
    }
    node.check_faults().map_err(|(number, reason)| {
        let place = places.get(number).map_or(0..0, |place| place.whole.clone());
        Problem::new(place, reason, "faults that can all act")
    })
}
