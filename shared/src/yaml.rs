//! YAML text of values, and YAML or JSON text as values with their places.
//!
//! The one place that names the YAML library. Programs of both YAML generations read what we write, so a text that either could
//! take for something else (`yes`, `0755`, `22:22`, `=`) is quoted. JSON is read by the same reader, which knows places, once it is
//! known to be JSON.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Number, Value};
use serde_saphyr::{DuplicateKeyPolicy, Options, Spanned};

use crate::error::{Error, Result};

/// The value as a YAML document.
///
/// # Errors
/// [`crate::exit::Exit::Input`] when the value cannot be written, such as a path that is not UTF-8.
pub(crate) fn to_string(value: &impl Serialize) -> Result<String> {
    serde_saphyr::to_string(value).map_err(|error| Error::input("cannot be written as YAML").caused_by(error))
}

/// Where something stands in a text; both count from 1, and 0 is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// A value of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A scalar: null, a truth value, a number or a text.
    Scalar(Value),
    /// A list.
    List(Vec<(Place, Self)>),
    /// A map in its order; a key may stand in it twice.
    Map(Vec<(String, Place, Self)>),
}

/// A text that is neither YAML nor JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) place: Place,
    pub(crate) why: String,
}

impl Node {
    /// Reads a text: JSON when it begins like an object, else YAML. An empty one is null.
    pub(crate) fn parse(text: &str) -> Result<Self, Broken> {
        if is_json(text)
            && let Err(fault) = serde_json::from_str::<Value>(text)
        {
            let place = Place { line: fault.line() as u64, column: fault.column() as u64 };
            return Err(Broken { place, why: format!("not JSON: {}", reason(&fault.to_string())) });
        }
        let options = || serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::LastWins };
        let read = |options: Options| serde_saphyr::from_str_with_options::<Self>(text, options);
        read(options()).map_err(|fault| {
            let place = fault.location().map(|at| Place { line: at.line(), column: at.column() }).unwrap_or_default();
            let why = match reason(&fault.without_snippet().to_string()) {
                // The library's words are for who calls it.
                several if several.contains("from_str_multiple") => "one document is expected, and another follows it".to_owned(),
                why => format!("not YAML: {why}"),
            };
            Broken { place, why }
        })
    }

    /// The value without its places; of a key that stands twice, the last.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Scalar(value) => value.clone(),
            Self::List(items) => items.iter().map(|(_, item)| item.value()).collect(),
            Self::Map(entries) => {
                Value::Object(entries.iter().map(|(key, _, value)| (key.clone(), value.value())).collect::<Map<_, _>>())
            }
        }
    }
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(|item| (Place::default(), item.into())).collect()),
            Value::Object(map) => Self::Map(map.iter().map(|(key, value)| (key.clone(), Place::default(), value.into())).collect()),
            scalar => Self::Scalar(scalar.clone()),
        }
    }
}

/// Whether a text is meant to be JSON.
pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// The library's words without the place, which stands beside them, and in lower case as all our errors are.
fn reason(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let line = line.split(" at line ").next().unwrap_or(line).trim_start_matches("error: ");
    let line = line.split_once(": ").filter(|(place, _)| place.starts_with("line ")).map_or(line, |(_, rest)| rest);
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Nodes)
    }
}

struct Nodes;

impl<'de> Visitor<'de> for Nodes {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Node>>()? {
            list.push((place(&item), item.value));
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let at = place(&key);
            map.push((key.value, at, entries.next_value()?));
        }
        Ok(Node::Map(map))
    }
}

fn place<T>(value: &Spanned<T>) -> Place {
    Place { line: value.referenced.line(), column: value.referenced.column() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u64, column: u64) -> Place {
        Place { line, column }
    }

    #[test]
    fn values_are_read_with_their_places_and_keys_that_stand_twice() {
        let scalar = |value: Value| Node::Scalar(value);
        for text in ["a: 1\nb: [x]\na: 2\n", "{\"a\": 1,\n\"b\": [\"x\"],\n\"a\": 2}"] {
            let Node::Map(entries) = Node::parse(text).unwrap() else { panic!("{text}") };
            let keys: Vec<_> = entries.iter().map(|(key, place, _)| (key.as_str(), place.line)).collect();
            assert_eq!(keys, [("a", 1), ("b", 2), ("a", 3)]);
            assert!(matches!(&entries[1].2, Node::List(items) if items[0].1 == scalar("x".into()) && items[0].0.line == 2));
            assert_eq!(entries[2].2, scalar(2.into()));
        }
        assert_eq!(Node::parse("").unwrap(), scalar(Value::Null));
        assert_eq!(Node::parse("a: yes").unwrap().value(), serde_json::json!({"a": true}));
        assert_eq!(Node::parse("a: &x {b: 1}\nc: *x").unwrap().value(), serde_json::json!({"a": {"b": 1}, "c": {"b": 1}}));
        assert_eq!(Node::parse("{\"\\ud83d\\ude00\": 1}").unwrap().value(), serde_json::json!({"\u{1f600}": 1}));
    }

    #[test]
    fn a_text_that_is_neither_is_refused_with_its_place() {
        for (text, place, why) in [
            ("a: [", at(1, 4), "not YAML: unclosed bracket '['"),
            ("a: 1\n---\nb: 2\n", at(3, 1), "one document is expected, and another follows it"),
            ("{\"a\": 1,}", at(1, 9), "not JSON: trailing comma"),
            ("{\"a\": 1 // b\n}", at(1, 9), "not JSON: expected `,` or `}`"),
        ] {
            assert_eq!(Node::parse(text), Err(Broken { place, why: why.to_owned() }), "{text}");
        }
    }
}
