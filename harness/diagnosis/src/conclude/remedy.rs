//! Remedies with the subject's values in them. A value that could do harm in a shell is never put into a command.

use crate::diagnosis::Action;
use crate::evidence::Evidence;
use crate::path::{Route, Source, SyncPath};
use crate::rule::{self, Audience};
use crate::words::fit_for_a_command;

/// Whether a step is meant for this server.
pub(super) fn concerns(action: &rule::Action, evidence: &Evidence) -> bool {
    let source = evidence.path().map(|path| path.source);
    match action.audience {
        Audience::Everyone => true,
        Audience::Downstream => source != Some(Source::MicrosoftUpdate),
        Audience::TopServer => source != Some(Source::Upstream),
        Audience::SeparateProxy => evidence.subject.step0.use_separate_proxy_for_ssl != Some(false),
    }
}

/// A step as it stands in the rule book, for nobody's server in particular.
pub(crate) fn unfilled(action: &rule::Action) -> Action {
    let open = |text: &str| {
        let names = ["host", "port", "proxy", "proxy_port", "url"];
        names.iter().fold(text.to_owned(), |text, name| {
            text.replace(&format!("{{{name}}}"), &format!("<{}>", name.replace('_', " ")))
        })
    };
    Action {
        shell: action.shell.name().to_owned(),
        command: open(action.command),
        effect: action.effect.name().to_owned(),
        before: open(action.before),
        not_on: open(action.not_on),
    }
}

pub(super) fn action(action: &rule::Action, evidence: &Evidence) -> Action {
    Action {
        shell: action.shell.name().to_owned(),
        command: fill(action.command, evidence),
        effect: action.effect.name().to_owned(),
        before: fill(action.before, evidence),
        not_on: fill(action.not_on, evidence),
    }
}

/// Puts the subject's values for `{host}`, `{port}`, `{proxy}`, `{proxy_port}` and `{url}`; `<host>` and so on where there
/// is none that is fit.
pub(super) fn fill(template: &str, evidence: &Evidence) -> String {
    if !template.contains('{') {
        return template.to_owned();
    }
    let path = evidence.path();
    let (proxy, proxy_port) = match path.as_ref().map(|path| &path.route) {
        Some(Route::Through { host, port }) => (fit(host), Some(port.to_string())),
        _ => (None, None),
    };
    let values = [
        ("{host}", path.as_ref().and_then(|path| fit(&path.host)), "<host>"),
        ("{port}", path.as_ref().map(|path| path.port.to_string()), "<port>"),
        ("{proxy}", proxy, "<proxy>"),
        ("{proxy_port}", proxy_port, "<proxy port>"),
        ("{url}", path.as_ref().and_then(url), "<url>"),
    ];
    values.iter().fold(template.to_owned(), |text, (placeholder, value, none)| {
        text.replace(placeholder, value.as_deref().unwrap_or(none))
    })
}

fn fit(value: &str) -> Option<String> {
    fit_for_a_command(value).then(|| value.to_owned())
}

fn url(path: &SyncPath) -> Option<String> {
    let base = path.base.split('/').skip(1).all(fit_for_a_command);
    let host = fit(&path.host)?;
    base.then(|| format!("{}://{host}:{}{}", path.scheme, path.port, path.base))
}
