//! How a registry is started in a container: its image, and where its files are inside.
//!
//! The configuration is the same as for a process, with the paths and addresses of the container. The instance's folder is mounted whole:
//! a file that is replaced in it is seen inside, which a file that is mounted by itself is not.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use super::plan::{Release, distribution_plan, zot_plan};
use super::{Laid, Launch, Plan, Registry};
use crate::engine::container::Ended;
use crate::error::{Error, Result};
use crate::{distribution, zot};

/// Where the instance's folder is.
pub const FILES: &str = "/etc/reg";
/// Where its data is.
pub const DATA: &str = "/var/lib/registry";
/// The port it listens on.
pub const PORT: u16 = 5000;
/// The port of its metrics and health, when they are not on the same.
pub const DEBUG_PORT: u16 = 5001;

/// An image, and what its program said to [`Registry::version_arguments`].
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its name.
    pub image: &'a str,
    /// The names of the variables that it sets.
    pub variables: &'a [String],
    /// What its program printed.
    pub answer: &'a str,
    /// How that ended.
    pub ended: &'a Ended,
}

impl Asked<'_> {
    /// Its program is another one, or cannot run here.
    fn is_none_of(&self, what: &str, fault: Error) -> Error {
        let first = self.answer.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let fault = match self.ended.code {
            0 => fault,
            _ if first.is_empty() => Error::input(format!("its program {}", self.ended)),
            _ => Error::input(format!("its program {}: {}", self.ended, first.trim())),
        };
        let fault = if first.contains("exec format error") {
            let image = self.image;
            fault.hint(format!(
                "it may be for another processor: `docker image inspect --format '{{{{.Architecture}}}}' {image}` tells for which"
            ))
        } else {
            fault
        };
        fault.context(format!("{} is no image of {what}", self.image))
    }
}

impl Registry {
    /// The image of this type: by version, so that tomorrow's start is today's. None for a type that is never contained.
    #[must_use]
    pub fn image(self) -> Option<&'static str> {
        match self {
            Self::Zot => Some("ghcr.io/project-zot/zot:v2.1.20"),
            Self::Distribution => Some("docker.io/library/registry:3.1.1"),
            Self::Embedded | Self::Harbor | Self::Oci => None,
        }
    }

    /// The arguments that make the program of an image tell its version.
    #[must_use]
    pub fn version_arguments(self) -> Vec<String> {
        match self {
            Self::Zot => vec![zot::VERSION.to_owned()],
            Self::Distribution => vec![distribution::VERSION.to_owned()],
            Self::Embedded | Self::Harbor | Self::Oci => Vec::new(),
        }
    }

    /// How it is started in a container of an image.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unsupported`] for a type or version that cannot be started, [`crate::exit::Exit::Input`] when the image is not
    /// one of such a registry, or changes what it is told.
    pub async fn plan_contained(self, launch: &Launch, asked: &Asked<'_>) -> Result<Plan> {
        let launch = Launch { variables: asked.variables.iter().map(OsString::from).collect(), ..inside(launch) };
        let mut plan = match self {
            Self::Zot => {
                let build = zot::Build::parse(asked.answer).map_err(|fault| asked.is_none_of("zot", fault))?;
                zot_plan(&launch, None, &build).await?
            }
            Self::Distribution => {
                let release = Release::parse(asked.answer).map_err(|fault| asked.is_none_of("distribution", fault))?;
                distribution_plan(&launch, None, release)?
            }
            Self::Embedded | Self::Harbor | Self::Oci => {
                return Err(Error::unsupported("reg-up does not start registries of this type in containers"));
            }
        };
        let secrets = launch.secrets.clone().unwrap_or_default();
        plan.warnings.extend(launch.options.leads_to_itself(&secrets).into_iter().map(|part| {
            let flag = part.flag();
            format!(
                "{flag} leads to its own container: from there this machine is the gateway of its network (`docker network inspect`)"
            )
        }));
        match plan.env_remove.first() {
            None => Ok(plan),
            // Not every engine can take a variable out, and one that is empty is not out.
            Some(variable) => {
                let what = format!("{} sets {}, which changes the configuration", asked.image, variable.display());
                Err(Error::input(what).hint("take an image without it; --set and --config-base say such things to reg-up"))
            }
        }
    }
}

/// The same as the container sees it.
fn inside(launch: &Launch) -> Launch {
    let place = |path: &PathBuf| match path.strip_prefix(&launch.dir) {
        Ok(below) => Path::new(FILES).join(below),
        Err(_) => path.clone(),
    };
    let any = |port| SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port);
    Launch {
        dir: FILES.into(),
        data: if launch.data.starts_with(&launch.dir) { in_volume(&launch.data) } else { DATA.into() },
        address: any(PORT),
        debug_address: any(DEBUG_PORT),
        tls: launch.tls.as_ref().map(|(cert, key)| (place(cert), place(key))),
        htpasswd: launch.htpasswd.as_ref().map(place),
        layout: launch.layout.clone().map(|laid| Laid { file: place(&laid.file), ..laid }),
        ..launch.clone()
    }
}

/// An instance's volume holds the data of each type in a folder of its own, as `data` in its folder does.
fn in_volume(data: &Path) -> PathBuf {
    Path::new(DATA).join(data.file_name().unwrap_or_default())
}
