//! One pattern without braces as what it is to a matcher: pieces, and the places among them that a name can reach.
//!
//! A name is read letter by letter, and the places move along; so a set of places is all there is to remember, whatever the pattern.
//! The same pieces make the regular expression of a pattern, and tell what two patterns have in common.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Why most patterns are not well formed.
const OPEN: &str = "a class or a backslash is not closed";

/// A pattern without braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob(Vec<Piece>);

/// What a piece of a pattern takes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// This letter.
    Letter(char),
    /// One of a class, but no slash.
    Class { negated: bool, ranges: Vec<(char, char)> },
    /// Any letter but a slash (`?`).
    One,
    /// Any letters but slashes (`*`).
    Many,
    /// Everything (`**` alone).
    All,
    /// Whole parts, each with a slash behind it (`**/`).
    Folders,
    /// Whole parts, each with a slash in front of it (`/**`).
    Rest,
}

/// Places that a name has reached: twice the number of pieces behind it, and one more inside of [`Piece::Folders`] or [`Piece::Rest`].
pub(super) type Places = BTreeSet<usize>;

impl Glob {
    /// Takes a pattern apart.
    ///
    /// # Errors
    /// Why it is not well formed.
    pub(super) fn parse(plain: &str) -> Result<Self, &'static str> {
        let letters: Vec<char> = plain.chars().collect();
        let (mut parts, mut part, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(&letter) = letters.get(at) {
            at += 1;
            match letter {
                '/' => parts.push(std::mem::take(&mut part)),
                '*' => part.push(Piece::Many),
                '?' => part.push(Piece::One),
                '[' => {
                    let (class, length) = class(&letters[at..])?;
                    part.push(class);
                    at += length;
                }
                '\\' => {
                    part.push(Piece::Letter(*letters.get(at).ok_or(OPEN)?));
                    at += 1;
                }
                _ => part.push(Piece::Letter(letter)),
            }
        }
        parts.push(part);
        let any = |part: &Vec<Piece>| *part == [Piece::Many, Piece::Many];
        parts.dedup_by(|next, part| any(next) && any(part));
        let last = parts.len() - 1;
        let mut pieces = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            match (any(part), at == 0, at == last) {
                (true, true, true) => pieces.push(Piece::All),
                (true, _, true) => {
                    // The slash that the part before brought is part of the rest.
                    pieces.pop();
                    pieces.push(Piece::Rest);
                }
                (true, ..) => pieces.push(Piece::Folders),
                (false, _, end) => {
                    pieces.extend(part.iter().cloned());
                    pieces.extend((!end).then_some(Piece::Letter('/')));
                }
            }
        }
        Ok(Self(pieces))
    }

    /// Where a name begins.
    pub(super) fn start(&self) -> Places {
        self.close([0].into())
    }

    /// Where the places are after one letter more.
    pub(super) fn step(&self, places: &Places, letter: char) -> Places {
        let mut next = Places::new();
        for &place in places {
            let Some(piece) = self.0.get(place / 2) else { continue };
            let behind = place - place % 2 + 2;
            match piece {
                Piece::Letter(own) if *own == letter => _ = next.insert(behind),
                Piece::Class { negated, ranges } if letter != '/' => {
                    let inside = ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter));
                    next.extend((inside != *negated).then_some(behind));
                }
                Piece::One if letter != '/' => _ = next.insert(behind),
                Piece::Many if letter != '/' => _ = next.insert(place),
                Piece::All => _ = next.insert(place),
                Piece::Folders => {
                    next.insert(place | 1);
                    next.extend((letter == '/').then_some(behind));
                }
                Piece::Rest if place % 2 == 1 || letter == '/' => _ = next.insert(place | 1),
                _ => {}
            }
        }
        self.close(next)
    }

    /// Whether the name may end here.
    pub(super) fn accepts(&self, places: &Places) -> bool {
        places.contains(&(2 * self.0.len()))
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        self.accepts(&name.chars().fold(self.start(), |places, letter| self.step(&places, letter)))
    }

    /// Adds the places behind pieces that take nothing.
    fn close(&self, mut places: Places) -> Places {
        for at in 0..self.0.len() {
            let open = match self.0[at] {
                Piece::Many | Piece::All | Piece::Folders => places.contains(&(2 * at)),
                Piece::Rest => places.contains(&(2 * at)) || places.contains(&(2 * at + 1)),
                _ => false,
            };
            if open {
                places.insert(2 * at + 2);
            }
        }
        places
    }

    /// Letters between which the pattern makes a difference: two others do the same to it.
    pub(super) fn letters(&self) -> impl Iterator<Item = (char, char)> {
        self.0.iter().flat_map(|piece| match piece {
            Piece::Letter(letter) => vec![(*letter, *letter)],
            Piece::Class { ranges, .. } => ranges.clone(),
            _ => Vec::new(),
        })
    }

    /// The regular expression (RE2's) that takes the same names, of those without a slash.
    pub(super) fn regex(&self) -> String {
        let mut text = "^".to_owned();
        for piece in &self.0 {
            match piece {
                Piece::Letter(letter) => escape(&mut text, *letter, r"\.+*?()|[]{}^$"),
                Piece::Class { negated, ranges } => {
                    text.push_str(if *negated { "[^" } else { "[" });
                    for (low, high) in ranges {
                        escape(&mut text, *low, r"\[]^-");
                        if low != high {
                            text.push('-');
                            escape(&mut text, *high, r"\[]^-");
                        }
                    }
                    text.push(']');
                }
                Piece::One => text.push('.'),
                Piece::Many => text.push_str(".*"),
                Piece::All => text.push_str(".*"),
                Piece::Folders => text.push_str("(.*/)?"),
                Piece::Rest => text.push_str("(/.*)?"),
            }
        }
        text.push('$');
        text
    }
}

fn escape(text: &mut String, letter: char, special: &str) {
    let slash = if special.contains(letter) { "\\" } else { "" };
    _ = write!(text, "{slash}{letter}");
}

/// Reads a class; the text begins behind the bracket that opens it. With how many letters it has, the last bracket too.
fn class(text: &[char]) -> Result<(Piece, usize), &'static str> {
    let negated = matches!(text.first(), Some('^' | '!'));
    let first = usize::from(negated);
    let (mut at, mut ranges) = (first, Vec::new());
    let letter = |at: &mut usize| {
        *at += usize::from(text.get(*at) == Some(&'\\')) + 1;
        text.get(*at - 1).copied().ok_or(OPEN)
    };
    while at == first || *text.get(at).ok_or(OPEN)? != ']' {
        let low = letter(&mut at)?;
        let mut high = low;
        if text.get(at) == Some(&'-') && text.get(at + 1) != Some(&']') {
            at += 1;
            high = letter(&mut at)?;
        }
        if high < low {
            return Err("a class runs backwards");
        }
        ranges.push((low, high));
    }
    Ok((Piece::Class { negated, ranges }, at + 1))
}
