//! The algorithm behind a hash, told by its shape.

use std::str;

/// How a password was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// `$2a$`, `$2b$`, `$2x$` or `$2y$`, and the cost that is written in it.
    Bcrypt(u32),
    /// `$apr1$`: Apache's MD5.
    Apr1,
    /// `{SHA}`: one SHA-1 without a salt.
    Sha1,
    /// `$1$`.
    Md5Crypt,
    /// `$5$`.
    Sha256Crypt,
    /// `$6$`.
    Sha512Crypt,
    /// `$y$`, `$gy$` or `$7$`: yescrypt and its relatives.
    Yescrypt,
    /// Thirteen letters of `crypt(3)`'s first alphabet. A plain password may look the same.
    DesCrypt,
    /// Nothing known begins like this, so it may be the password itself.
    Plain,
}

impl Algorithm {
    /// The algorithm of what stands behind the first colon of a line.
    #[must_use]
    pub fn of(hash: &[u8]) -> Self {
        const PREFIXES: [(&str, Algorithm); 8] = [
            ("$apr1$", Algorithm::Apr1),
            ("{SHA}", Algorithm::Sha1),
            ("$1$", Algorithm::Md5Crypt),
            ("$5$", Algorithm::Sha256Crypt),
            ("$6$", Algorithm::Sha512Crypt),
            ("$y$", Algorithm::Yescrypt),
            ("$gy$", Algorithm::Yescrypt),
            ("$7$", Algorithm::Yescrypt),
        ];
        if let Some(cost) = bcrypt_cost(hash) {
            return Self::Bcrypt(cost);
        }
        let known = PREFIXES.iter().find(|(prefix, _)| hash.starts_with(prefix.as_bytes()));
        let des = hash.len() == 13 && hash.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/'));
        known.map_or(if des { Self::DesCrypt } else { Self::Plain }, |(_, algorithm)| *algorithm)
    }

    /// Its name in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bcrypt(_) => "bcrypt",
            Self::Apr1 => "apr1",
            Self::Sha1 => "sha1",
            Self::Md5Crypt => "md5-crypt",
            Self::Sha256Crypt => "sha256-crypt",
            Self::Sha512Crypt => "sha512-crypt",
            Self::Yescrypt => "yescrypt",
            Self::DesCrypt => "des-crypt",
            Self::Plain => "plain",
        }
    }

    /// The cost of a bcrypt hash.
    #[must_use]
    pub fn cost(self) -> Option<u32> {
        match self {
            Self::Bcrypt(cost) => Some(cost),
            _ => None,
        }
    }
}

/// The number in `$2y$10$…`.
fn bcrypt_cost(hash: &[u8]) -> Option<u32> {
    let rest = hash.strip_prefix(b"$2")?.strip_prefix(&[*hash.get(2)?])?.strip_prefix(b"$")?;
    matches!(hash.get(2)?, b'a' | b'b' | b'x' | b'y').then_some(())?;
    let digits = rest.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_by_its_shape() {
        for (hash, name, cost) in [
            ("$2y$10$abc", "bcrypt", Some(10)),
            ("$2b$05", "bcrypt", Some(5)),
            ("$2z$05$", "plain", None),
            ("$2y$1$", "plain", None),
            ("$apr1$x$y", "apr1", None),
            ("{SHA}x", "sha1", None),
            ("$1$x$y", "md5-crypt", None),
            ("$5$x$y", "sha256-crypt", None),
            ("$6$x$y", "sha512-crypt", None),
            ("$y$j9T$x", "yescrypt", None),
            ("rqXexS6ZhobKA", "des-crypt", None),
            ("secret", "plain", None),
            ("", "plain", None),
            ("$2", "plain", None),
        ] {
            let algorithm = Algorithm::of(hash.as_bytes());
            assert_eq!((algorithm.name(), algorithm.cost()), (name, cost), "{hash}");
        }
    }
}
