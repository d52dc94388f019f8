//! A regular expression of zot's as a pattern of ours, where it has one.

use crate::layout::Pattern;

/// The pattern that takes the same tags. None when no pattern does, or when that cannot be seen from letters, classes, `.`, `.*`, `.+`
/// and anchors alone.
pub(super) fn pattern(regex: &str) -> Option<Pattern> {
    let (start, rest) = regex.strip_prefix('^').map_or((false, regex), |rest| (true, rest));
    let (end, rest) = match rest.strip_suffix('$') {
        Some(rest) if !escapes(rest) => (true, rest),
        _ => (false, rest),
    };
    let mut text = String::new();
    if !start {
        text.push('*');
    }
    let mut letters = rest.chars().peekable();
    while let Some(letter) = letters.next() {
        let any = letter == '.';
        match letter {
            '.' => text.push('?'),
            '\\' => literal(&mut text, letters.next().filter(char::is_ascii_punctuation)?),
            '[' => class(&mut text, &mut letters)?,
            '*' | '+' | '?' | '(' | ')' | '{' | '}' | '|' | '^' | '$' | ']' => return None,
            _ => literal(&mut text, letter),
        }
        match letters.peek() {
            Some('*') if any => {
                text.pop();
                text.push('*');
                letters.next();
            }
            Some('+') if any => {
                text.push('*');
                letters.next();
            }
            Some('*' | '+' | '?' | '{') => return None,
            _ => {}
        }
        // Lazy or not, the same tags are found.
        if any && text.ends_with('*') {
            letters.next_if_eq(&'?');
        }
    }
    if !end {
        text.push('*');
    }
    while text.contains("**") {
        text = text.replace("**", "*");
    }
    text.parse().ok()
}

/// Whether a text ends in the middle of an escape.
fn escapes(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn literal(text: &mut String, letter: char) {
    if matches!(letter, '*' | '?' | '[' | ']' | '{' | '}' | ',' | '\\') {
        text.push('\\');
    }
    text.push(letter);
}

/// Copies a class that has letters and ranges only.
fn class(text: &mut String, letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<()> {
    text.push('[');
    if letters.next_if_eq(&'^').is_some() {
        text.push('^');
    }
    let mut first = true;
    loop {
        let letter = letters.next()?;
        match letter {
            ']' if !first => break,
            '\\' => {
                text.push('\\');
                text.push(letters.next().filter(char::is_ascii_punctuation)?);
            }
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' | '-' => text.push(letter),
            _ => return None,
        }
        first = false;
    }
    text.push(']');
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    #[test]
    fn what_patterns_can_say_is_said() {
        for (regex, expected) in [
            ("^latest$", Some("latest")),
            ("v2", Some("*v2*")),
            (".*", Some("*")),
            ("", Some("*")),
            (r"^v1\..*$", Some("v1.*")),
            ("^v.+?$", Some("v?*")),
            (r"^v[0-9]\.[^a-c]", Some("v[0-9].[^a-c]*")),
            (r"^a\$", Some("a$*")),
            ("^(a|b)$", None),
            ("^v[0-9]+$", None),
            (r"^\d$", None),
            ("^a?$", None),
        ] {
            assert_eq!(pattern(regex).as_ref().map(Pattern::as_str), expected, "{regex}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_comes_back_as_it_was_meant(text in "[a-b.*?]{1,4}(\\[\\^?[a-c]-?[d]?\\])?[a*]{0,2}", name in "[a-d.]{0,5}") {
            let meant: Pattern = text.parse().unwrap();
            for regex in meant.regexes() {
                prop_assert_eq!(Regex::new(&regex).unwrap().is_match(&name), meant.matches(&name), "{}", regex);
                let back = pattern(&regex).unwrap();
                prop_assert_eq!(back.matches(&name), meant.matches(&name), "{} {}", regex, back);
            }
        }

        #[test]
        fn a_pattern_takes_what_the_expression_finds(regex in "\\^?[a-b.*+?$\\[\\]\\\\-]{0,6}\\$?", name in "[a-c.$]{1,4}") {
            if let (Some(pattern), Ok(regex)) = (pattern(&regex), Regex::new(&regex)) {
                prop_assert_eq!(pattern.matches(&name), regex.is_match(&name), "{} {}", regex, pattern);
            }
        }
    }
}
