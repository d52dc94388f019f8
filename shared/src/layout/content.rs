//! What reg-ns tells of namespaces in the words of the layout: all of one, and what became of those that were to come or go.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AccessRule, Gap, Pattern, RetentionRule, Scan};
use crate::document::{Document, Registry, optional_time_schema};

/// A namespace: what the layout says of it, and what it holds.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceDetails {
    /// Its name.
    pub name: String,
    /// False: no layout names it; there are repositories of its name, or whose names begin with it and a slash.
    pub in_layout: bool,
    /// What it is for; null when nothing says so.
    pub description: Option<String>,
    /// Whether everybody may read without a login; null when no layout says.
    pub public: Option<bool>,
    /// Who may do what: what is not here is denied, but to administrators. Null when no layout says.
    pub access: Option<Vec<AccessRule>>,
    /// What is kept; everything, when there is no rule.
    pub retention: Vec<RetentionRule>,
    /// Tags that, once pushed, neither change nor go.
    pub immutable_tags: Vec<Pattern>,
    /// What is demanded of images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<Scan>,
    /// The most that its blobs may take, in bytes; null when nothing limits it.
    pub quota: Option<u64>,
    /// What it takes, in bytes: the manifests that its tags lead to and their blobs, each content once.
    pub unique_bytes: u64,
    /// Repositories, without ghosts.
    pub repositories: usize,
    /// Names in the catalog without a tag, of types that leave those of emptied repositories there.
    pub ghosts: usize,
    /// Tags.
    pub tags: usize,
    /// Manifests that a tag leads to: its own, those of an index, and their referrers. Each once in a repository.
    pub manifests: usize,
    /// When a tag in it was last pushed; null when there is none or the registry does not tell.
    #[schemars(schema_with = "optional_time_schema")]
    pub last_push: Option<String>,
    /// Repositories and manifests that could not be read; they are not in the other numbers.
    pub unreadable: usize,
}

/// All that is known of namespaces.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceInfo {
    /// The registry.
    pub registry: Registry,
    /// A row per namespace, in the order they were named.
    pub namespaces: Vec<NamespaceDetails>,
    /// What of the layout the registry cannot do.
    pub gaps: Vec<Gap>,
}

impl Document for NamespaceInfo {
    const KIND: &'static str = "namespace-info";
    const ITEMS: Option<&'static str> = Some("namespaces");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("IN LAYOUT", "/inLayout"),
        ("PUBLIC", "/public"),
        ("REPOSITORIES", "/repositories"),
        ("TAGS", "/tags"),
        ("UNIQUE BYTES", "/uniqueBytes"),
        ("QUOTA", "/quota"),
        ("LAST PUSH", "/lastPush"),
        ("DESCRIPTION", "/description"),
    ];
}

/// What became of a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NamespaceOutcome {
    /// It is new.
    Created,
    /// It was there and is another one now.
    Changed,
    /// It stays as it was.
    Unchanged,
    /// It is gone with all that was in it; with `dryRun`, it would be.
    Deleted,
    /// It was not there.
    Missing,
}

/// A namespace that was to come, to change or to go.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceResult {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: NamespaceOutcome,
    /// Of one that goes: the repositories in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repositories: Option<Vec<String>>,
    /// Of one that goes: how many tags these have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<usize>,
    /// What in it differs from what was asked for, when it stays as it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<String>,
}

/// What became of namespaces.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceReport {
    /// The registry.
    pub registry: Registry,
    /// True: nothing was deleted, the rows say what would be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// A row per namespace.
    pub namespaces: Vec<NamespaceResult>,
    /// What the registry cannot do of what was asked for.
    pub gaps: Vec<Gap>,
    /// The files with generated passwords: of the administrator of a registry that has a layout from now on.
    pub password_files: Vec<PathBuf>,
}

impl Document for NamespaceReport {
    const KIND: &'static str = "namespace-report";
    const ITEMS: Option<&'static str> = Some("namespaces");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("OUTCOME", "/outcome"),
        ("REPOSITORIES", "/repositories"),
        ("TAGS", "/tags"),
        ("DIFFERS", "/differs"),
    ];
}
