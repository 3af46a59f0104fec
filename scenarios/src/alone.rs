//! The deviations of a scenario, each by itself: what one of them hides must show when it stands alone.

use simulator::fault::Fault;
use simulator::world::Node;

use crate::scenario::Scenario;

impl Scenario {
    /// This scenario with one deviation each: its control with one of its faults, then its control with its own subject.
    #[must_use]
    pub fn alone(&self) -> Vec<Scenario> {
        let placed =
            self.world.nodes.iter().flat_map(|(name, node)| node.faults().iter().map(move |fault| (name, fault)));
        let with_fault = placed.map(|(name, fault)| {
            let mut alone = self.control();
            if let Some(node) = alone.world.nodes.get_mut(name) {
                *faults(node) = vec![fault.clone()];
            }
            alone
        });
        let with_subject = Scenario { subject: self.subject.clone(), ..self.control() };
        with_fault.chain([with_subject]).collect()
    }
}

fn faults(node: &mut Node) -> &mut Vec<Fault> {
    match node {
        Node::MicrosoftUpdate(node) => &mut node.faults,
        Node::Upstream(node) => &mut node.faults,
        Node::Proxy(node) => &mut node.faults,
        Node::Dns(node) => &mut node.faults,
        Node::Pki(node) => &mut node.faults,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_one_deviation() {
        let scenario = crate::find("tls/expired-and-stopped-pool").expect("a scenario with two faults");
        let deviations = scenario.alone().into_iter().map(|alone| {
            let names: Vec<&str> =
                alone.world.nodes.values().flat_map(|node| node.faults().iter().map(Fault::name)).collect();
            (names, alone.subject == scenario.control().subject)
        });
        let one = |name| (vec![name], true);
        assert_eq!(
            deviations.collect::<Vec<_>>(),
            [
                one("tls/certificate"),
                one("http/pool-stopped"),
                (vec![], scenario.subject == scenario.control().subject)
            ]
        );
    }
}
