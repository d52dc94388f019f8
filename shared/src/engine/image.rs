//! Images: whether one is there, and pulling it with the login that Docker or Podman keeps.

use std::collections::HashMap;
use std::time::Duration;

use bollard::auth::DockerCredentials;
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::StreamExt as _;
use tokio::time::Instant;

use super::Engine;
use super::fault::{fault, found};
use crate::auth::{Credential, Lookup};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::name::quoted;

/// How often the progress of a pull is told.
const TELL: Duration = Duration::from_secs(2);

/// An image as an engine has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its identity: the digest of its configuration. A tag may move, this does not.
    pub id: String,
    /// The names of the variables that it sets for its program.
    pub variables: Vec<String>,
}

/// The registry that an image's name begins with, as engines read it: the first part when it could be a host, else Docker Hub.
#[must_use]
fn host(image: &str) -> &str {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
        _ => "docker.io",
    }
}

impl Engine {
    /// The image of this name, when the engine has it.
    ///
    /// # Errors
    /// When the name is none, or the engine does not tell.
    pub async fn image(&self, name: &str) -> Result<Option<Image>> {
        let Some(image) = found(self.docker.inspect_image(name).await)? else { return Ok(None) };
        let variables = image.config.and_then(|config| config.env).unwrap_or_default();
        let name = |variable: String| variable.split_once('=').map_or(variable.clone(), |(name, _)| name.to_owned());
        Ok(image.id.map(|id| Image { id, variables: variables.into_iter().map(name).collect() }))
    }

    /// Gets the image of this name from its registry. `tell` hears how far it is, in bytes: what has come, and of how many.
    ///
    /// # Errors
    /// [`crate::exit::Exit::NotFound`] when there is no such image, [`crate::exit::Exit::Denied`] when the registry wants a login that we
    /// do not have, [`crate::exit::Exit::Unreachable`] when the engine does not reach the registry.
    pub async fn pull(&self, name: &str, logins: &Lookup, tell: &(dyn Fn(u64, u64) + Send + Sync)) -> Result<Image> {
        let host = host(name);
        let login = logins.find(host, None).await?;
        let options = CreateImageOptionsBuilder::new().from_image(&with_tag(name)).build();
        let mut steps = self.docker.create_image(Some(options), None, credentials(host, &login.credential));
        let mut layers = HashMap::new();
        let mut told = Instant::now();
        while let Some(step) = steps.next().await {
            let step = match step {
                Ok(step) => step,
                Err(error) => return Err(refused(name, host, fault(error), login.note.as_deref())),
            };
            if let (Some(id), Some(detail), Some("Downloading")) = (step.id, step.progress_detail, step.status.as_deref())
                && let (Some(current), Some(total)) = (detail.current, detail.total)
            {
                layers.insert(id, (u64::try_from(current).unwrap_or(0), u64::try_from(total).unwrap_or(0)));
            }
            if told.elapsed() >= TELL && !layers.is_empty() {
                let (current, total) = layers.values().fold((0, 0), |(have, all), (current, total)| (have + current, all + total));
                tell(current, total);
                told = Instant::now();
            }
        }
        self.image(name).await?.ok_or_else(|| Error::failed(format!("the engine pulled {name} and does not have it")))
    }
}

/// Without a tag an engine pulls all tags there are.
fn with_tag(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    if last.contains([':', '@']) { name.to_owned() } else { format!("{name}:latest") }
}

fn credentials(host: &str, credential: &Credential) -> Option<DockerCredentials> {
    let own = DockerCredentials { serveraddress: Some(host.to_owned()), ..DockerCredentials::default() };
    match credential {
        Credential::Anonymous => None,
        Credential::Password { username, password } => {
            Some(DockerCredentials { username: Some(username.clone()), password: Some(password.expose().to_owned()), ..own })
        }
        Credential::IdentityToken(token) => Some(DockerCredentials { identitytoken: Some(token.expose().to_owned()), ..own }),
        Credential::RegistryToken(token) => Some(DockerCredentials { registrytoken: Some(token.expose().to_owned()), ..own }),
    }
}

/// Why an image did not come. An engine hands on what the registry said in a text of its own, most of it with status 500.
fn refused(name: &str, host: &str, fault: Error, note: Option<&str>) -> Error {
    let words = fault.to_string().to_lowercase();
    let any = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    let what = format!("cannot pull {}", quoted(name));
    let login = || {
        let note = note.map_or(String::new(), |note| format!("; {note}"));
        format!("`docker login {host}` logs the engine's pulls in{note}")
    };
    if any(&["no basic auth credentials", "unauthorized", "authentication required"]) {
        return fault.with_kind(Exit::Denied).context(what).hint(login());
    }
    // Docker Hub and its kin do not tell whether an image is missing or secret.
    if any(&["pull access denied", "requested access to the resource is denied"]) {
        return fault.with_kind(Exit::NotFound).context(what).hint(format!("look at the name; if it is private, {}", login()));
    }
    if any(&["manifest unknown", "not found", "name unknown", "repository does not exist"]) && !any(&["lookup "]) {
        return fault.with_kind(Exit::NotFound).context(what).hint("look at its name and tag, or name another with --image");
    }
    if any(&["dial tcp", "no such host", "connection refused", "timeout", "x509", "tls:", "deadline exceeded"]) {
        return fault
            .with_kind(Exit::Unreachable)
            .context(what)
            .hint("`docker load` brings an image in from a file, and --pull never uses what is there");
    }
    fault.context(what)
}

#[cfg(test)]
mod tests {
    use super::super::fault::said;
    use super::*;

    #[test]
    fn an_image_without_a_host_is_docker_hubs() {
        for (image, expected) in [
            ("registry:2", "docker.io"),
            ("team/app", "docker.io"),
            ("ghcr.io/project-zot/zot:v2", "ghcr.io"),
            ("localhost/app", "localhost"),
            ("127.0.0.1:5000/app", "127.0.0.1:5000"),
            ("host:5000/app@sha256:00", "host:5000"),
        ] {
            assert_eq!(host(image), expected, "{image}");
        }
    }

    #[test]
    fn one_tag_is_pulled_and_not_all() {
        for (name, expected) in [
            ("registry", "registry:latest"),
            ("registry:2", "registry:2"),
            ("127.0.0.1:5000/app", "127.0.0.1:5000/app:latest"),
            ("app@sha256:00", "app@sha256:00"),
        ] {
            assert_eq!(with_tag(name), expected);
        }
    }

    #[test]
    fn why_an_image_did_not_come_is_read_from_the_engines_words() {
        for (words, kind) in [
            ("Get \"http://127.0.0.1:1/v2/a/manifests/b\": no basic auth credentials", Exit::Denied),
            ("unauthorized: authentication required", Exit::Denied),
            ("manifest for 127.0.0.1:1/a:b not found: manifest unknown: manifest unknown", Exit::NotFound),
            ("pull access denied for nope, repository does not exist or may require 'docker login'", Exit::NotFound),
            ("Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host", Exit::Unreachable),
            ("Get \"https://a/v2/\": x509: certificate signed by unknown authority", Exit::Unreachable),
            ("write /x: no space left on device", Exit::Failed),
        ] {
            assert_eq!(refused("a:b", "docker.io", said(words), None).kind(), kind, "{words}");
        }
    }
}
