//! A proxy's demand for credentials, over HTTPS and over plain HTTP, and what came of answering it.

use super::{CallSeen, Evidence, Head, Purpose, Sight, TunnelSeen};

/// A proxy's demand for credentials (407), and what came of answering it.
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    /// Index of the first 407.
    pub index: usize,
    /// Its head.
    pub head: &'a Head,
    /// What came of credentials.
    pub attempt: Attempt,
}

/// What came of the one authenticated attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// None was made.
    NotMade,
    /// The proxy let it pass; what came after may still have failed.
    Accepted,
    /// 407 again; the observation.
    Rejected(usize),
    /// It was made and not answered.
    Unanswered,
}

impl Evidence {
    /// The proxy's demand for credentials on the path, where it made one.
    ///
    /// Over HTTPS it answers a CONNECT; over plain HTTP it answers the first call, and the call that follows carries the
    /// credentials.
    pub fn proxy_challenge(&self) -> Option<Challenge<'_>> {
        self.proxied_path()?;
        self.challenge_to_connect().or_else(|| self.challenge_to_call())
    }

    fn challenge_to_connect(&self) -> Option<Challenge<'_>> {
        let demand =
            |tunnel: &Sight<'_, TunnelSeen>| tunnel.seen.answer.as_ref().is_some_and(|head| head.status == 407);
        let first = self.tunnels(Purpose::Path).find(demand)?;
        let mut attempt = Attempt::NotMade;
        for tunnel in self.tunnels(Purpose::Path).filter(|tunnel| tunnel.seen.authenticated) {
            attempt = match &tunnel.seen.answer {
                Some(head) if head.status == 407 => return rejected(first, tunnel.index),
                Some(_) => Attempt::Accepted,
                None if attempt == Attempt::NotMade => Attempt::Unanswered,
                None => attempt,
            };
        }
        Some(Challenge { index: first.index, head: first.seen.answer.as_ref()?, attempt })
    }

    fn challenge_to_call(&self) -> Option<Challenge<'_>> {
        let status = |call: &Sight<'_, CallSeen>| call.seen.exchange.answer.as_ref().map(|head| head.status);
        let mut calls = self.calls(Purpose::Path).skip_while(|call| status(call) != Some(407));
        let first = calls.next()?;
        let attempt = match calls.next() {
            None => Attempt::NotMade,
            Some(second) => match status(&second) {
                Some(407) => Attempt::Rejected(second.index),
                Some(_) => Attempt::Accepted,
                None => Attempt::Unanswered,
            },
        };
        Some(Challenge { index: first.index, head: first.seen.exchange.answer.as_ref()?, attempt })
    }
}

fn rejected(first: Sight<'_, TunnelSeen>, index: usize) -> Option<Challenge<'_>> {
    let head = first.seen.answer.as_ref()?;
    Some(Challenge { index: first.index, head, attempt: Attempt::Rejected(index) })
}

impl Head {
    /// The authentication schemes that the proxy offers, as named (`Basic`, `NTLM`, `Negotiate`).
    ///
    /// A challenge begins with the scheme (RFC 9110, 11.3); several may share a field, and what follows a comma is a new
    /// scheme only where it is not a parameter.
    pub fn proxy_schemes(&self) -> Vec<&str> {
        let mut schemes: Vec<&str> = Vec::new();
        for piece in self.all("Proxy-Authenticate").flat_map(|field| field.split(',')) {
            let word = piece.split_whitespace().next().unwrap_or("");
            let parameter = word.contains('=') || piece.contains('"') && !piece.trim_start().contains(' ');
            if !word.is_empty() && !parameter && !schemes.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                schemes.push(word);
            }
        }
        schemes
    }
}

#[cfg(test)]
mod tests {
    use super::super::Head;

    #[test]
    fn several_challenges_in_one_field_are_told_from_their_parameters() {
        let fields = ["Negotiate, NTLM", r#"Basic realm="a, b", charset="UTF-8""#];
        let headers = fields.map(|value| ("proxy-authenticate".to_owned(), value.to_owned())).to_vec();
        let head = Head { status: 407, reason: String::new(), headers };
        assert_eq!(head.proxy_schemes(), ["Negotiate", "NTLM", "Basic"]);
    }
}
