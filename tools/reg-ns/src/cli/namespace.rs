//! The part of the command line that is about namespaces.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint, value_parser};
use reg_shared::cli::{RegistriesArgs, RegistryArgs};
use reg_shared::size;

use super::By;

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) registries: RegistriesArgs,
}

#[derive(Debug, Args)]
pub(crate) struct InfoArgs {
    /// The namespaces; - for the names on standard input, one a line
    #[arg(value_name = "NAMESPACE", required = true)]
    pub(crate) namespaces: Vec<String>,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

/// Who may do something in a namespace that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Access {
    /// Every login may read, create and update; administrators alone may delete
    Authenticated,
    /// Administrators alone may do anything
    None,
}

#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// The namespace: a prefix of repository names
    #[arg(value_name = "NAMESPACE")]
    pub(crate) namespace: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Everybody may read, without a login
    #[arg(long)]
    pub(crate) public: bool,
    /// Who else may do something [default: authenticated]
    #[arg(long, value_enum, value_name = "WHO")]
    pub(crate) access: Option<Access>,
    /// The most that its blobs may take: 10GiB
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(crate) quota: Option<u64>,
    /// Keep so many of the newest tags of each repository
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub(crate) keep_last: Option<u32>,
    /// Keep tags pushed less than so many days ago
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub(crate) keep_days: Option<u32>,
    /// Accept one that is there, when it has what these flags say
    #[arg(long)]
    pub(crate) exist_ok: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// The namespace
    #[arg(value_name = "NAMESPACE")]
    pub(crate) namespace: String,
    /// Although it is not empty: delete all that is in it
    #[arg(long)]
    pub(crate) force: bool,
    /// Delete nothing; say what would be
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Accept that it is not there
    #[arg(long)]
    pub(crate) missing_ok: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SetupArgs {
    /// The layout: a file (JSON or YAML), or - for standard input [default: the registry's stored one, of an instance else the default one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) layout: Option<PathBuf>,
    /// Change namespaces that are there, too
    #[arg(long)]
    pub(crate) update: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QuotaCommand {
    /// Measure namespaces against their quotas
    ///
    /// Measured is what the tags lead to: every manifest and its blobs, each content once in a namespace. Exit code 7 when one is over,
    /// or something could not be read.
    Check(QuotaArgs),
}

#[derive(Debug, Args)]
pub(crate) struct QuotaArgs {
    /// The namespaces; - for the names on standard input, one a line [default: those with a quota]
    #[arg(value_name = "NAMESPACE")]
    pub(crate) namespaces: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: RulesArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

/// Where the rules stand.
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// The layout with the rules: a file (JSON or YAML), or - for standard input [default: the registry's]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) layout: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PruneArgs {
    /// The namespaces; - for the names on standard input, one a line [default: those with retention]
    #[arg(value_name = "NAMESPACE")]
    pub(crate) namespaces: Vec<String>,
    /// Delete nothing; say what would be
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What the age of a tag is counted from; created reads manifest and configuration of each
    #[arg(long, value_enum, default_value_t = By::Pushed)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) rules: RulesArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}
