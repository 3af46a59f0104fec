//! `tls/dh-group-too-short`: the source agrees on keys in a Diffie-Hellman group that is shorter than Schannel takes.

use crate::evidence::{Evidence, Profile, TlsEnd};
use crate::rule::{Action, Appearance, Audience, Effect, Finding, Outcome, Provenance, Rule, Step};

pub(crate) const RULE: Rule = Rule {
    code: "tls/dh-group-too-short",
    title: "The source's Diffie-Hellman group is too short",
    explanation: "The source chose a suite of DHE and sent a group whose prime has fewer than 1024 bits, the least that Windows \
        takes since the update against Logjam (MS15-055). Windows ends the handshake itself, after the source has sent everything, \
        and says nothing of a group. Browsers end it as well, some of them at 1024 bits already. Old appliances and servers whose \
        group was generated once, at 512 bits, are the usual sources. ClientMinKeyBitLength on this server moves the limit, either \
        way; nobody sees that from outside.",
    modes: &["F-06"],
    guide: "2",
    citation: "Microsoft, MS15-055 and KB3061518; TLS registry settings, Diffie-Hellman key sizes; RFC 5246, 7.4.3",
    appearances: &[Appearance::exception(
        "The request was aborted: Could not create SSL/TLS secure channel.",
        Provenance::Derived,
    )],
    first_check: "reg query HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\KeyExchangeAlgorithms\\Diffie-Hellman \
        (no ClientMinKeyBitLength: 1024)",
    remedy: &[
        Action::person("On the source: offer ECDHE, or give DHE a group of 2048 bits.").only_for(Audience::Downstream),
        Action::person(
            "Microsoft Update has no such group: find the device that ends TLS on the way, and give it ECDHE or take it out of \
             the way.",
        )
        .only_for(Audience::TopServer),
        Action::cmd(
            "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\KeyExchangeAlgorithms\\Diffie-Hellman \
             /v ServerMinKeyBitLength /t REG_DWORD /d 2048",
        )
        .that(Effect::AffectsOtherApplications)
        .only_for(Audience::Downstream)
        .not_on("this server; it is for the source, where that is a Windows"),
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
        Some(bits) if handshake.seen.offer.profile != Profile::Subject => Outcome::cannot_tell(
            Step::Handshake,
            format!("whether this server offers DHE at all, for which the target has a group of {bits} bits"),
            "(Get-TlsCipherSuite).Name",
        ),
        Some(bits) => {
            let sentence = format!(
                "the target's Diffie-Hellman group has {bits} bits, and Windows by default takes none of fewer than {LEAST}"
            );
            Finding::blocks(Step::Handshake, sentence).resting_on([handshake.index]).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::evidence::{Evidence, Profile, Seen, TlsEnd};
    use crate::testing::*;

    fn in_a_group(bits: u32) -> Evidence {
        offered_by(Profile::Subject, bits)
    }

    fn offered_by(profile: Profile, bits: u32) -> Evidence {
        let Seen::Handshake(mut seen) = failed_handshake(TlsEnd::Other("dh key too small".to_owned()), None) else {
            unreachable!()
        };
        seen.dh_bits = Some(bits);
        seen.offer.profile = profile;
        https_upstream().stopped_by(Seen::Handshake(seen))
    }

    #[test]
    fn a_group_of_fewer_bits_than_windows_takes_is_the_cause() {
        check(
            &RULE,
            in_a_group(1023),
            "blocks Handshake: the target's Diffie-Hellman group has 1023 bits, and Windows by default takes none",
        );
        check(&RULE, in_a_group(512), "blocks Handshake: the target's Diffie-Hellman group has 512 bits");
    }

    #[test]
    fn whether_a_server_of_unknown_suites_offers_dhe_is_not_known() {
        check(
            &RULE,
            offered_by(Profile::Everything, 512),
            "cannot tell Handshake: whether this server offers DHE at all",
        );
    }

    #[test]
    fn a_long_enough_group_and_none_at_all_are_not_accused() {
        check(&RULE, in_a_group(1024), "ruled out: the target's Diffie-Hellman group has 1024 bits");
        check(&RULE, https_upstream(), "does not apply");
        check(&RULE, http_upstream(), "does not apply");
    }
}
