//! The roots of a world as files, for somebody who wants a real machine to trust it; and how to take the trust away again.

use std::io;
use std::path::Path;

use certs::Trust;
use simulator::World;
use simulator::world::Node;

/// A certificate that a machine would have to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Name of its file, without `.cer`.
    pub name: String,
    /// SHA-1, upper-case hex: the name by which Windows removes it.
    pub thumbprint: String,
    /// Whether it covers Microsoft's names.
    pub covers_microsoft: bool,
    der: Vec<u8>,
}

/// The roots that this world needs.
pub(super) fn of(world: &World, trust: &Trust) -> Vec<Root> {
    let root = |name: &str, der: &[u8], covers_microsoft| Root {
        name: name.to_owned(),
        thumbprint: certs::thumbprint(der),
        covers_microsoft,
        der: der.to_vec(),
    };
    let has = |wanted: fn(&Node) -> bool| world.nodes.values().any(wanted);
    let mut roots = Vec::new();
    if has(|node| matches!(node, Node::Upstream(_))) {
        roots.push(root("organisation", &trust.organisation_root, false));
    }
    if has(|node| matches!(node, Node::MicrosoftUpdate(_))) {
        roots.push(root("microsoft", &trust.microsoft_root, true));
    }
    roots.extend(trust.self_signed.iter().map(|(name, der)| root(name, der, false)));
    roots
}

/// Writes each into a file of its own.
pub(super) fn export(roots: &[Root], folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    roots.iter().try_for_each(|root| {
        std::fs::write(folder.join(format!("{}.cer", root.name)), certs::certificates_as_pem([root.der.as_slice()]))
    })
}
