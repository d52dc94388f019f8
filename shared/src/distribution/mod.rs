//! The configuration of Distribution (`registry`, `docker-registry`) as values, for the releases 2.8 and 3.
//!
//! Distribution ignores keys that it does not know, so a wrong one is a setting silently lost: each key is written only where
//! the release reads it (`configuration/configuration.go` of v2.8.1 to v3.1.1). A key that is not set is not written. Text in,
//! text out; whoever calls this writes the file with mode 0600, for the secret is in it.
//!
//! What to know about the running registry: its environment changes its configuration ([`changes_config`]); without
//! `http.draintimeout` SIGTERM cuts requests off; when its htpasswd file is missing it makes one with a user of its own and
//! logs the password, so the file must be there first.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::options::{Feature, Options, Part, Secrets};
use crate::secret::Secret;
use crate::version::Version;

pub mod beside;
mod config;
mod garbage;
mod services;
#[cfg(test)]
mod tests;

pub use config::*;
pub use garbage::{Garbage, collect, nothing_stored, spares_indexes};
pub use services::{Endpoint, Headers, Health, Ignore, Notifications, Pool, Proxy, Redis, S3, StorageDriver, Text, endpoint};

/// The argument that makes the registry serve the configuration named behind it.
pub const SERVE: &str = "serve";
/// The argument that makes the registry tell its version.
pub const VERSION: &str = "--version";
/// Where Prometheus metrics are, on the debug address.
pub const METRICS: &str = "/metrics";
/// Where the registry's own health is, on the debug address.
pub const HEALTH: &str = "/debug/health";

/// What can be switched.
const FEATURES: [Feature; 4] = [Feature::Delete, Feature::ReadOnly, Feature::Redis, Feature::Ui];
/// What else can be asked for.
const PARTS: [Part; 7] = [Part::Mirror, Part::Webhook, Part::Cors, Part::S3, Part::Redis, Part::Set, Part::Base];
/// Keys that are as we have it only as long as nobody says otherwise in a file of their own.
pub const DEFAULTS: &[&str] = &[
    "log.level",
    "log.formatter",
    "storage.delete",
    "storage.cache",
    "storage.maintenance.uploadpurging",
    "http.secret",
    "http.draintimeout",
    "health",
    "catalog",
    "tags",
];
/// Keys that are said otherwise, and how.
pub const OWNED: &[(&str, &str)] = &[
    ("version", "the release of the registry's program"),
    ("http.addr", "--bind and --port"),
    ("http.debug.addr", "nothing: it is picked at every start"),
    ("storage.filesystem.rootdirectory", "--data"),
    ("http.tls.certificate", "--cert"),
    ("http.tls.key", "--key"),
    ("auth.htpasswd.path", "--htpasswd"),
];

/// Reads what `registry --version` prints: its name, its Go package and its version (`registry
/// github.com/distribution/distribution/v3 v3.1.1`).
///
/// # Errors
/// [`crate::exit::Exit::Input`] when this is not the registry's output.
pub fn parse_version(output: &str) -> Result<Version> {
    let mut words = output.split_whitespace();
    let package = words.by_ref().find(|word| word.starts_with("github.com/") && word.contains("/distribution"));
    let version = package.and_then(|_| words.next()).and_then(|version| version.parse().ok());
    version.ok_or_else(|| Error::input(format!("`{VERSION}` does not answer like Distribution's registry")))
}

/// Whether this is a release before 3.0 that takes tokens anybody signed (CVE-2025-24976), by what `registry --version` prints: the
/// betas, and the first two candidates.
#[must_use]
pub fn takes_any_token(output: &str) -> bool {
    output.split_whitespace().filter_map(|word| word.strip_prefix("v3.0.0-")).any(|stage| {
        ["alpha", "beta"].iter().any(|early| stage.starts_with(early))
            || ["rc.1", "rc.2"].contains(&stage.split('+').next().unwrap_or_default())
    })
}

/// What somebody should know who asks a release for these options.
pub fn caveats(options: &Options, version: Version) -> impl Iterator<Item = &'static str> {
    let told = options.webhook.as_ref().is_some_and(|webhook| webhook.header);
    let basic = version.major < 3 && options.mirror.as_ref().is_some_and(|mirror| mirror.password);
    let told = told.then_some("Distribution writes the header of the webhook into its own log when it starts");
    told.into_iter().chain(
        basic.then_some("Distribution before 3.0 logs in to a mirrored registry only where that gives tokens, as Docker Hub does"),
    )
}

/// Whether a variable of this name, in the registry's environment, changes its configuration behind the file's back: those
/// that begin with `REGISTRY_` (`configuration/parser.go`).
#[must_use]
pub fn changes_config(variable: &str) -> bool {
    variable.starts_with("REGISTRY_")
}

/// Variables that the registry needs in its environment: release 3 would send traces to localhost:4318 all the time.
#[must_use]
pub fn environment(version: Version) -> &'static [(&'static str, &'static str)] {
    if version.major < 3 { &[] } else { &[("OTEL_TRACES_EXPORTER", "none")] }
}

/// What a registry is to be.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it serves metrics, health and profiles, without a login: a loopback address.
    pub debug: Option<SocketAddr>,
    /// The folder of its data.
    pub root: PathBuf,
    /// Its certificate; plain HTTP without.
    pub tls: Option<Tls>,
    /// Its users; open to everybody without. The file must exist when the registry starts.
    pub htpasswd: Option<PathBuf>,
    /// What it says its users log in to.
    pub realm: String,
    /// What the state of an upload is signed with. Without, the registry invents one at each start, and uploads do not
    /// survive it.
    pub secret: Option<Secret>,
    /// How long requests may go on after SIGTERM. Whole seconds count; 0 cuts them off.
    pub drain: Duration,
    /// The origin of its own pages, when it has some and their address is known.
    pub page: Option<String>,
    /// What else it is to do.
    pub options: Options,
    /// The secrets of the options.
    pub secrets: Secrets,
}
