//! JSON in which no name stands twice in one object. JSON itself leaves open what such a text means (RFC 8259, section 4), and most
//! readers lose the first of the two.

use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::name::quoted;

/// A value in which no name stands twice.
pub(super) struct Once(pub(super) Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values).map(Self)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("{} stands twice", quoted(&name))));
            }
            object.insert(name, map.next_value::<Once>()?.0);
        }
        Ok(Value::Object(object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Once(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::parse;

    #[test]
    fn a_name_stands_once_in_an_object() {
        let text = r#"{"a": {"b": 1}, "c": [{"b": 1.5}, {"b": -1}], "d": null, "e": true, "b": "a"}"#;
        assert_eq!(parse(text, "x").unwrap(), serde_json::from_str::<Value>(text).unwrap());
        for (text, expected) in [
            ("{\"a\": 1,\n \"b\": 2, \"a\": 3}", "x: line 2, column 12: \"a\" stands twice"),
            (r#"{"c": [{}, {"b": 1, "b": 1}]}"#, "x: line 1, column 23: \"b\" stands twice"),
            (r#"{"\u0061": 1, "a": 1}"#, "x: line 1, column 17: \"a\" stands twice"),
        ] {
            assert_eq!(parse(text, "x").unwrap_err().to_string(), expected);
        }
    }
}
