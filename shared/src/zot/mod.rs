//! zot's configuration as values, for the releases 2.0 and 2.1.
//!
//! zot does not start when its configuration has a key that it does not know, so each key is written only where the release, and
//! the build, knows it: read from the Go structs of the tags v2.0.0 to v2.1.20 (`pkg/api/config/config.go`) and checked with
//! `zot verify`. A key that is not set is not written. Text in, text out; whoever calls this writes the file, whose name must end
//! in `.json`, and may have it checked by [`VERIFY`].
//!
//! What to know about the running zot: SIGTERM ends it gracefully and SIGHUP kills it; it watches the inode of its configuration
//! and of its htpasswd file, so both are changed in place; deleting manifests is always on.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::options::{Feature, Options, Part, Secrets};
use crate::version::Version;

mod access;
mod config;
mod extensions;
pub mod retention;
mod rights;
mod schedule;
#[cfg(test)]
mod tests;

pub use access::*;
pub use config::*;
pub use extensions::*;
pub use rights::{MARK, Verdict};
pub use schedule::Schedule;

/// The argument that makes zot serve the configuration named behind it.
pub const SERVE: &str = "serve";
/// The argument that makes zot check the configuration named behind it and end, with code 0 when it is right.
pub const VERIFY: &str = "verify";
/// The argument that makes zot print the JSON Schema of its configuration, since 2.1.16.
pub const SCHEMA: &str = "schema";
/// The argument that makes zot tell its [`Build`]. Releases differ in where they tell it: standard output or standard error.
pub const VERSION: &str = "--version";

/// The file of the logins for mirrored registries, in [`Settings::folder`].
pub const CREDENTIALS: &str = "mirror.json";
/// The file of who did what, in [`Settings::folder`].
pub const AUDIT: &str = "audit.log";
/// Where Prometheus metrics are.
const METRICS: &str = "/metrics";
/// What can be switched.
const FEATURES: [Feature; 8] =
    [Feature::Audit, Feature::Cve, Feature::Dedupe, Feature::Gc, Feature::Metrics, Feature::Scrub, Feature::Search, Feature::Ui];
/// What else can be asked for.
const PARTS: [Part; 7] = [Part::Mirror, Part::MirrorEvery, Part::Webhook, Part::Cors, Part::RateLimit, Part::Set, Part::Base];
/// Keys that are as we have it only as long as nobody says otherwise in a file of their own.
pub const DEFAULTS: &[&str] = &[
    "storage.dedupe",
    "storage.gc",
    "storage.gcDelay",
    "storage.gcInterval",
    "http.realm",
    "http.compat",
    "log.level",
    "extensions.metrics",
];
/// Keys that are said otherwise, and how.
pub const OWNED: &[(&str, &str)] = &[
    ("http.address", "--bind"),
    ("http.port", "--port"),
    ("storage.rootDirectory", "--data"),
    ("http.tls.cert", "--cert"),
    ("http.tls.key", "--key"),
    ("http.auth.htpasswd.path", "--htpasswd"),
];

/// A zot program: its release and what was built into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The release. Programs that were not built by zot's own Makefile do not know it.
    pub version: Option<Version>,
    /// The extensions built in, such as `metrics`; none in zot-minimal.
    pub extensions: Vec<String>,
}

/// The paths that tell how zot is, without a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probes {
    /// Answers 200 while zot runs.
    pub live: &'static str,
    /// Answers 200 when zot takes requests.
    pub ready: &'static str,
    /// Answers 200 once zot has started.
    pub startup: &'static str,
}

impl Build {
    /// Reads what `zot --version` prints: a JSON log line with the commit (`v2.1.20-0-g3b5796d8`) and the binary type.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when this is not zot's output.
    pub fn parse(output: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Line {
            commit: String,
            #[serde(rename = "binary-type")]
            binary_type: String,
        }
        let line = output.lines().find_map(|line| serde_json::from_str::<Line>(line).ok());
        let line = line.ok_or_else(|| Error::input(format!("`{VERSION}` does not answer like zot")))?;
        let extensions = line.binary_type.split('-').filter(|part| !part.is_empty() && *part != "minimal");
        Ok(Self { version: line.commit.parse().ok(), extensions: extensions.map(str::to_owned).collect() })
    }

    /// Where Prometheus metrics are, when [`Config::new`] turns them on: with the metrics extension only. zot-minimal answers
    /// there too, with numbers for zot's own exporter.
    #[must_use]
    pub fn metrics(&self) -> Option<&'static str> {
        self.extensions.iter().any(|extension| extension == "metrics").then_some(METRICS)
    }

    /// The health paths, since 2.1.6. `None` also when the release is not known.
    #[must_use]
    pub fn probes(&self) -> Option<Probes> {
        let known = self.version? >= Version::new(2, 1, 6);
        known.then_some(Probes { live: "/livez", ready: "/readyz", startup: "/startupz" })
    }

    /// Whether an extension is built in; one that does not tell what it is may have everything.
    fn has(&self, extension: &str) -> bool {
        let silent = self.version.is_none() && self.extensions.is_empty();
        silent || self.extensions.iter().any(|own| own == extension)
    }

    fn too_old(&self, what: &str, since: Version) -> Error {
        let own = self.version.map_or_else(String::new, |own| format!(" {own}"));
        Error::unsupported(format!("zot{own} has no {what}: they are there since {since}"))
    }

    /// Whether the release is at least this one. A release that is not known is taken for a new one: who builds zot today,
    /// builds a new one, and an old one names the key that it does not know.
    fn since(&self, version: Version) -> bool {
        self.version.is_none_or(|own| own >= version)
    }
}

/// Why zot refuses a configuration, out of what [`VERIFY`] prints: log lines, then the error once more as a line of its own.
#[must_use]
pub fn complaint(told: &str) -> String {
    #[derive(Deserialize)]
    struct Line {
        level: String,
        error: Option<String>,
        message: Option<String>,
    }
    let said = |line: Line| {
        let because = line.error.map(|error| format!(": {error}")).unwrap_or_default();
        (line.level == "error").then(|| format!("{}{because}", line.message.unwrap_or_default()))
    };
    let mut lines = told.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()).filter_map(said);
    let plain = || told.lines().find_map(|line| line.strip_prefix("Error: ")).unwrap_or("it does not say why").to_owned();
    lines.next().unwrap_or_else(plain).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a zot is to be.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// The folder of its data.
    pub root: PathBuf,
    /// Its certificate; plain HTTP without.
    pub tls: Option<Tls>,
    /// Its users; open to everybody without. The file must exist when zot starts.
    pub htpasswd: Option<PathBuf>,
    /// What it says its users log in to.
    pub realm: String,
    /// The folder of its other files: [`CREDENTIALS`], [`AUDIT`].
    pub folder: PathBuf,
    /// Who may do what; everybody who gets in everything, without.
    pub access: Option<AccessControl>,
    /// Which tags are kept; all without.
    pub retention: retention::Retention,
    /// What else it is to do.
    pub options: Options,
    /// The secrets of the options.
    pub secrets: Secrets,
}
