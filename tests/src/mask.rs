//! What differs from run to run, replaced by words, so that the rest can be compared exactly.
//!
//! | in a text | becomes |
//! | --- | --- |
//! | the sandbox's folder | `SANDBOX` |
//! | a port behind `127.0.0.1:`, `localhost:` or `[::1]:` | `PORT` |
//! | a time, `2026-11-20T10:00:00.123Z` | `TIME` |
//! | `"seconds":0.0123`; in a table, a number with three decimals | `"seconds":N`; `N.NNN` |
//! | `1.2 ms` | `N ms` |
//! | `"pid":123`, `pid 123` | `"pid":N`, `pid N` |
//! | `sha256:` and 64 digits; the random tag of push-pull | `sha256:DIGEST`; `probe-TAG` |
//! | the version of the tools | `VERSION` |

use std::path::Path;

/// The version of every package of the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Masks a text that came out of the sandbox in `place`.
#[must_use]
pub fn mask(text: &str, place: &Path) -> String {
    let text = text.replace(&place.display().to_string(), "SANDBOX");
    let mut masked = String::new();
    let mut rest = text.as_str();
    while let Some(next) = rest.chars().next() {
        let inside_word = masked.ends_with(|c: char| c.is_ascii_alphanumeric());
        if let Some((length, word)) = replacement(&masked, rest).filter(|_| !inside_word) {
            masked.push_str(word);
            rest = &rest[length..];
        } else {
            masked.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    masked
}

/// The word for what `rest` begins with, and the length of that.
fn replacement(before: &str, rest: &str) -> Option<(usize, &'static str)> {
    let behind = |marks: &[&str]| marks.iter().any(|mark| before.ends_with(mark));
    if rest.starts_with(VERSION) {
        return Some((VERSION.len(), "VERSION"));
    }
    if behind(&["sha256:"]) {
        return Some((hexadecimal(rest), "DIGEST")).filter(|(length, _)| *length == 64);
    }
    if behind(&["probe-"]) {
        return Some((hexadecimal(rest), "TAG")).filter(|(length, _)| *length == 12);
    }
    if let Some(length) = time(rest) {
        return Some((length, "TIME"));
    }
    let whole = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if whole == 0 {
        return None;
    }
    if behind(&["127.0.0.1:", "localhost:", "[::1]:"]) {
        return Some((whole, "PORT"));
    }
    if behind(&["\"pid\":", "pid "]) {
        return Some((whole, "N"));
    }
    let number = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || ".e-".contains(c)).len();
    if behind(&["\"seconds\":"]) || rest[number..].starts_with(" ms") {
        return Some((number, "N"));
    }
    let decimals = rest[whole..].strip_prefix('.').map(|tail| tail.chars().take_while(char::is_ascii_digit).count());
    (decimals == Some(3) && number == whole + 4).then_some((number, "N.NNN"))
}

fn hexadecimal(text: &str) -> usize {
    text.chars().take_while(char::is_ascii_hexdigit).count()
}

/// The length of a time in RFC 3339 and UTC.
fn time(text: &str) -> Option<usize> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    let head = text.as_bytes().get(..SHAPE.len()).filter(|head| head.iter().zip(SHAPE).all(fits))?;
    let tail = &text[head.len()..];
    let fraction = tail.len() - tail.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).len();
    tail[fraction..].starts_with('Z').then_some(head.len() + fraction + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_becomes_a_word() {
        let digest = format!("a:probe-0123456789ab is sha256:{}", "0a".repeat(32));
        for (text, expected) in [
            ("http://127.0.0.1:39021/v2/ 200 12.5 ms", "http://127.0.0.1:PORT/v2/ 200 N ms"),
            ("localhost:5000, port 5000", "localhost:PORT, port 5000"),
            ("/tmp/here/state/x", "SANDBOX/state/x"),
            ("\"time\":\"2026-11-20T10:00:00.12Z\",\"pid\":12", "\"time\":\"TIME\",\"pid\":N"),
            ("\"seconds\":2.7e-5,\"pass\":8", "\"seconds\":N,\"pass\":8"),
            ("api  pass  0.012  ok", "api  pass  N.NNN  ok"),
            ("by reg-up (pid 77)", "by reg-up (pid N)"),
            (digest.as_str(), "a:probe-TAG is sha256:DIGEST"),
            (concat!("embedded ", env!("CARGO_PKG_VERSION")), "embedded VERSION"),
            ("65536 bytes in 10.1234", "65536 bytes in 10.1234"),
        ] {
            assert_eq!(mask(text, Path::new("/tmp/here")), expected);
        }
    }
}
