//! What reg-ns tells of namespaces in plain numbers: which there are, who is over the quota, which tags went and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DeletedOutcome, Document, Registry, RepositoryRow, optional_time_schema};

/// A namespace.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceRow {
    /// Its name.
    pub name: String,
    /// The registry that it is in, by its name or URL; only where several were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// False: no layout names it; there are repositories of its name, or whose names begin with it and a slash.
    pub in_layout: bool,
    /// What it is for; null when nothing says so.
    pub description: Option<String>,
    /// Whether everybody may read without a login; null when no layout says.
    pub public: Option<bool>,
    /// How many names in the catalog are in it, those of emptied repositories included.
    pub repositories: usize,
    /// Of how many tags its retention keeps the newest: the most of any of its rules; null when none says.
    pub keep_last: Option<u32>,
    /// For how many days its retention keeps tags: the most of any of its rules; null when none says.
    pub keep_days: Option<u32>,
    /// The most that its blobs may take, in bytes; null when nothing limits it.
    pub quota: Option<u64>,
}

/// The namespaces of registries: those that the layout of each names, and those that its repositories show.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Namespaces {
    /// The registry, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// The registries, when they are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registries: Vec<Registry>,
    /// A row per namespace of each registry, sorted by name.
    pub namespaces: Vec<NamespaceRow>,
}

impl Document for Namespaces {
    const KIND: &'static str = "namespaces";
    const ITEMS: Option<&'static str> = Some("namespaces");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("REGISTRY", "/registry"),
        ("NAME", "/name"),
        ("IN LAYOUT", "/inLayout"),
        ("PUBLIC", "/public"),
        ("REPOSITORIES", "/repositories"),
        ("KEEP LAST", "/keepLast"),
        ("KEEP DAYS", "/keepDays"),
        ("QUOTA", "/quota"),
        ("DESCRIPTION", "/description"),
    ];
}

/// How much a namespace takes of what it may.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaRow {
    /// Its name.
    pub name: String,
    /// What it may take, in bytes; null when nothing limits it.
    pub quota: Option<u64>,
    /// What it takes, in bytes: all that its tags lead to, each content once.
    pub unique_bytes: u64,
    /// Whether that is more than it may.
    pub over: bool,
    /// Repositories and manifests that could not be read; they are not in the other numbers.
    pub unreadable: usize,
}

/// How much namespaces take of what they may.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaReport {
    /// The registry.
    pub registry: Registry,
    /// A row per namespace, sorted by name.
    pub namespaces: Vec<QuotaRow>,
}

impl Document for QuotaReport {
    const KIND: &'static str = "quota-report";
    const ITEMS: Option<&'static str> = Some("namespaces");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("QUOTA", "/quota"),
        ("UNIQUE BYTES", "/uniqueBytes"),
        ("OVER", "/over"),
        ("UNREADABLE", "/unreadable"),
    ];
}

/// A tag, and what retention says of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetainedRow {
    /// Its repository and its name.
    pub name: String,
    /// Why it stays or goes.
    pub reason: String,
    /// What in the layout says so: `namespaces[0].retention[1].keepLast`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// When it was pushed; null when the registry does not tell.
    #[schemars(schema_with = "optional_time_schema")]
    pub pushed_at: Option<String>,
    /// When its image says that it was made; null when it does not say. Only with `--by created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_time_schema")]
    pub created_at: Option<Option<String>>,
}

/// A tag that retention does not keep, and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrunedRow {
    /// The tag, and why it goes.
    #[serde(flatten)]
    pub tag: RetainedRow,
    /// What became of it.
    pub outcome: DeletedOutcome,
    /// The digest of the manifest that it pointed to; null when it was not there any more.
    pub digest: Option<String>,
    /// Why it could not be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What retention did, run from here.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PruneReport {
    /// The registry.
    pub registry: Registry,
    /// True: nothing was deleted, the rows say what would be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// A row per tag that is not kept.
    pub deleted: Vec<PrunedRow>,
    /// A row per tag that is kept, of the repositories that a rule is about.
    pub kept: Vec<RetainedRow>,
    /// Repositories that could not be looked at; nothing in them was deleted.
    pub unreadable: Vec<RepositoryRow>,
}

impl Document for PruneReport {
    const KIND: &'static str = "prune-report";
    const ITEMS: Option<&'static str> = Some("deleted");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("OUTCOME", "/outcome"),
        ("REASON", "/reason"),
        ("PUSHED", "/pushedAt"),
        ("CREATED", "/createdAt"),
        ("DETAIL", "/detail"),
    ];
}
