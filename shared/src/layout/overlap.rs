//! Names that some patterns match and others do not.
//!
//! Each pattern is an automaton over the letters of names. They are walked side by side, breadth first, so the name found is a
//! shortest one, and a valid name of a repository or tag.

use std::collections::{BTreeSet, HashSet, VecDeque};

use super::Pattern;
use super::pattern::{class_end, in_class};

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
            let places: Vec<Places> =
                automata.iter().zip(&places).map(|(automaton, places)| automaton.next(places, letter)).collect();
            if places[..all.len()].iter().any(BTreeSet::is_empty) {
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

/// An alternative, a part between its slashes, and how much of the part is behind.
type Place = (usize, usize, usize);
type Places = BTreeSet<Place>;

/// The alternatives of a pattern, each by its parts.
struct Automaton(Vec<Vec<Part>>);

enum Part {
    /// `**`: any number of parts.
    Tree,
    Letters(Vec<Token>),
}

enum Token {
    Star,
    Any,
    Class(Vec<char>),
    Letter(char),
}

impl Token {
    fn takes(&self, letter: char) -> bool {
        match self {
            Self::Star | Self::Any => true,
            Self::Class(class) => in_class(class, letter),
            Self::Letter(own) => *own == letter,
        }
    }
}

impl Automaton {
    fn new(pattern: &Pattern) -> Self {
        let parts = |text: String| text.split('/').map(Part::new).collect();
        Self(pattern.alternatives().into_iter().map(parts).collect())
    }

    fn start(&self) -> Places {
        let mut places = Places::new();
        (0..self.0.len()).for_each(|alternative| self.begin(alternative, 0, &mut places));
        places
    }

    /// The places where a part of the name begins, when this part of the pattern may be next.
    fn begin(&self, alternative: usize, part: usize, places: &mut Places) {
        for (number, own) in self.0[alternative].iter().enumerate().skip(part) {
            match own {
                Part::Tree => drop(places.insert((alternative, number, 0))),
                Part::Letters(_) => {
                    self.put((alternative, number, 0), places);
                    return;
                }
            }
        }
    }

    /// Adds a place, and those behind stars that take nothing.
    fn put(&self, (alternative, part, at): Place, places: &mut Places) {
        places.insert((alternative, part, at));
        if let Part::Letters(tokens) = &self.0[alternative][part]
            && let Some(Token::Star) = tokens.get(at)
        {
            self.put((alternative, part, at + 1), places);
        }
    }

    fn next(&self, places: &Places, letter: char) -> Places {
        let mut next = Places::new();
        for &(alternative, part, at) in places {
            match (&self.0[alternative][part], letter) {
                (Part::Tree, '/') => self.begin(alternative, part, &mut next),
                (Part::Tree, _) => drop(next.insert((alternative, part, at))),
                (Part::Letters(tokens), '/') if at == tokens.len() => self.begin(alternative, part + 1, &mut next),
                (Part::Letters(_), '/') => {}
                (Part::Letters(tokens), _) => match tokens.get(at) {
                    Some(Token::Star) => self.put((alternative, part, at), &mut next),
                    Some(token) if token.takes(letter) => self.put((alternative, part, at + 1), &mut next),
                    _ => {}
                },
            }
        }
        next
    }

    fn accepts(&self, places: &Places) -> bool {
        places.iter().any(|&(alternative, part, at)| {
            let parts = &self.0[alternative];
            let done = match &parts[part] {
                Part::Tree => true,
                Part::Letters(tokens) => at == tokens.len(),
            };
            done && parts[part + 1..].iter().all(|part| matches!(part, Part::Tree))
        })
    }
}

impl Part {
    fn new(text: &str) -> Self {
        if text == "**" {
            return Self::Tree;
        }
        let letters: Vec<char> = text.chars().collect();
        let mut tokens = Vec::new();
        let mut at = 0;
        while at < letters.len() {
            let (token, length) = match letters[at] {
                '*' => (Token::Star, 1),
                '?' => (Token::Any, 1),
                '[' => {
                    let end = class_end(&letters[at + 1..]).unwrap_or(0);
                    (Token::Class(letters[at + 1..at + 1 + end].to_vec()), end + 2)
                }
                '\\' if at + 1 < letters.len() => (Token::Letter(letters[at + 1]), 2),
                letter => (Token::Letter(letter), 1),
            };
            tokens.push(token);
            at += length;
        }
        Self::Letters(tokens)
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

    proptest! {
        #[test]
        fn a_name_that_is_found_matches(all in "[ab*?/]{1,5}", other in "[ab*/{},]{1,5}", none in "[ab*/]{1,4}") {
            let patterns: Vec<Pattern> = [&all, &other, &none].into_iter().filter_map(|text| text.parse().ok()).collect();
            prop_assume!(patterns.len() == 3);
            if let Some(name) = common_name(&[&patterns[0], &patterns[1]], &[&patterns[2]]) {
                prop_assert!(name.parse::<Repository>().is_ok(), "{}", name);
                prop_assert!(patterns[0].matches(&name) && patterns[1].matches(&name) && !patterns[2].matches(&name), "{}", name);
            }
        }

        #[test]
        fn a_name_that_matches_is_found(pattern in "[ab*?/{},]{1,6}", name in "[ab](/?[ab]){0,4}") {
            let Ok(pattern) = pattern.parse::<Pattern>() else { return Ok(()) };
            let own: Pattern = name.parse().unwrap();
            let expected = pattern.matches(&name).then(|| name.clone());
            prop_assert_eq!(common_name(&[&own, &pattern], &[]), expected.clone());
            prop_assert_eq!(common_name(&[&own], &[&pattern]), if expected.is_some() { None } else { Some(name) });
        }
    }
}
