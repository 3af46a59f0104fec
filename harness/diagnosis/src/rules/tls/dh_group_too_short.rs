//! `tls/dh-group-too-short`: the source agrees on keys in a Diffie-Hellman group that is shorter than Schannel takes.

use crate::evidence::{Evidence, TlsEnd};
use crate::rule::{Action, Appearance, Audience, Effect, Finding, Outcome, Provenance, Rule, Step};

pub(crate) const RULE: Rule = Rule {
    code: "tls/dh-group-too-short",
    title: "The source's Diffie-Hellman group is too short",
    explanation: "The source chose a suite of DHE and sent a group whose prime has fewer than 1024 bits, the least that Windows \
        takes since the update against Logjam (MS15-055). Windows ends the handshake itself, after the source has sent everything, \
        and says nothing of a group. Browsers end it as well, some of them at 1024 bits already. Old appliances and servers whose \
        group was generated once, at 512 bits, are the usual sources. A stricter ClientMinKeyBitLength on this server makes longer \
        groups too short; nobody sees that from outside.",
    modes: &["F-06"],
    guide: "2",
    citation: "Microsoft, MS15-055 and KB3061518; TLS registry settings, Diffie-Hellman key sizes; RFC 5246, 7.4.3",
    appearances: &[Appearance::exception(
        "The request was aborted: Could not create SSL/TLS secure channel.",
        Provenance::Derived,
    )],
    first_check: "the Server Temp Key that openssl s_client -cipher kDHE shows of the source",
    remedy: &[
        Action::person("On the source: offer ECDHE, or give DHE a group of 2048 bits.").only_for(Audience::Downstream),
        Action::cmd(
            "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\KeyExchangeAlgorithms\\Diffie-Hellman \
             /v ServerMinKeyBitLength /t REG_DWORD /d 2048",
        )
        .that(Effect::AffectsOtherApplications)
        .before("run it on the source, where that is a Windows"),
    ],
    check,
};

/// `ClientMinKeyBitLength` where nobody has set it.
const LEAST: u32 = 1024;

fn check(evidence: &Evidence) -> Outcome {
    let Some(handshake) = evidence.path_handshake() else { return Outcome::DoesNotApply };
    match handshake.seen.dh_bits {
        None => Outcome::DoesNotApply,
        Some(_) if handshake.seen.ended == TlsEnd::Completed => {
            Outcome::ruled_out("the handshake completes in the target's Diffie-Hellman group")
        }
        Some(bits) if LEAST <= bits => {
            Outcome::ruled_out(format!("the target's Diffie-Hellman group has {bits} bits, and Windows takes {LEAST}"))
        }
        Some(bits) => {
            let sentence = format!(
                "the target's Diffie-Hellman group has {bits} bits, and Windows takes none of fewer than {LEAST}"
            );
            Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index]).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Seen, TlsEnd};
    use crate::testing::*;

    fn in_a_group(bits: u32) -> Evidence {
        let Seen::Handshake(mut seen) = failed_handshake(TlsEnd::Other("dh key too small".to_owned()), None) else {
            unreachable!()
        };
        seen.dh_bits = Some(bits);
        https_upstream().stopped_by(Seen::Handshake(seen))
    }

    #[test]
    fn a_group_of_fewer_bits_than_windows_takes_is_the_cause() {
        check(
            &RULE,
            in_a_group(1023),
            "blocks Handshake: the target's Diffie-Hellman group has 1023 bits, and Windows takes none",
        );
        check(&RULE, in_a_group(512), "blocks Handshake: the target's Diffie-Hellman group has 512 bits");
    }

    #[test]
    fn a_long_enough_group_and_none_at_all_are_not_accused() {
        check(&RULE, in_a_group(1024), "ruled out: the target's Diffie-Hellman group has 1024 bits");
        check(&RULE, https_upstream(), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
    }
}
