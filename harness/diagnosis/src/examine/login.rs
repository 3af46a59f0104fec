//! The one authenticated attempt at the proxy. Accounts lock, so a password is tried once in an examination; only where the
//! proxy took it, it goes along with further connections.

use crate::evidence::Head;
use crate::network::Network;
use crate::probe::proxy::{Credentials, offers_basic};
use crate::subject::Subject;

/// Whether the password may still be used.
pub(super) enum Login {
    /// There is none, or the server would not send it.
    None,
    /// Not yet tried.
    Ready(Credentials),
    /// The proxy took it.
    Accepted(Credentials),
    /// Tried, and not taken.
    Spent,
}

impl Login {
    /// What the server would send. Basic is the one scheme that the examiner can speak, so it must be allowed.
    pub(super) fn of(subject: &Subject, network: &Network) -> Login {
        let (step0, proxy) = (&subject.step0, subject.host.proxy.as_ref());
        let used = step0.anonymous_proxy_access == Some(false) && step0.has_proxy_password == Some(true);
        let allowed = proxy.and_then(|facts| facts.allow_basic) != Some(false);
        let user = proxy.and_then(|facts| facts.user.as_deref()).filter(|user| !user.is_empty());
        let domain = proxy.and_then(|facts| facts.domain.as_deref());
        match (user, &network.proxy_password) {
            (Some(user), Some(password)) if used && allowed => Login::Ready(Credentials::new(domain, user, password)),
            _ => Login::None,
        }
    }

    /// The credentials that the proxy has taken before.
    pub(super) fn accepted(&self) -> Option<Credentials> {
        match self {
            Login::Accepted(credentials) => Some(credentials.clone()),
            Login::None | Login::Ready(_) | Login::Spent => None,
        }
    }

    /// The credentials for the one attempt, if the refusal invites it. They count as spent from here on, whatever happens.
    pub(super) fn spend(&mut self, refusal: &Head) -> Option<Credentials> {
        if refusal.status != 407 || !offers_basic(refusal) || !matches!(self, Login::Ready(_)) {
            return None;
        }
        match std::mem::replace(self, Login::Spent) {
            Login::Ready(credentials) => Some(credentials),
            _ => None,
        }
    }

    /// What came of the attempt: any answer but another 407 is one to somebody whom the proxy knows.
    pub(super) fn settle(&mut self, credentials: Credentials, answer: Option<&Head>) {
        if answer.is_some_and(|head| head.status != 407) {
            *self = Login::Accepted(credentials);
        }
    }
}
