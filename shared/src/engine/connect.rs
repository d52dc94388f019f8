//! The way to a container engine: which one, and whether it answers.
//!
//! `DOCKER_HOST` names it; otherwise it is the first that listens where Docker and Podman do. The folders of an instance are mounted
//! into its containers, so it has to be an engine of this machine; nothing here checks that, the engine itself does when it mounts.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, Docker};

use super::fault::fault;
use crate::error::{Error, Result};

/// How long an engine may take to answer a request. Pulling and reading logs are streams and take as long as they take.
const ANSWER: Duration = Duration::from_secs(120);
/// How long it may take to say that it is there.
const HELLO: Duration = Duration::from_secs(10);

/// Where Docker tells the containers of a network of their own the addresses of the others.
pub const NAMES: &str = "127.0.0.11";

/// Where to look for an engine: the parts of the environment that say so.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// `DOCKER_HOST`.
    pub host: Option<String>,
    /// `XDG_RUNTIME_DIR`, where engines without root privileges listen.
    pub runtime_dir: Option<PathBuf>,
}

impl Places {
    /// The addresses to try, the first that answers counts.
    fn addresses(&self) -> Vec<String> {
        if let Some(host) = &self.host {
            return vec![host.clone()];
        }
        let own = |socket: &str| self.runtime_dir.as_ref().map(|folder| folder.join(socket));
        let sockets = [
            Some(PathBuf::from("/var/run/docker.sock")),
            own("docker.sock"),
            own("podman/podman.sock"),
            Some(PathBuf::from("/run/podman/podman.sock")),
        ];
        sockets.into_iter().flatten().map(|socket| format!("unix://{}", socket.display())).collect()
    }
}

/// A container engine that answered: Docker, or Podman's service that speaks Docker's protocol.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) docker: Docker,
    address: String,
}

impl Engine {
    /// The engine to use.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unreachable`] when none answers, [`crate::exit::Exit::Denied`] when we may not use it.
    pub async fn find(places: &Places) -> Result<Self> {
        let addresses = places.addresses();
        let mut first = None;
        for address in &addresses {
            match Self::at(address).await {
                Ok(engine) => return Ok(engine),
                Err(fault) => {
                    // A socket that is not there says less than one that refuses us.
                    let there = address.strip_prefix("unix://").is_none_or(|socket| Path::new(socket).exists());
                    if there || places.host.is_some() {
                        first.get_or_insert(fault);
                    }
                }
            }
        }
        Err(first.unwrap_or_else(|| {
            Error::unreachable(format!("there is no container engine: nothing listens at {}", addresses.join(", ")))
                .hint("start Docker or Podman's service, or say with DOCKER_HOST where it listens")
        }))
    }

    /// The engine at an address: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`.
    ///
    /// # Errors
    /// Those of [`Self::find`]; [`crate::exit::Exit::Usage`] for an address of another kind.
    pub async fn at(address: &str) -> Result<Self> {
        let version = API_DEFAULT_VERSION;
        let docker = if let Some(socket) = address.strip_prefix("unix://") {
            let door = tokio::time::timeout(HELLO, tokio::net::UnixStream::connect(socket)).await;
            opened(address, door)?;
            Docker::connect_with_unix(address, ANSWER.as_secs(), version)
        } else if let Some(host) = address.strip_prefix("tcp://").or_else(|| address.strip_prefix("http://")) {
            let door = tokio::time::timeout(HELLO, tokio::net::TcpStream::connect(host.trim_end_matches('/'))).await;
            opened(address, door)?;
            Docker::connect_with_http(address.trim_end_matches('/'), ANSWER.as_secs(), version)
        } else {
            return Err(Error::usage(format!("DOCKER_HOST is {address}, which reg-up does not speak to"))
                .hint("it speaks to unix:///… and to tcp://HOST:PORT without TLS"));
        };
        let docker = docker.map_err(fault)?.with_request_modifier(url_safe_login);
        // bollard 0.21 sends no version and every engine takes its own newest; a bollard that does send one must send this.
        let hello = tokio::time::timeout(HELLO, docker.negotiate_version()).await;
        let docker = match hello {
            Ok(Ok(docker)) => docker,
            Ok(Err(_)) => return Err(Error::unreachable(format!("what listens at {address} is not a container engine"))),
            Err(_) => return Err(silent(address)),
        };
        Ok(Self { docker, address: address.to_owned() })
    }

    /// Its address, for [`Self::at`].
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Who tells the containers of a network the addresses of the others, when that is the same everywhere: Docker's own server. Podman's
    /// is another one in each network.
    ///
    /// # Errors
    /// When the engine does not tell what it is.
    pub async fn names(&self) -> Result<Option<&'static str>> {
        let told = self.docker.version().await.map_err(fault)?;
        let podman = told.components.iter().flatten().any(|part| part.name.to_lowercase().contains("podman"));
        Ok((!podman).then_some(NAMES))
    }

    /// The same engine, for a request that may take this much longer.
    pub(super) fn patient(&self, more: Duration) -> Docker {
        self.docker.clone().with_timeout(ANSWER.saturating_add(more))
    }
}

/// Whether somebody opens: the library's own errors do not tell why not.
fn opened<T>(address: &str, door: std::result::Result<io::Result<T>, tokio::time::error::Elapsed>) -> Result<()> {
    let fault = match door {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(fault)) => fault,
        Err(_) => return Err(silent(address)),
    };
    if fault.kind() == io::ErrorKind::PermissionDenied {
        return Err(Error::denied(format!("you may not use the container engine at {address}: permission denied"))
            .hint("`sudo usermod -aG docker $USER` lets you, from the next login on"));
    }
    let why = match fault.kind() {
        io::ErrorKind::NotFound => "there is no such socket".to_owned(),
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        _ => fault.to_string(),
    };
    Err(Error::unreachable(format!("cannot reach the container engine at {address}: {why}"))
        .hint("`docker version` shows whether it runs; DOCKER_HOST says where it listens"))
}

fn silent(address: &str) -> Error {
    Error::unreachable(format!("the container engine at {address} does not answer"))
}

/// bollard 0.21.1 sends logins in the standard alphabet of base64, and an engine reads the URL-safe one: it drops a login with `+` or `/`
/// in it and says that there was none (moby `api/types/registry/authconfig.go`).
fn url_safe_login(mut request: bollard::BollardRequest) -> bollard::BollardRequest {
    const LOGIN: &str = "x-registry-auth";
    let headers = request.headers_mut();
    if let Some(text) = headers.get(LOGIN).and_then(|login| login.to_str().ok()) {
        let safe = text.replace('+', "-").replace('/', "_");
        if let Ok(mut value) = ::http::HeaderValue::from_str(&safe) {
            value.set_sensitive(true);
            headers.insert(LOGIN, value);
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn docker_host_is_the_only_place_when_it_is_set() {
        let runtime_dir = Some(PathBuf::from("/run/user/7"));
        let named = Places { host: Some("tcp://127.0.0.1:1".to_owned()), runtime_dir: runtime_dir.clone() };
        assert_eq!(named.addresses(), ["tcp://127.0.0.1:1"]);
        let sockets = Places { host: None, runtime_dir }.addresses();
        assert_eq!(
            sockets,
            [
                "unix:///var/run/docker.sock",
                "unix:///run/user/7/docker.sock",
                "unix:///run/user/7/podman/podman.sock",
                "unix:///run/podman/podman.sock"
            ]
        );
    }

    async fn refused(host: &str) -> Error {
        let places = Places { host: Some(host.to_owned()), runtime_dir: None };
        Engine::find(&places).await.unwrap_err()
    }

    #[tokio::test]
    async fn an_engine_that_cannot_be_used_is_told_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let socket = format!("unix://{}", folder.path().join("socket").display());
        let fault = refused(&socket).await;
        assert_eq!(fault.to_string(), format!("cannot reach the container engine at {socket}: there is no such socket"));
        drop(std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap());
        let fault = refused(&socket).await;
        assert_eq!((fault.kind(), fault.to_string().ends_with(": connection refused")), (Exit::Unreachable, true));
        let fault = refused("ssh://somewhere").await;
        assert_eq!(
            (fault.kind(), fault.to_string().as_str()),
            (Exit::Usage, "DOCKER_HOST is ssh://somewhere, which reg-up does not speak to")
        );
    }

    #[tokio::test]
    async fn what_is_no_engine_is_not_taken_for_one() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").await;
            }
        });
        let fault = refused(&address).await;
        assert_eq!(fault.to_string(), format!("what listens at {address} is not a container engine"));
    }
}
