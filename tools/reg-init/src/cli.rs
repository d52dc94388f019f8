//! The command line of reg-init, which is its help.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueHint};
use reg_shared::cli::{RegistryArgs, duration};

/// Converge an OCI registry to its layout
///
/// A layout says what a registry should be: namespaces, who may do what in them, what is kept, users, webhooks. reg-init waits until the
/// registry answers, shows what would change, changes it, proves it with a tiny image and reads all back. The second time nothing changes.
/// Without a subcommand it applies.
#[derive(Debug, Parser)]
#[command(name = "reg-init", args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) apply: ApplyArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a registry what its layout says
    Apply(ApplyArgs),
    /// Tell what would change
    Plan(PlanArgs),
    /// Print a layout: the default one, or a given one as it is understood
    Layout(LayoutArgs),
    /// Print what a registry is, as a layout
    Export(ExportArgs),
    /// Tell what in a layout is hardly meant
    Lint(LayoutArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// How long to wait until the registry answers
    #[arg(long, value_name = "TIME", default_value = "120s", value_parser = duration)]
    pub(crate) wait: Duration,
    /// Do not push the layout's test image and pull it back
    #[arg(long)]
    pub(crate) no_test_image: bool,
    /// Keep generated passwords in this folder [default: the instance's]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    /// The layout: a file (JSON or YAML), or - for standard input [default: the registry's stored one, of an instance else the default one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) layout: Option<PathBuf>,
    /// Remove namespaces, users, groups, robots and webhooks that the layout does not name
    #[arg(long)]
    pub(crate) prune: bool,
    /// End with 6, and change nothing, when the registry cannot do all that the layout says
    #[arg(long)]
    pub(crate) strict: bool,
    /// End with 7 when something changes or would
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LayoutArgs {
    /// A file (JSON or YAML), or - for standard input [default: the default layout]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) layout: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}
