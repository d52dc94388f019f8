//! Names of the distribution spec: repository, tag, digest, reference.
//!
//! Parsing is the only way to get one of these types, so whoever holds one holds a valid name: nothing from a server or a
//! person reaches a URL, a path or a terminal unchecked. Grammar: OCI distribution spec 1.1, "Pulling manifests" (`<name>`,
//! `<reference>`) and image spec 1.1, "Digests". No I/O.

mod reference;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha512};

pub use reference::{Reference, split_host};

/// The longest repository name taken, in bytes: what the real registries take (Distribution's `RepositoryNameTotalLengthMax`).
pub const REPOSITORY_MAX: usize = 255;
/// The longest tag, in bytes (distribution spec, `<reference>`).
pub const TAG_MAX: usize = 128;

/// Why a text is not the name it was meant to be. Displays as one lower-case sentence that quotes the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidName(String);

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidName {}

/// The text in double quotes with control characters escaped and the middle of a very long text left out.
#[must_use]
pub fn quoted(text: &str) -> String {
    if text.chars().count() <= 80 {
        return format!("{text:?}");
    }
    let head: String = text.chars().take(60).collect();
    format!("{:?} ({} bytes)", format!("{head}…"), text.len())
}

macro_rules! text_type {
    ($name:ident) => {
        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        string_serde!($name);
    };
}

macro_rules! string_serde {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = InvalidName;
            fn try_from(text: String) -> Result<Self, InvalidName> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.to_string()
            }
        }
    };
}

/// A repository name: path components of lower-case letters and digits, joined by `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Repository(String);
text_type!(Repository);

impl FromStr for Repository {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let fault = if text.is_empty() {
            "it is empty"
        } else if text.len() > REPOSITORY_MAX {
            "it is longer than 255 bytes"
        } else if text.bytes().any(|b| b.is_ascii_uppercase()) {
            "it has upper-case letters"
        } else if !text.split('/').all(is_path_component) {
            "each part between slashes is lower-case letters and digits, joined by single `.`, `_`, `__` or dashes"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(InvalidName(format!("{} is not a repository name: {fault}", quoted(text))))
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_path_component(part: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = part.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    if !alphanumeric(first) || !alphanumeric(last) {
        return false;
    }
    bytes
        .split(|&b| alphanumeric(b))
        .all(|separator| matches!(separator, b"" | b"." | b"_" | b"__") || separator.iter().all(|&b| b == b'-'))
}

/// A tag: a letter, digit or underscore, then up to 127 of those, dots and dashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);
text_type!(Tag);

impl FromStr for Tag {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let fault = if text.is_empty() {
            "it is empty"
        } else if text.len() > TAG_MAX {
            "it is longer than 128 bytes"
        } else if !word(text.as_bytes()[0]) {
            "it does not begin with a letter, a digit or `_`"
        } else if !text.bytes().all(|b| word(b) || b == b'.' || b == b'-') {
            "it has characters other than letters, digits, `_`, `.` and `-`"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(InvalidName(format!("{} is not a tag: {fault}", quoted(text))))
    }
}

/// A digest algorithm registered by the image spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256, 64 hexadecimal digits.
    Sha256,
    /// SHA-512, 128 hexadecimal digits.
    Sha512,
}

impl Algorithm {
    /// The name before the colon.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// The number of hexadecimal digits.
    #[must_use]
    pub fn hex_len(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

impl FromStr for Algorithm {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        match text {
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            _ => Err(InvalidName(format!("{} is not a digest algorithm: sha256 and sha512 are known", quoted(text)))),
        }
    }
}

/// A digest, `algorithm:hex`, with lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest {
    algorithm: Algorithm,
    hex: Box<str>,
}
string_serde!(Digest);

impl Digest {
    /// The SHA-256 of `bytes`.
    #[must_use]
    pub fn sha256(bytes: impl AsRef<[u8]>) -> Self {
        Self::of(Algorithm::Sha256, bytes)
    }

    /// The digest of `bytes` by `algorithm`.
    #[must_use]
    pub fn of(algorithm: Algorithm, bytes: impl AsRef<[u8]>) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes.as_ref());
        hasher.finish()
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The hexadecimal digits behind the colon.
    #[must_use]
    pub fn hex(&self) -> &str {
        &self.hex
    }
}

impl FromStr for Digest {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let invalid = |why: &str| InvalidName(format!("{} is not a digest: {why}", quoted(text)));
        let (name, hex) = text.split_once(':').ok_or_else(|| invalid("it has no algorithm and colon in front"))?;
        let algorithm: Algorithm = name.parse().map_err(|_| invalid("sha256 and sha512 are the known algorithms"))?;
        if hex.len() != algorithm.hex_len() || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(invalid(&format!("{name} takes {} lower-case hexadecimal digits", algorithm.hex_len())));
        }
        Ok(Self { algorithm, hex: hex.into() })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.as_str(), self.hex)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Computes a digest over bytes that arrive in pieces.
#[derive(Clone)]
pub enum Hasher {
    /// SHA-256 under way.
    Sha256(Sha256),
    /// SHA-512 under way.
    Sha512(Sha512),
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({})", self.algorithm().as_str())
    }
}

impl Hasher {
    /// A hasher that has seen nothing yet.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    /// Which digest comes out.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha256(_) => Algorithm::Sha256,
            Self::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(h) => h.update(bytes),
            Self::Sha512(h) => h.update(bytes),
        }
    }

    /// The digest of all bytes taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        let algorithm = self.algorithm();
        let hex = match self {
            Self::Sha256(h) => hex(&h.finalize()),
            Self::Sha512(h) => hex(&h.finalize()),
        };
        Digest { algorithm, hex: hex.into() }
    }
}

/// Lower-case hexadecimal digits of `bytes`.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)] as char, DIGITS[usize::from(b & 15)] as char]).collect()
}

/// Which manifest of a repository: the spec's `<reference>`, a tag or a digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Selector {
    /// By tag: may point to another manifest tomorrow.
    Tag(Tag),
    /// By digest: always these bytes.
    Digest(Digest),
}

impl FromStr for Selector {
    type Err = InvalidName;

    /// A text with a colon is a digest (no tag has one), any other is a tag.
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        if text.contains(':') { text.parse().map(Self::Digest) } else { text.parse().map(Self::Tag) }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => tag.fmt(f),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

impl From<Tag> for Selector {
    fn from(tag: Tag) -> Self {
        Self::Tag(tag)
    }
}

impl From<Digest> for Selector {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn repositories_by_the_grammar() {
        for good in ["a", "a/b", "a.b", "a_b", "a__b", "a-b", "a---b", "0", "team/app/x-y.z__w", &"a".repeat(255)] {
            assert!(good.parse::<Repository>().is_ok(), "{good}");
        }
        let long = "a".repeat(256);
        for bad in [
            "", "/", "a/", "/a", "a//b", "A", "a/B", "../x", "a/../b", "a..b", "a___b", "a._b", "-a", "a-", "_a", "a b", "a%2fb",
            "a\0", "a\n", "ä", &long,
        ] {
            assert!(bad.parse::<Repository>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn tags_by_the_grammar() {
        for good in ["v1", "_x", "1.0-rc.1", "LATEST", &"a".repeat(128)] {
            assert!(good.parse::<Tag>().is_ok(), "{good}");
        }
        for bad in ["", "-x", ".x", "a/b", "a:b", "../../x", "a b", "\u{1b}[31m", &"a".repeat(129)] {
            assert!(bad.parse::<Tag>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn digests_by_the_grammar() {
        let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::sha256("").to_string(), format!("sha256:{sha256}"));
        assert_eq!(Digest::of(Algorithm::Sha512, "").hex().len(), 128);
        for bad in [
            String::new(),
            sha256.to_owned(),
            "sha256:".to_owned(),
            format!("sha256:{}", &sha256[1..]),
            format!("sha256:{}", sha256.to_uppercase()),
            format!("sha256:{}\0", &sha256[1..]),
            format!("sha512:{sha256}"),
            "sha256:../../etc/passwd".to_owned(),
            "md5:d41d8cd98f00b204e9800998ecf8427e".to_owned(),
        ] {
            assert!(bad.parse::<Digest>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_fault_quotes_the_text_with_control_characters_escaped() {
        assert_eq!(
            "\u{1b}[31m".parse::<Tag>().unwrap_err().to_string(),
            r#""\u{1b}[31m" is not a tag: it does not begin with a letter, a digit or `_`"#
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_a_name_parser_panic(text in ".*") {
            let _ = text.parse::<Repository>();
            let _ = text.parse::<Tag>();
            let _ = text.parse::<Digest>();
        }

        #[test]
        fn generated_repositories_parse(text in "[a-z0-9]{1,5}((\\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}(/[a-z0-9]{1,5}((\\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}){0,3}") {
            prop_assert_eq!(text.parse::<Repository>().unwrap().to_string(), text);
        }

        #[test]
        fn pieces_hash_like_the_whole(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0usize..300) {
            let cut = cut.min(bytes.len());
            let mut hasher = Hasher::new(Algorithm::Sha256);
            hasher.update(&bytes[..cut]);
            hasher.update(&bytes[cut..]);
            prop_assert_eq!(hasher.finish(), Digest::sha256(&bytes));
        }
    }
}
