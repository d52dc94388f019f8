//! The command line of reg-up, which is its help.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueHint};
use reg_shared::cli::{AccessArgs, RegistryArgs, duration};
use reg_shared::document::Type;
use reg_shared::registry;

use crate::backend::BackendArgs;
use crate::configure::ConfigureArgs;
use crate::lint::LintArgs;
use crate::options::OptionArgs;

/// Start, stop and watch registries on this machine
///
/// Starts zot or Distribution as a process of yours or in a container, or an embedded registry that needs nothing installed, waits until
/// it answers and prints its document: the input of every other reg tool.
#[derive(Debug, Parser)]
#[command(name = "reg-up")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a registry and wait until it answers
    ///
    /// A name that is known is started as it was before; flags change what they name. Starting what already runs with the same settings
    /// changes nothing.
    Start(Box<StartArgs>),
    /// Change the settings of a registry
    ///
    /// Flags change what they name, --without and --unset take back what was asked for before. One that runs is started anew, and runs on
    /// as before when it does not come up; one that is stopped stays so.
    Configure(Box<ConfigureArgs>),
    /// Stop a registry; its data and settings stay
    Stop(StopArgs),
    /// Stop a registry and start it again
    Restart(RestartArgs),
    /// Stop a registry and forget it; its data stays unless --purge
    Remove(RemoveArgs),
    /// Say what a registry is doing
    Status(SubjectArgs),
    /// List all instances
    List,
    /// Print the registry document of an instance
    Info(SubjectArgs),
    /// Print the log of a registry
    Logs(LogsArgs),
    /// Print what a registry counts, in words that all types share
    Metrics(MetricsArgs),
    /// Print the configuration as a registry would be started with
    Render(Box<RenderArgs>),
    /// Look for mistakes in a configuration file of zot or Distribution
    ///
    /// Knows the keys of every release: one that it does not know keeps zot from starting, and Distribution ignores it without a word. Says
    /// where, what, and the right way. Exit code 7 when something is wrong.
    Lint(LintArgs),
    /// Remove what no manifest needs any more
    ///
    /// An embedded registry does it while it runs. Distribution is stopped for it and started again: what is pushed meanwhile would be lost.
    /// zot does it by itself and cannot be asked; the report says when.
    Gc(GcArgs),
    /// Run the embedded registry in the foreground, for containers and systemd
    ///
    /// A real registry for laptops, CI and tests: it passes the OCI conformance suite. For a team take zot, Distribution or Harbor: they
    /// have access rules, replication and scanning.
    Serve(ServeArgs),
    /// Copies standard input to a rotated log: the other end of a registry's output
    #[command(hide = true)]
    LogPump {
        /// The folder of the log
        directory: PathBuf,
    },
    /// Waits for a line on standard input and becomes a registry's program
    #[command(hide = true)]
    Gate {
        /// The name the program is to see as its own
        name: OsString,
        /// The program's file
        program: PathBuf,
        /// Its arguments
        #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
        arguments: Vec<OsString>,
    },
}

/// The types that can be started on this machine.
fn start_type(text: &str) -> Result<Type, String> {
    match text.parse() {
        Ok(kind) if registry::Registry::from(kind).starts() => Ok(kind),
        Ok(kind) => Err(format!("reg-up cannot start {kind}; it starts embedded, zot and distribution")),
        Err(_) => Err("reg-up starts embedded, zot and distribution".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    /// The name of the instance [default: its type]
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
    /// Start with other settings than it runs with
    #[arg(long)]
    pub(crate) replace: bool,
    /// How long it may take until it answers
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) wait: Duration,
    #[command(flatten)]
    pub(crate) registry: StartRegistryArgs,
}

/// `-r` of `start`: an instance that was started before.
#[derive(Debug, Args)]
pub(crate) struct StartRegistryArgs {
    /// An instance that was started before, in place of NAME: its name, its URL, - for a document, or @FILE
    #[arg(short = 'r', long = "registry", value_name = "REGISTRY", conflicts_with = "name")]
    pub(crate) registry: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct SettingsArgs {
    /// The type of registry: embedded (nothing to install), zot or distribution [default: embedded]
    #[arg(long = "type", value_name = "TYPE", value_parser = start_type)]
    pub(crate) kind: Option<Type>,
    #[command(flatten)]
    pub(crate) backend: BackendArgs,
    /// The registry's program [default: found on PATH]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) binary: Option<PathBuf>,
    /// The address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) bind: Option<IpAddr>,
    /// The port to listen on, 0 for any free one [default: 5000]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// The folder for its data [default: in the instance's folder]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) data: Option<PathBuf>,
    /// Serve TLS with a certificate document: a file, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cert", "key"], value_hint = ValueHint::FilePath)]
    pub(crate) tls: Option<PathBuf>,
    /// Serve TLS with this certificate (PEM, with its chain)
    #[arg(long, value_name = "FILE", requires = "key", value_hint = ValueHint::FilePath)]
    pub(crate) cert: Option<PathBuf>,
    /// The private key of --cert (PEM)
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,
    /// The certificates clients should trust, for the registry document (PEM)
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath)]
    pub(crate) ca_file: Option<PathBuf>,
    /// Ask for a login of this htpasswd file (bcrypt); it is copied
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) htpasswd: Option<PathBuf>,
    /// Begin with this layout (a file, or - for standard input): who may do what, and an administrator with a generated password
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) layout: Option<PathBuf>,
    /// Let others than this machine in without a login
    #[arg(long)]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) options: OptionArgs,
}

/// One instance: by name, or as every tool takes it.
#[derive(Debug, Args)]
pub(crate) struct SubjectArgs {
    /// The name of the instance
    #[arg(value_name = "NAME", conflicts_with = "registry")]
    pub(crate) name: Option<String>,
    /// The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    #[arg(short = 'r', long, value_name = "REGISTRY", help_heading = "Registry")]
    pub(crate) registry: Option<String>,
    /// Talk http to a host that is not this machine
    #[arg(long, help_heading = "Registry")]
    pub(crate) plain_http: bool,
}

impl SubjectArgs {
    /// As the arguments of every tool. reg-up never logs in: it has no use for the other flags.
    pub(crate) fn registry_args(&self) -> RegistryArgs {
        let access = AccessArgs { plain_http: self.plain_http, ..AccessArgs::default() };
        RegistryArgs { registry: self.registry.clone(), access }
    }
}

#[derive(Debug, Args)]
pub(crate) struct StopArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// How long it may take to finish what it is doing
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub(crate) wait: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct RestartArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// How long it may take until it answers
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) wait: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// Remove its data, too
    #[arg(long)]
    pub(crate) purge: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LogsArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// Go on with what comes
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Only the last lines
    #[arg(long, value_name = "LINES")]
    pub(crate) tail: Option<usize>,
    /// Only what was written since: a time (2026-11-20T10:00:00Z) or how long ago (15m)
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    /// An instance, to render what it was started with; flags change what they name
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
    /// What to render: the configuration; a compose project that starts the same in containers; or for an instance a unit that has systemd
    /// run it, or what Prometheus is to scrape and to warn of
    #[arg(long, value_enum, value_name = "TARGET", default_value_t = Target::Config)]
    pub(crate) target: Target,
    /// Write the files into this folder in place of printing them
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) registry: StartRegistryArgs,
}

/// What is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Target {
    /// The configuration as the registry would be started with
    Config,
    /// A compose file; --output writes the files that its containers mount, too
    Compose,
    /// A unit for an instance's process
    Systemd,
    /// A scrape configuration and alert rules for an instance
    Prometheus,
}

#[derive(Debug, Args)]
pub(crate) struct MetricsArgs {
    /// The name of the instance
    #[arg(value_name = "NAME", conflicts_with = "registry")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    /// Print the page for Prometheus as it is
    #[arg(long)]
    pub(crate) raw: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GcArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// Only count
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Remove manifests without a tag, too (Distribution; refused where an index would lose its images)
    #[arg(long)]
    pub(crate) untagged: bool,
    /// Keep what is younger than this: an upload whose manifest is still to come (embedded)
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub(crate) grace: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) bind: IpAddr,
    /// The port to listen on, 0 for any free one
    #[arg(long, value_name = "PORT", default_value_t = 5000)]
    pub(crate) port: u16,
    /// The folder for its data
    #[arg(long, value_name = "DIR", required_unless_present = "in_memory", value_hint = ValueHint::DirPath)]
    pub(crate) data: Option<PathBuf>,
    /// Keep everything in memory: for tests
    #[arg(long, conflicts_with = "data")]
    pub(crate) in_memory: bool,
    /// Serve TLS with this certificate (PEM, with its chain)
    #[arg(long, value_name = "FILE", requires = "key", value_hint = ValueHint::FilePath)]
    pub(crate) cert: Option<PathBuf>,
    /// The private key of --cert (PEM)
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,
    /// Ask for a login of this htpasswd file (bcrypt); changes are seen
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) htpasswd: Option<PathBuf>,
    /// Let in as this layout says (JSON or YAML); changes are seen
    #[arg(long, value_name = "FILE", requires = "htpasswd", value_hint = ValueHint::FilePath)]
    pub(crate) layout: Option<PathBuf>,
    /// Let others than this machine in without a login
    #[arg(long)]
    pub(crate) open: bool,
}
