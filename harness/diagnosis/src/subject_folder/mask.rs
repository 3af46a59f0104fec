//! Masks secrets in text that a person pasted: the password in `user:password@host`, what follows `Password:` or
//! `password is`, and what the commands that take a password carry.
//!
//! Where it cannot tell how far a secret goes it masks too much: such text is context and never proof.

/// What stands in a secret's place.
const MASK: &str = "***";

/// The text with every secret that shows itself replaced by `***`.
pub(super) fn mask(text: &str) -> String {
    let mut masked = Vec::new();
    let mut announced = None;
    for line in text.split('\n') {
        let secret = announced.take().is_some_and(|announcement: Announcement| announcement.means(line));
        announced = Announcement::at_the_end_of(line);
        masked.push(if secret { replaced_from(line, 0) } else { mask_line(line) });
    }
    masked.join("\n")
}

fn mask_line(line: &str) -> String {
    mask_named(&mask_command(&mask_user_information(line)))
}

/// What a line says of the next one.
enum Announcement {
    /// `password is`: nothing else can follow.
    Told,
    /// `Password:`, which is an empty value as well where a list goes on with its next name.
    Empty,
}

impl Announcement {
    fn at_the_end_of(line: &str) -> Option<Announcement> {
        let lower = line.trim_end().to_ascii_lowercase();
        let value = first_value(&lower).filter(|value| lower[*value..].trim().is_empty())?;
        Some(if lower[..value].ends_with([':', '=', '(']) { Announcement::Empty } else { Announcement::Told })
    }

    fn means(&self, next: &str) -> bool {
        let is_secret = !next.trim().is_empty();
        match self {
            Announcement::Told => is_secret,
            Announcement::Empty => is_secret && !next.contains([':', '=']),
        }
    }
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

/// Masks what commands take without naming it: `curl -U user:password`, `net use \\server password`, a string that is
/// made a secure one, and a credential.
fn mask_command(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let starts = [curl_password(&lower), after_command(&lower, "net use"), after_command(&lower, "net user")];
    if let Some(start) = starts.into_iter().flatten().min() {
        return replaced_from(line, start);
    }
    let made = ["convertto-securestring", "networkcredential", "pscredential"];
    let Some((start, name)) = made.iter().filter_map(|name| Some((lower.find(name)?, *name))).min() else {
        return line.to_owned();
    };
    // A string may be piped into it.
    let piped = line[..start].trim_end().ends_with('|');
    let shown = if piped { format!("{MASK} | {}", &line[start..]) } else { line.to_owned() };
    let after = if piped { MASK.len() + 3 } else { start } + name.len();
    if shown[after..].trim_matches([' ', '\t', '\r', ')', ']', ';']).is_empty() {
        return shown;
    }
    let blank = usize::from(shown[after..].starts_with([' ', '\t', '(']));
    replaced_from(&shown, after + blank)
}

/// Where the password begins in the value of an option of curl; a URL there has a colon of its own.
fn curl_password(lower: &str) -> Option<usize> {
    ["--proxy-user", "--user", "-u"].iter().find_map(|option| {
        lower.match_indices(option).find_map(|(start, _)| {
            let is_option = start == 0 || lower[..start].ends_with([' ', '\t', '"', '\'', '`', '(']);
            let value = start + option.len();
            let attached = lower[value..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
            let is_value = !attached || *option == "-u";
            let colon = lower[value..].find(':').map(|colon| value + colon)?;
            let user = lower[value..colon].trim().trim_start_matches(['=', '"', '\'', ' ']);
            let is_user = !user.is_empty() && !user.contains([' ', '\t']) && !lower[colon..].starts_with("://");
            (is_option && is_value && is_user).then_some(colon + 1)
        })
    })
}

/// Where the arguments of a command begin.
fn after_command(lower: &str, command: &str) -> Option<usize> {
    let start = lower.find(command)?;
    let after = start + command.len();
    let is_word = start == 0 || !lower[..start].ends_with(|c: char| c.is_alphanumeric());
    let arguments = lower[after..].starts_with([' ', '\t']) && !lower[after..].trim().is_empty();
    (is_word && arguments).then_some(after + 1)
}

/// Masks the rest of a line after a name such as `ProxyPassword` and a `:`, `=`, `(` or `is`, after the parameter
/// `-Password`, and after `Authorization:`. A boolean there is a fact and no secret (`HasProxyPassword : True`).
fn mask_named(line: &str) -> String {
    let Some(value) = first_value(&line.to_ascii_lowercase()) else { return line.to_owned() };
    let shown = line[value..].trim().trim_end_matches([',', ';', ')', '.']).trim_matches('"');
    if shown.is_empty() || ["true", "false", "null"].contains(&shown.to_ascii_lowercase().as_str()) {
        return line.to_owned();
    }
    replaced_from(line, value)
}

/// The line up to `start`, and the mask instead of the rest.
fn replaced_from(line: &str, start: usize) -> String {
    let end = if line.ends_with('\r') { "\r" } else { "" };
    format!("{}{MASK}{end}", &line[..start])
}

const NAMES: [&str; 8] = ["password", "passwd", "passwort", "passphrase", "kennwort", "pwd", "pass", "authorization"];

/// Where the first value begins that belongs to a name.
fn first_value(lower: &str) -> Option<usize> {
    NAMES.iter().filter_map(|name| value_after(lower, name)).min()
}

/// Where the value begins that belongs to the first `name` in the line.
fn value_after(lower: &str, name: &str) -> Option<usize> {
    lower.match_indices(name).find_map(|(start, _)| {
        let after_name = start + name.len();
        // The name may go on (`PasswordText`), and may be quoted (JSON).
        let word_end =
            lower[after_name..].find(|c: char| !c.is_alphanumeric()).map_or(lower.len(), |end| after_name + end);
        // `pass` is a name by itself only: not in `Bypass List :` nor in `passed:`.
        let part = word_end != after_name || lower[..start].ends_with(|c: char| c.is_alphanumeric());
        if name == "pass" && part {
            return None;
        }
        let separator =
            lower[word_end..].find(|c: char| !matches!(c, '"' | '\'' | ' ' | '\t')).map(|at| word_end + at)?;
        let parameter = lower[..start].trim_end_matches(|c: char| c.is_alphanumeric()).ends_with(['-', '/']);
        let value = match lower.as_bytes()[separator] {
            b':' | b'=' => separator + 1,
            // A method of that name (`GetAuthorizationCookie(`) takes no secret of a person.
            b'(' if name != "authorization" => separator + 1,
            _ if parameter && word_end < separator => return Some(separator),
            _ => separator + verb(&lower[separator..]).filter(|_| name != "authorization")?,
        };
        Some(value + (lower[value..].len() - lower[value..].trim_start().len()))
    })
}

/// The length of the verb that a sentence begins with, if it is one that tells a value.
fn verb(sentence: &str) -> Option<usize> {
    let length = sentence.find(|c: char| !c.is_alphanumeric()).unwrap_or(sentence.len());
    ["is", "was", "ist", "lautet"].contains(&&sentence[..length]).then_some(length)
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
        check("Set it. Password: hunter2", "Set it. Password: ***");
        check("Kennwort: hunter2", "Kennwort: ***");
        check("the password is hunter2", "the password is ***");
        check("$config.SetProxyPassword(\"hunter2\")", "$config.SetProxyPassword(***");
        check("cmdkey /add:x /user:y /pass:hunter2", "cmdkey /add:x /user:y /pass:***");
    }

    #[test]
    fn a_value_on_the_next_line_is_masked() {
        check("The password is\r\nhunter2\r\nend", "The password is\r\n***\r\nend");
        check("password is\nh:unter=2", "password is\n***");
        check("Password:\n  hunter2", "Password:\n***");
        let empty = "ProxyPassword :\nProxyUserName : wsus";
        check(empty, empty);
    }

    #[test]
    fn what_commands_take_is_masked() {
        for (text, expected) in [
            ("curl -U wsus:hunter2 -x proxy:8080", "curl -U wsus:***"),
            ("curl -u \"wsus:hunter2\" x", "curl -u \"wsus:***"),
            ("curl -Uwsus:hunter2", "curl -Uwsus:***"),
            ("curl --proxy-user wsus:hunter2", "curl --proxy-user wsus:***"),
            ("curl --user=wsus:hunter2", "curl --user=wsus:***"),
            ("net use \\\\x hunter2 /user:y", "net use ***"),
            ("C:\\>net user wsus hunter2 /add", "C:\\>net user ***"),
            ("ConvertTo-SecureString 'hunter2' -AsPlainText -Force", "ConvertTo-SecureString ***"),
            ("'hunter2' | ConvertTo-SecureString -AsPlainText", "*** | ConvertTo-SecureString ***"),
            ("New-Object Net.NetworkCredential('wsus','hunter2')", "New-Object Net.NetworkCredential(***"),
        ] {
            check(text, expected);
        }
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
            "    Bypass List     :  (none)",
            "3 tests passed: all",
            "curl -u https://sws.update.microsoft.com:443/",
            "net use",
            "at Proxy.GetAuthorizationCookie(AuthorizationCookie cookie)",
            "Prüfung: 1 ä Password",
        ] {
            check(fact, fact);
        }
    }
}
