//! The server that fits a world: configured so that its synchronization succeeds if nothing in the world goes wrong.

use simulator::World;
use simulator::world::{Node, Proxy, Upstream};

use super::{Certificate, ContentFacts, From, Host, Password, ProxyFacts, Step0, Stores, Subject, Tls, TlsVersion};
use crate::scenario::proxy_account;

/// A Windows Server 2022 that synchronizes in `world`: through its proxy if it has one, with credentials if that asks for them.
pub(crate) fn good(world: &World, from: From) -> Subject {
    Subject {
        from,
        step0: step0(world, from),
        host: host(world),
        absent: Vec::new(),
        proxy_password: if proxy_account(world).is_some() { Password::Right } else { Password::Absent },
    }
}

fn step0(world: &World, from: From) -> Step0 {
    let authenticates = proxy_account(world).is_some();
    let proxy = proxy(world);
    let upstream = match from {
        From::MicrosoftUpdate => None,
        From::Upstream => upstream(world),
    };
    Step0 {
        sync_from_microsoft_update: Some(from == From::MicrosoftUpdate),
        is_replica_server: Some(false),
        mu_url: Some("https://sws.update.microsoft.com".to_owned()),
        redirector_change_number: Some(4002),
        upstream_wsus_server_name: Some(upstream.map_or_else(String::new, |upstream| upstream.name.clone())),
        upstream_wsus_server_port_number: Some(
            upstream.map_or(8530, |upstream| upstream.https_port.unwrap_or(upstream.http_port)),
        ),
        upstream_wsus_server_use_ssl: Some(upstream.is_some_and(|upstream| upstream.https_port.is_some())),
        use_proxy: Some(proxy.is_some()),
        proxy_name: Some(proxy.map_or_else(String::new, |proxy| proxy.name.clone())),
        proxy_server_port: Some(proxy.map_or(80, |proxy| proxy.port)),
        anonymous_proxy_access: Some(!authenticates),
        has_proxy_password: Some(authenticates),
        use_separate_proxy_for_ssl: Some(false),
        ssl_proxy_name: Some(String::new()),
        ssl_proxy_server_port: Some(443),
    }
}

fn host(world: &World) -> Host {
    let account = proxy_account(world);
    Host {
        clock: None,
        wsus_version: Some("10.0.20348.2227".to_owned()),
        protocol_version: Some("1.20".to_owned()),
        tls: Some(Tls { protocols: Some(vec![TlsVersion::Tls12]), ..Tls::default() }),
        stores: Stores { root: Some(roots(world)), ca: Some(Vec::new()), user_root: Some(Vec::new()) },
        proxy: ProxyFacts {
            user: account.map(|(user, _)| user.to_owned()),
            domain: None,
            allow_basic: account.map(|_| true),
        },
        updates: None,
        content: ContentFacts { host_binaries_on_microsoft_update: Some(false), get_content_from_mu: Some(false) },
        winhttp_proxy: None,
    }
}

/// An organisation that inspects TLS gives its servers the root of the proxy that does.
fn roots(world: &World) -> Vec<Certificate> {
    let inspects = proxy(world).is_some_and(|proxy| proxy.intercept.is_some());
    let inspection = inspects.then_some(Certificate::Inspection);
    [Certificate::Organisation, Certificate::Microsoft].into_iter().chain(inspection).collect()
}

fn proxy(world: &World) -> Option<&Proxy> {
    // The stock name first: a second proxy is there to be mistaken for it.
    world.nodes.get("proxy").into_iter().chain(world.nodes.values()).find_map(|node| match node {
        Node::Proxy(proxy) => Some(proxy),
        _ => None,
    })
}

fn upstream(world: &World) -> Option<&Upstream> {
    world.nodes.get("upstream").into_iter().chain(world.nodes.values()).find_map(|node| match node {
        Node::Upstream(upstream) => Some(upstream),
        _ => None,
    })
}
