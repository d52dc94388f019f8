//! How much there is in registries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Registry};

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Namespaces: those of the layout, as far as it is known, and those that are only seen, by the first part of repositories' names.
    pub namespaces: usize,
    /// Repositories, without ghosts.
    pub repositories: usize,
    /// Names in the catalog without a tag, of types that leave those of emptied repositories there.
    pub ghosts: usize,
    /// Tags.
    pub tags: usize,
    /// Manifests that a tag leads to: its own, those of an index, and their referrers. Each once in a repository.
    pub manifests: usize,
    /// The bytes of these manifests and of their blobs, each once however often it is used: what a store that shares content needs.
    pub unique_bytes: u64,
    /// The same with every blob counted for every manifest that uses it: what it would be without sharing.
    pub referenced_bytes: u64,
    /// Repositories and manifests that could not be read; they are not in the other numbers.
    pub unreadable: usize,
}

/// How much there is in one registry.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistryCounts {
    /// The name of the registry, or its URL.
    pub name: String,
    /// The registry.
    pub registry: Registry,
    /// The numbers.
    #[serde(flatten)]
    pub counts: Counts,
}

/// How much there is in registries.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// The registry, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// A row per registry, in the order they were named.
    pub registries: Vec<RegistryCounts>,
    /// All of them together. Content that several have counts once in `uniqueBytes`; a namespace that several have counts for each.
    pub total: Counts,
}

impl Document for Statistics {
    const KIND: &'static str = "statistics";
    const ITEMS: Option<&'static str> = Some("registries");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("NAMESPACES", "/namespaces"),
        ("REPOSITORIES", "/repositories"),
        ("GHOSTS", "/ghosts"),
        ("TAGS", "/tags"),
        ("MANIFESTS", "/manifests"),
        ("UNIQUE BYTES", "/uniqueBytes"),
        ("REFERENCED BYTES", "/referencedBytes"),
        ("UNREADABLE", "/unreadable"),
    ];
}
