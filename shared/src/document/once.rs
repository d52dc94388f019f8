//! JSON in which no name stands twice in one object. JSON itself leaves open what such a text means (RFC 8259, section 4), and most
//! readers lose the first of the two.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::read::without_position;
use crate::error::{Error, Result};
use crate::name::quoted;

/// Refuses a text in which a name stands twice. It must be JSON.
///
/// # Errors
/// [`crate::exit::Exit::Input`], with the place.
pub(super) fn once(text: &str, source: &str) -> Result<()> {
    serde_json::from_str::<Once>(text).map(drop).map_err(|fault| {
        let place = format!("{source}: line {}, column {}", fault.line(), fault.column());
        Error::input(format!("{place}: {}", without_position(&fault.to_string())))
    })
}

/// A value that was looked through.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(Look)
    }
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Once, A::Error> {
        let mut seen = HashSet::new();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if seen.contains(&name) {
                return Err(A::Error::custom(format!("{} stands twice", quoted(&name))));
            }
            seen.insert(name);
            map.next_value::<Once>()?;
        }
        Ok(Once)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Once, A::Error> {
        while list.next_element::<Once>()?.is_some() {}
        Ok(Once)
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<Once, E> {
        Ok(Once)
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<Once, E> {
        Ok(Once)
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<Once, E> {
        Ok(Once)
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<Once, E> {
        Ok(Once)
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<Once, E> {
        Ok(Once)
    }

    fn visit_unit<E>(self) -> std::result::Result<Once, E> {
        Ok(Once)
    }
}

#[cfg(test)]
mod tests {
    use super::once;

    #[test]
    fn a_name_stands_once_in_an_object() {
        for text in [r#"{"a": {"b": 1}, "c": [{"b": 1.5}, {"b": -1}], "d": null, "e": true, "b": "a"}"#, "[]", "1"] {
            once(text, "x").unwrap();
        }
        for (text, expected) in [
            ("{\"a\": 1,\n \"b\": 2, \"a\": 3}", "x: line 2, column 12: \"a\" stands twice"),
            (r#"{"c": [{}, {"b": 1, "b": 1}]}"#, "x: line 1, column 23: \"b\" stands twice"),
            (r#"{"\u0061": 1, "a": 1}"#, "x: line 1, column 17: \"a\" stands twice"),
        ] {
            assert_eq!(once(text, "x").unwrap_err().to_string(), expected);
        }
    }
}
