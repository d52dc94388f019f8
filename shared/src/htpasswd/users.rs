//! The users of a file, as the embedded server knows them, and the check of a password.
//!
//! Only bcrypt lines (`$2a$`, `$2b$`, `$2y$`) log anybody in, as with Distribution; every other line is reported and leaves the
//! rest alone. A check costs the same time whether the user exists or not. Reads no file and caches nothing.

use std::collections::HashMap;

use crate::secret::Secret;

/// The users of a file.
#[derive(Debug, Default)]
pub struct Users {
    hashes: HashMap<String, String>,
    /// What an unknown user is checked against, as costly as a real check.
    decoy: Option<String>,
}

/// A line that logs nobody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it, without its text: a line holds a hash.
    pub why: &'static str,
}

/// Reads a file's text: `user:hash` a line; empty lines and lines that begin with `#` are skipped. The last line of a user counts.
#[must_use]
pub fn parse(text: &str) -> (Users, Vec<Fault>) {
    let mut users = Users::default();
    let mut faults = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match read_line(line) {
            Ok((user, hash)) => {
                users.decoy.get_or_insert_with(|| decoy(hash));
                users.hashes.insert(user.to_owned(), hash.to_owned());
            }
            Err(why) => faults.push(Fault { line: index + 1, why }),
        }
    }
    (users, faults)
}

pub(super) fn read_line(line: &str) -> Result<(&str, &str), &'static str> {
    let (user, hash) = line.split_once(':').ok_or("it has no colon between user and hash")?;
    if user.is_empty() {
        return Err("it has no user name");
    }
    if !matches!(hash.get(..4), Some("$2a$" | "$2b$" | "$2y$")) {
        return Err("its hash is not bcrypt (`reg-users passwd` makes it one)");
    }
    let salted = hash.get(7..).unwrap_or_default();
    let alphabet = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/');
    let cost = hash.parse::<bcrypt::HashParts>().map(|parts| parts.get_cost());
    if !cost.is_ok_and(|cost| (4..=31).contains(&cost)) || !salted.bytes().all(alphabet) {
        return Err("its bcrypt hash is malformed");
    }
    Ok((user, hash))
}

/// A hash of the same cost that no password has.
fn decoy(hash: &str) -> String {
    format!("{}{}", &hash[..7], ".".repeat(53))
}

impl Users {
    /// Whether this is the user's password. Takes the time of one bcrypt check (60 ms at cost 10), so it does not belong on an
    /// asynchronous task. Bytes after the 72nd do not count: bcrypt never sees them.
    #[must_use]
    pub fn check(&self, user: &str, password: &Secret) -> bool {
        let hash = self.hashes.get(user);
        let Some(against) = hash.or(self.decoy.as_ref()) else {
            return false;
        };
        let equal = bcrypt::verify(password.expose(), against).unwrap_or(false);
        equal && hash.is_some()
    }

    /// The names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.hashes.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hashed(password: &str, version: bcrypt::Version) -> String {
        bcrypt::hash_with_result(password, 4).unwrap().format_for_version(version)
    }

    fn line(user: &str, password: &str) -> String {
        format!("{user}:{}", hashed(password, bcrypt::Version::TwoY))
    }

    #[test]
    fn all_three_bcrypt_prefixes_log_in() {
        for version in [bcrypt::Version::TwoA, bcrypt::Version::TwoB, bcrypt::Version::TwoY] {
            let (users, faults) = parse(&format!("anna:{}\n", hashed("secret", version)));
            assert!(faults.is_empty());
            assert!(users.check("anna", &Secret::new("secret")));
            assert!(!users.check("anna", &Secret::new("Secret")));
            assert!(!users.check("anna", &Secret::new("")));
            assert!(!users.check("bert", &Secret::new("secret")));
        }
    }

    #[test]
    fn what_apache_writes_is_read() {
        // `htpasswd -nbB -C 5 user password`
        let (users, faults) = parse("user:$2y$05$2b/RYe1urYap8jro6M25ou7htJb4SXRaboNGrhlqcrx6nbaPTW6Yy\r\n\r\n");
        assert!(faults.is_empty());
        assert_eq!(users.names().collect::<Vec<_>>(), ["user"]);
        assert!(users.check("user", &Secret::new("password")));
    }

    #[test]
    fn a_malformed_line_is_named_and_blocks_nobody() {
        let good = line("anna", "secret");
        let text = format!(
            "# people\n\nno colon\n:{hash}\nmd5:$apr1$x$y\nsha:{{SHA}}x\nshort:$2y$05$abc\ncost:$2y$xx{tail}\nlow:$2y$03${tail}\nutf8:$2y$05$ä{tail}\n{good}\n",
            hash = &good[5..],
            tail = &good[11..],
        );
        let (users, faults) = parse(&text);
        assert!(users.check("anna", &Secret::new("secret")));
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9, 10]);
    }

    #[test]
    fn the_last_line_of_a_user_counts() {
        let (users, _) = parse(&format!("{}\n{}\n", line("anna", "old"), line("anna", "new")));
        assert!(users.check("anna", &Secret::new("new")));
        assert!(!users.check("anna", &Secret::new("old")));
    }

    #[test]
    fn an_unknown_user_is_checked_against_a_hash_of_the_same_cost() {
        let (users, _) = parse(&line("anna", "secret"));
        let decoy = users.decoy.as_deref().unwrap();
        assert_eq!(decoy.parse::<bcrypt::HashParts>().unwrap().get_cost(), 4);
        assert!(!bcrypt::verify("secret", decoy).unwrap());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "(?s).{0,300}", tail in "[$./a-zA-Zä]{0,60}") {
            let _ = parse(&text);
            let (users, _) = parse(&format!("u:$2y$05${tail}"));
            let _ = users.check("u", &Secret::new("x"));
        }
    }
}
