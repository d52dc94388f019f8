//! What reg-test tells: a row per check. And what every tool says when it fails.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Registry, time_schema};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It was not tried; `detail` says why.
    Skip,
}

/// One check.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Which one; the same in every run.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub seconds: f64,
    /// What was found, in words.
    pub detail: String,
}

/// How many checks ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Passed.
    pub pass: usize,
    /// Failed.
    pub fail: usize,
    /// Not tried.
    pub skip: usize,
}

/// A report of checks against one registry.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TestReport {
    /// The registry that was tested.
    pub registry: Registry,
    /// Which checks were asked for: `health`, `catalog`, `push`, `pull`, `push-pull` or `all`.
    pub suite: String,
    /// When it began.
    #[schemars(schema_with = "time_schema")]
    pub started_at: String,
    /// How long it took.
    pub seconds: f64,
    /// A row per check, in the order they ran.
    pub checks: Vec<Check>,
    /// The rows counted.
    pub summary: Summary,
}

impl Document for TestReport {
    const KIND: &'static str = "test-report";
    const ITEMS: Option<&'static str> = Some("checks");
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("CHECK", "/name"), ("OUTCOME", "/outcome"), ("SECONDS", "/seconds"), ("DETAIL", "/detail")];
}

/// The last line of standard error when JSON was asked for and a program failed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The name of the exit code.
    pub code: String,
    /// What could not be done, to what, where and why.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Document for Failure {
    const KIND: &'static str = "error";
    const NAME: &'static str = "/code";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[("CODE", "/code"), ("MESSAGE", "/message"), ("HINT", "/hint")];
}
