//! The release of a program: three numbers, compared by them.

use std::fmt;
use std::str::FromStr;

/// A release such as 2.1.20. What stands behind the numbers (`+ds1`, `-rc.2`, a commit) is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Changes when what worked before may not work any more.
    pub major: u32,
    /// Changes when something is new.
    pub minor: u32,
    /// Changes when something is repaired, or so.
    pub patch: u32,
}

impl Version {
    /// The release with these numbers.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }
}

/// A text does not begin with three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoVersion;

impl FromStr for Version {
    type Err = NoVersion;

    /// Takes `2.1.20`, `v2.1.20`, `2.8.2+ds1`, `v2.1.20-0-g3b5796d8`.
    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let mut numbers = text[..end].split('.').map(|number| number.parse().map_err(|_| NoVersion));
        let mut next = || numbers.next().unwrap_or(Err(NoVersion));
        let version = Self::new(next()?, next()?, next()?);
        if numbers.next().is_some() { Err(NoVersion) } else { Ok(version) }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_ordered_by_number() {
        for (text, expected) in [
            ("2.1.20", (2, 1, 20)),
            ("v2.1.20-0-g3b5796d8", (2, 1, 20)),
            ("2.8.2+ds1", (2, 8, 2)),
            ("v3.0.0-rc.2", (3, 0, 0)),
            ("v3.1.1+unknown", (3, 1, 1)),
        ] {
            let (major, minor, patch) = expected;
            assert_eq!(text.parse(), Ok(Version::new(major, minor, patch)), "{text}");
        }
        assert!(Version::new(2, 1, 9) < Version::new(2, 1, 20));
        assert_eq!(Version::new(2, 1, 9).to_string(), "2.1.9");
    }

    #[test]
    fn other_texts_are_no_release() {
        for text in ["", "v", "2", "2.1", "2.1.", "2.1.x", "2.1.2.3", "3b5796d", "99999999999.0.0", "-1.0.0"] {
            assert_eq!(text.parse::<Version>(), Err(NoVersion), "{text}");
        }
    }
}
