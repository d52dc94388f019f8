//! What reg-ns tells of what is in a registry: repositories, tags, manifests and their referrers, and what became of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Document, Registry, optional_time_schema};

/// A repository.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryRow {
    /// Its name.
    pub name: String,
    /// How many tags it has; null when the registry does not tell.
    pub tags: Option<usize>,
    /// True: it has no tag, and is of a type that leaves the names of emptied repositories in its catalog. What it may hold without a
    /// tag can be asked for by digest only.
    pub ghost: bool,
    /// Why its tags are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Repositories of a registry.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repositories {
    /// The registry.
    pub registry: Registry,
    /// The namespace that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// A row per repository, sorted by name.
    pub repositories: Vec<RepositoryRow>,
}

impl Document for Repositories {
    const KIND: &'static str = "repositories";
    const ITEMS: Option<&'static str> = Some("repositories");
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("NAME", "/name"), ("TAGS", "/tags"), ("GHOST", "/ghost"), ("DETAIL", "/detail")];
}

/// A tag.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagRow {
    /// Its name.
    pub name: String,
    /// Its name behind that of its repository.
    pub reference: String,
    /// The digest of the manifest that it points to, when that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The media type of that manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The size of that manifest in bytes, without its layers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Since when it points there; null when the registry does not tell. Only when it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_time_schema")]
    pub pushed_at: Option<Option<String>>,
    /// When the image says that it was made, of an index the newest of its images; null when it does not say. Only when it was asked
    /// for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_time_schema")]
    pub created_at: Option<Option<String>>,
}

/// Tags of a repository.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tags {
    /// The registry.
    pub registry: Registry,
    /// The repository.
    pub repository: String,
    /// A row per tag.
    pub tags: Vec<TagRow>,
}

impl Document for Tags {
    const KIND: &'static str = "tags";
    const ITEMS: Option<&'static str> = Some("tags");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("DIGEST", "/digest"),
        ("MEDIA TYPE", "/mediaType"),
        ("SIZE", "/size"),
        ("PUSHED", "/pushedAt"),
        ("CREATED", "/createdAt"),
    ];
    const OPERAND: &'static str = "/reference";
}

/// A manifest.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManifestDocument {
    /// The registry.
    pub registry: Registry,
    /// Its repository and its digest.
    pub name: String,
    /// Its repository.
    pub repository: String,
    /// The tag that it was asked for by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Its digest.
    pub digest: String,
    /// The media type that it came under.
    pub media_type: String,
    /// Its size in bytes, without its layers.
    pub size: u64,
    /// The type of the artifact that it describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// Which platform of an index it is, when one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Of an index: the platforms of its images.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// What it says, read. The digest is that of the bytes, which `--raw` prints.
    pub content: Value,
}

impl Document for ManifestDocument {
    const KIND: &'static str = "manifest";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("TAG", "/tag"),
        ("MEDIA TYPE", "/mediaType"),
        ("SIZE", "/size"),
        ("ARTIFACT TYPE", "/artifactType"),
        ("PLATFORM", "/platform"),
        ("PLATFORMS", "/platforms"),
    ];
}

/// A manifest that says something about another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferrerRow {
    /// Its digest.
    pub digest: String,
    /// Its repository and its digest.
    pub reference: String,
    /// Its media type.
    pub media_type: String,
    /// What kind of artifact it is; null when it does not say.
    pub artifact_type: Option<String>,
    /// The size of the manifest in bytes.
    pub size: u64,
    /// Its annotations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Map<String, Value>>,
}

/// What says something about a manifest: signatures, bills of materials, attestations.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Referrers {
    /// The registry.
    pub registry: Registry,
    /// The repository.
    pub repository: String,
    /// The digest of the manifest that they are about.
    pub subject: String,
    /// A row each, sorted by digest.
    pub referrers: Vec<ReferrerRow>,
}

impl Document for Referrers {
    const KIND: &'static str = "referrers";
    const ITEMS: Option<&'static str> = Some("referrers");
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("DIGEST", "/digest"), ("ARTIFACT TYPE", "/artifactType"), ("MEDIA TYPE", "/mediaType"), ("SIZE", "/size")];
    const NAME: &'static str = "/digest";
    const OPERAND: &'static str = "/reference";
}

/// What became of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TagOutcome {
    /// It is new.
    Added,
    /// It points to another manifest than before.
    Moved,
    /// It stays as it was.
    Unchanged,
}

/// A tag that was to be set.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaggedRow {
    /// Its name.
    pub name: String,
    /// Its name behind that of its repository.
    pub reference: String,
    /// What became of it.
    pub outcome: TagOutcome,
    /// The digest that it pointed to before, when it was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
}

/// Tags that were set.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tagged {
    /// The registry.
    pub registry: Registry,
    /// The repository.
    pub repository: String,
    /// The digest of the manifest that the tags were to point to.
    pub digest: String,
    /// A row per tag.
    pub tags: Vec<TaggedRow>,
}

impl Document for Tagged {
    const KIND: &'static str = "tagged";
    const ITEMS: Option<&'static str> = Some("tags");
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("NAME", "/name"), ("OUTCOME", "/outcome"), ("PREVIOUS", "/previous")];
    const OPERAND: &'static str = "/reference";
}

/// What became of what was to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeletedOutcome {
    /// It is gone; with `dryRun`, it would be.
    Deleted,
    /// It was not there.
    Missing,
    /// It could not be deleted; `detail` says why.
    Failed,
}

/// A tag or a manifest that was to go.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedRow {
    /// The reference that it was asked for by.
    pub name: String,
    /// What became of it.
    pub outcome: DeletedOutcome,
    /// The digest of the manifest; null when it was not there.
    pub digest: Option<String>,
    /// The tags that go with a manifest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The digests of the manifests about it, which go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referrers: Vec<String>,
    /// The digests of the indexes that list a manifest, and stay without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Tags and manifests that were deleted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deleted {
    /// The registry.
    pub registry: Registry,
    /// True: nothing was deleted, the rows say what would be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// A row each.
    pub deleted: Vec<DeletedRow>,
}

impl Document for Deleted {
    const KIND: &'static str = "deleted";
    const ITEMS: Option<&'static str> = Some("deleted");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("OUTCOME", "/outcome"),
        ("DIGEST", "/digest"),
        ("TAGS", "/tags"),
        ("REFERRERS", "/referrers"),
        ("INDEXES", "/indexes"),
        ("DETAIL", "/detail"),
    ];
}
