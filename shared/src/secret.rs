//! A secret that neither `Debug`, `Display` nor serde will print, and that is wiped from memory when it goes.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What passwords are made of: 57 letters, 5.83 bits each.
const PASSWORD_ALPHABET: &[u8; 57] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
/// So many letters are more than 128 bits: 22 × 5.83 = 128.3, of which asking for three kinds takes 0.05.
const PASSWORD_LENGTH: usize = 22;

/// A password, a token or a header value that must never reach a document, a log, an error or a process list.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// A text read from a file or a pipe: one line end at its end, which editors and `echo` add, is not part of it.
    #[must_use]
    pub fn from_line(text: impl Into<String>) -> Self {
        let mut text = Zeroizing::new(text.into());
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        Self(text)
    }

    /// A new one from the system's random source: 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn random() -> Result<Self, crate::error::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(&mut *bytes)?;
        Ok(Self::new(crate::name::hex(&*bytes)))
    }

    /// Another one, for a purpose of its own: always the same, and nobody finds this one out of it. 64 hexadecimal digits.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> Self {
        let mut hash = Sha256::new();
        // No purpose has a zero byte in it, so no two of them make the same text.
        hash.update(purpose);
        hash.update([0]);
        hash.update(self.expose());
        Self::new(crate::name::hex(&hash.finalize()))
    }

    /// A new password for a person or a robot: 22 letters and digits, without those that look alike (`0`, `O`, `1`, `I`, `l`), with a capital
    /// letter, a small one and a digit among them. That is one of 2^128 and more.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn password() -> Result<Self, crate::error::Error> {
        loop {
            let mut text = Zeroizing::new(String::with_capacity(PASSWORD_LENGTH));
            while text.len() < PASSWORD_LENGTH {
                let mut bytes = Zeroizing::new([0; 64]);
                fill(&mut *bytes)?;
                // A byte that no letter stands for is passed over, so that no letter is likelier than another.
                let letters = bytes.iter().filter_map(|byte| PASSWORD_ALPHABET.get(usize::from(byte % 64)));
                let missing = PASSWORD_LENGTH - text.len();
                text.extend(letters.take(missing).map(|letter| char::from(*letter)));
            }
            let has = |kind: fn(&char) -> bool| text.chars().any(|letter| kind(&letter));
            if has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase) && has(char::is_ascii_digit) {
                return Ok(Self(text));
            }
        }
    }

    /// The text. The one way out: what calls this sends it where it belongs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn fill(bytes: &mut [u8]) -> Result<(), crate::error::Error> {
    getrandom::fill(bytes).map_err(|fault| crate::error::Error::failed("the system gives no random numbers").caused_by(fault))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn random_ones_are_long_and_differ() {
        let [one, two] = [Secret::random().unwrap(), Secret::random().unwrap()];
        assert_eq!(one.expose().len(), 64);
        assert!(one != two);
    }

    #[test]
    fn a_generated_password_has_all_letters_equally_often() {
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..4000 {
            let password = Secret::password().unwrap();
            assert_eq!(password.expose().len(), PASSWORD_LENGTH);
            password.expose().bytes().for_each(|letter| *seen.entry(letter).or_insert(0u32) += 1);
        }
        assert_eq!(seen.len(), PASSWORD_ALPHABET.len());
        // 88,000 letters: 1,544 of each, give or take 39; digits a little more often, as one is asked for. Eight times that never happens.
        for (letter, count) in seen {
            assert!((1230..1860).contains(&count), "{}: {count}", char::from(letter));
        }
    }

    #[test]
    fn one_line_end_is_not_part_of_a_password() {
        assert_eq!(Secret::from_line("a b\r\n").expose(), "a b");
        assert_eq!(Secret::from_line("a\n\n").expose(), "a\n");
        assert_eq!(Secret::from_line("a").expose(), "a");
    }
}
