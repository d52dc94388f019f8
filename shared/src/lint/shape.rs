//! Every key against those that the release reads, every value against its type.

use serde_json::Value;

use super::keys::{Key, Kind};
use super::{Format, Reader, advice, finding, is_secret};
use crate::document::{Finding, Severity};
use crate::duration;
use crate::name::quoted;
use crate::yaml::{Node, Place};

/// What does not fit, in the order of the file.
pub(super) fn check(reader: &Reader, node: &Node) -> Vec<Finding> {
    let mut walk = Walk { reader, findings: Vec::new() };
    match node {
        Node::Map(entries) => walk.map("", reader.keys(), entries),
        Node::Scalar(Value::Null) => walk.error("", Place { line: 1, column: 1 }, "there is nothing in it".to_owned(), None),
        other => walk.error("", Place { line: 1, column: 1 }, format!("wants keys and values, not {}", shown("", other)), None),
    }
    walk.findings
}

struct Walk<'a> {
    reader: &'a Reader,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    fn error(&mut self, path: &str, place: Place, problem: String, hint: Option<String>) {
        self.findings.push(Finding { hint, ..finding(path.to_owned(), place, Severity::Error, problem) });
    }

    fn map(&mut self, path: &str, key: &Key, entries: &[(String, Place, Node)]) {
        let format = self.reader.format;
        for (index, (name, place, node)) in entries.iter().enumerate() {
            let below = joined(path, name);
            let same = |other: &str| if format == Format::Zot { other.eq_ignore_ascii_case(name) } else { other == name };
            if let Some((_, first, _)) = entries[..index].iter().find(|(other, ..)| same(other)) {
                let line = if first.line > 0 { format!(", in line {} first", first.line) } else { String::new() };
                self.error(
                    &below,
                    *place,
                    format!("stands there twice{line}: only one of them counts"),
                    Some("keep one".to_owned()),
                );
            }
            match key.find(name, format) {
                Some(known) if known.lives(self.reader.version) => self.value(&below, known, *place, node),
                Some(known) => self.other_release(&below, known, *place),
                None => self.unknown(&below, name, key, *place),
            }
        }
    }

    fn unknown(&mut self, path: &str, name: &str, key: &Key, place: Place) {
        let what = match self.reader.format {
            // The only keys that zot reads by itself, and not strictly (`pkg/extensions/config/events/decoder.go`).
            Format::Zot if path.contains(".sinks[") => "zot knows no such key, and ignores it without a word",
            Format::Zot => "zot knows no such key, and does not start with it",
            Format::Distribution => "Distribution knows no such key, and ignores it without a word",
        };
        let hint = advice::of_unknown(self.reader, path, name, key);
        self.error(path, place, what.to_owned(), hint);
    }

    /// A key that only older or newer releases have.
    fn other_release(&mut self, path: &str, key: &Key, place: Place) {
        let name = self.reader.format.name();
        let consequence = match self.reader.format {
            Format::Zot => "does not start with it",
            Format::Distribution => "ignores it without a word",
        };
        let (problem, severity) = match (self.reader.version, key.since, key.until) {
            (Some(own), Some(since), _) if own < since => {
                (format!("{name} knows it since {since}; {own} {consequence}"), Severity::Error)
            }
            (Some(own), _, Some(until)) => {
                (format!("{name} {until} and newer do not know it; {own} {consequence}"), Severity::Error)
            }
            (None, _, Some(until)) => (format!("{name} {until} and newer do not know it"), Severity::Warning),
            _ => return,
        };
        let hint = advice::of_path(self.reader, path).map(str::to_owned);
        self.findings.push(Finding { hint, ..finding(path.to_owned(), place, severity, problem) });
    }

    fn value(&mut self, path: &str, key: &Key, place: Place, node: &Node) {
        match (key.kind, node) {
            (Kind::Any, _) | (_, Node::Scalar(Value::Null)) => {}
            (Kind::Map, Node::Map(entries)) => self.map(path, key, entries),
            (Kind::Headers, Node::Map(entries)) => {
                for (name, at, value) in entries {
                    if !matches!(value, Node::List(_)) {
                        let below = joined(path, name);
                        let problem = format!("wants a list of texts, not {}", shown(&below, value));
                        self.error(&below, *at, problem, Some(format!("{name}: [VALUE]")));
                    }
                }
            }
            (Kind::List, Node::List(items)) => {
                for (index, (at, item)) in items.iter().enumerate() {
                    if let Some(key) = key.item() {
                        self.value(&format!("{path}[{index}]"), key, *at, item);
                    }
                }
            }
            // zot makes a list of one out of it.
            (Kind::List, single) if self.reader.format == Format::Zot => {
                if let Some(key) = key.item() {
                    self.value(path, key, place, single);
                }
            }
            (kind, Node::Scalar(value)) if self.fits(path, kind, value) => {}
            (kind, node) => {
                let hint = match (kind, node) {
                    (Kind::Duration, Node::Scalar(Value::String(text))) => {
                        duration::in_hours(text).map(|hours| format!("write {hours}"))
                    }
                    _ => None,
                };
                let problem = format!("wants {}, not {}", wanted(kind), shown(path, node));
                self.error(path, place, problem, hint);
            }
        }
    }

    /// Whether the registry takes a scalar where this kind stands. zot makes truth values and numbers out of texts, as the S3
    /// driver of Distribution does; the rest of Distribution does not.
    fn fits(&self, path: &str, kind: Kind, value: &Value) -> bool {
        let text = value.as_str().filter(|_| self.reader.format == Format::Zot || path.starts_with("storage.s3"));
        match kind {
            Kind::Text => true,
            // `strconv.ParseBool`
            Kind::Bool => value.is_boolean() || text.is_some_and(|text| ["true", "false", "1", "0"].contains(&text)),
            Kind::Int => value.is_i64() || value.is_u64() || text.is_some_and(|text| text.parse::<i64>().is_ok()),
            Kind::Duration => match value {
                Value::String(text) => duration::parse(text).is_some(),
                // Nanoseconds, which nobody means.
                Value::Number(number) => number.as_i64() == Some(0),
                _ => false,
            },
            Kind::Window => value.as_str().is_some_and(is_window),
            Kind::Map | Kind::List | Kind::Headers => false,
            Kind::Any => true,
        }
    }
}

fn is_window(text: &str) -> bool {
    let time = |text: &str| {
        let part = |text: &str, below: u8| text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number < below);
        text.split_once(':').is_some_and(|(hours, minutes)| part(hours, 24) && part(minutes, 60))
    };
    text.is_empty() || text.split_once('-').is_some_and(|(from, to)| time(from) && time(to))
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Map => "keys and values",
        Kind::Headers => "header names with lists of texts",
        Kind::List => "a list",
        Kind::Text => "a text",
        Kind::Bool => "true or false",
        Kind::Int => "a whole number",
        Kind::Duration => "a duration with a unit that Go knows (90s, 15m, 24h)",
        Kind::Window => "a time of day to another (01:00-05:00)",
        Kind::Any => "anything",
    }
}

/// A value as a finding shows it: never a secret, never long.
fn shown(path: &str, node: &Node) -> String {
    match node {
        Node::Map(_) => "keys and values".to_owned(),
        Node::List(_) => "a list".to_owned(),
        Node::Scalar(_) if is_secret(path) => "what stands there".to_owned(),
        Node::Scalar(Value::String(text)) if text.chars().count() > 40 => "a long text".to_owned(),
        Node::Scalar(Value::String(text)) => quoted(text),
        Node::Scalar(value) => value.to_string(),
    }
}

/// A path with one more key; one with a dot, a bracket or a slash in it is quoted.
pub(super) fn joined(path: &str, name: &str) -> String {
    if name.is_empty() || name.contains(|c: char| !c.is_alphanumeric() && !"-_".contains(c)) {
        format!("{path}[{}]", quoted(name))
    } else if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
