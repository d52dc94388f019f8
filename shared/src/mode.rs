//! The config file: named registries, called modes.
//!
//! ```toml
//! default = "dev"
//! [modes.dev.registry]
//! type = "zot"
//! url = "localhost:5000"
//! ```
//!
//! Other programs keep their own tables beside `registry` in a mode; those are left alone. Inside `registry` an unknown key is an
//! error, so that a typing mistake is not silently without effect.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::document::{CredentialReference, InstanceReference, Registry, Tls, Type, object};
use crate::error::{Error, Result};

/// The config file, read.
#[derive(Debug, Default, Deserialize)]
pub struct Config {
    /// The mode that is used when nothing says which.
    pub default: Option<String>,
    /// By name.
    #[serde(default)]
    modes: BTreeMap<String, Mode>,
}

#[derive(Debug, Deserialize)]
struct Mode {
    registry: Option<Entry>,
}

/// A registry as the config file has it: where it is, how to log in, and the parts of one that reg-up did not start.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    #[serde(rename = "type")]
    kind: Option<Type>,
    url: String,
    #[serde(default, deserialize_with = "object")]
    credential: Option<CredentialReference>,
    #[serde(default, deserialize_with = "object")]
    tls: Option<Tls>,
    #[serde(default)]
    token_hosts: Vec<String>,
    config: Option<PathBuf>,
    data: Option<PathBuf>,
    htpasswd: Option<PathBuf>,
    layout: Option<PathBuf>,
    restart_command: Option<String>,
}

impl Config {
    /// Reads the file. One that is not there is an empty config, unless somebody `named` it.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`]: cannot be read, or not understood, with line and column.
    pub fn read(path: &Path, named: bool) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound && !named => return Ok(Self::default()),
            Err(fault) => return Err(Error::io(format!("cannot read the config file {}", path.display()), fault)),
        };
        Self::parse(&text, &path.display().to_string())
    }

    fn parse(text: &str, source: &str) -> Result<Self> {
        let cannot = |fault: toml::de::Error, path: &str| {
            let start = fault.span().map_or(0, |span| span.start).min(text.len());
            let before = &text[..start];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
            let what = crate::document::in_words(fault.message(), path);
            Error::input(format!("{source}: line {line}, column {column}: {what}"))
        };
        let deserializer = toml::Deserializer::parse(text).map_err(|fault| cannot(fault, ""))?;
        serde_path_to_error::deserialize(deserializer).map_err(|fault| {
            let path = fault.path().to_string();
            cannot(fault.into_inner(), &path)
        })
    }

    /// The registry of a mode.
    #[must_use]
    pub fn registry(&self, name: &str) -> Option<Registry> {
        let entry = self.modes.get(name)?.registry.clone()?;
        let adopted = entry.config.is_some()
            || entry.data.is_some()
            || entry.htpasswd.is_some()
            || entry.layout.is_some()
            || entry.restart_command.is_some();
        let instance = adopted.then(|| InstanceReference {
            backend: "adopted".to_owned(),
            data: entry.data,
            config: entry.config,
            htpasswd: entry.htpasswd,
            layout: entry.layout,
            restart_command: entry.restart_command,
            ..InstanceReference::default()
        });
        Some(Registry {
            name: Some(name.to_owned()),
            kind: entry.kind,
            url: entry.url,
            credential: entry.credential,
            tls: entry.tls,
            token_hosts: entry.token_hosts,
            instance,
            ..Registry::default()
        })
    }

    /// The names of all modes that have a registry.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.modes.iter().filter(|(_, mode)| mode.registry.is_some()).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_a_registry_and_may_adopt_one_that_others_started() {
        let text = r#"
            default = "edge"
            [modes.edge.registry]
            type = "zot"
            url = "https://edge:5000"
            config = "/etc/zot/config.json"
            restartCommand = "systemctl restart zot"
            [modes.edge.extensions]
            anything = 1
            [modes.plain.registry]
            url = "localhost:5000"
            credential = { username = "admin", passwordEnv = "PASSWORD" }
        "#;
        let config = Config::parse(text, "config.toml").unwrap();
        assert_eq!(config.names().collect::<Vec<_>>(), ["edge", "plain"]);
        let edge = config.registry("edge").unwrap();
        assert_eq!(edge.kind, Some(Type::Zot));
        assert_eq!(edge.instance.unwrap().restart_command.unwrap(), "systemctl restart zot");
        let plain = config.registry("plain").unwrap();
        assert_eq!(plain.instance, None);
        assert_eq!(plain.credential.unwrap().username, "admin");
        assert_eq!(config.registry("none"), None);
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        for (text, expected) in [
            ("default = dev", "config.toml: line 1, column 11: "),
            ("[modes.a.registry]\nurl = 5", "config.toml: line 2, column 7: expected a text, found 5"),
            ("[modes.a.registry]\ntype = \"zot\"", "config.toml: line 1, column 1: the field \"url\" is missing"),
            (
                "[modes.a.registry]\nurl = \"a.b\"\npassword = \"x\"",
                "config.toml: line 3, column 1: unknown field \"password\"; known here: ",
            ),
        ] {
            let fault = Config::parse(text, "config.toml").unwrap_err().to_string();
            assert!(fault.starts_with(expected), "{fault}");
        }
    }
}
