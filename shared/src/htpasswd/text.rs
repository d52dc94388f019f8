//! A file as its lines, which print back byte for byte: only the lines of the users that are changed change.
//!
//! A user's name is what stands in front of the first colon, without white space or a byte order mark before it. Of a name that
//! stands there twice, the registries take the last line and Apache's server the first: a change leaves one.

use std::borrow::Cow;
use std::collections::HashMap;

use super::algorithm::Algorithm;

/// What some editors put in front of a text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The lines of a file.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Each with its line end; none where one was removed.
    lines: Vec<Option<Vec<u8>>>,
    /// The lines of each name.
    places: HashMap<Vec<u8>, Vec<usize>>,
}

/// The line of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Counted from 1.
    pub line: usize,
    /// In front of the first colon.
    pub name: &'a [u8],
    /// Behind it, without white space at the end.
    pub hash: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The user of a line; none for an empty line, a comment, or one without a colon.
    pub(super) fn of(line: &'a [u8]) -> Option<Self> {
        let line = line.trim_ascii();
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        if line.starts_with(b"#") {
            return None;
        }
        let colon = line.iter().position(|byte| *byte == b':')?;
        Some(Self { line: 0, name: &line[..colon], hash: &line[colon + 1..] })
    }

    /// The name as text; what is not UTF-8 in it is replaced.
    #[must_use]
    pub fn name_text(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.name)
    }

    /// How the password was hashed.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        Algorithm::of(self.hash)
    }
}

impl Text {
    /// Reads the bytes of a file.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let lines: Vec<_> = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| Some(line.to_vec())).collect();
        let mut places: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            if let Some(entry) = line.as_deref().and_then(Entry::of) {
                places.entry(entry.name.to_vec()).or_default().push(at);
            }
        }
        Self { lines, places }
    }

    /// The bytes to write.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.lines.iter().flatten().flatten().copied().collect()
    }

    /// The line of a user that counts for a registry: the last one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Entry<'_>> {
        let at = *self.places.get(name.as_bytes())?.last()?;
        let entry = Entry::of(self.lines.get(at)?.as_deref()?)?;
        Some(Entry { line: at + 1, ..entry })
    }

    /// The users, each once, in the order of their lines.
    pub fn users(&self) -> impl Iterator<Item = Entry<'_>> {
        self.lines.iter().enumerate().filter_map(|(at, line)| {
            let entry = Entry::of(line.as_deref()?)?;
            let counts = self.places.get(entry.name)?.last() == Some(&at);
            counts.then_some(Entry { line: at + 1, ..entry })
        })
    }

    /// Gives a user this hash: in the place of its line, or behind the last line. Other lines of the same name go.
    pub fn set(&mut self, name: &str, hash: &str) {
        let own = self.places.get(name.as_bytes()).cloned().unwrap_or_default();
        let Some((first, others)) = own.split_first() else {
            let end = self.line_end();
            if let Some(last) = self.lines.last_mut().and_then(Option::as_mut).filter(|last| !last.ends_with(b"\n")) {
                last.extend_from_slice(end);
            }
            self.places.insert(name.as_bytes().to_vec(), vec![self.lines.len()]);
            self.lines.push(Some([name.as_bytes(), b":", hash.as_bytes(), end].concat()));
            return;
        };
        let line = self.lines[*first].as_deref().unwrap_or_default();
        let end: &[u8] = if line.ends_with(b"\r\n") {
            b"\r\n"
        } else if line.ends_with(b"\n") {
            b"\n"
        } else {
            b""
        };
        let line = [name.as_bytes(), b":", hash.as_bytes(), end].concat();
        self.lines[*first] = Some(line);
        for other in others {
            self.lines[*other] = None;
        }
        self.places.insert(name.as_bytes().to_vec(), vec![*first]);
    }

    /// Takes a user out; tells whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        let places = self.places.remove(name.as_bytes()).unwrap_or_default();
        for at in &places {
            self.lines[*at] = None;
        }
        !places.is_empty()
    }

    /// How the lines of the file end.
    fn line_end(&self) -> &'static [u8] {
        let windows =
            self.lines.iter().flatten().rev().find(|line| line.ends_with(b"\n")).is_some_and(|line| line.ends_with(b"\r\n"));
        if windows { b"\r\n" } else { b"\n" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn changed(before: &str, change: impl FnOnce(&mut Text)) -> String {
        let mut text = Text::parse(before.as_bytes());
        change(&mut text);
        String::from_utf8(text.to_bytes()).unwrap()
    }

    #[test]
    fn only_the_lines_of_the_user_change() {
        let before = "# people\n\nanna:old\n \tno colon\nbert:x:Bert B.\ncarl:y";
        assert_eq!(changed(before, |text| text.set("anna", "new")), before.replace("old", "new"));
        assert_eq!(changed(before, |text| text.set("carl", "new")), before.replace(":y", ":new"));
        assert_eq!(changed(before, |text| text.set("dora", "z")), format!("{before}\ndora:z\n"));
        assert_eq!(changed(before, |text| assert!(text.remove("bert"))), before.replace("bert:x:Bert B.\n", ""));
        assert_eq!(changed(before, |text| assert!(!text.remove("nobody"))), before);
        assert_eq!(changed("", |text| text.set("anna", "x")), "anna:x\n");
    }

    #[test]
    fn line_ends_stay_what_they_are() {
        let before = "anna:old\r\nbert:x\r\n";
        assert_eq!(changed(before, |text| text.set("anna", "new")), "anna:new\r\nbert:x\r\n");
        assert_eq!(changed(before, |text| text.set("carl", "y")), format!("{before}carl:y\r\n"));
    }

    #[test]
    fn of_a_name_that_is_there_twice_one_line_is_left() {
        let before = "anna:first\nbert:x\nanna:last\n";
        assert_eq!(Text::parse(before.as_bytes()).get("anna").unwrap().hash, b"last");
        assert_eq!(changed(before, |text| text.set("anna", "new")), "anna:new\nbert:x\n");
        assert_eq!(changed(before, |text| assert!(text.remove("anna"))), "bert:x\n");
        let text = Text::parse(before.as_bytes());
        let users: Vec<_> = text.users().map(|entry| (entry.line, entry.name_text())).collect();
        assert_eq!(users, [(2, "bert".into()), (3, "anna".into())]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_name() {
        let before = "\u{feff}anna:old\nbert:x\n";
        assert_eq!(changed(before, |text| text.set("anna", "new")), "anna:new\nbert:x\n");
        assert_eq!(changed(before, |text| assert!(text.remove("bert"))), "\u{feff}anna:old\n");
    }

    proptest! {
        #[test]
        fn every_text_prints_back_byte_for_byte(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(Text::parse(&bytes).to_bytes(), bytes);
        }

        #[test]
        fn a_user_that_was_added_and_removed_leaves_nothing(text in "(?s)([a-c]{0,2}:?[#\u{feff} x]{0,3}\r?\n){0,8}", name in "[d-f]{1,4}") {
            let mut changed = Text::parse(text.as_bytes());
            changed.set(&name, "hash");
            let read = Text::parse(&changed.to_bytes());
            prop_assert_eq!(read.get(&name).unwrap().hash, b"hash");
            prop_assert!(changed.remove(&name));
            prop_assert_eq!(changed.to_bytes(), text.as_bytes());
        }

        #[test]
        fn what_is_set_is_what_is_read(
            text in "(?s)(\u{feff}?[a-c#]{0,2}[: ]{0,2}[xy]{0,3}\r?\n?){0,8}", name in "[a-c]{1,2}", hash in "[xyz]{1,3}",
        ) {
            let mut changed = Text::parse(text.as_bytes());
            let others: Vec<_> = changed.users().filter(|entry| entry.name != name.as_bytes()).map(|e| (e.name.to_vec(), e.hash.to_vec())).collect();
            changed.set(&name, &hash);
            let read = Text::parse(&changed.to_bytes());
            prop_assert_eq!(read.get(&name).unwrap().hash, hash.as_bytes());
            prop_assert_eq!(read.users().filter(|entry| entry.name == name.as_bytes()).count(), 1);
            let still: Vec<_> = read.users().filter(|entry| entry.name != name.as_bytes()).map(|e| (e.name.to_vec(), e.hash.to_vec())).collect();
            prop_assert_eq!(still, others);
        }
    }
}
