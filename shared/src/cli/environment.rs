//! The environment, read once and passed on as values.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::auth;
use crate::engine;

/// What the tools take from the environment.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `REG_REGISTRY`: which registry, when `-r` does not say.
    pub registry: Option<String>,
    /// `REG_MODE`: which mode, when neither `-r` nor `REG_REGISTRY` does.
    pub mode: Option<String>,
    /// `REG_OUTPUT`: the output format, when `-o` does not say.
    pub output: Option<String>,
    /// The config file: `REG_CONFIG`, else `$XDG_CONFIG_HOME/reg/config.toml`; and whether it was named.
    pub config: Option<(PathBuf, bool)>,
    /// The instances' folder: `$XDG_STATE_HOME/reg/instances`.
    pub instances: Option<PathBuf>,
    /// What is kept for good: `$XDG_DATA_HOME/reg`.
    pub data: Option<PathBuf>,
    /// The user's own folder: `HOME`.
    pub home: Option<PathBuf>,
    /// The user's configuration: `$XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `PATH`, for finding registry binaries.
    pub path: Vec<PathBuf>,
    /// Where logins are, for `auth`.
    pub auth: auth::Environment,
    /// Where a container engine may be.
    pub engine: engine::Places,
    /// The names of all variables: a registry's own would change its configuration.
    pub variables: Vec<OsString>,
}

impl Environment {
    /// Reads the process's environment. An empty variable counts as unset, as the XDG specification wants.
    #[must_use]
    pub fn read() -> Self {
        let home = path("HOME");
        let below_home = |variable: &str, default: &str| {
            path(variable).filter(|p| p.is_absolute()).or_else(|| home.as_ref().map(|home| home.join(default)))
        };
        let config_home = below_home("XDG_CONFIG_HOME", ".config");
        let config = match path("REG_CONFIG") {
            Some(named) => Some((named, true)),
            None => config_home.as_ref().map(|dir| (dir.join("reg/config.toml"), false)),
        };
        Self {
            registry: text("REG_REGISTRY"),
            mode: text("REG_MODE"),
            output: text("REG_OUTPUT"),
            config,
            instances: below_home("XDG_STATE_HOME", ".local/state").map(|dir| dir.join("reg/instances")),
            data: below_home("XDG_DATA_HOME", ".local/share").map(|dir| dir.join("reg")),
            path: std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default(),
            auth: auth::Environment::read(|variable| std::env::var_os(variable)),
            engine: engine::Places { host: text("DOCKER_HOST"), runtime_dir: path("XDG_RUNTIME_DIR") },
            variables: std::env::vars_os().map(|(name, _)| name).collect(),
            config_home,
            home,
        }
    }

    /// With the config file that the command line names in place of its own.
    #[must_use]
    pub(super) fn with_config(mut self, matches: &clap::ArgMatches) -> Self {
        if let Some(path) = matches.get_one::<PathBuf>("config") {
            self.config = Some((path.clone(), true));
        }
        self
    }

    /// A variable that a person named, like the one of `--password-env`.
    #[must_use]
    pub fn named(variable: &str) -> Option<String> {
        std::env::var(variable).ok()
    }
}

fn text(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|text| !text.is_empty())
}

fn path(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|text| !text.is_empty()).map(PathBuf::from)
}
