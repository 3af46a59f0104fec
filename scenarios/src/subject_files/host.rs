//! `host.json`: what else is known of the host. Absent means unknown.

use certs::Trust;
use serde::Serialize;
use time::OffsetDateTime;

use crate::scenario::Scenario;
use crate::subject::{ContentFacts, ProxyFacts, Tls};

#[derive(Serialize)]
struct File<'a> {
    schema: u32,
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    now: Option<OffsetDateTime>,
    /// The examiner's clock at the same moment, so that the folder may be read later.
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    reference_now: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wsus_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updates: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<&'a Tls>,
    #[serde(skip_serializing_if = "Option::is_none")]
    microsoft_roots: Option<[String; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<ProxyFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a ContentFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    winhttp_proxy: Option<&'a str>,
}

/// The text of `host.json`.
pub(super) fn json(scenario: &Scenario, trust: &Trust, now: OffsetDateTime) -> String {
    let host = &scenario.subject.host;
    let known = |fact: &str| !scenario.leaves_out(fact);
    // Whole seconds: a person's tool does not know better.
    let now = now.replace_nanosecond(0).unwrap_or(now);
    let skew = host.clock.unwrap_or_default().duration();
    let clock = known("host.now");
    let file = File {
        schema: 1,
        now: clock.then(|| now.checked_add(skew).unwrap_or(now)),
        reference_now: clock.then_some(now),
        wsus_version: host.wsus_version.as_deref().filter(|_| known("host.wsus_version")),
        updates: host.updates.as_deref(),
        protocol_version: host.protocol_version.as_deref().filter(|_| known("host.protocol_version")),
        tls: host.tls.as_ref().filter(|_| known("host.tls")),
        microsoft_roots: known("host.microsoft_roots").then(|| [trust.microsoft_thumbprint()]),
        proxy: proxy(scenario),
        content: Some(&host.content).filter(|facts| known("host.content") && **facts != ContentFacts::default()),
        winhttp_proxy: host.winhttp_proxy.as_deref(),
    };
    // A struct of numbers, texts and lists always has a JSON form.
    serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
}

fn proxy(scenario: &Scenario) -> Option<ProxyFacts> {
    let known = |fact: &str| !scenario.leaves_out(fact);
    let given = &scenario.subject.host.proxy;
    let facts = ProxyFacts {
        user: given.user.clone().filter(|_| known("host.proxy.user")),
        domain: given.domain.clone(),
        allow_basic: given.allow_basic.filter(|_| known("host.proxy.allow_basic")),
    };
    (known("host.proxy") && facts != ProxyFacts::default()).then_some(facts)
}
