//! Looking a credential up where Docker and Podman keep theirs.
//!
//! The files in the order of containers-auth.json(5): `REGISTRY_AUTH_FILE` alone when it is set; else the runtime folder's
//! `containers/auth.json`, the configuration folder's, and Docker's `config.json`. In a file the longest key wins
//! (`host/team/app`, `host/team`, `host`); a helper of that key (`credHelpers`) comes before a store for all (`credsStore`), and
//! both before `auths`. Never shows what it reads.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::credential::Credential;
use super::helper::{self, Answer};
use crate::error::{Error, Result};
use crate::name::{Repository, quoted};
use crate::secret::Secret;

/// How long a credential helper may take.
const HELPER_LIMIT: Duration = Duration::from_secs(30);
/// The key that Docker keeps the Docker Hub's credential under.
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// Where to look: the parts of the environment that say so.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `REGISTRY_AUTH_FILE`.
    pub auth_file: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`.
    pub runtime_dir: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `DOCKER_CONFIG`, a folder.
    pub docker_config: Option<PathBuf>,
    /// `PATH`, where credential helpers are.
    pub path: Option<OsString>,
}

impl Environment {
    /// Reads the variables through `variable`, for instance [`std::env::var_os`]. An empty one is none.
    #[must_use]
    pub fn read(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let get = |name: &str| variable(name).filter(|value| !value.is_empty());
        let path = |name: &str| get(name).map(PathBuf::from);
        Self {
            auth_file: path("REGISTRY_AUTH_FILE"),
            runtime_dir: path("XDG_RUNTIME_DIR"),
            config_home: path("XDG_CONFIG_HOME"),
            home: path("HOME"),
            docker_config: path("DOCKER_CONFIG"),
            path: get("PATH"),
        }
    }

    /// The files to read, in order.
    fn files(&self) -> Vec<PathBuf> {
        if let Some(file) = &self.auth_file {
            return vec![file.clone()];
        }
        let below_home = |name: &str| self.home.as_ref().map(|home| home.join(name));
        let folders = [
            self.runtime_dir.as_ref().map(|folder| folder.join("containers/auth.json")),
            self.config_home.clone().or_else(|| below_home(".config")).map(|folder| folder.join("containers/auth.json")),
            self.docker_config.clone().or_else(|| below_home(".docker")).map(|folder| folder.join("config.json")),
        ];
        folders.into_iter().flatten().collect()
    }
}

/// What was found, and where.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The credential; [`Credential::Anonymous`] when there is none.
    pub credential: Credential,
    /// The file it stands in.
    pub file: Option<PathBuf>,
    /// Something a person should know when the registry then refuses: a helper for all registries that is not installed.
    pub note: Option<String>,
}

/// Looks credentials up.
#[derive(Debug, Clone)]
pub struct Lookup {
    environment: Environment,
    helper_limit: Duration,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct File {
    auths: HashMap<String, Entry>,
    cred_helpers: HashMap<String, String>,
    creds_store: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
    registrytoken: String,
}

impl Lookup {
    /// Looks in the places that `environment` names.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self { environment, helper_limit: HELPER_LIMIT }
    }

    /// Gives a credential helper so much time, instead of 30 s.
    #[must_use]
    pub fn helper_limit(mut self, limit: Duration) -> Self {
        self.helper_limit = limit;
        self
    }

    /// The credential for `registry` (`host` or `host:port`), or for one repository of it where a key is that narrow.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] for a file that cannot be read or understood; [`crate::exit::Exit::Failed`] when the helper of
    /// this registry fails or is not installed.
    pub async fn find(&self, registry: &str, repository: Option<&Repository>) -> Result<Found> {
        let keys = keys(registry, repository);
        let mut note = None;
        for path in self.environment.files() {
            let Some(file) = read(&path)? else { continue };
            if let Some(credential) = self.find_in(&file, &path, &keys, &mut note).await? {
                return Ok(Found { credential, file: Some(path), note });
            }
        }
        Ok(Found { note, ..Found::default() })
    }

    async fn find_in(&self, file: &File, path: &Path, keys: &[String], note: &mut Option<String>) -> Result<Option<Credential>> {
        let search = self.environment.path.as_deref();
        for key in keys {
            let Some(name) = file.cred_helpers.get(key) else { continue };
            match helper::get(name, key, search, self.helper_limit).await? {
                Answer::Found(credential) => return Ok(Some(credential)),
                Answer::NotFound => {}
                Answer::Missing => {
                    let program = quoted(&format!("docker-credential-{name}"));
                    return Err(Error::failed(format!(
                        "{} names the credential helper {program}, which is not installed",
                        shown(path)
                    )));
                }
            }
        }
        // A store is asked for hosts only: Docker knows nothing narrower.
        if let (Some(key), false) = (keys.last(), file.creds_store.is_empty()) {
            match helper::get(&file.creds_store, key, search, self.helper_limit).await? {
                Answer::Found(credential) => return Ok(Some(credential)),
                Answer::NotFound => {}
                Answer::Missing => {
                    let program = quoted(&format!("docker-credential-{}", file.creds_store));
                    *note = Some(format!("{} names the credential helper {program}, which is not installed", shown(path)));
                }
            }
        }
        for key in keys {
            if let Some(credential) = file.entry(key).map(|entry| entry.credential(key, path)).transpose()?.flatten() {
                return Ok(Some(credential));
            }
        }
        Ok(None)
    }
}

impl File {
    fn entry(&self, key: &str) -> Option<&Entry> {
        self.auths.get(key).or_else(|| self.auths.iter().find(|(own, _)| plain(own) == plain(key)).map(|(_, entry)| entry))
    }
}

impl Entry {
    fn credential(&self, key: &str, path: &Path) -> Result<Option<Credential>> {
        if !self.identitytoken.is_empty() {
            return Ok(Some(Credential::IdentityToken(Secret::new(&*self.identitytoken))));
        }
        if !self.registrytoken.is_empty() {
            return Ok(Some(Credential::RegistryToken(Secret::new(&*self.registrytoken))));
        }
        if self.auth.is_empty() {
            // Docker leaves an empty entry where a helper keeps the secret.
            let known = !self.username.is_empty() && !self.password.is_empty();
            return known.then(|| Credential::password(&*self.username, Secret::new(&*self.password))).transpose();
        }
        let invalid = || Error::input(format!("the entry {} of {} is not base64 of user:password", quoted(key), shown(path)));
        let bytes = STANDARD.decode(self.auth.trim()).map_err(|_| invalid())?;
        let text = Secret::new(String::from_utf8(bytes).map_err(|_| invalid())?);
        let (username, password) = text.expose().split_once(':').ok_or_else(invalid)?;
        // Docker pads with NULs.
        Credential::password(username, Secret::new(password.trim_end_matches('\0'))).map(Some)
    }
}

/// The keys to look for, the narrowest first.
fn keys(registry: &str, repository: Option<&Repository>) -> Vec<String> {
    let hub = matches!(registry, "docker.io" | "index.docker.io" | "registry-1.docker.io");
    let host = if hub { "docker.io" } else { registry };
    let mut keys = Vec::new();
    let mut path = repository.map(Repository::as_str);
    while let Some(name) = path {
        keys.push(format!("{host}/{name}"));
        path = name.rsplit_once('/').map(|(above, _)| above);
    }
    keys.push(host.to_owned());
    if hub {
        keys.push(HUB_KEY.to_owned());
    }
    keys
}

/// A key without the scheme and API path that Docker once wrote: `https://reg.example/v1/` is `reg.example`.
fn plain(key: &str) -> &str {
    let key = key.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    key.strip_suffix("/v1").or_else(|| key.strip_suffix("/v2")).unwrap_or(key)
}

fn read(path: &Path) -> Result<Option<File>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(Error::io(format!("cannot read the credentials in {}", shown(path)), fault)),
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    // The parser's own message may quote a value, and values here are secrets.
    serde_json::from_slice(&bytes).map(Some).map_err(|fault| {
        Error::input(format!("{} is not an auth file: line {}, column {}", shown(path), fault.line(), fault.column()))
    })
}

fn shown(path: &Path) -> String {
    quoted(&path.display().to_string())
}

#[cfg(test)]
mod tests;
