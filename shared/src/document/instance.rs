//! What reg-up tells about instances: status, list, rendered files, garbage collection, log lines.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Registry, time_schema};

/// What an instance is doing. Scripts may rely on these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It runs and answers.
    Running,
    /// It does not run.
    Stopped,
    /// It runs and does not answer yet.
    Starting,
    /// It runs and answers wrongly, or not any more.
    Unhealthy,
    /// There is no such instance (any more).
    Missing,
}

impl State {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Starting => "starting",
            Self::Unhealthy => "unhealthy",
            Self::Missing => "missing",
        }
    }
}

/// What is true of one instance now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The instance.
    pub name: String,
    /// What it is doing.
    pub state: State,
    /// Why it is not running, or what is wrong; null when all is well.
    pub reason: Option<String>,
    /// The process, when one runs.
    pub pid: Option<u32>,
    /// When that process started; null when none runs.
    #[schemars(schema_with = "optional_time_schema")]
    pub started_at: Option<String>,
    /// The registry; null when the instance is missing.
    pub registry: Option<Registry>,
}

fn optional_time_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": ["string", "null"], "format": "date-time" })
}

impl Document for Status {
    const KIND: &'static str = "status";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("STATE", "/state"),
        ("REASON", "/reason"),
        ("TYPE", "/registry/type"),
        ("URL", "/registry/url"),
        ("PID", "/pid"),
        ("STARTED", "/startedAt"),
    ];
}

/// All instances of this user.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Instances {
    /// By name.
    pub instances: Vec<Status>,
}

impl Document for Instances {
    const KIND: &'static str = "instances";
    const ITEMS: Option<&'static str> = Some("instances");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("STATE", "/state"),
        ("TYPE", "/registry/type"),
        ("VERSION", "/registry/version"),
        ("URL", "/registry/url"),
    ];
}

/// Files as they would be written.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rendered {
    /// In the order a reader wants them.
    pub files: Vec<RenderedFile>,
}

/// A file as it would be written.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RenderedFile {
    /// The file's name.
    pub name: String,
    /// Its text.
    pub content: String,
}

impl Document for Rendered {
    const KIND: &'static str = "rendered";
    const ITEMS: Option<&'static str> = Some("files");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[("NAME", "/name"), ("CONTENT", "/content")];
}

/// What a garbage collection removed and kept, of which registry.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Collected {
    /// The registry.
    pub registry: Registry,
    /// True: the running server did it; false: it was stopped.
    pub online: bool,
    /// What was removed and kept.
    #[serde(flatten)]
    pub swept: Swept,
}

/// What a garbage collection removed and kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// True: nothing was removed, only counted.
    pub dry_run: bool,
    /// Contents removed.
    pub blobs_removed: u64,
    /// Their bytes.
    pub bytes_removed: u64,
    /// Blobs that a repository no longer shows, and referrers entries without a manifest.
    pub links_removed: u64,
    /// Uploads given up.
    pub uploads_removed: u64,
    /// Contents that stay.
    pub blobs_kept: u64,
    /// Their bytes.
    pub bytes_kept: u64,
    /// How long it took.
    pub seconds: f64,
}

impl Document for Collected {
    const KIND: &'static str = "gc-report";
    const NAME: &'static str = "/registry/name";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("REGISTRY", "/registry/url"),
        ("DRY RUN", "/dryRun"),
        ("BLOBS REMOVED", "/blobsRemoved"),
        ("BYTES REMOVED", "/bytesRemoved"),
        ("UPLOADS REMOVED", "/uploadsRemoved"),
        ("BLOBS KEPT", "/blobsKept"),
        ("BYTES KEPT", "/bytesKept"),
        ("SECONDS", "/seconds"),
    ];
}

/// A line of a registry's log: what `reg-up logs` streams as JSON Lines.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// When it was written.
    #[schemars(schema_with = "time_schema")]
    pub time: String,
    /// The instance.
    pub name: String,
    /// The line as the registry wrote it.
    pub line: String,
}

impl Document for LogLine {
    const KIND: &'static str = "log";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[("TIME", "/time"), ("LINE", "/line")];
}

/// A certificate and where its files are: what `reg-up start --tls` takes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// The certificate, PEM.
    pub cert_file: PathBuf,
    /// Its private key, PEM.
    pub key_file: PathBuf,
    /// The certificate of the authority that signed it: what clients trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// The certificate with those that lead to the authority; served in place of `certFile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain_file: Option<PathBuf>,
}

impl Document for Certificate {
    const KIND: &'static str = "certificate";
    const NAME: &'static str = "/certFile";
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("CERTIFICATE", "/certFile"), ("KEY", "/keyFile"), ("CA", "/caFile"), ("CHAIN", "/chainFile")];
}
