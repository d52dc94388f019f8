//! The command line of reg-test, which is its help.

use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use reg_shared::cli::{RegistryArgs, duration};
use reg_shared::name::Repository;

/// Prove that an OCI registry works
///
/// Asks a registry what users ask of it and prints a row per check. Ends with 0 when all hold, with 7 when one does not, and with 4 when
/// nothing answers.
#[derive(Debug, Parser)]
#[command(name = "reg-test")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Is it well: API, login, version, certificate, its own health, how fast it answers
    Health(CheckArgs),
    /// Read all pages of its catalog and check the names
    Catalog(CheckArgs),
    /// Push a tiny image, the same bytes every time
    Push(ProbeArgs),
    /// Pull the image that push pushed, by tag and by digest, and compare every byte
    Pull(ProbeArgs),
    /// Push an image of random bytes, pull it back, compare, and clean up
    PushPull(ProbeArgs),
    /// All that only reads; with --write also push-pull
    All(AllArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    /// How long to wait until it answers, like 120s [default: not at all]
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true, value_parser = duration)]
    pub(crate) wait: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct ProbeArgs {
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    /// The repository for the image, NAMESPACE/NAME
    #[arg(long, value_name = "REPOSITORY", default_value = "reg-test/reg-probe")]
    pub(crate) repository: Repository,
}

#[derive(Debug, Args)]
pub(crate) struct AllArgs {
    #[command(flatten)]
    pub(crate) probe: ProbeArgs,
    /// Push and pull, too
    #[arg(long)]
    pub(crate) write: bool,
}
