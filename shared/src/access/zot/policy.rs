//! `http.accessControl` as values.
//!
//! Written as upstream writes it, and read as zot reads it (with viper 1.x): keys in any case of letters, patterns and the names of
//! groups made lower-case, objects in which nothing stands left out as if they were not there, and a text where a list is
//! expected taken apart at its commas. Names of the structs: `pkg/api/config/config.go`, v2.0.0 to v2.1.20.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::layout;

/// Who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessControl {
    /// By the pattern of a repository's name, without a slash in front; `**` is any.
    pub repositories: BTreeMap<String, Repository>,
    /// What some may do everywhere.
    #[serde(skip_serializing_if = "Option::is_none", alias = "adminpolicy")]
    pub admin_policy: Option<Policy>,
    /// Users by the group they are in. zot makes these names lower-case, and not those in policies: see [`group_name`].
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
    /// What everybody may do who is logged in. Written even when it is nothing: zot does not see a pattern with nothing in it, and
    /// would let a shorter one count.
    #[serde(alias = "defaultpolicy", deserialize_with = "actions")]
    pub default_policy: Vec<Action>,
    /// What everybody may do who is not.
    #[serde(skip_serializing_if = "Vec::is_empty", alias = "anonymouspolicy", deserialize_with = "actions")]
    pub anonymous_policy: Vec<Action>,
}

/// What users and groups may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// The users.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "list")]
    pub users: Vec<String>,
    /// The groups.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "list")]
    pub groups: Vec<String>,
    /// What they may do.
    #[serde(deserialize_with = "actions")]
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

impl From<layout::Action> for Action {
    fn from(action: layout::Action) -> Self {
        match action {
            layout::Action::Read => Self::Read,
            layout::Action::Create => Self::Create,
            layout::Action::Update => Self::Update,
            layout::Action::Delete => Self::Delete,
        }
    }
}

impl Action {
    /// The same of a layout, where it has one.
    #[must_use]
    pub fn in_layout(self) -> Option<layout::Action> {
        match self {
            Self::Read => Some(layout::Action::Read),
            Self::Create => Some(layout::Action::Create),
            Self::Update => Some(layout::Action::Update),
            Self::Delete => Some(layout::Action::Delete),
            Self::DetectManifestCollision => None,
        }
    }
}

/// When a policy counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
    #[serde(deserialize_with = "list")]
    pub users: Vec<String>,
}

/// Who may read metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricsAccess {
    /// Users.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "list")]
    pub users: Vec<String>,
    /// What everybody may do who is not logged in: read, or nothing; since 2.1.18.
    #[serde(skip_serializing_if = "Vec::is_empty", alias = "anonymouspolicy", deserialize_with = "actions")]
    pub anonymous_policy: Vec<Action>,
}

impl AccessControl {
    /// What zot takes from the value of `http.accessControl`; nothing when nothing stands in it, which means that everybody may do
    /// everything. A word that is no action means nothing to zot, and is left out.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`], with the place, for what zot would not start with.
    pub fn read(value: &Value) -> Result<Option<Self>> {
        let Some(value) = seen(value) else { return Ok(None) };
        let fault = |fault: serde_path_to_error::Error<serde_json::Error>| {
            Error::input(format!(".http.accessControl.{}: {}", fault.path(), fault.inner()))
        };
        serde_path_to_error::deserialize(value).map(Some).map_err(fault)
    }

    /// As the value of `http.accessControl`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_else(|fault| unreachable!("rights that JSON cannot say: {fault}"))
    }

    /// Whether anybody gets in without a login: zot then asks nobody for one, and 401 comes only where the rights end. Without such a
    /// policy it answers every request without a login with 401.
    #[must_use]
    pub fn opens_to_anonymous(&self) -> bool {
        self.repositories.values().any(|repository| !repository.anonymous_policy.is_empty())
    }

    /// Whether zot does not start with these rights unless there is a way to log in (`validateAuthzPolicies`).
    #[must_use]
    pub fn needs_logins(&self) -> bool {
        let admin = self.admin_policy.as_ref();
        let metrics = self.metrics.as_ref().is_some_and(|metrics| metrics.anonymous_policy.contains(&Action::Read));
        let metrics_only = metrics && self.repositories.is_empty() && self.groups.is_empty() && admin.is_none_or(Policy::is_empty);
        !self.is_anonymous_only() && !metrics_only
    }

    /// Whether there are rights for nobody but those without a login, as zot counts (`ContainsOnlyAnonymousPolicy`).
    pub(super) fn is_anonymous_only(&self) -> bool {
        let named = |policy: &Policy| !policy.actions.is_empty() || !policy.users.is_empty();
        self.opens_to_anonymous()
            && !self.admin_policy.as_ref().is_some_and(named)
            && self.repositories.values().all(|one| one.default_policy.is_empty() && !one.policies.iter().any(named))
    }
}

impl Policy {
    fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.actions.is_empty()
    }
}

/// The name of a group as policies must write it: zot makes it lower-case where the group is defined, and only there.
#[must_use]
pub fn group_name(name: &str) -> String {
    name.to_lowercase()
}

/// What viper makes of a value: keys in lower case, without nulls and without objects in which nothing stands.
fn seen(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(object) => {
            let own: Map<_, _> = object.iter().filter_map(|(key, value)| Some((key.to_lowercase(), seen(value)?))).collect();
            (!own.is_empty()).then_some(Value::Object(own))
        }
        // Lists are taken as they are; only the decoder behind them reads their objects' keys in any case.
        Value::Array(items) => Some(items.iter().map(lowered).collect()),
        other => Some(other.clone()),
    }
}

fn lowered(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let told = object.iter().filter(|(_, value)| !value.is_null());
            told.map(|(key, value)| (key.to_lowercase(), lowered(value))).collect()
        }
        Value::Array(items) => items.iter().map(lowered).collect(),
        other => other.clone(),
    }
}

/// A list of texts, or a text with commas.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<String>, D::Error> {
    let fault = |found: &Value| D::Error::custom(format!("expected a list of texts, found {found}"));
    match Value::deserialize(deserializer)? {
        Value::String(text) if text.is_empty() => Ok(Vec::new()),
        Value::String(text) => Ok(text.split(',').map(str::to_owned).collect()),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(|| fault(item))).collect(),
        other => Err(fault(&other)),
    }
}

fn actions<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<Action>, D::Error> {
    let words = list(deserializer)?;
    Ok(words.into_iter().filter_map(|word| serde_json::from_value(Value::String(word)).ok()).collect())
}
