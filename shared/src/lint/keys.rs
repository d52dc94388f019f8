//! The keys that a registry's configuration file may have, by release.
//!
//! Read from tables, `keys/*.keys`, which hold the Go structs of the releases (zot: `pkg/api/config`, `pkg/extensions/config`; Distribution:
//! `configuration/configuration.go`), and, for a zot that is newer than its table, from the JSON Schema that it prints itself. A line is a
//! path, what stands there, the first release that has it (when it is not the first one read) and the first that has it no more. `[]` is
//! any item of a list, `*` any key of a map.

use std::sync::LazyLock;

use serde_json::Value;

use super::Format;
use crate::version::Version;

static ZOT: LazyLock<Key> = LazyLock::new(|| table(&[include_str!("keys/zot.keys")]));
static DISTRIBUTION: LazyLock<Key> =
    LazyLock::new(|| table(&[include_str!("keys/distribution.keys"), include_str!("keys/distribution.more.keys")]));

/// What stands behind a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Map,
    List,
    Text,
    Bool,
    Int,
    Duration,
    /// A time of day to another: `01:00-05:00`.
    Window,
    /// HTTP headers: a map of lists.
    Headers,
    /// Whatever the registry hands on.
    Any,
}

/// A key, with those below it.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// As documentation writes it; `[]` is any item of a list, `*` any key of a map.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) since: Option<Version>,
    pub(super) until: Option<Version>,
    pub(super) below: Vec<Key>,
}

/// The whole file of a format.
pub(super) fn of(format: Format) -> &'static Key {
    match format {
        Format::Zot => &ZOT,
        Format::Distribution => &DISTRIBUTION,
    }
}

impl Key {
    fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), kind, since: None, until: None, below: Vec::new() }
    }

    /// The key below this one that a name means.
    pub(super) fn find(&self, name: &str, format: Format) -> Option<&Self> {
        let means = |key: &&Self| match format {
            Format::Zot => key.name.eq_ignore_ascii_case(name),
            Format::Distribution => key.name == name,
        };
        self.below.iter().find(means).or_else(|| self.any())
    }

    /// What any key of this map is.
    fn any(&self) -> Option<&Self> {
        self.below.iter().find(|key| key.name == "*")
    }

    /// What any item of this list is.
    pub(super) fn item(&self) -> Option<&Self> {
        self.below.iter().find(|key| key.name == "[]")
    }

    /// The names that may stand in this map, for a release.
    pub(super) fn names(&self, version: Option<Version>) -> impl Iterator<Item = &str> {
        let named = self.below.iter().filter(|key| !["*", "[]"].contains(&key.name.as_str()));
        named.filter(move |key| key.lives(version)).map(|key| key.name.as_str())
    }

    /// Whether a release has it; one that is not known is taken for the newest.
    pub(super) fn lives(&self, version: Option<Version>) -> bool {
        let since = self.since.is_none_or(|since| version.is_none_or(|own| own >= since));
        since && self.until.is_none_or(|until| version.is_some_and(|own| own < until))
    }

    /// The paths of all keys of this name, wherever they are.
    pub(super) fn paths_of(&self, name: &str, version: Option<Version>) -> Vec<String> {
        let mut found = Vec::new();
        self.collect(name, version, "", &mut found);
        found
    }

    fn collect(&self, name: &str, version: Option<Version>, path: &str, found: &mut Vec<String>) {
        for key in self.below.iter().filter(|key| key.lives(version)) {
            let path = if key.name == "[]" { format!("{path}[]") } else { format!("{path}.{}", key.name) };
            if key.name.eq_ignore_ascii_case(name) {
                found.push(path.trim_start_matches('.').to_owned());
            }
            key.collect(name, version, &path, found);
        }
    }

    /// The place in the tree of a path of a table, made when it is not there.
    fn insert(&mut self, path: &str) -> &mut Self {
        let parts = path.split('.').flat_map(|part| {
            let bare = part.trim_end_matches("[]");
            std::iter::once(bare).chain(std::iter::repeat_n("[]", (part.len() - bare.len()) / 2))
        });
        parts.fold(self, |key, name| {
            let at = key.below.iter().position(|below| below.name == name).unwrap_or_else(|| {
                key.below.push(Self::new(name, Kind::Map));
                key.below.len() - 1
            });
            &mut key.below[at]
        })
    }

    /// With the keys of zot's own schema that this does not know.
    pub(super) fn with_schema(&self, schema: &Value) -> Self {
        let mut whole = self.clone();
        add(&mut whole, schema, schema, 0);
        whole
    }
}

fn table(texts: &[&str]) -> Key {
    let mut root = Key::new("", Kind::Map);
    for line in texts.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        let after = |word: &str| words.iter().position(|own| *own == word).and_then(|at| words.get(at + 1)?.parse().ok());
        let key = root.insert(words[0]);
        key.kind = kind(words[1]);
        (key.since, key.until) = (after("since"), after("until"));
    }
    root
}

fn kind(word: &str) -> Kind {
    match word {
        "map" => Kind::Map,
        "list" => Kind::List,
        "string" => Kind::Text,
        "bool" => Kind::Bool,
        "int" => Kind::Int,
        "duration" => Kind::Duration,
        "window" => Kind::Window,
        "headers" => Kind::Headers,
        _ => Kind::Any,
    }
}

/// Adds what a JSON Schema says. It has each name twice, as it is written and in lower case.
fn add(key: &mut Key, schema: &Value, root: &Value, depth: usize) {
    // No configuration is that deep; a schema that refers to itself is.
    if depth > 16 {
        return;
    }
    let schema = resolve(schema, root);
    let object = |name: &str| schema.get(name).filter(|value| value.is_object());
    let mut names: Vec<(&String, &Value)> = object("properties").and_then(Value::as_object).into_iter().flatten().collect();
    names.sort_by_key(|(name, _)| !name.bytes().any(|b| b.is_ascii_uppercase()));
    for (name, value) in names {
        let at = key.below.iter().position(|below| below.name.eq_ignore_ascii_case(name)).unwrap_or_else(|| {
            key.below.push(Key::new(name, kind_of(resolve(value, root))));
            key.below.len() - 1
        });
        // Of the events' sinks it says that credentials stand in them, where zot does not read them (2.1.20).
        if name != "sinks" {
            add(&mut key.below[at], value, root, depth + 1);
        }
    }
    for (name, field) in [("*", "additionalProperties"), ("[]", "items")] {
        if let Some(value) = object(field) {
            let at = key.below.iter().position(|below| below.name == name).unwrap_or_else(|| {
                key.below.push(Key::new(name, kind_of(resolve(value, root))));
                key.below.len() - 1
            });
            add(&mut key.below[at], value, root, depth + 1);
        }
    }
}

/// What a schema refers to, through `$ref` and what may also be null.
fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let either = ["anyOf", "oneOf"].into_iter().find_map(|field| schema.get(field)?.as_array());
    if let Some(one) = either.and_then(|all| all.iter().find(|one| one.get("type") != Some(&Value::from("null")))) {
        return resolve(one, root);
    }
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return schema };
    // A JSON pointer in which `/` is `~1` and `~` is `~0`.
    root.pointer(reference.trim_start_matches('#')).unwrap_or(schema)
}

fn kind_of(schema: &Value) -> Kind {
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().find(|kind| *kind != "null").and_then(Value::as_str),
        kind => kind.and_then(Value::as_str),
    };
    match kind {
        Some("object") => Kind::Map,
        Some("array") => Kind::List,
        Some("boolean") => Kind::Bool,
        Some("integer") => Kind::Int,
        // A duration is a string there; so is every other text.
        Some("string") => Kind::Text,
        _ => Kind::Any,
    }
}
