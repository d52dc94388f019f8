//! What a server says, as it may be shown: in quotes, on one line, without what it was told in confidence.

use crate::secret::Secret;

/// So many characters of a message are shown.
const SHOWN: usize = 300;

/// The message in double quotes, control characters escaped, cut after 300 characters, with every occurrence of a secret left out:
/// a hostile or careless server may repeat the password it was sent.
#[must_use]
pub fn says(text: &str, secrets: &[Secret]) -> String {
    let mut text = text.trim().to_owned();
    for secret in secrets.iter().map(Secret::expose).filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "…");
    }
    if text.chars().count() > SHOWN {
        text = text.chars().take(SHOWN).chain(['…']).collect();
    }
    let mut shown = String::from("\"");
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            // Bidirectional controls can turn a line around on a terminal.
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                shown.extend(c.escape_unicode());
            }
            '"' => shown.push('\''),
            c => shown.push(c),
        }
    }
    shown.push('"');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_quoted_line() {
        assert_eq!(says(" no such\nthing \u{1b}[31m\"x\" ", &[]), "\"no such thing \\u{1b}[31m'x'\"");
        assert_eq!(says(&"a".repeat(400), &[]).chars().count(), 303);
    }

    #[test]
    fn what_was_told_in_confidence_is_left_out() {
        let secrets = [Secret::new("hunter2"), Secret::new("bWU6aHVudGVyMg=="), Secret::new("")];
        assert_eq!(says("Basic bWU6aHVudGVyMg== is me:hunter2", &secrets), "\"Basic … is me:…\"");
    }
}
