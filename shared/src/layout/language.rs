//! What several patterns take together, and how two such sets of names lie to each other.
//!
//! Both sets are walked at once, letter by letter, over all pairs of places that a name can reach. Names are taken from all texts over
//! the letters of names of repositories and tags, so now and then two sets are said to share a name that nothing may be called.

use std::collections::{BTreeSet, HashSet};

use super::Pattern;
use super::glob::{Glob, Places};

/// So many pairs are looked at; patterns that need more are taken for the worse.
const MOST: usize = 10_000;
/// The letters of names.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";

/// The names that any of some patterns takes.
#[derive(Debug, Clone)]
pub struct Language(Vec<Glob>);

/// How one set of names lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They are the same.
    Same,
    /// All of it is in the other.
    Within,
    /// All of the other is in it.
    Around,
    /// They share some names, and each has others.
    Across,
    /// They share none.
    Apart,
}

impl Relation {
    /// The same, told of the other.
    fn other(self) -> Self {
        match self {
            Self::Within => Self::Around,
            Self::Around => Self::Within,
            same => same,
        }
    }
}

impl Language {
    /// The names that any of the patterns takes; all names without patterns, as rules mean it.
    #[must_use]
    pub fn of(patterns: &[Pattern]) -> Self {
        let any = [Pattern::any()];
        let patterns = if patterns.is_empty() { &any } else { patterns };
        Self(patterns.iter().flat_map(Pattern::globs).collect())
    }

    /// Whether a name is one of them.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|glob| glob.matches(name))
    }

    /// How it lies to another. Two that are too tangled to tell are [`Relation::Across`].
    #[must_use]
    pub fn relation(&self, other: &Self) -> Relation {
        if self.0 == other.0 {
            return Relation::Same;
        }
        let letters = letters(self, other);
        let mut seen = HashSet::new();
        let mut open = vec![(self.start(), other.start())];
        let (mut shared, mut own, mut others) = (false, false, false);
        while let Some(pair) = open.pop() {
            if seen.len() == MOST {
                return Relation::Across;
            }
            if !seen.insert(pair.clone()) {
                continue;
            }
            let (in_own, in_other) = (self.accepts(&pair.0), other.accepts(&pair.1));
            shared |= in_own && in_other;
            own |= in_own && !in_other;
            others |= in_other && !in_own;
            if shared && own && others {
                return Relation::Across;
            }
            let next = letters.iter().map(|letter| (self.step(&pair.0, *letter), other.step(&pair.1, *letter)));
            open.extend(next.filter(|(a, b)| a.iter().chain(b).any(|places| !places.is_empty())));
        }
        match (shared, own, others) {
            (false, ..) => Relation::Apart,
            (true, false, false) => Relation::Same,
            (true, false, true) => Relation::Within,
            (true, true, false) => Relation::Around,
            (true, true, true) => Relation::Across,
        }
    }

    /// How each of several lies to each.
    #[must_use]
    pub fn relations(sets: &[&Self]) -> Vec<Vec<Relation>> {
        let mut all = vec![vec![Relation::Same; sets.len()]; sets.len()];
        for a in 0..sets.len() {
            for b in a + 1..sets.len() {
                all[a][b] = sets[a].relation(sets[b]);
                all[b][a] = all[a][b].other();
            }
        }
        all
    }

    fn start(&self) -> Vec<Places> {
        self.0.iter().map(Glob::start).collect()
    }

    fn step(&self, places: &[Places], letter: char) -> Vec<Places> {
        self.0.iter().zip(places).map(|(glob, places)| glob.step(places, letter)).collect()
    }

    fn accepts(&self, places: &[Places]) -> bool {
        self.0.iter().zip(places).any(|(glob, places)| glob.accepts(places))
    }
}

/// Of the letters that do the same to all patterns, one.
fn letters(a: &Language, b: &Language) -> Vec<char> {
    let ranges: BTreeSet<(char, char)> = a.0.iter().chain(&b.0).flat_map(Glob::letters).collect();
    let mut kinds = HashSet::new();
    let kind = |letter: char| -> (bool, Vec<bool>) {
        (letter == '/', ranges.iter().map(|(low, high)| (*low..=*high).contains(&letter)).collect())
    };
    LETTERS.chars().filter(|letter| kinds.insert(kind(*letter))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn language(patterns: &str) -> Language {
        Language::of(&patterns.split_whitespace().map(|pattern| pattern.parse().unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn sets_of_names_lie_to_each_other() {
        for (a, b, relation) in [
            ("", "**", Relation::Same),
            ("v*", "v*", Relation::Same),
            ("{a,b}*", "a* b*", Relation::Same),
            ("[ab]", "a b", Relation::Same),
            ("latest", "", Relation::Within),
            ("v1.*", "v*", Relation::Within),
            ("v*", "v[0-9]*", Relation::Around),
            ("team/**", "team/app/*", Relation::Around),
            ("v*", "*-rc", Relation::Across),
            ("v*", "w*", Relation::Apart),
            ("*", "a/*", Relation::Apart),
            ("team/**", "team2/**", Relation::Apart),
        ] {
            assert_eq!(language(a).relation(&language(b)), relation, "{a} to {b}");
        }
    }

    proptest! {
        #[test]
        fn what_is_said_of_two_sets_holds_for_every_name(
            a in "[ab*?]{1,4}( [ab*]{1,3})?", b in "[ab*?/]{1,4}", name in "[abc/]{0,4}",
        ) {
            prop_assume!(!b.starts_with('/'));
            let (a, b) = (language(&a), language(&b));
            let (in_a, in_b) = (a.has(&name), b.has(&name));
            match a.relation(&b) {
                Relation::Same => prop_assert_eq!(in_a, in_b),
                Relation::Within => prop_assert!(!in_a || in_b),
                Relation::Around => prop_assert!(!in_b || in_a),
                Relation::Apart => prop_assert!(!in_a || !in_b),
                Relation::Across => {}
            }
        }
    }
}
