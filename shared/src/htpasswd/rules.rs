//! What a name and a password may be, and the hash of a password.
//!
//! The rules keep a login the same for everybody who reads the file: bcrypt sees no more than 72 bytes and stops at a NUL, so a longer
//! password would be cut silently (Apache's `htpasswd` does); a colon or white space in a name means something else to each reader.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};
use crate::name::quoted;
use crate::secret::Secret;

/// The longest password in bytes: what bcrypt sees.
pub const PASSWORD_MAX: usize = 72;
/// The cost when nobody says one: some 60 ms a login.
pub const DEFAULT_COST: u32 = 10;
/// The longest name in bytes, as Apache's `htpasswd` has it.
const NAME_MAX: usize = 255;

/// The name of a user that may be written into a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name(String);

impl Name {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Name {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        // It may be followed by the password, which no error repeats.
        if text.contains(':') {
            return Err(Error::usage("a name cannot hold a colon"));
        }
        let why = if text.is_empty() {
            "it is empty".to_owned()
        } else if text.len() > NAME_MAX {
            format!("it is longer than {NAME_MAX} bytes")
        } else if text.starts_with('#') {
            "a line that begins with # is a comment".to_owned()
        } else if text.contains(char::is_whitespace) {
            "it has white space".to_owned()
        } else if text.contains(char::is_control) {
            "it has control characters".to_owned()
        } else if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
            format!("it has a character that nobody sees, {}", hidden.escape_unicode())
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(Error::usage(format!("{} cannot be a user's name: {why}", quoted(text))))
    }
}

/// Whether a character shows nothing, or changes the order in which others are shown, so that two names look alike: Unicode's
/// `Default_Ignorable_Code_Point` (DerivedCoreProperties 16.0) and the rest of the general category Cf below U+2000 and in U+FFF9..FFFB.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a password is one that every reader of the file takes whole.
///
/// # Errors
/// [`crate::exit::Exit::Input`]: empty, longer than [`PASSWORD_MAX`] bytes, or with a NUL or a line break.
pub fn check_password(password: &Secret) -> Result<()> {
    let text = password.expose();
    if text.is_empty() {
        Err(Error::input("the password is empty"))
    } else if text.len() > PASSWORD_MAX {
        let what = format!("the password is {} bytes long, and bcrypt sees only the first {PASSWORD_MAX}", text.len());
        Err(Error::input(what).hint("take a shorter one: letters outside ASCII are two bytes or more"))
    } else if text.contains('\0') {
        Err(Error::input("the password has a NUL character, where bcrypt would end it"))
    } else if text.contains(['\n', '\r']) {
        Err(Error::input("the password has a line break in it").hint("one line end at the end of a file is not part of it"))
    } else {
        Ok(())
    }
}

/// The hash of a password, `$2y$`, as Apache's `htpasswd -B` writes it. Takes 60 ms at cost 10 and twice that for each one more, so it
/// does not belong on an asynchronous task.
///
/// # Errors
/// Those of [`check_password`]; a cost that is not 4 to 31.
pub fn hash(password: &Secret, cost: u32) -> Result<String> {
    check_password(password)?;
    let parts = bcrypt::hash_with_result(password.expose(), cost);
    let parts = parts.map_err(|fault| Error::failed("cannot hash the password").caused_by(fault))?;
    Ok(parts.format_for_version(bcrypt::Version::TwoY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(name: &str) -> String {
        name.parse::<Name>().unwrap_err().to_string()
    }

    #[test]
    fn a_name_means_the_same_to_every_reader() {
        for name in ["alice", "bob@example.org", "DOMAIN\\carl", "ä", "a#b", "-", &"x".repeat(255)] {
            assert_eq!(name.parse::<Name>().unwrap().as_str(), name);
        }
        for (name, why) in [
            ("", "it is empty"),
            ("a:b", "a name cannot hold a colon"),
            ("#a", "a line that begins with # is a comment"),
            (" a", "it has white space"),
            ("a\u{a0}b", "it has white space"),
            ("a\n", "it has white space"),
            ("a\0b", "it has control characters"),
            ("\u{feff}a", "it has a character that nobody sees, \\u{feff}"),
            ("ad\u{200b}min", "it has a character that nobody sees, \\u{200b}"),
            ("admin\u{200d}", "it has a character that nobody sees, \\u{200d}"),
            ("\u{202e}nimda", "it has a character that nobody sees, \\u{202e}"),
            ("a\u{2066}b\u{2069}", "it has a character that nobody sees, \\u{2066}"),
            ("ad\u{ad}min", "it has a character that nobody sees, \\u{ad}"),
            ("a\u{e0041}", "it has a character that nobody sees, \\u{e0041}"),
        ] {
            assert!(refused(name).ends_with(why), "{}", refused(name));
        }
        assert!(refused(&"ä".repeat(128)).ends_with("it is longer than 255 bytes"));
    }

    #[test]
    fn a_password_is_taken_whole_or_not_at_all() {
        for good in ["x", " ", "a:b c", &"x".repeat(72), &"ä".repeat(36)] {
            assert!(check_password(&Secret::new(good)).is_ok(), "{good}");
        }
        for bad in ["", "a\0", "a\nb", "a\r", &"x".repeat(73), &"ä".repeat(37)] {
            assert!(check_password(&Secret::new(bad)).is_err(), "{bad}");
            assert!(hash(&Secret::new(bad), 4).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_one_of_72_bytes_counts() {
        let password = "ä".repeat(36);
        let hash = hash(&Secret::new(&password), 4).unwrap();
        assert!(hash.starts_with("$2y$04$") && hash.len() == 60, "{hash}");
        assert!(bcrypt::verify(&password, &hash).unwrap());
        assert!(!bcrypt::verify(&password[..70], &hash).unwrap());
    }

    proptest! {
        #[test]
        fn what_is_accepted_verifies_and_what_is_refused_is_not_hashed(text in "(?s).{0,80}") {
            let password = Secret::new(text.as_str());
            match hash(&password, 4) {
                Ok(hash) => prop_assert!(bcrypt::verify(&text, &hash).unwrap()),
                Err(_) => prop_assert!(check_password(&password).is_err()),
            }
        }
    }
}
