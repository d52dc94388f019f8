//! The keys of a Distribution configuration file, as far as they are used.
//!
//! Read from `configuration/configuration.go`; names and nesting are upstream's.

use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::services::{self, Headers, Health, Notifications, Proxy, Redis, S3};
use super::{FEATURES, PARTS, Settings};
use crate::error::{Error, Result};
use crate::options::Feature;
use crate::secret::Secret;
use crate::version::Version;
use crate::yaml;

/// A Distribution configuration file.
#[derive(Debug, Clone, Serialize)]
pub struct Config {
    /// The version of the file's format: `0.1`.
    pub version: String,
    /// What is logged. The access log is always on: one line a request in Apache's combined format, on standard output.
    pub log: Log,
    /// Where the data is.
    pub storage: Storage,
    /// Who may log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    /// How it is served.
    pub http: Http,
    /// The catalog's pages; since 2.8.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog: Option<Catalog>,
    /// The pages of tags; since 3.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Tags>,
    /// Where its Redis is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redis: Option<Redis>,
    /// The registry that this one is a mirror of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<Proxy>,
    /// Who is told of pushes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notifications: Option<Notifications>,
    /// When it refuses everything by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
}

/// What is logged.
#[derive(Debug, Clone, Serialize)]
pub struct Log {
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    /// `text`, `json` or `logstash`.
    pub formatter: String,
}

/// Where the data is.
#[derive(Debug, Clone, Serialize)]
pub struct Storage {
    /// In a folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filesystem: Option<Filesystem>,
    /// In a bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3: Option<S3>,
    /// Whether manifests and blobs can be deleted; 405 without.
    pub delete: Enabled,
    /// What is kept in memory.
    pub cache: Cache,
    /// What the registry does to its data by itself.
    pub maintenance: Maintenance,
}

/// A folder.
#[derive(Debug, Clone, Serialize)]
pub struct Filesystem {
    /// Its path.
    pub rootdirectory: PathBuf,
}

/// A switch.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Enabled {
    /// Whether it is on.
    pub enabled: bool,
}

/// What is kept in memory.
#[derive(Debug, Clone, Serialize)]
pub struct Cache {
    /// Where descriptors of blobs are kept: `inmemory` or `redis`.
    pub blobdescriptor: String,
}

/// What the registry does to its data by itself.
#[derive(Debug, Clone, Serialize)]
pub struct Maintenance {
    /// Removal of uploads that were given up.
    pub uploadpurging: UploadPurging,
    /// Whether nothing can be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readonly: Option<Enabled>,
}

/// Removal of uploads that were given up. All four keys must be set.
#[derive(Debug, Clone, Serialize)]
pub struct UploadPurging {
    /// Whether it is on.
    pub enabled: bool,
    /// How old an upload must be, as a Go duration.
    pub age: String,
    /// How often they are looked for, as a Go duration.
    pub interval: String,
    /// Whether they are only counted.
    pub dryrun: bool,
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
    /// What a login is for, in the challenge.
    pub realm: String,
    /// The file.
    pub path: PathBuf,
}

/// How the registry is served.
#[derive(Debug, Clone, Serialize)]
pub struct Http {
    /// Address and port.
    pub addr: String,
    /// What the state of an upload is signed with.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose")]
    pub secret: Option<Secret>,
    /// How long requests may go on after SIGTERM, as a Go duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draintimeout: Option<String>,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// What is sent with every answer.
    #[serde(skip_serializing_if = "Headers::is_empty")]
    pub headers: Headers,
    /// What is for the administrator only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debug: Option<Debug>,
}

/// A certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tls {
    /// The certificate's PEM file, with the chain.
    pub certificate: PathBuf,
    /// The key's PEM file.
    pub key: PathBuf,
}

/// What is for the administrator only: metrics, health, profiles.
#[derive(Debug, Clone, Serialize)]
pub struct Debug {
    /// Address and port.
    pub addr: String,
    /// Prometheus metrics.
    pub prometheus: Prometheus,
}

/// Prometheus metrics.
#[derive(Debug, Clone, Serialize)]
pub struct Prometheus {
    /// Whether they are served.
    pub enabled: bool,
    /// Where.
    pub path: String,
}

/// The catalog's pages.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Catalog {
    /// The most names in one page; a request for more is refused.
    pub maxentries: u32,
}

/// The pages of tags.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Tags {
    /// The most tags in one page; a request for more is refused.
    pub maxtags: u32,
}

fn expose<S: Serializer>(secret: &Option<Secret>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}

impl Config {
    /// The configuration that makes a registry of this release what the settings say.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unsupported`] for releases before 2.8.
    pub fn new(settings: &Settings, version: Version) -> Result<Self> {
        if version < Version::new(2, 8, 0) {
            return Err(Error::unsupported(format!("Distribution {version} is too old: 2.8 and newer are known")));
        }
        settings.options.only("Distribution", &FEATURES, &PARTS)?;
        let drain = settings.drain.as_secs();
        let auth = |path: &PathBuf| Auth { htpasswd: Htpasswd { realm: settings.realm.clone(), path: path.clone() } };
        Ok(Self {
            version: "0.1".to_owned(),
            log: Log { level: "info".to_owned(), formatter: "json".to_owned() },
            storage: Storage::new(settings, version),
            auth: settings.htpasswd.as_ref().map(auth),
            http: Http {
                addr: settings.address.to_string(),
                secret: settings.secret.clone(),
                draintimeout: (drain > 0).then(|| format!("{drain}s")),
                tls: settings.tls.clone(),
                headers: services::cors(settings),
                debug: settings.debug.map(Debug::new),
            },
            catalog: (version >= Version::new(2, 8, 2)).then_some(Catalog { maxentries: 1000 }),
            tags: (version >= Version::new(3, 1, 0)).then_some(Tags { maxtags: 1000 }),
            redis: services::redis(settings, version)?,
            proxy: services::proxy(settings),
            notifications: services::notifications(settings),
            health: settings.options.s3.is_some().then(Health::default),
        })
    }

    /// As a value of YAML.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when a path is not UTF-8.
    pub fn to_value(&self) -> Result<serde_json::Value> {
        let value = serde_json::to_value(self);
        value.map_err(|error| Error::input("a Distribution configuration cannot be written").caused_by(error))
    }

    /// The text of the file. It holds the secrets, if there are any.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when a path is not UTF-8.
    pub fn to_yaml(&self) -> Result<String> {
        yaml::to_string(self).map_err(|error| error.context("a Distribution configuration cannot be written"))
    }
}

impl Storage {
    /// A folder or a bucket; uploads given up for a week are removed.
    fn new(settings: &Settings, version: Version) -> Self {
        let (age, interval) = ("168h".to_owned(), "24h".to_owned());
        let options = &settings.options;
        let s3 = services::s3(settings, version);
        Self {
            filesystem: s3.is_none().then(|| Filesystem { rootdirectory: settings.root.clone() }),
            s3,
            delete: Enabled { enabled: options.has(Feature::Delete, true) },
            cache: Cache { blobdescriptor: if services::has_redis(settings) { "redis" } else { "inmemory" }.to_owned() },
            maintenance: Maintenance {
                uploadpurging: UploadPurging { enabled: true, age, interval, dryrun: false },
                readonly: options.has(Feature::ReadOnly, false).then_some(Enabled { enabled: true }),
            },
        }
    }
}

impl Debug {
    fn new(address: std::net::SocketAddr) -> Self {
        let path = super::METRICS.to_owned();
        Self { addr: address.to_string(), prometheus: Prometheus { enabled: true, path } }
    }
}
