//! What reg-up tells about instances: status, list, rendered files, garbage collection, log lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Registry, optional_time_schema, time_schema};

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

/// What a garbage collection removed and kept, of which registry. What the type does not tell is null.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Collected {
    /// The registry.
    pub registry: Registry,
    /// True: it was running; false: it was stopped, if only for this.
    pub online: bool,
    /// True: nothing was removed, only counted.
    pub dry_run: bool,
    /// When the registry does it by itself, for types that cannot be asked; then nothing was done now, and all numbers are null.
    pub schedule: Option<GarbageSchedule>,
    /// Contents removed.
    pub blobs_removed: Option<u64>,
    /// Their bytes.
    pub bytes_removed: Option<u64>,
    /// Manifests without a tag that were removed, with `--untagged`.
    pub manifests_removed: Option<u64>,
    /// Blobs that a repository no longer shows, and referrers entries without a manifest.
    pub links_removed: Option<u64>,
    /// Uploads given up.
    pub uploads_removed: Option<u64>,
    /// Contents that stay.
    pub blobs_kept: Option<u64>,
    /// Their bytes.
    pub bytes_kept: Option<u64>,
    /// How long it took.
    pub seconds: Option<f64>,
}

/// When a registry collects its garbage by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GarbageSchedule {
    /// Whether it does.
    pub enabled: bool,
    /// How often, in seconds.
    pub interval_seconds: f64,
    /// How old a content must be that nothing refers to, in seconds.
    pub delay_seconds: f64,
}

impl Collected {
    /// What the embedded server swept.
    #[must_use]
    pub fn swept(registry: Registry, online: bool, swept: &Swept) -> Self {
        Self {
            registry,
            online,
            dry_run: swept.dry_run,
            blobs_removed: Some(swept.blobs_removed),
            bytes_removed: Some(swept.bytes_removed),
            links_removed: Some(swept.links_removed),
            uploads_removed: Some(swept.uploads_removed),
            blobs_kept: Some(swept.blobs_kept),
            bytes_kept: Some(swept.bytes_kept),
            seconds: Some(swept.seconds),
            ..Self::default()
        }
    }
}

/// What the embedded server removed and kept.
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
        ("EVERY SECONDS", "/schedule/intervalSeconds"),
        ("OLDER THAN SECONDS", "/schedule/delaySeconds"),
        ("BLOBS REMOVED", "/blobsRemoved"),
        ("BYTES REMOVED", "/bytesRemoved"),
        ("MANIFESTS REMOVED", "/manifestsRemoved"),
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
