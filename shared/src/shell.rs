//! Command lines for people to run: as the POSIX shell reads them back.

use std::ffi::OsStr;

/// A word, quoted when it needs to be.
#[must_use]
pub fn word(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&b)) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
