//! What a registry cannot do of what its layout says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that stands in a layout and has no effect, or another one, on a registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// What it is about: `namespace`, `user`, `group`, `robot`, `webhook`, `replication`.
    pub object: String,
    /// Its name.
    pub name: String,
    /// The field that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Why, in words.
    pub reason: String,
}

impl Gap {
    /// A gap in one field of an object.
    #[must_use]
    pub fn new(object: &str, name: impl Into<String>, field: &str, reason: impl Into<String>) -> Self {
        Self { object: object.to_owned(), name: name.into(), field: Some(field.to_owned()), reason: reason.into() }
    }
}
