//! The keys of a zot configuration file, as far as they are used.
//!
//! Read from `pkg/api/config/config.go` and `pkg/extensions/config/config.go`; names and nesting are upstream's (which reads them
//! in any case of letters).

use std::path::PathBuf;

use serde::Serialize;

use super::retention::Retention;
use super::{AUDIT, AccessControl, Build, Extensions, FEATURES, PARTS, Settings, access};
use crate::error::{Error, Result};
use crate::options::Feature;
use crate::version::Version;

/// A zot configuration file.
#[derive(Debug, Clone, Serialize)]
pub struct Config {
    /// Where the data is.
    pub storage: Storage,
    /// How it is served.
    pub http: Http,
    /// What is logged, on standard output, always as JSON.
    pub log: Log,
    /// What is built in beyond the registry itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Extensions>,
}

/// Where the data is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// The folder.
    pub root_directory: PathBuf,
    /// Whether the same blob in two repositories is stored once.
    pub dedupe: bool,
    /// Whether blobs that nothing refers to are removed.
    pub gc: bool,
    /// How old such a blob must be, as a Go duration.
    pub gc_delay: String,
    /// How often they are looked for, as a Go duration. That is when retention counts, too.
    pub gc_interval: String,
    /// Which tags are kept.
    #[serde(skip_serializing_if = "Retention::is_empty")]
    pub retention: Retention,
}

/// How the registry is served.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Http {
    /// The IP address; IPv6 in brackets.
    pub address: String,
    /// The port, as text.
    pub port: String,
    /// What a login is for, in the challenge.
    pub realm: String,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// Who may log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    /// Media types taken beside those of OCI; since 2.1.2.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compat: Vec<String>,
    /// The pages that may speak to it from a browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_origin: Option<String>,
    /// How many requests it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratelimit: Option<RateLimit>,
    /// Who may do what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_control: Option<AccessControl>,
}

/// A certificate and its key.
#[derive(Debug, Clone, Serialize)]
pub struct Tls {
    /// The certificate's PEM file, with the chain.
    pub cert: PathBuf,
    /// The key's PEM file.
    pub key: PathBuf,
}

/// Who may log in.
#[derive(Debug, Clone, Serialize)]
pub struct Auth {
    /// The users of an htpasswd file.
    pub htpasswd: Htpasswd,
}

/// An htpasswd file with bcrypt lines.
#[derive(Debug, Clone, Serialize)]
pub struct Htpasswd {
    /// The file.
    pub path: PathBuf,
}

/// What is logged.
#[derive(Debug, Clone, Serialize)]
pub struct Log {
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    /// The file of who did what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<PathBuf>,
}

/// How many requests are taken.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RateLimit {
    /// In a second.
    pub rate: u32,
}

impl Config {
    /// The configuration that makes a zot of this build what the settings say.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unsupported`] for releases before 2.0, whose configuration is another.
    pub fn new(settings: &Settings, build: &Build) -> Result<Self> {
        if let Some(version) = build.version.filter(|version| version.major < 2) {
            return Err(Error::unsupported(format!("zot {version} is too old: 2.0 and newer are known")));
        }
        let options = &settings.options;
        options.only("zot", &FEATURES, &PARTS)?;
        let ip = settings.address.ip();
        // zot joins address and port with a colon only (`pkg/api/controller.go`).
        let address = if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
        let docker = build.since(Version::new(2, 1, 2)).then(|| "docker2s2".to_owned());
        if let Some(rights) = &settings.access {
            access::check(rights, build)?;
        }
        Ok(Self {
            storage: Storage {
                root_directory: settings.root.clone(),
                dedupe: options.has(Feature::Dedupe, true),
                gc: options.has(Feature::Gc, true),
                gc_delay: "1h".to_owned(),
                gc_interval: "24h".to_owned(),
                retention: settings.retention.clone(),
            },
            http: Http {
                address,
                port: settings.address.port().to_string(),
                realm: settings.realm.clone(),
                tls: settings.tls.clone(),
                auth: settings.htpasswd.clone().map(|path| Auth { htpasswd: Htpasswd { path } }),
                compat: docker.into_iter().collect(),
                allow_origin: options.cors.clone(),
                ratelimit: options.rate_limit.map(|rate| RateLimit { rate }),
                access_control: settings.access.clone(),
            },
            log: Log { level: "info".to_owned(), audit: options.has(Feature::Audit, false).then(|| settings.folder.join(AUDIT)) },
            extensions: Extensions::new(settings, build)?,
        })
    }

    /// As a value of JSON.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when a path is not UTF-8.
    pub fn to_value(&self) -> Result<serde_json::Value> {
        let value = serde_json::to_value(self);
        value.map_err(|error| Error::input("a zot configuration cannot be written").caused_by(error))
    }

    /// The text of the file: JSON for people, with a line end.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when a path is not UTF-8.
    pub fn to_json(&self) -> Result<String> {
        self.to_value().map(|value| format!("{value:#}\n"))
    }
}
