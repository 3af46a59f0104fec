//! A scenario: a world, the subject set in it, the expected diagnosis and the lesson.

use serde::{Deserialize, Serialize};
use simulator::World;
use simulator::world::{Node, ProxyAuth};

use crate::subject::{Password, Subject};

/// One question and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Where it stands, as `tls/expired`.
    pub id: String,
    /// One line for lists.
    pub title: String,
    /// The failure modes of the field notes that it shows, as `F-34`; none for a healthy one.
    pub modes: Vec<String>,
    /// The section of the guide that treats it; empty where it has none.
    pub guide: String,
    /// All nodes with their settings and faults.
    pub world: World,
    /// The WSUS server that synchronizes in this world.
    pub subject: Subject,
    /// What must be concluded.
    pub expect: Expect,
    /// What is to be learnt from it.
    pub lesson: Lesson,
}

/// What an examiner must conclude.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Expect {
    /// A code, or `healthy`, `not-you`, `undetermined`.
    pub cause: String,
    /// Codes that must be raised as warnings, and no others.
    pub warnings: Vec<String>,
    /// Codes of what is wrong as well and cannot be seen yet.
    pub hidden_behind: Vec<String>,
    /// Why the examiner is known to fail here; fails when it no longer does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_gap: Option<String>,
}

/// What is to be learnt from a scenario, in whole sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lesson {
    /// What the administrator sees.
    pub symptom: String,
    /// What is behind it.
    pub cause: String,
    /// How it is told from what looks alike.
    pub tell_apart: String,
    /// What helps, and where care is needed.
    pub remedy: String,
    /// Where to read on.
    pub references: Vec<String>,
}

impl Scenario {
    /// The folder it stands in, as `tls`.
    pub fn layer(&self) -> &str {
        self.id.split_once('/').map_or(self.id.as_str(), |(layer, _)| layer)
    }

    /// The proxy password that the subject's administrator has at hand, if any. It stands in no file of the subject.
    pub fn proxy_password(&self) -> Option<String> {
        match self.subject.proxy_password {
            Password::Right => self.proxy_account().map(|(_, password)| password.to_owned()),
            Password::Wrong => Some("not-the-password".to_owned()),
            Password::Absent => None,
        }
    }

    fn proxy_account(&self) -> Option<(&str, &str)> {
        proxy_account(&self.world)
    }
}

/// User and password of the first proxy of the world that asks for credentials.
pub(crate) fn proxy_account(world: &World) -> Option<(&str, &str)> {
    world.nodes.get("proxy").into_iter().chain(world.nodes.values()).find_map(|node| match node {
        Node::Proxy(proxy) => proxy.auth.as_ref().map(|auth| match auth {
            ProxyAuth::Basic(account) => (account.user.as_str(), account.password.as_str()),
        }),
        _ => None,
    })
}
