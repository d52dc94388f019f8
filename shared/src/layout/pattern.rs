//! Patterns for names of repositories and tags, with the meaning that zot and Harbor give them (`doublestar` v4).
//!
//! `*` is any text without a slash, `**` as a whole part between slashes is any number of parts, `?` is one character but a slash,
//! `[a-z]` one of a class and `[^a-z]` one that is not, `{a,b}` one of several; a backslash takes the meaning from what follows.
//! A pattern is held against the whole name.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::name::quoted;

/// The longest pattern, in bytes.
const LONGEST: usize = 512;
/// So many plain patterns may stand in the braces of one; more would make matching slow.
const ALTERNATIVES: usize = 256;

/// A pattern that is well formed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Pattern(String);

impl Pattern {
    /// What matches every name.
    #[must_use]
    pub fn any() -> Self {
        Self("**".to_owned())
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands for the whole name.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        alternatives(&self.0).is_some_and(|plain| plain.iter().any(|pattern| whole(&pattern.chars().collect::<Vec<_>>(), &name)))
    }

    /// Its alternatives, each without braces.
    #[must_use]
    pub fn alternatives(&self) -> Vec<String> {
        alternatives(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Pattern {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let why = if text.is_empty() {
            "it is empty"
        } else if text.len() > LONGEST {
            "it is longer than 512 bytes"
        } else if text.starts_with('/') {
            "names begin without a slash"
        } else {
            match alternatives(text) {
                None => "its braces are not closed, or say too much",
                Some(plain) if plain.iter().any(|plain| !is_closed(plain)) => "a class or a backslash is not closed",
                Some(_) => return Ok(Self(text.to_owned())),
            }
        };
        Err(Error::input(format!("{} is not a pattern: {why}", quoted(text))))
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        text.parse().map_err(|fault: Error| fault.to_string())
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

/// A pattern with its braces multiplied out; none when they are not closed or say too much.
fn alternatives(text: &str) -> Option<Vec<String>> {
    let Some((before, inside, after)) = first_braces(text)? else { return Some(vec![text.to_owned()]) };
    let mut all = Vec::new();
    for choice in inside {
        for rest in alternatives(&format!("{choice}{after}"))? {
            all.push(format!("{before}{rest}"));
            if all.len() > ALTERNATIVES {
                return None;
            }
        }
    }
    Some(all)
}

/// What stands before, between and behind the commas of, and behind the first braces. The outer `None`: they are not closed.
fn first_braces(text: &str) -> Option<Option<(&str, Vec<&str>, &str)>> {
    let (mut depth, mut open, mut from, mut escaped, mut class) = (0, 0, 0, false, false);
    let mut choices = Vec::new();
    for (at, c) in text.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match c {
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            _ if class => {}
            '{' => {
                depth += 1;
                if depth == 1 {
                    (open, from) = (at, at + 1);
                }
            }
            ',' if depth == 1 => {
                choices.push(&text[from..at]);
                from = at + 1;
            }
            '}' if depth == 1 => {
                choices.push(&text[from..at]);
                return Some(Some((&text[..open], choices, &text[at + 1..])));
            }
            '}' if depth > 1 => depth -= 1,
            _ => {}
        }
    }
    (depth == 0).then_some(None)
}

fn is_closed(plain: &str) -> bool {
    let mut letters = plain.chars();
    while let Some(c) = letters.next() {
        let closed = match c {
            '\\' => letters.next().is_some(),
            '[' => {
                let class: Vec<char> = letters.clone().collect();
                match class_end(&class) {
                    Some(end) => {
                        letters.nth(end);
                        true
                    }
                    None => false,
                }
            }
            _ => true,
        };
        if !closed {
            return false;
        }
    }
    true
}

/// Where the bracket is that closes a class; the text begins behind the one that opens it.
pub(super) fn class_end(class: &[char]) -> Option<usize> {
    let first = usize::from(matches!(class.first(), Some('^' | '!')));
    let mut at = first;
    while at < class.len() {
        match class[at] {
            ']' if at > first => return Some(at),
            '\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// Whether the class takes a character.
pub(super) fn in_class(class: &[char], c: char) -> bool {
    let negated = matches!(class.first(), Some('^' | '!'));
    let mut rest = if negated { &class[1..] } else { class };
    let mut found = false;
    let next = |rest: &mut &[char]| -> Option<char> {
        let (&first, behind) = rest.split_first()?;
        *rest = behind;
        if first == '\\' {
            let (&second, behind) = rest.split_first()?;
            *rest = behind;
            return Some(second);
        }
        Some(first)
    };
    while let Some(low) = next(&mut rest) {
        let mut high = low;
        if rest.len() > 1 && rest[0] == '-' {
            rest = &rest[1..];
            high = next(&mut rest).unwrap_or(low);
        }
        found |= (low..=high).contains(&c);
    }
    found != negated
}

/// Matches a pattern without braces, part by part: `**` alone in its part takes any number of them.
fn whole(pattern: &[char], name: &[char]) -> bool {
    let patterns: Vec<&[char]> = pattern.split(|c| *c == '/').collect();
    let parts: Vec<&[char]> = name.split(|c| *c == '/').collect();
    // Row by row: reached[i] says that the patterns so far can take the first i parts.
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    for pattern in patterns {
        let mut next = vec![false; parts.len() + 1];
        if pattern == ['*', '*'] {
            let mut open = false;
            for (at, before) in reached.iter().enumerate() {
                open |= before;
                next[at] = open;
            }
        } else {
            for (at, part) in parts.iter().enumerate() {
                next[at + 1] = reached[at] && one_part(pattern, part);
            }
        }
        reached = next;
    }
    reached[parts.len()]
}

/// Matches a pattern and a part without slashes.
fn one_part(pattern: &[char], part: &[char]) -> bool {
    let mut reached = vec![false; part.len() + 1];
    reached[0] = true;
    let mut at = 0;
    while at < pattern.len() {
        let mut next = vec![false; part.len() + 1];
        if pattern[at] == '*' {
            let mut open = false;
            for (place, before) in reached.iter().enumerate() {
                open |= before;
                next[place] = open;
            }
            at += 1;
        } else {
            let (takes, length): (Box<dyn Fn(char) -> bool>, usize) = match pattern[at] {
                '?' => (Box::new(|_| true), 1),
                '[' => {
                    let end = class_end(&pattern[at + 1..]).unwrap_or(0);
                    let class = &pattern[at + 1..at + 1 + end];
                    (Box::new(|c| in_class(class, c)), end + 2)
                }
                '\\' if at + 1 < pattern.len() => {
                    let wanted = pattern[at + 1];
                    (Box::new(move |c| c == wanted), 2)
                }
                wanted => (Box::new(move |c| c == wanted), 1),
            };
            for (place, c) in part.iter().enumerate() {
                next[place + 1] = reached[place] && takes(*c);
            }
            at += length;
        }
        reached = next;
    }
    reached[part.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn patterns_mean_what_doublestar_says() {
        for (pattern, name, expected) in [
            ("**", "a", true),
            ("**", "a/b/c", true),
            ("*", "a", true),
            ("*", "a/b", false),
            ("team/**", "team/app", true),
            ("team/**", "team/app/web", true),
            ("team/**", "team", true),
            ("team/**", "team2/app", false),
            ("team/*", "team/app/web", false),
            ("team/**/web", "team/web", true),
            ("team/**/web", "team/a/b/web", true),
            ("team**", "team2", true),
            ("team**", "team/app", false),
            ("v1.?", "v1.2", true),
            ("v1.?", "v1.22", false),
            ("v[0-9]*", "v1.0", true),
            ("v[^0-9]", "vx", true),
            ("v[^0-9]", "v1", false),
            ("[]a]", "]", true),
            ("{dev,test}/**", "test/x", true),
            ("{dev,te{st,mp}}-*", "temp-1", true),
            ("{dev,test}", "prod", false),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("v1.0", "v1x0", false),
        ] {
            assert_eq!(pattern.parse::<Pattern>().unwrap().matches(name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_that_is_not_well_formed_is_refused() {
        for (bad, why) in [
            ("", "\"\" is not a pattern: it is empty"),
            ("/a", "\"/a\" is not a pattern: names begin without a slash"),
            ("{a", "\"{a\" is not a pattern: its braces are not closed, or say too much"),
            ("[a", "\"[a\" is not a pattern: a class or a backslash is not closed"),
            ("a\\", "\"a\\\\\" is not a pattern: a class or a backslash is not closed"),
        ] {
            assert_eq!(bad.parse::<Pattern>().unwrap_err().to_string(), why);
        }
        let deep = "{a,b}".repeat(20);
        assert!(deep.parse::<Pattern>().is_err(), "a million alternatives");
    }

    proptest! {
        #[test]
        fn no_pattern_breaks_the_matcher(pattern in "[a-c*?/{},\\\\\\[\\]^-]{0,12}", name in "[a-c/*-]{0,12}") {
            if let Ok(pattern) = pattern.parse::<Pattern>() {
                let _ = pattern.matches(&name);
            }
        }

        #[test]
        fn a_plain_name_matches_itself_alone(name in "[a-z0-9/._-]{1,20}", other in "[a-z0-9/._-]{1,20}") {
            prop_assume!(!name.starts_with('/'));
            let pattern: Pattern = name.parse().unwrap();
            prop_assert!(pattern.matches(&name));
            prop_assert_eq!(pattern.matches(&other), name == other);
        }
    }
}
