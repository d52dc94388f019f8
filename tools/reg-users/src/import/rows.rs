//! The rows of a list, read from CSV or JSON: a row that is wrong is told and does not hide the others.

use csv::{ReaderBuilder, StringRecord, Trim};
use reg_shared::document::{ImportedUser, list_of_users};
use reg_shared::error::{Error, Result};
use reg_shared::secret::Secret;

/// A row and where it stands.
pub(super) struct Row {
    /// For people: `line 4`, or `[2]` in a JSON list.
    pub(super) place: String,
    /// The line, where there are lines.
    pub(super) line: Option<usize>,
    /// Its name as far as it may be told; empty when there is none.
    pub(super) name: String,
    /// What the row says; the error has no place in it.
    pub(super) user: Result<ImportedUser>,
}

/// Reads a JSON list, JSON Lines or a `users` document.
///
/// # Errors
/// When it cannot be understood as a whole.
pub(super) fn json(text: &str, source: &str) -> Result<Vec<Row>> {
    let rows = list_of_users(text, source)?.into_iter().map(|(place, value)| {
        let line = place.strip_prefix("line ").and_then(|number| number.parse().ok());
        let name = value.as_ref().ok().and_then(|value| value.get("name")?.as_str()).map(shown).unwrap_or_default();
        let user = value.and_then(|value| ImportedUser::read(value, &place));
        Row { line, name, user, place }
    });
    Ok(rows.collect())
}

/// A name for people, unless a password may stand behind it.
fn shown(name: &str) -> String {
    if name.contains(':') { String::new() } else { name.to_owned() }
}

/// Reads CSV with a header.
///
/// # Errors
/// When there is no header, or one with a column that is not known.
pub(super) fn csv(text: &str, source: &str) -> Result<Vec<Row>> {
    let mut reader = ReaderBuilder::new().trim(Trim::Headers).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|fault| Error::input(format!("{source}: not CSV")).caused_by(fault))?.clone();
    let columns = columns(&header, source)?;
    let mut rows = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    for record in reader.records() {
        let (line, name, user) = match record {
            Ok(record) => (lines.line_of(record.position()), shown(columns.name(&record)), columns.user(&record)),
            Err(fault) => (lines.line_of(fault.position()), String::new(), Err(Error::input(in_words(&fault)))),
        };
        rows.push(Row { place: format!("line {line}"), line: Some(line), name, user });
    }
    Ok(rows)
}

/// Counts lines. csv 1.4.0 counts too few where they end in a carriage return and a line feed, or are empty.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line that the record at this position begins on; positions only grow.
    fn line_of(&mut self, position: Option<&csv::Position>) -> usize {
        let start =
            position.map_or(self.at, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX)).min(self.text.len());
        let ends = self.text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &self.text[self.at..(start + ends).max(self.at)];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at += passed.len();
        self.line
    }
}

fn in_words(fault: &csv::Error) -> String {
    match fault.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} columns, and the header has {expected_len}")
        }
        _ => "it cannot be read".to_owned(),
    }
}

/// Where each column stands.
struct Columns(Vec<Option<&'static str>>);

fn columns(header: &StringRecord, source: &str) -> Result<Columns> {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let mut found = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let known = ImportedUser::FIELDS.iter().find(|field| plain(field) == plain(name)).copied();
        let read_over = ImportedUser::READ_OVER.iter().any(|field| plain(field) == plain(name));
        if known.is_none() && !read_over {
            let known = ImportedUser::FIELDS.join(", ");
            // A first line that is a row may hold a password.
            let fault = Error::input(format!("{source}: line 1: column {} is not known; known are {known}", at + 1));
            let other = name.contains([';', '\t']);
            return Err(if other { fault.hint("columns have commas between them, and the first line names them") } else { fault });
        }
        if let Some(known) = known.filter(|_| found.contains(&known)) {
            return Err(Error::input(format!("{source}: line 1: the column \"{known}\" is there twice")));
        }
        found.push(known);
    }
    if !found.contains(&Some("name")) {
        let what = if header.is_empty() {
            format!("{source} is empty")
        } else {
            format!("{source}: line 1: no column is called \"name\"")
        };
        return Err(Error::input(what).hint("the first line names the columns, like: name,password,email,groups"));
    }
    Ok(Columns(found))
}

impl Columns {
    fn cell<'a>(&self, record: &'a StringRecord, field: &str) -> Option<&'a str> {
        let at = self.0.iter().position(|column| *column == Some(field))?;
        record.get(at).filter(|cell| !cell.is_empty())
    }

    fn name<'a>(&self, record: &'a StringRecord) -> &'a str {
        self.cell(record, "name").unwrap_or_default().trim()
    }

    /// A password is taken with the spaces around it, everything else without.
    fn user(&self, record: &StringRecord) -> Result<ImportedUser> {
        let trimmed = |field: &str| self.cell(record, field).map(str::trim).filter(|cell| !cell.is_empty());
        let generated = match trimmed("generated").map(str::to_lowercase).as_deref() {
            None | Some("false" | "no" | "0") => None,
            Some("true" | "yes" | "1") => Some(true),
            Some(_) => return Err(Error::input("generated: expected true or false")),
        };
        let groups = trimmed("groups").map(|groups| groups.split(';').map(|group| group.trim().to_owned()).collect());
        Ok(ImportedUser {
            name: self.name(record).to_owned(),
            password: self.cell(record, "password").map(Secret::new),
            password_file: trimmed("passwordFile").map(Into::into),
            generated,
            email: trimmed("email").map(ToOwned::to_owned),
            groups,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(rows: &[Row]) -> Vec<(Option<usize>, String)> {
        let name = |row: &Row| row.user.as_ref().map_or_else(ToString::to_string, |user| user.name.clone());
        rows.iter().map(|row| (row.line, name(row))).collect()
    }

    #[test]
    fn csv_as_programs_write_it_is_read() {
        let text = "\u{feff}E-Mail, Password ,NAME\r\n,\" a,\"\"b\"\" \",anna\r\n\r\nb@c,x, bert \r\n";
        let rows = csv(text, "x").unwrap();
        assert_eq!(names(&rows), [(Some(2), "anna".to_owned()), (Some(4), "bert".to_owned())]);
        let first = rows[0].user.as_ref().unwrap();
        assert_eq!((first.password.as_ref().unwrap().expose(), &first.email), (" a,\"b\" ", &None));
    }

    #[test]
    fn a_row_that_is_wrong_does_not_hide_the_others() {
        let rows = csv("name,password\na,b,c\nd,e\n", "x").unwrap();
        assert_eq!(names(&rows), [(Some(2), "it has 3 columns, and the header has 2".to_owned()), (Some(3), "d".to_owned())]);
        let rows = json("{\"name\":\"a\"}\n\n{\"name\":5}\nnothing\n", "x").unwrap();
        let expected = ["a", "line 3: .name: expected a text", "line 4: not JSON"].map(ToOwned::to_owned);
        assert_eq!(names(&rows).into_iter().map(|(_, name)| name).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn no_error_repeats_a_password() {
        for text in ["[{\"name\":\"a\",\"password\":12345}]", "[{\"name\":\"a\",\"password\":[\"12345\"]}]"] {
            let rows = json(text, "x").unwrap();
            let fault = rows[0].user.as_ref().unwrap_err().to_string();
            assert!(fault.starts_with("[0]: .password: expected a text") && !fault.contains("12345"), "{fault}");
        }
    }
}
