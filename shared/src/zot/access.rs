//! Who may do what at a zot, as its configuration says it (`http.accessControl`).
//!
//! Of all patterns that match a repository the longest counts, alone. There first grant wins: users, groups, everybody who is
//! logged in, everybody who is not, administrators. A right that is not granted is denied.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Build;
use crate::error::Result;
use crate::version::Version;

/// Who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessControl {
    /// By the pattern of a repository's name, without a slash in front; `**` is any.
    pub repositories: BTreeMap<String, Repository>,
    /// What some may do everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_policy: Option<Policy>,
    /// Users by the group they are in.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Group>,
    /// Who may read metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<MetricsAccess>,
}

/// Who may do what in the repositories of a pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Repository {
    /// What named users and groups may do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Policy>,
    /// What everybody may do who is logged in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_policy: Vec<Action>,
    /// What everybody may do who is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub anonymous_policy: Vec<Action>,
}

/// What users and groups may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// The users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// The groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// What they may do.
    pub actions: Vec<Action>,
    /// When; since 2.1.17.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

/// Something that may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Pull.
    Read,
    /// Push what is not there.
    Create,
    /// Push a tag that is there.
    Update,
    /// Delete.
    Delete,
    /// Be told that a manifest is there under another name already.
    DetectManifestCollision,
}

/// When a policy counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// In the Common Expression Language.
    pub expression: String,
    /// What those are told for whom it does not.
    pub message: String,
}

/// Users.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Group {
    /// Their names.
    pub users: Vec<String>,
}

/// Who may read metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricsAccess {
    /// Users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// What everybody may do who is not logged in: read, or nothing; since 2.1.18.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub anonymous_policy: Vec<Action>,
}

impl AccessControl {
    /// Refuses what the release does not know.
    pub(super) fn check(&self, build: &Build) -> Result<()> {
        let policies = self.repositories.values().flat_map(|repository| &repository.policies).chain(&self.admin_policy);
        if policies.into_iter().any(|policy| !policy.conditions.is_empty()) && !build.since(Version::new(2, 1, 17)) {
            return Err(build.too_old("conditions of access", Version::new(2, 1, 17)));
        }
        if self.metrics.as_ref().is_some_and(|metrics| !metrics.anonymous_policy.is_empty()) && !build.since(Version::new(2, 1, 18))
        {
            return Err(build.too_old("metrics without a login beside access rights", Version::new(2, 1, 18)));
        }
        Ok(())
    }
}
