//! Masks secrets in text that a person pasted: the password in `user:password@host`, and what follows `Password:`.
//!
//! Where it cannot tell how far a secret goes it masks too much: such text is context and never proof.

/// What stands in a secret's place.
const MASK: &str = "***";

/// The text with every secret that shows itself replaced by `***`.
pub(super) fn mask(text: &str) -> String {
    text.split('\n').map(|line| mask_named(&mask_user_information(line))).collect::<Vec<_>>().join("\n")
}

/// Masks `user:password@` (RFC 3986, 3.2.1), with or without a scheme before it. Up to the last `@` of the word, because
/// people do not escape the `@`, `/` or `;` of their passwords.
fn mask_user_information(line: &str) -> String {
    let is_word = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\'' | '<' | '>');
    let mut masked = String::with_capacity(line.len());
    let mut rest = line;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        masked.push_str(&mask_word(&rest[..end]));
        let next = rest[end..].find(is_word).map_or(rest.len(), |next| end + next);
        masked.push_str(&rest[end..next]);
        rest = &rest[next..];
    }
    masked
}

fn mask_word(word: &str) -> String {
    let Some(at) = word.rfind('@') else { return word.to_owned() };
    let user = word.find("://").map_or(0, |scheme| scheme + 3);
    match word.get(user..at).and_then(|information| information.find(':')) {
        Some(colon) => format!("{}{MASK}{}", &word[..=user + colon], &word[at..]),
        None => word.to_owned(),
    }
}

/// Masks the rest of a line after a name such as `ProxyPassword` and a `:` or `=`, after the parameter `-Password`, and
/// after `Authorization:`. A boolean there is a fact and no secret (`HasProxyPassword : True`).
fn mask_named(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let value = NAMES.iter().filter_map(|name| value_after(&lower, name)).min();
    let Some(value) = value else { return line.to_owned() };
    let shown = line[value..].trim().trim_end_matches([',', ';']).trim_matches('"');
    if shown.is_empty() || ["true", "false", "null"].contains(&shown.to_ascii_lowercase().as_str()) {
        return line.to_owned();
    }
    let end = if line.ends_with('\r') { "\r" } else { "" };
    format!("{}{MASK}{end}", &line[..value])
}

const NAMES: [&str; 6] = ["password", "passwd", "passwort", "passphrase", "pwd", "authorization"];

/// Where the value begins that belongs to the first `name` in the line.
fn value_after(lower: &str, name: &str) -> Option<usize> {
    lower.match_indices(name).find_map(|(start, _)| {
        let after_name = start + name.len();
        // The name may go on (`PasswordText`), and may be quoted (JSON).
        let word_end = lower[after_name..].find(|c: char| !c.is_alphanumeric()).map(|end| after_name + end)?;
        let separator =
            lower[word_end..].find(|c: char| !matches!(c, '"' | '\'' | ' ' | '\t')).map(|at| word_end + at)?;
        let parameter = lower[..start].trim_end_matches(|c: char| c.is_alphanumeric()).ends_with(['-', '/']);
        let value = match lower.as_bytes()[separator] {
            b':' | b'=' => separator + 1,
            _ if parameter && word_end < separator => return Some(separator),
            _ => return None,
        };
        Some(value + (lower[value..].len() - lower[value..].trim_start().len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text), expected);
    }

    #[test]
    fn the_password_in_a_url_is_masked_and_the_user_is_kept() {
        check("http://wsus:hunter2@proxy.contoso.com:8080/", "http://wsus:***@proxy.contoso.com:8080/");
        check(
            "Proxy Server(s) :  CONTOSO\\wsus:h@nt/er;2@proxy:8080",
            "Proxy Server(s) :  CONTOSO\\wsus:***@proxy:8080",
        );
        check(
            "set \"http_proxy=http://a:b@c:1\" and 'https://d:e@f'",
            "set \"http_proxy=http://a:***@c:1\" and 'https://d:***@f'",
        );
        check("http=a:b@c:1;https=d:e@f:2", "http=a:***@f:2");
    }

    #[test]
    fn the_value_of_a_password_is_masked_to_the_end_of_its_line() {
        check(
            "ProxyPassword                : hunter2 and more\r\nUseProxy : True",
            "ProxyPassword                : ***\r\nUseProxy : True",
        );
        check("    \"ProxyPassword\":  \"hunter2\",", "    \"ProxyPassword\":  ***");
        check("tool -Password hunter2 -x", "tool -Password ***");
        check("tool /pwd:hunter2", "tool /pwd:***");
        check("Kennwort/Password=hunter2", "Kennwort/Password=***");
        check("Proxy-Authorization: Basic d3N1czpodW50ZXIy", "Proxy-Authorization: ***");
        check("the password is unset. Password: hunter2", "the password is unset. Password: ***");
    }

    #[test]
    fn facts_are_not_masked() {
        for fact in [
            "HasProxyPassword             : True",
            "\"HasProxyPassword\":  false,",
            "ProxyPassword                :",
            "\"ProxyPassword\":  null",
            "TcpTestSucceeded : True",
            "https://sws.update.microsoft.com:443/v6",
            "admin@contoso.com",
            "    Proxy Server(s) :  proxy.contoso.com:8080",
            "The password expires never",
            "Prüfung: 1 ä Password",
        ] {
            check(fact, fact);
        }
    }
}
