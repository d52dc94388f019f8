//! What a registry cannot be made to be, although the layout asks for it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::name::quoted;

/// Something that a registry cannot do as the layout says it, and why. It is told, never left out in silence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// What it is: a word of `object` in a change, such as `namespace`.
    pub object: String,
    /// Its name.
    pub name: String,
    /// The field that cannot be as it is wanted; the whole object without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Why, for people: a sentence in lower case without a full stop.
    pub reason: String,
}

impl Gap {
    /// A field that cannot be as it is wanted.
    #[must_use]
    pub fn new(object: &str, name: impl Into<String>, field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { object: object.to_owned(), name: name.into(), field: Some(field.into()), reason: reason.into() }
    }

    /// A field of a namespace that cannot be as it is wanted.
    #[must_use]
    pub fn of_namespace(name: impl Into<String>, field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new("namespace", name, field, reason)
    }
}

/// For people: `namespace "team", quota: it is measured, not enforced`.
impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field.as_ref().map_or(String::new(), |field| format!(", {field}"));
        write!(f, "{} {}{field}: {}", self.object, quoted(&self.name), self.reason)
    }
}
