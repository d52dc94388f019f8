//! The command line of reg-ns, which is its help.

mod namespace;

use clap::{Args, Parser, Subcommand, ValueEnum};
use reg_shared::cli::{RegistriesArgs, RegistryArgs};
use reg_shared::name::{Repository, Tag};
use reg_shared::oci::manifest::Platform;
use regex::Regex;

pub(crate) use self::namespace::{
    Access, CreateArgs, DeleteArgs, InfoArgs, ListArgs, PruneArgs, QuotaArgs, QuotaCommand, SetupArgs,
};
use crate::order::{Range, range};

/// Look after what is in an OCI registry: namespaces, repositories, tags, manifests
///
/// Works with every registry that speaks the OCI distribution specification. A namespace is a prefix of repository names that carries
/// policy: one that the registry's layout names, or the first part of the names of repositories outside of those. A reference is written team/app:v1 or team/app@sha256:…
/// where -r says which registry, and with the host in front (localhost:5000/team/app:v1) where it does not.
#[derive(Debug, Parser)]
#[command(name = "reg-ns")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the namespaces
    ///
    /// Those that the layout of the registry names, and those that its repositories show. With several registries they are one view.
    List(ListArgs),
    /// Show all of namespaces: their rules, what they hold, what they take
    ///
    /// Reads every manifest that a tag in them leads to, and no layer. Exit code 7 when something could not be read.
    Info(InfoArgs),
    /// Make a namespace
    ///
    /// It comes into the layout of the registry, and the registry is seen to know of it. Every login may read, create and update in it,
    /// administrators alone may delete; --access none leaves it to administrators until somebody is granted more. Where it says
    /// nothing of what is kept, everything is. An instance that has no layout gets one: from then on it asks for a login, and
    /// repositories outside of its namespaces are for administrators.
    Create(CreateArgs),
    /// Delete a namespace
    ///
    /// Says what is in it, and deletes that with --force only: all its tags and the manifests that they lead to, then the namespace.
    /// Interrupted, the next run goes on. The bytes come free when garbage is collected.
    Delete(DeleteArgs),
    /// Make the namespaces of a layout, and nothing else of it
    ///
    /// Those that are there stay as they are, and what differs is told; --update changes them.
    Setup(SetupArgs),
    /// Quotas of namespaces
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Quota(QuotaCommand),
    /// Delete the tags that retention does not keep
    ///
    /// For registries that do not do it themselves, from cron. Each tag goes alone, as with rm, and the document says of each why it
    /// goes or stays. Kept are immutable tags, those that hang on another manifest (signatures), and those whose age would decide and
    /// is not known: Distribution tells no push times, and --by created goes by when the images were made. Exit code 7 when something
    /// failed.
    Prune(PruneArgs),
    /// List the repositories
    ///
    /// With their number of tags, and whether they are ghosts: Distribution leaves the names of emptied repositories in its catalog for
    /// ever, zot until it collects garbage. With -o name the catalog alone is asked for.
    Repos(ReposArgs),
    /// List the tags of a repository
    Tags(TagsArgs),
    /// Print a manifest
    Manifest(ManifestArgs),
    /// List what says something about a manifest: signatures, bills of materials, attestations
    Referrers(ReferrersArgs),
    /// Let tags point to a manifest: no layer is moved, and the manifest stays byte for byte
    Tag(TagArgs),
    /// Delete tags, or with --digest manifests
    ///
    /// A tag goes alone: the manifest and its other tags stay, also on Distribution 2, which deletes by digest only. A manifest goes
    /// with the tags that point to it and the manifests about it (its signatures); when there are any, or an index lists it, --force
    /// must say so. Of several references some of which fail, the others go: exit code 7.
    Rm(RmArgs),
    /// Count namespaces, repositories, tags, manifests and bytes
    ///
    /// Reads every manifest that a tag leads to, and no layer. Exit code 7 when something could not be read.
    Stats(StatsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ReposArgs {
    /// The namespace: only repositories of this name or below it
    #[arg(value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

/// How tags are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// By the bytes of their names
    Name,
    /// By version: 1.10 behind 1.9; what is no version comes first
    Semver,
    /// By time, the newest last; those without one come first
    Time,
}

/// What is taken for the time of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Since when it points to its manifest, where the registry tells
    Pushed,
    /// When the image says that it was made
    Created,
}

#[derive(Debug, Args)]
pub(crate) struct TagsArgs {
    /// The repository
    #[arg(value_name = "REPOSITORY")]
    pub(crate) repository: String,
    /// Only tags in which this regular expression is found
    #[arg(long = "match", value_name = "REGEX", value_parser = regex)]
    pub(crate) matching: Option<Regex>,
    /// Only tags that are versions (a v in front is fine) within a range: ^1.2, ~1.2, '>=1.2, <2'
    #[arg(long, value_name = "RANGE", value_parser = range)]
    pub(crate) semver: Option<Range>,
    /// How they are sorted
    #[arg(long, value_enum, default_value_t = Sort::Name)]
    pub(crate) sort: Sort,
    /// What is taken for the time of a tag; created reads manifest and configuration of each
    #[arg(long, value_enum, default_value_t = By::Pushed)]
    pub(crate) by: By,
    /// Also digest, media type, size and time: a request a tag
    #[arg(short, long)]
    pub(crate) long: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ManifestArgs {
    /// The manifest
    #[arg(value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// Of an index, the image for this platform: linux/amd64, linux/arm/v7
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) platform: Option<Platform>,
    /// Print its bytes as they are
    #[arg(long)]
    pub(crate) raw: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ReferrersArgs {
    /// The manifest that they are about
    #[arg(value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// Only those of this type
    #[arg(long, value_name = "TYPE")]
    pub(crate) artifact_type: Option<String>,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TagArgs {
    /// The manifest
    #[arg(value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// The tags, in the same repository
    #[arg(value_name = "TAG", required = true)]
    pub(crate) tags: Vec<Tag>,
    /// Move tags that point to another manifest
    #[arg(long)]
    pub(crate) force: bool,
    /// Leave tags that point to another manifest as they are, without an error
    #[arg(long, conflicts_with = "force")]
    pub(crate) exist_ok: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RmArgs {
    /// What is to go; - for the references on standard input, one a line
    #[arg(value_name = "REFERENCE", required = true)]
    pub(crate) references: Vec<String>,
    /// The repository, where REFERENCE is a tag or a digest alone
    #[arg(long, value_name = "REPOSITORY")]
    pub(crate) repository: Option<Repository>,
    /// Delete the manifest, with the tags that point to it and the manifests about it
    #[arg(long)]
    pub(crate) digest: bool,
    /// With --digest, although other tags point to it, manifests are about it, or an index lists it
    #[arg(long, requires = "digest")]
    pub(crate) force: bool,
    /// Pass over what is not there
    #[arg(long)]
    pub(crate) missing_ok: bool,
    /// Delete nothing; say what would be
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub(crate) registries: RegistriesArgs,
}

fn regex(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|fault| fault.to_string())
}
