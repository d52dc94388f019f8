//! The `registry` document: which registry, of which type, where, and how to log in.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Document;
use super::read::object;
use crate::error::Error;

/// The type of a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// Our own small server inside `reg-up`.
    Embedded,
    /// The light registry, configured by one file.
    Zot,
    /// The full registry with its REST API.
    Harbor,
    /// The reference implementation (`registry:2`, `registry:3`).
    Distribution,
    /// Any other that speaks the distribution protocol.
    Oci,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Embedded, Self::Zot, Self::Harbor, Self::Distribution, Self::Oci];

    /// The name in documents and flags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Zot => "zot",
            Self::Harbor => "harbor",
            Self::Distribution => "distribution",
            Self::Oci => "oci",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Type {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|t| t.as_str() == text).ok_or_else(|| {
            Error::usage(format!(
                "{} is not a type of registry: embedded, zot, harbor, distribution and oci are",
                crate::name::quoted(text)
            ))
        })
    }
}

/// A registry: the document that reg-up prints and every tool takes with `-r -`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registry {
    /// The name of the instance or mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type; without it the URL is probed.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Type>,
    /// The version the registry says it is; null when it does not say.
    #[serde(default)]
    pub version: Option<String>,
    /// Where it answers: scheme, host and port.
    pub url: String,
    /// How its certificate is checked.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub tls: Option<Tls>,
    /// How to log in: a reference, never a secret.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub credential: Option<CredentialReference>,
    /// Hosts beside the registry's own that its tokens may be fetched from with the credential.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub token_hosts: Vec<String>,
    /// Other addresses of the same registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoints: Option<Endpoints>,
    /// Where its parts lie, when it is managed from this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<InstanceReference>,
    /// Fields of later versions and of other programs: kept and passed on.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Document for Registry {
    const KIND: &'static str = "registry";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("TYPE", "/type"),
        ("VERSION", "/version"),
        ("URL", "/url"),
        ("USER", "/credential/username"),
        ("DIRECTORY", "/instance/dir"),
    ];
}

impl Registry {
    /// For messages: `zot at https://localhost:5000`.
    #[must_use]
    pub fn title(&self) -> String {
        match self.kind {
            Some(kind) => format!("{kind} at {}", self.url),
            None => self.url.clone(),
        }
    }
}

/// How a registry's certificate is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tls {
    /// A PEM file with certificates to trust beside the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// False: any certificate is taken.
    #[serde(default = "yes")]
    pub verify: bool,
}

fn yes() -> bool {
    true
}

/// How to log in: the name, and where the password is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CredentialReference {
    /// The user.
    pub username: String,
    /// A file with the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// The environment variable with the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
}

/// Other addresses of a registry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Endpoints {
    /// Prometheus metrics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<String>,
    /// The type's own health endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// A web page for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ui: Option<String>,
    /// Fields of later versions and of other programs: kept and passed on.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Where the parts of a managed registry lie. Relative paths are below `dir`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstanceReference {
    /// What runs it: `process`, `docker` for a container engine, or `adopted` when a mode names its parts and somebody else started it.
    pub backend: String,
    /// The instance's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dir: Option<PathBuf>,
    /// The registry's data folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// The configuration file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<PathBuf>,
    /// The htpasswd file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub htpasswd: Option<PathBuf>,
    /// The layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<PathBuf>,
    /// Its containers, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<String>,
    /// The command that restarts an adopted registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_command: Option<String>,
    /// Fields of later versions and of other programs: kept and passed on.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}
