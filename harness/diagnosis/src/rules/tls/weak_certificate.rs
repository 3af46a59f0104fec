//! `tls/weak-certificate`: a key or signature of the chain is so weak that Windows refuses it, or soon may.

use crate::chain::Status;
use crate::evidence::Evidence;
use crate::rule::{Action, Appearance, Audience, Finding, Outcome, Provenance, Rule, Step, remedies};
use crate::words::list;

pub(crate) const RULE: Rule = Rule {
    code: "tls/weak-certificate",
    title: "A key or signature in the chain is weak",
    explanation: "Windows refuses RSA keys below 1024 bits everywhere (KB2661254), and signatures over SHA-1 or MD5 below the roots \
        of Microsoft's own program (HasWeakSignature): there it is the cause. RSA of 1024 bits, and SHA-1 below the \
        organisation's own root, pass on Windows, so that they are a warning and not the cause, although OpenSSL and browsers \
        refuse them and a test with those would accuse them. The digest of a root's own signature does not matter to anybody. \
        The exception is that of every rejected certificate.",
    modes: &["F-37"],
    guide: "5",
    citation: "KB2661254; RFC 8446, 4.4.2.4; field note F-37",
    appearances: &[
        Appearance::exception(remedies::TRUST_FAILURE, Provenance::Derived),
        Appearance::hresult("0x80072F1E", Provenance::Derived),
        Appearance::hresult("0x80072F8F", Provenance::Seen),
    ],
    first_check: "certutil -dump upstream.cer: the length of the public key, and the signature algorithm",
    remedy: &[
        Action::person(
            "Renew the certificate that is named above with an RSA key of at least 2048 bits, or a P-256 key, signed over SHA-256.",
        )
        .only_for(Audience::Downstream),
        remedies::BYPASS_INSPECTION,
        remedies::REQUEST_AS_DOTNET,
        remedies::REQUEST_AS_SERVICE,
    ],
    check,
};

fn check(evidence: &Evidence) -> Outcome {
    let Some((index, verdict)) = evidence.chain_verdict() else { return Outcome::DoesNotApply };
    let refused: Vec<String> = verdict.having(Status::WeakSignature).map(|problem| verdict.accused(problem)).collect();
    if !refused.is_empty() {
        return Finding::blocks(Step::Certificate, list(refused)).resting_on([index]).into();
    }
    let weak: Vec<String> = verdict.weaknesses.iter().map(|weakness| verdict.accused(weakness)).collect();
    if weak.is_empty() {
        return Outcome::ruled_out("keys and signatures of the chain are strong enough for Windows and others");
    }
    let sentence = format!("{}; Windows lets it pass, others do not", list(weak));
    Finding::warns(sentence).resting_on([index]).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use openssl::hash::MessageDigest;

    use super::RULE;
    use crate::chain::Certificate;
    use crate::evidence::Evidence;
    use crate::testing::pki::{Kind, Wanted};
    use crate::testing::*;

    fn presents(leaf: Wanted) -> Evidence {
        https_upstream().instead(handshake(pki::chain_of(leaf)))
    }

    #[test]
    fn a_key_below_1024_bits_is_the_cause() {
        let expected =
            "blocks Certificate: the leaf certificate (CN=up.contoso.com): its RSA key has 512 bits, and Windows";
        check(&RULE, presents(Wanted::leaf(UPSTREAM).keyed(Kind::Rsa(512))), expected);
    }

    #[test]
    fn what_windows_lets_pass_is_a_warning() {
        let short = presents(Wanted::leaf(UPSTREAM).keyed(Kind::Rsa(1024)));
        check(&RULE, short, "warns: the leaf certificate (CN=up.contoso.com): its RSA key has 1024 bits only; Windows");
        let sha1 = presents(Wanted::leaf(UPSTREAM).digested(MessageDigest::sha1()));
        check(
            &RULE,
            sha1,
            "warns: the leaf certificate (CN=up.contoso.com): it is signed over SHA-1; Windows lets it pass",
        );
    }

    #[test]
    fn below_a_root_of_microsoft_sha_1_is_the_cause() {
        let thumbprint = Certificate::read(&pki::root().der).unwrap().thumbprint();
        let evidence = presents(Wanted::leaf(UPSTREAM).digested(MessageDigest::sha1()));
        check(
            &RULE,
            evidence.host(|host| host.microsoft_roots = Some(vec![thumbprint])),
            "blocks Certificate: the leaf certificate (CN=up.contoso.com): it is signed over SHA-1",
        );
    }

    #[test]
    fn a_strong_chain_is_not_accused() {
        check(&RULE, presents(Wanted::leaf(UPSTREAM).keyed(Kind::Rsa(2048))), "ruled out");
        check(&RULE, https_upstream(), "ruled out");
        check(&RULE, http_upstream(), "does not apply");
    }
}
