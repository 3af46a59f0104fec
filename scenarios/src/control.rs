//! The control of a scenario: the same world and the same subject without the deviation. It must come out healthy.

use simulator::World;
use simulator::world::{Catalogue, Direct, Dns, Fe2, MicrosoftUpdate, Node, Pki, Proxy, Upstream};

use crate::scenario::{Expect, Scenario};
use crate::subject::{Step0, Subject, good};

impl Scenario {
    /// The control of this scenario.
    ///
    /// Its shape is kept: which nodes there are, their names, addresses, ports and key types, the account that a proxy
    /// knows, from whom the subject synchronizes, and whether it does so over HTTP or HTTPS where its choice fits the
    /// upstream server. All else is as a good world has it: no fault; no refusal (`deny`, `cannot-resolve`, `unknown`); no
    /// inspection of TLS; a certificate from the organisation; today's version; a catalogue that stays as it is; and the
    /// server that fits this world in place of the subject, with nothing left out and the right password. So a scenario that
    /// consists of a setting alone has a control too.
    #[must_use]
    pub fn control(&self) -> Scenario {
        let nodes = self.world.nodes.iter().map(|(name, node)| (name.clone(), good_node(node))).collect();
        let world = World { nodes };
        Scenario {
            title: format!("{} (control)", self.title),
            subject: good_subject(&self.subject, &world),
            world,
            expect: Expect { cause: "healthy".to_owned(), ..Expect::default() },
            ..self.clone()
        }
    }
}

fn good_node(node: &Node) -> Node {
    match node {
        Node::MicrosoftUpdate(node) => {
            let node = node.clone();
            Node::MicrosoftUpdate(MicrosoftUpdate {
                fe2: Fe2::default(),
                direct: Direct::Open,
                faults: Vec::new(),
                ..node
            })
        }
        Node::Upstream(node) => {
            let node = node.clone();
            let catalogue = Catalogue { changes: Vec::new(), ..node.catalogue };
            let Upstream { address, name, aliases, http_port, https_port, key, .. } = node;
            let usual = Upstream::default();
            Node::Upstream(Upstream { address, name, aliases, http_port, https_port, key, catalogue, ..usual })
        }
        Node::Proxy(node) => {
            let node = node.clone();
            let (deny, cannot_resolve) = (Vec::new(), Vec::new());
            Node::Proxy(Proxy { deny, cannot_resolve, intercept: None, faults: Vec::new(), ..node })
        }
        Node::Dns(node) => Node::Dns(Dns { unknown: Vec::new(), faults: Vec::new(), ..node.clone() }),
        Node::Pki(node) => Node::Pki(Pki { direct: Direct::Open, faults: Vec::new(), ..node.clone() }),
    }
}

fn good_subject(subject: &Subject, world: &World) -> Subject {
    let mut good = good(world, subject.from);
    let Step0 { upstream_wsus_server_use_ssl: use_ssl, upstream_wsus_server_port_number: port, .. } = subject.step0;
    let fits = world.nodes.values().any(|node| match node {
        Node::Upstream(upstream) => {
            let listener = if use_ssl == Some(true) { upstream.https_port } else { Some(upstream.http_port) };
            listener.is_some() && listener == port
        }
        _ => false,
    });
    if fits {
        good.step0.upstream_wsus_server_use_ssl = use_ssl;
        good.step0.upstream_wsus_server_port_number = port;
    }
    good
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use crate::read::read;

    #[test]
    fn a_control_keeps_the_shape_and_loses_the_deviation() {
        let text = r#"
            title = "t"
            [world.upstream]
            name = "up.corp.example"
            protocol-version = "1.2"
            faults = [{ on = "http", http = { pool-stopped = {} } }]
            [subject]
            from = "upstream"
            absent = ["host.stores"]
            [subject.step0]
            UpstreamWsusServerUseSsl = false
            UpstreamWsusServerPortNumber = 8530
            [subject.host]
            clock = "+40d"
            [expect]
            cause = "http/service-unavailable"
            [lesson]
            symptom = "s"
            cause = "c"
            tell-apart = "t"
            remedy = "r"
            references = ["r"]
        "#;
        let good = r#"
            title = "t (control)"
            [world.upstream]
            name = "up.corp.example"
            [subject]
            from = "upstream"
            [subject.step0]
            UpstreamWsusServerUseSsl = false
            UpstreamWsusServerPortNumber = 8530
            [expect]
            cause = "healthy"
            [lesson]
            symptom = "s"
            cause = "c"
            tell-apart = "t"
            remedy = "r"
            references = ["r"]
        "#;
        assert_eq!(read("x/y", "f", text).unwrap().control(), read("x/y", "f", good).unwrap());
    }

    #[test]
    fn a_control_is_its_own_control() {
        for scenario in crate::catalogue() {
            let control = scenario.control();
            let again = control.control();
            assert_eq!((control.world, control.subject), (again.world, again.subject), "{}", scenario.id);
        }
    }
}
