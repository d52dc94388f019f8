//! What a registry does with others: it tells them, copies to and from them, and proves itself.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pattern;
use crate::name::{Repository, Tag};

/// An address that is told of what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What it is told of; everything that the registry tells without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// The namespaces it is told of; all without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub namespaces: Vec<Repository>,
    /// A file with the value of the `Authorization` header that it gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_file: Option<PathBuf>,
    /// The environment variable with that value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_env: Option<String>,
}

/// Something that happens in a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "what happened is the word")]
pub enum Event {
    Push,
    Pull,
    Delete,
    Scan,
    Quota,
    Replication,
    Retention,
}

/// Images that are copied from or to another registry, again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Replication {
    /// What it is called.
    pub name: String,
    /// Whether they come from there or go there.
    pub direction: Direction,
    /// The other registry.
    pub url: String,
    /// The repositories; all without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<Pattern>,
    /// The tags; all without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Pattern>,
    /// How often, in seconds; only when somebody asks for it without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_seconds: Option<u64>,
    /// Who logs in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// A file with the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// The environment variable with the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
}

/// Which way images go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the other registry.
    Pull,
    /// To the other registry.
    Push,
}

/// A tiny image that is pushed and pulled back to prove that the registry works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestImage {
    /// Where it goes.
    #[schemars(with = "String")]
    pub repository: Repository,
    /// Its tag.
    #[schemars(with = "String")]
    pub tag: Tag,
}
