//! A configuration in layers: a file of somebody's own below ours, keys set by hand above.
//!
//! Maps are merged key by key, everything else is replaced whole. Where only our defaults stand against the file, the file counts.
//! Keys that flags decide ([`crate::zot::OWNED`], [`crate::distribution::OWNED`]) and secrets cannot be set by hand. Text in, value
//! out; whether the whole is right is asked of [`crate::lint`].

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::lint::{Format, Reader, is_secret};
use crate::name::quoted;
use crate::yaml::Node;
use crate::{distribution, zot};

/// The parts of a path such as `http.accessControl.repositories."a.b/**".defaultPolicy`; an item of a list is its number.
///
/// # Errors
/// [`crate::exit::Exit::Usage`] when it is none.
pub fn path(text: &str) -> Result<Vec<String>> {
    let wrong =
        || Error::usage(format!("{} is not the path of a key", quoted(text))).hint("a path is like http.realm or a.\"b.c\".0");
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, behind) = match rest.strip_prefix('"') {
            Some(inside) => {
                let (part, behind) = inside.split_once('"').ok_or_else(wrong)?;
                (part, behind)
            }
            None => rest.split_at(rest.find('.').unwrap_or(rest.len())),
        };
        if part.is_empty() {
            return Err(wrong());
        }
        parts.push(part.to_owned());
        match behind.strip_prefix('.') {
            Some(more) => rest = more,
            None if behind.is_empty() => return Ok(parts),
            None => return Err(wrong()),
        }
    }
}

/// Refuses a key that cannot be set by hand.
///
/// # Errors
/// [`crate::exit::Exit::Usage`], with what decides it.
pub fn may_set(format: Format, key: &str) -> Result<()> {
    let parts = path(key)?;
    let owned = match format {
        Format::Zot => zot::OWNED,
        Format::Distribution => distribution::OWNED,
    };
    // What a key owns, whoever sets what is above it would set, too.
    let within = |own: &str| own.split('.').zip(&parts).all(|(own, part)| own.eq_ignore_ascii_case(part));
    if let Some((_, flag)) = owned.iter().find(|(own, _)| parts.len() <= own.split('.').count() && within(own)) {
        return Err(Error::usage(format!("{key} is not set by its key: {flag} decides it")));
    }
    if parts.iter().any(|part| is_secret(part)) && !matches!(parts.last().map(String::as_str), Some("apikey")) {
        return Err(Error::usage(format!("{key} is a secret, and a command line is for all to read"))
            .hint("write it into a file (mode 0600) and name that with --config-base"));
    }
    Ok(())
}

/// What lies below and above.
#[derive(Debug, Clone, Copy)]
pub struct Layers<'a> {
    /// The file of somebody's own: its name and its text.
    pub base: Option<(&'a str, &'a str)>,
    /// Keys and their values as they were typed; `null` takes a key out.
    pub set: &'a std::collections::BTreeMap<String, String>,
}

impl Layers<'_> {
    /// Whether there is nothing but ours.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.base.is_none() && self.set.is_empty()
    }

    /// Puts the layers together.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`]: the file is not understood, or serves TLS behind our back.
    /// [`crate::exit::Exit::Usage`]: a key cannot be set.
    pub fn apply(&self, reader: &Reader, ours: Value) -> Result<Value> {
        let mut whole = match self.base {
            Some((name, text)) => below(reader.format, name, text, ours)?,
            None => ours,
        };
        for (key, typed) in self.set {
            may_set(reader.format, key)?;
            let parts = path(key)?;
            let value = if reader.is_text(&parts) && typed != "null" { Value::from(typed.as_str()) } else { value(typed) };
            set(&mut whole, reader.format, &parts, value).map_err(|why| Error::usage(format!("cannot set {key}: {why}")))?;
        }
        Ok(whole)
    }
}

/// A value as it is typed: JSON where it is some, else a text.
fn value(typed: &str) -> Value {
    serde_json::from_str(typed).unwrap_or_else(|_| Value::from(typed))
}

/// Whether a configuration file asks for a login by itself.
#[must_use]
pub fn asks_for_login(format: Format, text: &str) -> bool {
    let value = Node::parse(text).map(|node| node.value()).unwrap_or_default();
    let keys: &[&str] = match format {
        Format::Zot => &["http.auth.htpasswd.path", "http.auth.ldap", "http.auth.openid", "http.auth.bearer", "http.auth.mtls"],
        Format::Distribution => &["auth.htpasswd", "auth.token"],
    };
    let parts = |key: &str| key.split('.').map(str::to_owned).collect::<Vec<_>>();
    keys.iter().any(|key| find(&value, format, &parts(key)).is_some_and(|value| !value.is_null() && value != ""))
}

/// Ours over a file of somebody's own.
fn below(format: Format, name: &str, text: &str, mut ours: Value) -> Result<Value> {
    let node = Node::parse(text)
        .map_err(|broken| Error::input(format!("{name}:{}:{}: {}", broken.place.line, broken.place.column, broken.why)))?;
    let base = node.value();
    if !base.is_object() && !base.is_null() {
        return Err(Error::input(format!("{name}: wants keys and values")));
    }
    let (defaults, certificate) = match format {
        Format::Zot => (zot::DEFAULTS, "http.tls.cert"),
        Format::Distribution => (distribution::DEFAULTS, "http.tls.certificate"),
    };
    let parts = |key: &str| key.split('.').map(str::to_owned).collect::<Vec<_>>();
    if find(&base, format, &parts(certificate)).is_some() && find(&ours, format, &parts(certificate)).is_none() {
        return Err(Error::input(format!("{name} serves TLS with a certificate of its own, {certificate}"))
            .hint("name the files with --cert and --key: they are copied, and clients are told of them"));
    }
    for key in defaults {
        if find(&base, format, &parts(key)).is_some() {
            take(&mut ours, format, &parts(key));
        }
    }
    if format == Format::Distribution && has_driver(&base) && !has_bucket(&ours) {
        take(&mut ours, format, &parts("storage.filesystem"));
    }
    let mut whole = if base.is_null() { Value::Object(Map::new()) } else { base };
    merge(&mut whole, ours, format);
    Ok(whole)
}

/// Whether a file of Distribution's says by itself where the data is, other than in a folder.
fn has_driver(base: &Value) -> bool {
    let storage = base.get("storage").and_then(Value::as_object).into_iter().flatten();
    let others = ["maintenance", "cache", "delete", "redirect", "tag", "filesystem"];
    storage.into_iter().any(|(key, _)| !others.contains(&key.as_str()))
}

fn has_bucket(ours: &Value) -> bool {
    ours.pointer("/storage/s3").is_some()
}

/// The key of a map that a name means.
fn key<'a>(map: &'a Map<String, Value>, format: Format, name: &str) -> Option<&'a String> {
    map.keys().find(|own| if format == Format::Zot { own.eq_ignore_ascii_case(name) } else { *own == name })
}

fn find<'a>(value: &'a Value, format: Format, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, part| {
        let map = value.as_object()?;
        map.get(key(map, format, part)?)
    })
}

/// Takes a key out of a map, wherever it is.
fn take(value: &mut Value, format: Format, path: &[String]) {
    let [name, rest @ ..] = path else { return };
    let Value::Object(map) = value else { return };
    let Some(name) = key(map, format, name).cloned() else { return };
    if rest.is_empty() {
        map.shift_remove(&name);
    } else if let Some(below) = map.get_mut(&name) {
        take(below, format, rest);
    }
}

/// Lays one value over another.
fn merge(under: &mut Value, over: Value, format: Format) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                let name = key(under, format, &name).cloned().unwrap_or(name);
                merge(under.entry(name).or_insert(Value::Null), value, format);
            }
        }
        (under, over) => *under = over,
    }
}

/// Sets what stands at a path, with everything above it; null takes it out.
fn set(value: &mut Value, format: Format, path: &[String], new: Value) -> Result<(), String> {
    let [name, rest @ ..] = path else {
        *value = new;
        return Ok(());
    };
    if let Value::Array(items) = value {
        let at: usize = name.parse().map_err(|_| format!("{} is not the number of an item", quoted(name)))?;
        if at > items.len() {
            return Err(format!("the list has {} items", items.len()));
        }
        if rest.is_empty() && new.is_null() {
            items.drain(at..items.len().min(at + 1));
            return Ok(());
        }
        if at == items.len() {
            items.push(Value::Null);
        }
        return set(&mut items[at], format, rest, new);
    }
    if value.is_null() {
        *value = if name == "0" { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        return set(value, format, path, new);
    }
    let Value::Object(map) = value else { return Err(format!("what is above {} is a value by itself", quoted(name))) };
    let name = key(map, format, name).cloned().unwrap_or_else(|| name.clone());
    if rest.is_empty() && new.is_null() {
        map.shift_remove(&name);
        return Ok(());
    }
    set(map.entry(name).or_insert(Value::Null), format, rest, new)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn apply(format: Format, base: Option<&str>, pairs: &[(&str, &str)], ours: Value) -> Result<Value> {
        let pairs: BTreeMap<String, String> = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let layers = Layers { base: base.map(|text| ("base.yml", text)), set: &pairs };
        layers.apply(&Reader::new(format, None), ours)
    }

    #[test]
    fn a_path_is_its_parts() {
        for (text, parts) in [("a", vec!["a"]), ("a.b.0", vec!["a", "b", "0"]), ("a.\"b.c/**\".d", vec!["a", "b.c/**", "d"])] {
            assert_eq!(path(text).unwrap(), parts);
        }
        for text in ["", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "\"\""] {
            assert!(path(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_file_lies_below_but_above_what_is_only_a_default() {
        let ours =
            json!({"storage": {"rootDirectory": "/ours", "gc": true, "gcDelay": "1h"}, "http": {"port": "1", "realm": "reg"}});
        let base = "storage: {rootdirectory: /theirs, GCDelay: 6h, maxRepos: 5}\nhttp: {port: '9', realm: theirs}\n";
        assert_eq!(
            apply(Format::Zot, Some(base), &[], ours).unwrap(),
            json!({"storage": {"rootdirectory": "/ours", "GCDelay": "6h", "maxRepos": 5, "gc": true}, "http": {"port": "1", "realm": "theirs"}})
        );
        let ours = json!({"version": "0.1", "storage": {"filesystem": {"rootdirectory": "/o"}, "delete": {"enabled": true}}});
        let base = "storage: {inmemory: {}, delete: {enabled: no}}";
        let whole = apply(Format::Distribution, Some(base), &[], ours.clone()).unwrap();
        assert_eq!(whole, json!({"storage": {"inmemory": {}, "delete": {"enabled": false}}, "version": "0.1"}));
        assert_eq!(apply(Format::Distribution, Some(""), &[], ours.clone()).unwrap(), ours);
        let error = apply(Format::Distribution, Some("a: ["), &[], ours.clone()).unwrap_err();
        assert_eq!(error.to_string(), "base.yml:1:4: not YAML: unclosed bracket '['");
        let error = apply(Format::Distribution, Some("http: {tls: {certificate: /c}}"), &[], ours).unwrap_err();
        assert_eq!(error.to_string(), "base.yml serves TLS with a certificate of its own, http.tls.certificate");
    }

    #[test]
    fn a_key_is_set_above_all() {
        let ours =
            json!({"http": {"compat": ["docker2s2"], "realm": "reg"}, "extensions": {"sync": {"registries": [{"urls": ["a"]}]}}});
        let pairs = [
            ("HTTP.Realm", "0755"),
            ("http.compat", "null"),
            ("storage.gcInterval", "6h"),
            ("storage.gc", "false"),
            ("extensions.sync.registries.0.onDemand", "true"),
            ("extensions.sync.registries.1.urls", "[\"b\"]"),
            ("http.accessControl.repositories.\"a.b/**\".anonymousPolicy.0", "read"),
        ];
        assert_eq!(
            apply(Format::Zot, None, &pairs, ours).unwrap(),
            json!({
                "http": {"realm": "0755", "accessControl": {"repositories": {"a.b/**": {"anonymousPolicy": ["read"]}}}},
                "extensions": {"sync": {"registries": [{"urls": ["a"], "onDemand": true}, {"urls": ["b"]}]}},
                "storage": {"gc": false, "gcInterval": "6h"},
            })
        );
    }

    #[test]
    fn what_cannot_be_set_is_refused_by_its_key() {
        for (format, key, why) in [
            (Format::Zot, "http.port", "http.port is not set by its key: --port decides it"),
            (Format::Zot, "http", "http is not set by its key: --bind decides it"),
            (Format::Distribution, "storage.filesystem", "storage.filesystem is not set by its key: --data decides it"),
            (Format::Distribution, "http.secret", "http.secret is a secret, and a command line is for all to read"),
            (Format::Zot, "a..b", "\"a..b\" is not the path of a key"),
        ] {
            assert_eq!(may_set(format, key).unwrap_err().to_string(), why);
        }
        assert!(may_set(Format::Zot, "http.auth.apikey").is_ok());
        assert!(may_set(Format::Distribution, "storage.filesystem.maxthreads").is_ok());
        let error = apply(Format::Zot, None, &[("http.compat.5", "x")], json!({"http": {"compat": []}})).unwrap_err();
        assert_eq!(error.to_string(), "cannot set http.compat.5: the list has 0 items");
        let error = apply(Format::Zot, None, &[("log.level.x", "y")], json!({"log": {"level": "info"}})).unwrap_err();
        assert_eq!(error.to_string(), "cannot set log.level.x: what is above \"x\" is a value by itself");
    }
}
