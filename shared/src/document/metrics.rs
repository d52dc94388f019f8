//! What a registry counts, in words that all types share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Registry, optional_time_schema};

/// What a registry has counted since its process started.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// The registry.
    pub registry: Registry,
    /// Requests answered.
    pub requests_total: u64,
    /// The same by method and status code.
    pub requests: Vec<RequestCount>,
    /// Manifests pushed: images, indexes and artifacts. Null when the type does not count them.
    pub manifests_pushed: Option<u64>,
    /// Bytes of its data: those of its data folder when that is on this machine, else what the registry says (zot: the sum over its
    /// repositories, shared blobs in each). Null when neither tells.
    pub bytes_stored: Option<u64>,
    /// Garbage collections done. Null when the type does not count them.
    pub garbage_collections: Option<u64>,
    /// The process.
    pub process: ProcessMetrics,
}

/// Requests of one method that were answered with one status code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequestCount {
    /// The method, in capitals.
    pub method: String,
    /// The status code.
    pub code: u16,
    /// How many.
    pub count: u64,
}

/// What the process of a registry uses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessMetrics {
    /// When it started.
    #[schemars(schema_with = "optional_time_schema")]
    pub started_at: Option<String>,
    /// Processor time used.
    pub cpu_seconds: Option<f64>,
    /// Memory in use.
    pub memory_bytes: Option<u64>,
    /// Open file descriptors.
    pub open_files: Option<u64>,
}

impl Document for Metrics {
    const KIND: &'static str = "metrics";
    const NAME: &'static str = "/registry/url";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("REGISTRY", "/registry/url"),
        ("REQUESTS", "/requestsTotal"),
        ("MANIFESTS PUSHED", "/manifestsPushed"),
        ("BYTES STORED", "/bytesStored"),
        ("GARBAGE COLLECTIONS", "/garbageCollections"),
        ("STARTED", "/process/startedAt"),
        ("CPU SECONDS", "/process/cpuSeconds"),
        ("MEMORY BYTES", "/process/memoryBytes"),
        ("OPEN FILES", "/process/openFiles"),
    ];
}
