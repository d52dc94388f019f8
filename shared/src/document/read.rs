//! Reading documents: a fault is told with its place, in words that need no knowledge of Rust.

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::once::Once;
use super::{Certificate, Registry, SCHEMA};
use crate::error::{Error, Result};
use crate::name::quoted;

/// Names that a hand-written document might carry a secret under.
const SECRET_FIELDS: [&str; 4] = ["password", "token", "secret", "passwordHash"];

/// Reads one JSON object from `text`. `source` names where it came from: `standard input`, or a file's path.
///
/// # Errors
/// [`crate::exit::Exit::Input`], with the place: nothing there, a drawn table, not JSON, a name that stands twice in an object, not one
/// object, another schema version.
pub fn parse(text: &str, source: &str) -> Result<Value> {
    let trimmed = meant(text, source)?;
    let Once(value) = serde_json::from_str(trimmed).map_err(|fault| not_json(&fault, trimmed, source))?;
    versioned(value, source)
}

/// A value that is an object of this version of the documents.
///
/// # Errors
/// [`crate::exit::Exit::Input`], with the place.
pub(crate) fn versioned(value: Value, source: &str) -> Result<Value> {
    let Value::Object(object) = &value else {
        return Err(Error::input(format!("{source}: expected an object, found {}", describe(&value))));
    };
    match object.get("schema") {
        None => {}
        Some(Value::String(schema)) if schema == SCHEMA => {}
        Some(other) => return Err(Error::input(format!("{source}: .schema: expected \"{SCHEMA}\", found {}", describe(other)))),
    }
    Ok(value)
}

/// The text without what editors put around it.
///
/// # Errors
/// [`crate::exit::Exit::Input`]: nothing there, a drawn table.
pub(crate) fn meant<'a>(text: &'a str, source: &str) -> Result<&'a str> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.is_empty() {
        let empty = format!("{source} is empty");
        return Err(if source == "standard input" {
            Error::input(format!("{empty}: the program before this one printed nothing"))
                .hint("run that program alone and look at its error")
        } else {
            Error::input(empty)
        });
    }
    if is_drawn(trimmed) {
        return Err(Error::input(format!("{source} is a drawn table, not JSON"))
            .hint("in Nushell put `| to json` in front; elsewhere ask the program before for `-o json`"));
    }
    Ok(trimmed)
}

/// What is wrong with a text that should be JSON, and where.
pub(super) fn not_json(fault: &serde_json::Error, text: &str, source: &str) -> Error {
    let place = format!("{source}: line {}, column {}", fault.line(), fault.column());
    if fault.to_string().starts_with("trailing characters") {
        return Error::input(format!("{place}: one document is expected, and another text follows it"));
    }
    let words = without_position(&fault.to_string()).to_owned();
    if fault.is_data() {
        return Error::input(format!("{place}: {words}"));
    }
    let fault = Error::input(format!("{place}: not JSON: {words}"));
    if text.starts_with(['{', '[']) {
        fault
    } else {
        fault.hint("reg tools print JSON into a pipe; in Nushell put `| to json` in front")
    }
}

/// The registry that a document of any kind carries.
///
/// # Errors
/// [`crate::exit::Exit::Input`], with the place.
pub fn registry(text: &str, source: &str) -> Result<Registry> {
    let value = parse(text, source)?;
    let kind = value.get("kind").cloned().unwrap_or(Value::Null);
    let kind = match &kind {
        Value::String(kind) => Some(kind.as_str()),
        Value::Null => None,
        other => return Err(Error::input(format!("{source}: .kind: expected a text, found {}", describe(other)))),
    };
    let (mut object, place) = match (kind, value) {
        (Some("error"), value) => return Err(of_another(&value, source)),
        (Some(kind), Value::Object(mut object)) if kind != "registry" => match object.remove("registry") {
            Some(Value::Object(registry)) => (registry, ".registry"),
            Some(Value::Null) | None => {
                return Err(Error::input(format!(
                    "{source}: .kind: expected a document that carries a registry, found {}",
                    quoted(kind)
                ))
                .hint("`reg-up info NAME` prints the registry of one instance"));
            }
            Some(other) => {
                return Err(Error::input(format!("{source}: .registry: expected an object, found {}", describe(&other))));
            }
        },
        (_, Value::Object(mut object)) => match object.remove("registry") {
            Some(Value::Object(registry)) if kind.is_none() => (registry, ".registry"),
            _ => (object, ""),
        },
        (_, other) => return Err(Error::input(format!("{source}: expected an object, found {}", describe(&other)))),
    };
    object.remove("schema");
    object.remove("kind");
    refuse_secrets(&object, source, place)?;
    typed(Value::Object(object), source, place)
}

/// A `certificate` document.
///
/// # Errors
/// [`crate::exit::Exit::Input`], with the place.
pub fn certificate(text: &str, source: &str) -> Result<Certificate> {
    let value = parse(text, source)?;
    match value.get("kind").and_then(Value::as_str) {
        None | Some("certificate") => typed(value, source, ""),
        Some("error") => Err(of_another(&value, source)),
        Some(other) => Err(Error::input(format!("{source}: .kind: expected \"certificate\", found {}", quoted(other)))
            .hint("--cert and --key name the files directly")),
    }
}

/// Certificate and key of a `certificate` document, as a server needs them.
///
/// # Errors
/// [`crate::exit::Exit::Input`] when it does not name both.
pub fn served(certificate: &Certificate, source: &str) -> Result<(PathBuf, PathBuf)> {
    let missing = |field: &str| {
        let fault = Error::input(format!("{source}: the field \"{field}\" is missing"));
        match certificate.facts.as_ref().is_some_and(|facts| facts.ca) {
            true => fault.hint("this is an authority's certificate; `reg-certs issue HOST` makes a server's"),
            false => fault,
        }
    };
    let cert = certificate.chain_file.as_ref().or(certificate.cert_file.as_ref()).ok_or_else(|| missing("certFile"))?;
    let key = certificate.key_file.as_ref().ok_or_else(|| missing("keyFile"))?;
    Ok((cert.clone(), key.clone()))
}

fn of_another(error: &Value, source: &str) -> Error {
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    Error::input(format!("{source} is the error of another program: {}", quoted(message)))
}

/// A value as the type it should be.
///
/// # Errors
/// [`crate::exit::Exit::Input`], with the place: `standard input: .tls.verify: expected true or false, found "no"`.
pub(crate) fn typed<T: DeserializeOwned>(value: Value, source: &str, place: &str) -> Result<T> {
    read_typed(value, source, place, true)
}

/// The same for an object whose every value may be a password: what was found is left out.
///
/// # Errors
/// [`crate::exit::Exit::Input`], with the place.
pub(super) fn typed_unseen<T: DeserializeOwned>(value: Value, source: &str) -> Result<T> {
    read_typed(value, source, "", false)
}

fn read_typed<T: DeserializeOwned>(value: Value, source: &str, place: &str, seen: bool) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|fault| {
        let path = fault.path().to_string();
        let path = if path == "." { String::new() } else { format!(".{path}") };
        let place = format!("{place}{path}").replace(".[", "[");
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        Error::input(format!("{source}: {place}{}", in_words(&fault.inner().to_string(), if seen { &path } else { "password" })))
    })
}

/// Whether a text begins like a table of Nushell in one of its styles, or of other programs. Those without lines cannot be told.
fn is_drawn(text: &str) -> bool {
    let frame = |c: char| ('\u{2500}'..='\u{257f}').contains(&c);
    text.starts_with(frame) || ["+-", ".-", "| "].iter().any(|corner| text.starts_with(corner))
}

/// Reads an optional object, and only an object: serde would also take a list for its fields in their order.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> std::result::Result<Option<T>, D::Error> {
    struct Fields<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
        type Value = Option<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Self::Value, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }
    }
    deserializer.deserialize_any(Fields(PhantomData))
}

fn refuse_secrets(object: &serde_json::Map<String, Value>, source: &str, place: &str) -> Result<()> {
    let credential = object.get("credential").and_then(Value::as_object);
    let found = SECRET_FIELDS.iter().find_map(|field| {
        if object.contains_key(*field) {
            Some(format!("{place}.{field}"))
        } else {
            credential.filter(|c| c.contains_key(*field)).map(|_| format!("{place}.credential.{field}"))
        }
    });
    match found {
        Some(place) => Err(Error::input(format!("{source}: {place}: a secret must not stand in a document"))
            .hint("name a file with \"passwordFile\" or a variable with \"passwordEnv\" in its place")),
        None => Ok(()),
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

fn without_position(text: &str) -> &str {
    text.split(" at line ").next().unwrap_or(text)
}

/// serde's sentence in plain words: `invalid type: string "ten", expected u32` is `expected a whole number, found "ten"`. What was
/// found is left out where it may be a password that somebody wrote in the wrong place: `path` is where it stands.
pub(crate) fn in_words(text: &str, path: &str) -> String {
    let text = without_position(text).trim_end();
    for prefix in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) = text.strip_prefix(prefix).and_then(|rest| rest.rsplit_once(", expected ")) {
            let most = if found.starts_with("integer ") { most(expected) } else { None };
            let expected = expected_in_words(expected);
            let expected = most.map_or_else(|| expected.to_owned(), |most| format!("{expected} from 0 to {most}"));
            if path.contains("credential") || path.ends_with("password") {
                return format!("expected {expected}");
            }
            return format!("expected {expected}, found {}", found_in_words(found));
        }
    }
    if let Some(field) = text.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return format!("the field \"{field}\" is missing");
    }
    if let Some((field, known)) = text.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, expected ")) {
        return format!("unknown field \"{field}\"; known here: {}", list(known));
    }
    if let Some((variant, known)) = text.strip_prefix("unknown variant `").and_then(|rest| rest.split_once("`, expected ")) {
        return format!("expected {}, found \"{variant}\"", list(known));
    }
    text.to_owned()
}

/// "one of `a`, `b`" and "`a` or `b`" without the ticks.
fn list(known: &str) -> String {
    known.trim_start_matches("one of ").replace("` or `", ", ").replace('`', "")
}

/// The largest number of a type without negative ones.
fn most(expected: &str) -> Option<u64> {
    match expected {
        "u8" => Some(u8::MAX.into()),
        "u16" => Some(u16::MAX.into()),
        "u32" => Some(u32::MAX.into()),
        "u64" | "usize" => Some(u64::MAX),
        _ => None,
    }
}

fn expected_in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number",
        "f64" | "f32" => "a number",
        "a boolean" => "true or false",
        "a string" | "path string" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

fn found_in_words(found: &str) -> String {
    match found {
        "map" => "an object".to_owned(),
        "sequence" => "a list".to_owned(),
        "null" | "unit value" | "Option value" => "null".to_owned(),
        other => {
            let other = other.strip_prefix("floating ").unwrap_or(other);
            let value = other.split_once(' ').map_or(other, |(_, value)| value);
            value.trim_matches('`').to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        registry(text, "standard input").unwrap_err().to_string()
    }

    #[test]
    fn a_fault_is_told_with_its_place() {
        for (text, expected) in [
            ("", "standard input is empty: the program before this one printed nothing"),
            ("  \n", "standard input is empty: the program before this one printed nothing"),
            ("╭───╮", "standard input is a drawn table, not JSON"),
            ("{\"url\":", "standard input: line 1, column 7: not JSON: EOF while parsing a value"),
            ("[]", "standard input: expected an object, found a list"),
            (r#"{"kind":"registry","url":5.5}"#, "standard input: .url: expected a text, found 5.5"),
            ("{} {}", "standard input: line 1, column 4: one document is expected, and another text follows it"),
            (r#"{"schema":"reg/v9"}"#, r#"standard input: .schema: expected "reg/v1", found "reg/v9""#),
            (r#"{"kind":7}"#, "standard input: .kind: expected a text, found 7"),
            (r#"{"kind":"instances"}"#, r#"standard input: .kind: expected a document that carries a registry, found "instances""#),
            (r#"{"kind":"registry"}"#, r#"standard input: the field "url" is missing"#),
            (r#"{"kind":"registry","url":5}"#, "standard input: .url: expected a text, found 5"),
            (
                r#"{"kind":"status","registry":{"url":"x","tls":{"verify":"no"}}}"#,
                r#"standard input: .registry.tls.verify: expected true or false, found "no""#,
            ),
            (
                r#"{"url":"x","type":"nexus"}"#,
                r#"standard input: .type: expected embedded, zot, harbor, distribution, oci, found "nexus""#,
            ),
            (r#"{"url":"x","credential":["secret"]}"#, "standard input: .credential: expected an object"),
            (r#"{"url":"x","tls":[]}"#, "standard input: .tls: expected an object, found a list"),
            (r#"{"url":"x","credential":"me:secret"}"#, "standard input: .credential: expected an object"),
            (
                r#"{"url":"x","credential":{"username":"a","passwordEnv":8}}"#,
                "standard input: .credential.passwordEnv: expected a text",
            ),
            (
                r#"{"url":"x","credential":{"username":"a","password":"b"}}"#,
                "standard input: .credential.password: a secret must not stand in a document",
            ),
            (r#"{"kind":"error","message":"no"}"#, r#"standard input is the error of another program: "no""#),
        ] {
            assert_eq!(fault(text), expected, "{text}");
        }
    }

    #[test]
    fn any_kind_that_carries_a_registry_will_do_and_unknown_fields_stay() {
        let text = r#"{"schema":"reg/v1","kind":"test-report","registry":{"url":"http://localhost:1","region":"x","endpoints":{"admin":"y"},"instance":{"backend":"docker","containers":["z"]}},"checks":[]}"#;
        let registry = registry(text, "standard input").unwrap();
        assert_eq!(registry.url, "http://localhost:1");
        assert_eq!(registry.other["region"], "x");
        let again = super::super::to_value(&registry);
        assert_eq!(again["kind"], "registry");
        assert_eq!(again["region"], "x");
        assert_eq!(again["endpoints"]["admin"], "y");
        assert_eq!(again["instance"]["containers"], serde_json::json!(["z"]));
    }
}
