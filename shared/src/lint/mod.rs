//! What is wrong with a configuration file of zot or Distribution, for a release: text in, findings out.
//!
//! A key that it does not know keeps zot from starting; Distribution ignores it, and the setting is silently lost. So every key is
//! held against those that the release reads, every value against its type, and what cannot go together against
//! the registries' own checks. A finding says the right way. No value of a secret stands in one. Does no I/O.

mod access;
mod advice;
mod keys;
mod rules;
mod secret;
mod shape;

#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::document::{Finding, Severity, Type};
use crate::error::{Error, Result};
use crate::version::Version;
use crate::yaml::{self, Node, Place};

pub use secret::{is_secret, without_secrets};

/// Whose configuration it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// zot's, in JSON or YAML; the case of letters in keys does not matter.
    Zot,
    /// Distribution's, in YAML.
    Distribution,
}

impl Format {
    /// How the registry is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zot => "zot",
            Self::Distribution => "Distribution",
        }
    }

    /// Guesses it from the keys of a file, and by its language where these say nothing, as in a part of one: Distribution's is written in
    /// YAML. None when that is not clear.
    #[must_use]
    pub fn guess(text: &str) -> Option<Self> {
        let value = Node::parse(text).map(|node| node.value()).unwrap_or_default();
        let has = |pointer: &str| value.pointer(pointer).is_some_and(|value| !value.is_null());
        let count = |pointers: &[&str]| pointers.iter().filter(|pointer| has(pointer)).count();
        let zot = ["/distSpecVersion", "/distspecversion", "/extensions", "/accessControl", "/storage/rootDirectory"];
        let zot = count(&zot) + count(&["/storage/rootdirectory", "/http/port", "/http/address", "/storage/dedupe", "/http/realm"]);
        let distribution = ["/version", "/storage/filesystem", "/storage/s3", "/storage/inmemory", "/storage/cache", "/http/addr"];
        let distribution = count(&distribution) + count(&["/storage/delete", "/storage/maintenance", "/proxy", "/auth", "/redis"]);
        match zot.cmp(&distribution) {
            std::cmp::Ordering::Greater => Some(Self::Zot),
            std::cmp::Ordering::Less => Some(Self::Distribution),
            std::cmp::Ordering::Equal => yaml::is_json(text).then_some(Self::Zot),
        }
    }
}

impl From<Format> for Type {
    fn from(format: Format) -> Self {
        match format {
            Format::Zot => Self::Zot,
            Format::Distribution => Self::Distribution,
        }
    }
}

/// The registry that is to read the file.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Whose configuration it is.
    pub format: Format,
    /// The release; all that are known together when it is not.
    pub version: Option<Version>,
    /// The extensions built into a zot, when they are known.
    pub extensions: Option<Vec<String>>,
    /// Keys that only this program's own schema tells.
    keys: Option<keys::Key>,
}

impl Reader {
    /// A registry of which no more is known.
    #[must_use]
    pub fn new(format: Format, version: Option<Version>) -> Self {
        Self { format, version, extensions: None, keys: None }
    }

    /// With the keys of the JSON Schema that `zot schema` prints, for a zot that is newer than what is known here.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when this is no JSON.
    pub fn with_schema(mut self, schema: &str) -> Result<Self> {
        let schema: Value = serde_json::from_str(schema).map_err(|fault| Error::input("not a JSON Schema").caused_by(fault))?;
        self.keys = Some(keys::of(self.format).with_schema(&schema));
        Ok(self)
    }

    fn keys(&self) -> &keys::Key {
        self.keys.as_ref().unwrap_or_else(|| keys::of(self.format))
    }

    /// What is wrong with a file, in its order.
    #[must_use]
    pub fn check(&self, text: &str) -> Vec<Finding> {
        match Node::parse(text) {
            Ok(node) => self.check_node(&node),
            Err(broken) => {
                let mut finding = finding(String::new(), broken.place, Severity::Error, broken.why);
                finding.hint = advice::of_syntax(text, broken.place.line).map(str::to_owned);
                vec![finding]
            }
        }
    }

    /// What is wrong with a configuration that is not text yet; findings have no line.
    #[must_use]
    pub fn check_value(&self, value: &Value) -> Vec<Finding> {
        self.check_node(&Node::from(value))
    }

    fn check_node(&self, node: &Node) -> Vec<Finding> {
        let mut findings = shape::check(self, node);
        findings.extend(rules::check(self, node));
        findings.sort_by_key(|finding| (finding.line, finding.column));
        findings
    }

    /// Whether there is such a key that this release reads; an item of a list is its number.
    #[must_use]
    pub fn known<S: AsRef<str>>(&self, path: &[S]) -> bool {
        self.kind(path).is_some()
    }

    /// Whether a text stands behind a key, whatever it looks like.
    #[must_use]
    pub fn is_text<S: AsRef<str>>(&self, path: &[S]) -> bool {
        self.kind(path) == Some(keys::Kind::Text)
    }

    fn kind<S: AsRef<str>>(&self, path: &[S]) -> Option<keys::Kind> {
        let mut key = self.keys();
        for (at, part) in path.iter().map(AsRef::as_ref).enumerate() {
            match key.kind {
                keys::Kind::Any => return Some(keys::Kind::Any),
                // A header is a list of texts.
                keys::Kind::Headers if at + 1 == path.len() => return Some(keys::Kind::List),
                keys::Kind::Headers => return Some(keys::Kind::Text),
                keys::Kind::List => key = key.item()?,
                _ => key = key.find(part, self.format).filter(|below| below.lives(self.version))?,
            }
        }
        Some(key.kind)
    }
}

fn finding(path: String, place: Place, severity: Severity, problem: impl Into<String>) -> Finding {
    let known = |number: u64| (number > 0).then_some(number);
    Finding { path, line: known(place.line), column: known(place.column), severity, problem: problem.into(), hint: None }
}
