//! Names that some patterns match and others do not.
//!
//! Each pattern is an automaton over the letters of names. They are walked side by side, breadth first, so the name found is a
//! shortest one, and a valid name of a repository or tag.

use std::collections::{HashSet, VecDeque};

use super::Pattern;
use super::glob::{Glob, Places};

/// The letters of names.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-_./ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// After so many steps no name is taken to exist: patterns of people need hundreds.
const STEPS: usize = 20_000;

/// A shortest repository name that matches every pattern of `all` and none of `none`.
#[must_use]
pub fn common_name(all: &[&Pattern], none: &[&Pattern]) -> Option<String> {
    search(Grammar::Begin, all, none)
}

/// A shortest tag that matches every pattern of `all` and none of `none`.
#[must_use]
pub fn common_tag(all: &[&Pattern], none: &[&Pattern]) -> Option<String> {
    search(Grammar::BeginTag, all, none)
}

fn search(grammar: Grammar, all: &[&Pattern], none: &[&Pattern]) -> Option<String> {
    let automata: Vec<Automaton> = all.iter().chain(none).map(|pattern| Automaton::new(pattern)).collect();
    let start = (grammar, automata.iter().map(Automaton::start).collect::<Vec<_>>());
    let mut seen = HashSet::from([start.clone()]);
    let mut queue = VecDeque::from([(start, String::new())]);
    while let Some(((grammar, places), name)) = queue.pop_front() {
        let accepted = |at: usize| automata[at].accepts(&places[at]);
        if matches!(grammar, Grammar::Alphanumeric | Grammar::Tag)
            && (0..all.len()).all(accepted)
            && !(all.len()..automata.len()).any(accepted)
        {
            return Some(name);
        }
        if seen.len() > STEPS {
            return None;
        }
        for &letter in LETTERS {
            let Some(grammar) = grammar.next(letter) else { continue };
            let letter = char::from(letter);
            let places: Vec<Vec<Places>> =
                automata.iter().zip(&places).map(|(automaton, places)| automaton.next(places, letter)).collect();
            if places[..all.len()].iter().any(|places| places.iter().all(Places::is_empty)) {
                continue;
            }
            let state = (grammar, places);
            if seen.insert(state.clone()) {
                queue.push_back((state, format!("{name}{letter}")));
            }
        }
    }
    None
}

/// Where a name is by the grammar of repository names, `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*` joined by slashes, or by that of tags,
/// `[a-zA-Z0-9_][a-zA-Z0-9._-]*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Grammar {
    Begin,
    Alphanumeric,
    Underscore,
    Separator,
    Dash,
    BeginTag,
    Tag,
}

impl Grammar {
    fn next(self, letter: u8) -> Option<Self> {
        match (self, letter) {
            (Self::BeginTag | Self::Tag, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_') | (Self::Tag, b'.' | b'-') => {
                Some(Self::Tag)
            }
            (Self::BeginTag | Self::Tag, _) => None,
            (_, b'a'..=b'z' | b'0'..=b'9') => Some(Self::Alphanumeric),
            (Self::Alphanumeric, b'/') => Some(Self::Begin),
            (Self::Alphanumeric, b'.') | (Self::Underscore, b'_') => Some(Self::Separator),
            (Self::Alphanumeric, b'_') => Some(Self::Underscore),
            (Self::Alphanumeric | Self::Dash, b'-') => Some(Self::Dash),
            _ => None,
        }
    }
}

/// The alternatives of a pattern.
struct Automaton(Vec<Glob>);

impl Automaton {
    fn new(pattern: &Pattern) -> Self {
        Self(pattern.globs().collect())
    }

    fn start(&self) -> Vec<Places> {
        self.0.iter().map(Glob::start).collect()
    }

    fn next(&self, places: &[Places], letter: char) -> Vec<Places> {
        self.0.iter().zip(places).map(|(glob, places)| glob.step(places, letter)).collect()
    }

    fn accepts(&self, places: &[Places]) -> bool {
        self.0.iter().zip(places).any(|(glob, places)| glob.accepts(places))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::name::Repository;

    fn found(all: &[&str], none: &[&str]) -> Option<String> {
        let read = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<Pattern>>();
        let (all, none) = (read(all), read(none));
        common_name(&all.iter().collect::<Vec<_>>(), &none.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_shortest_name_is_found_or_there_is_none() {
        for (all, none, expected) in [
            (&["team/**"][..], &[][..], Some("team")),
            (&["team/**", "**/app"], &[], Some("team/app")),
            (&["team/**", "*/*/app"], &["team/a/**", "team/b/**"], Some("team/c/app")),
            (&["team/x"], &["team/**"], None),
            (&["team/*"], &["team/**"], None),
            (&["team/**"], &["team/*"], Some("team")),
            (&["{a,b}/**"], &["a/**"], Some("b")),
            (&["team-*", "*-app"], &[], Some("team-app")),
            (&["team-?", "team-[b-d]"], &["team-[bc]"], Some("team-d")),
            (&["Team/**"], &[], None),
            (&["a*_"], &[], None),
            (&["**"], &["a/**", "b/**"], Some("c")),
        ] {
            assert_eq!(found(all, none).as_deref(), expected, "{all:?} {none:?}");
        }
    }

    #[test]
    fn tags_have_other_letters_than_repositories() {
        let found = |pattern: &str| common_tag(&[&pattern.parse().unwrap()], &[]);
        assert_eq!(
            ["V*", "*/*", "_?", "-*", "**"].map(found),
            [Some("V".to_owned()), None, Some("_a".to_owned()), None, Some("a".to_owned())]
        );
    }

    fn pattern() -> impl Strategy<Value = Pattern> {
        let plain = "[ab*?]{1,3}(/[ab*?]{1,2}){0,2}";
        let braces = "[ab*]?\\{[ab*]{1,2},[ab*]{0,2}(/[ab*]{1,2})?\\}(/[ab*]{1,2})?";
        prop_oneof![plain, braces].prop_map(|text| text.parse().unwrap())
    }

    proptest! {
        #[test]
        fn a_name_that_is_found_matches(all in pattern(), other in pattern(), none in pattern()) {
            if let Some(name) = common_name(&[&all, &other], &[&none]) {
                prop_assert!(name.parse::<Repository>().is_ok(), "{}", name);
                prop_assert!(all.matches(&name) && other.matches(&name) && !none.matches(&name), "{}", name);
            }
        }

        #[test]
        fn a_name_that_matches_is_found(pattern in pattern(), name in "[ab](/?[ab]){0,4}") {
            let own: Pattern = name.parse().unwrap();
            let expected = pattern.matches(&name).then(|| name.clone());
            prop_assert_eq!(common_name(&[&own, &pattern], &[]), expected.clone());
            prop_assert_eq!(common_name(&[&own], &[&pattern]), if expected.is_some() { None } else { Some(name) });
        }
    }
}
