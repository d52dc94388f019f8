//! What reg-init tells: what would change, and what was done.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Change, Gap, Verb};
use crate::document::{Check, Document, Registry, Summary};

/// What would change if a layout were applied to a registry.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The registry.
    pub registry: Registry,
    /// The differences; none when the registry is what the layout says.
    pub changes: Vec<Change>,
    /// What the registry cannot do of the layout.
    pub gaps: Vec<Gap>,
    /// The differences counted.
    pub counts: Counts,
    /// Why one that runs is restarted for it, for people; without when it need not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart: Option<String>,
}

impl Document for Plan {
    const KIND: &'static str = "plan";
    const ITEMS: Option<&'static str> = Some("changes");
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("VERB", "/verb"), ("OBJECT", "/object"), ("NAME", "/name"), ("FIELD", "/field")];
}

/// How many differences there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Objects that come.
    pub create: usize,
    /// Fields that change.
    pub change: usize,
    /// Objects that go.
    pub remove: usize,
}

impl Counts {
    /// Counts differences.
    #[must_use]
    pub fn of(changes: &[Change]) -> Self {
        let count = |verb| changes.iter().filter(|change| change.verb == verb).count();
        Self { create: count(Verb::Create), change: count(Verb::Change), remove: count(Verb::Remove) }
    }
}

/// What reg-init did to a registry.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InitReport {
    /// The registry.
    pub registry: Registry,
    /// A row per step, in their order.
    pub steps: Vec<Check>,
    /// The steps counted.
    pub summary: Summary,
    /// What changed; nothing the second time.
    pub changes: Vec<Change>,
    /// What the registry cannot do of the layout.
    pub gaps: Vec<Gap>,
    /// The files with generated passwords, of users who are new.
    pub password_files: Vec<PathBuf>,
}

impl Document for InitReport {
    const KIND: &'static str = "init-report";
    const ITEMS: Option<&'static str> = Some("steps");
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("STEP", "/name"), ("OUTCOME", "/outcome"), ("SECONDS", "/seconds"), ("DETAIL", "/detail")];
}
