//! A secret that neither `Debug`, `Display` nor serde will print, and that is wiped from memory when it goes.

use std::fmt;

use zeroize::Zeroizing;

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
        getrandom::fill(&mut *bytes)
            .map_err(|fault| crate::error::Error::failed("the system gives no random numbers").caused_by(fault))?;
        Ok(Self::new(crate::name::hex(&*bytes)))
    }

    /// The text. The one way out: what calls this sends it where it belongs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
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
    fn one_line_end_is_not_part_of_a_password() {
        assert_eq!(Secret::from_line("a b\r\n").expose(), "a b");
        assert_eq!(Secret::from_line("a\n\n").expose(), "a\n");
        assert_eq!(Secret::from_line("a").expose(), "a");
    }
}
