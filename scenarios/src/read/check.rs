//! What the types of a scenario file cannot say: how a code is spelt, that a lesson has words, that names exist.

use std::ops::Range;

use simulator::World;
use simulator::fault::tls::TlsFault;
use simulator::world::Node;
use toml::Spanned;

use super::{ExpectFile, File, Problem, SubjectFile};
use crate::scenario::Lesson;
use crate::subject::{ABSENT_HOST_FACTS, Certificate, Step0};

/// The words that stand for a cause without a rule.
const WITHOUT_RULE: [&str; 3] = ["healthy", "not-you", "undetermined"];

/// The places where something can go wrong.
const PLACES: [&str; 8] = ["server", "dns", "tcp", "proxy", "tls", "http", "soap", "content"];

pub(super) fn file(file: &File, world: &World) -> Result<(), Problem> {
    has_words("title", file.title.get_ref(), file.title.span())?;
    for mode in &file.modes {
        check(mode, is_mode, "is no failure mode", "`F-` and two digits, or `X-` and a number")?;
    }
    if let Some(guide) = &file.guide {
        check(guide, is_section, "is no section of the guide", "a number, as \"3\", or nothing")?;
    }
    subject(&file.subject, world)?;
    expect(&file.expect)?;
    lesson(&file.lesson)
}

fn subject(subject: &SubjectFile, world: &World) -> Result<(), Problem> {
    let fields = Step0::default().fields().map(|(name, _)| name);
    for absent in &subject.absent {
        let known = |name: &str| fields.contains(&name) || ABSENT_HOST_FACTS.contains(&name);
        check(
            absent,
            known,
            "is nothing that can be left out",
            "a field of Step 0, or `host` and a fact, as `host.stores`",
        )?;
    }
    let Some(host) = &subject.host else { return Ok(()) };
    for certificate in host.get_ref().stores.certificates() {
        match certificate {
            Certificate::Node(name) if !matches!(world.nodes.get(name), Some(Node::Upstream(_))) => {
                let problem = format!("`node:{name}` names no upstream server of this world");
                return Err(Problem::new(host.span(), problem, "the name of one, as `node:upstream`"));
            }
            Certificate::Inspection if !inspects(world) => {
                let problem = "`inspection` is the root of a proxy that inspects TLS, and none does in this world";
                return Err(Problem::new(host.span(), problem, "a proxy with `intercept = {}`"));
            }
            Certificate::RootOf(name) if !further_roots(world).any(|made| made == *name) => {
                let problem = format!("`root-of:{name}` names no root that is made for this world");
                let expected = "the defect of a fault for which one is made, as `root-of:expired-root`";
                return Err(Problem::new(host.span(), problem, expected));
            }
            _ => {}
        }
    }
    Ok(())
}

fn inspects(world: &World) -> bool {
    world.nodes.values().any(|node| matches!(node, Node::Proxy(proxy) if proxy.intercept.is_some()))
}

/// What [`certs::Trust::further_roots`] will hold because of a defect.
fn further_roots(world: &World) -> impl Iterator<Item = String> {
    let presented = world.nodes.values().flat_map(|node| node.faults().iter().map(move |fault| (node, fault)));
    presented.filter_map(|(node, fault)| match (node, &fault.tls) {
        (_, Some(TlsFault::Certificate(defect))) if !defect.makes_a_root() => None,
        (Node::MicrosoftUpdate(_), Some(TlsFault::Certificate(defect))) => Some(format!("microsoft-{defect}")),
        (Node::Proxy(_), Some(TlsFault::Certificate(defect))) => Some(format!("inspection-{defect}")),
        (_, Some(TlsFault::Certificate(defect))) => Some(defect.to_string()),
        _ => None,
    })
}

fn expect(expect: &ExpectFile) -> Result<(), Problem> {
    let code_or_word = |code: &str| WITHOUT_RULE.contains(&code) || is_code(code);
    check(
        &expect.cause,
        code_or_word,
        "is no cause",
        "a layer, a slash and a name, or `healthy`, `not-you`, `undetermined`",
    )?;
    for code in expect.warnings.iter().chain(&expect.hidden_behind) {
        check(code, is_code, "is no code", "a layer, a slash and a name, as `proxy/authentication-required`")?;
    }
    let cause = expect.cause.get_ref();
    if let Some(twice) = expect.hidden_behind.iter().find(|code| code.get_ref() == cause) {
        return Err(Problem::new(twice.span(), format!("`{cause}` is the cause itself"), "what is hidden behind it"));
    }
    let warned = |code: &&Spanned<String>| expect.warnings.iter().any(|warning| warning.get_ref() == code.get_ref());
    if let Some(seen) = expect.hidden_behind.iter().find(warned) {
        let problem = format!("`{}` is expected as a warning, and so is not hidden", seen.get_ref());
        return Err(Problem::new(seen.span(), problem, "what nobody can see before the cause is mended"));
    }
    match &expect.known_gap {
        Some(reason) => has_words("known-gap", reason.get_ref(), reason.span()),
        None => Ok(()),
    }
}

fn lesson(lesson: &Spanned<Lesson>) -> Result<(), Problem> {
    let Lesson { symptom, cause, tell_apart, remedy, references } = lesson.get_ref();
    for (name, text) in [("symptom", symptom), ("cause", cause), ("tell-apart", tell_apart), ("remedy", remedy)] {
        has_words(name, text, lesson.span())?;
    }
    if references.is_empty() {
        return Err(Problem::new(lesson.span(), "`references` is empty", "at least one"));
    }
    references.iter().try_for_each(|reference| has_words("references", reference, lesson.span()))
}

fn has_words(name: &str, text: &str, span: Range<usize>) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new(span, format!("`{name}` is empty"), "some words"));
    }
    Ok(())
}

fn check(value: &Spanned<String>, good: impl Fn(&str) -> bool, wrong: &str, expected: &str) -> Result<(), Problem> {
    if good(value.get_ref()) {
        return Ok(());
    }
    Err(Problem::new(value.span(), format!("`{}` {wrong}", value.get_ref()), expected))
}

fn is_mode(mode: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match mode.split_once('-') {
        // F-44 has two halves that are told apart, F-44a and F-44b.
        Some(("F", number)) => {
            let number = number.strip_suffix(['a', 'b']).unwrap_or(number);
            number.len() == 2 && digits(number)
        }
        Some(("X", number)) => digits(number),
        _ => false,
    }
}

fn is_section(section: &str) -> bool {
    section.bytes().all(|byte| byte.is_ascii_digit()) && section.len() <= 2
}

fn is_code(code: &str) -> bool {
    let Some((layer, name)) = code.split_once('/') else { return false };
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    PLACES.contains(&layer) && !name.is_empty() && name.bytes().all(word)
}
