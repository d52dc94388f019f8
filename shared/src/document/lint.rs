//! What `reg-up lint` and `reg-init lint` tell: a row per finding in a registry's configuration file, or in a layout.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Type};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The registry does not start with it, or does something else than what the file says.
    Error,
    /// It works, and is worth a look.
    Warning,
}

/// Something in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The key, such as `http.accessControl.repositories["a/**"].policies[0]`; empty for the file as a whole.
    pub path: String,
    /// Where it stands; null when the file's format does not tell.
    pub line: Option<u64>,
    /// The letter in that line where it begins.
    pub column: Option<u64>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub problem: String,
    /// The right way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A configuration file that was looked through.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LintReport {
    /// The file; `-` is standard input.
    pub file: String,
    /// The type of registry that it was read for; null for a layout, which is for all of them.
    #[serde(rename = "type")]
    pub kind: Option<Type>,
    /// The release that it was read for; null when none was named and all that are known were taken together.
    pub version: Option<String>,
    /// A row per finding, in the order of the file.
    pub findings: Vec<Finding>,
}

impl Document for LintReport {
    const KIND: &'static str = "lint-report";
    const ITEMS: Option<&'static str> = Some("findings");
    const NAME: &'static str = "/path";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("LINE", "/line"),
        ("COLUMN", "/column"),
        ("SEVERITY", "/severity"),
        ("KEY", "/path"),
        ("PROBLEM", "/problem"),
        ("HINT", "/hint"),
    ];
}
