//! What stands beside a registry in containers of its own, when its options ask for it: which, and how each is started.

use std::path::PathBuf;

use super::container::{FILES, PORT};
use super::{Launch, Registry, host};
use crate::distribution::beside as distribution;
use crate::engine::spec::{Mount, Source, Spec};
use crate::options::{Feature, Options};

/// A container beside a registry's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Companion {
    /// Distribution's cache.
    Redis,
    /// Distribution's pages for a browser.
    Ui,
}

impl Registry {
    /// What stands beside it with these options.
    #[must_use]
    pub fn companions(self, options: &Options) -> Vec<Companion> {
        match self {
            Self::Distribution => Companion::ALL.into_iter().filter(|one| options.has(one.feature(), false)).collect(),
            // zot has pages of its own.
            Self::Embedded | Self::Zot | Self::Harbor | Self::Oci => Vec::new(),
        }
    }
}

impl Companion {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Redis, Self::Ui];

    /// Its name in the instance's network.
    #[must_use]
    pub fn part(self) -> &'static str {
        match self {
            Self::Redis => distribution::REDIS,
            Self::Ui => distribution::UI,
        }
    }

    /// What asks for it.
    #[must_use]
    pub fn feature(self) -> Feature {
        match self {
            Self::Redis => Feature::Redis,
            Self::Ui => Feature::Ui,
        }
    }

    /// Its image: by version, so that tomorrow's start is today's.
    #[must_use]
    pub fn image(self) -> &'static str {
        match self {
            Self::Redis => distribution::REDIS_IMAGE,
            Self::Ui => distribution::UI_IMAGE,
        }
    }

    /// Its port, when somebody outside talks to it.
    #[must_use]
    pub fn port(self) -> Option<u16> {
        match self {
            Self::Redis => None,
            Self::Ui => Some(distribution::UI_PORT),
        }
    }

    /// What helps where there are no containers.
    #[must_use]
    pub fn instead(self) -> &'static str {
        match self {
            Self::Redis => "--redis-url-file names a Redis that runs already",
            Self::Ui => "--cors lets pages that run already use the registry; zot has pages of its own",
        }
    }

    /// How it is started; `names` is who tells the addresses in the instance's network, when that is known beforehand.
    #[must_use]
    pub fn spec(self, launch: &Launch, image: &str, names: Option<&str>) -> Spec {
        let own = Spec {
            part: self.part().to_owned(),
            image: image.to_owned(),
            program: None,
            args: Vec::new(),
            user: None,
            check: Vec::new(),
            env: Vec::new(),
            mounts: Vec::new(),
            ports: self.port().into_iter().zip(launch.page).collect(),
            memory: None,
            milli_cpus: None,
        };
        match self {
            Self::Redis => {
                let inside = PathBuf::from(FILES).join(distribution::REDIS_CONFIG);
                Spec {
                    // The image's own script would become another user, who may not read the file.
                    program: Some("redis-server".to_owned()),
                    args: vec![inside.display().to_string()],
                    // It answers without a password, too: that it wants one.
                    check: vec!["redis-cli".to_owned(), "ping".to_owned()],
                    mounts: vec![Mount { inside, source: Source::ReadOnly(launch.dir.join(distribution::REDIS_CONFIG)) }],
                    memory: Some(distribution::REDIS_MEMORY),
                    ..own
                }
            }
            Self::Ui => {
                let scheme = if launch.tls.is_some() { "https" } else { "http" };
                let port = launch.address.port();
                // A certificate that is yet to come does not tell the host; the pages then take their own.
                let host = host(launch).ok().filter(|_| port != 0);
                let pages = distribution::Pages {
                    title: &launch.name,
                    registry: format!("{scheme}://{}:{PORT}", crate::engine::owner::REGISTRY),
                    pull: host.map(|host| format!("{host}:{port}")),
                    login: launch.htpasswd.is_some(),
                    delete: distribution::deletes(&launch.options),
                    names,
                };
                let page = format!("http://127.0.0.1:{}/", distribution::UI_PORT);
                Spec {
                    user: Some(distribution::UI_USER),
                    check: ["wget", "-q", "-O", "/dev/null", &page].map(ToOwned::to_owned).into(),
                    env: pages.environment(),
                    memory: Some(distribution::UI_MEMORY),
                    ..own
                }
            }
        }
    }
}
