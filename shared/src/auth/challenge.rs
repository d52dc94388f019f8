//! What a registry asks for: the challenges of `WWW-Authenticate` (RFC 9110 §11.6.1).

use ::http::HeaderMap;
use ::http::header::WWW_AUTHENTICATE;

/// One challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme in lower case: `basic`, `bearer`, ...
    pub scheme: String,
    /// The parameters, names in lower case.
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// A parameter's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// All challenges of an answer: several headers, several challenges in one of them, quoted strings with commas in them. What
/// cannot be read is left out.
#[must_use]
pub fn read(headers: &HeaderMap) -> Vec<Challenge> {
    headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
        .flat_map(parse)
        .collect()
}

fn parse(text: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let word = token(rest);
        if word.is_empty() {
            // Not a place where a challenge or a parameter can begin: go on behind the next comma.
            match rest.split_once(',') {
                Some((_, behind)) => rest = behind,
                None => return challenges,
            }
            continue;
        }
        rest = &rest[word.len()..];
        let behind = rest.trim_start_matches([' ', '\t']);
        match (behind.strip_prefix('='), challenges.last_mut()) {
            (Some(value), Some(challenge)) => {
                let (value, behind) = parameter_value(value.trim_start_matches([' ', '\t']));
                challenge.parameters.push((word.to_ascii_lowercase(), value));
                rest = behind;
            }
            (Some(_), None) => rest = behind.split_once(',').map_or("", |(_, behind)| behind),
            (None, _) => challenges.push(Challenge { scheme: word.to_ascii_lowercase(), parameters: Vec::new() }),
        }
    }
}

/// The token (RFC 9110 §5.6.2) a text begins with.
fn token(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)));
    &text[..end.unwrap_or(text.len())]
}

/// A quoted string or a bare word (more is taken than a token: real servers leave the quotes around URLs out), and what follows.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Vec<String> {
        parse(text)
            .into_iter()
            .map(|challenge| {
                let parameters: Vec<_> = challenge.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("{} {}", challenge.scheme, parameters.join(";"))
            })
            .collect()
    }

    #[test]
    fn one_challenge() {
        assert_eq!(
            shown(r#"Bearer realm="https://a/token",service="reg",scope="repository:x:pull,push""#),
            ["bearer realm=https://a/token;service=reg;scope=repository:x:pull,push"]
        );
        assert_eq!(shown("Basic"), ["basic "]);
        assert_eq!(shown("Bearer realm=https://a/token , service = reg"), ["bearer realm=https://a/token;service=reg"]);
        assert_eq!(shown(r#"BASIC Realm="a \"b\" \\ c""#), [r#"basic realm=a "b" \ c"#]);
    }

    #[test]
    fn several_in_one_header() {
        assert_eq!(
            shown(r#"Basic realm="a, b", Bearer realm="c",error="x", Negotiate"#),
            ["basic realm=a, b", "bearer realm=c;error=x", "negotiate "]
        );
        assert_eq!(shown(r#", ,Basic realm="a""#), ["basic realm=a"]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        assert_eq!(shown(""), Vec::<String>::new());
        assert_eq!(shown("=x, Basic"), ["basic "]);
        assert_eq!(shown(r#"Bearer realm="unclosed"#), ["bearer realm=unclosed"]);
    }

    proptest! {
        #[test]
        fn no_header_makes_the_parser_panic_or_hang(text in ".*") {
            let _ = parse(&text);
        }

        #[test]
        fn a_quoted_string_comes_back(value in "[ -~]*") {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let challenges = parse(&format!("Bearer realm=\"{quoted}\", Basic"));
            prop_assert_eq!(challenges[0].get("realm"), Some(value.as_str()));
            prop_assert_eq!(challenges.len(), 2);
        }
    }
}
