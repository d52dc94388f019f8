//! reg-ns: look after what is in an OCI registry: namespaces, repositories, tags, manifests.

mod cli;
mod delete;
mod holdings;
mod image;
mod manifest;
mod namespace;
mod operand;
mod order;
mod referrers;
mod repos;
mod rm;
mod stats;
mod tag;
mod tags;
mod walk;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use futures_util::future::BoxFuture;
use reg_shared::cli::{Context, Example, Program};
use reg_shared::document::{
    Deleted, Failure, Kind, ManifestDocument, Namespaces, PruneReport, QuotaReport, Referrers, Registry, Rendered, Repositories,
    Statistics, Tagged, Tags,
};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::{Layout, NamespaceInfo, NamespaceReport};

/// How many requests wait for an answer at once: enough to hide the way to a far registry, and few enough for a small one.
const AT_ONCE: usize = 16;

/// The program.
pub const PROGRAM: Program = Program {
    name: "reg-ns",
    command: cli::Cli::command,
    kinds: &[
        Kind::of::<Namespaces>(),
        Kind::of::<NamespaceInfo>(),
        Kind::of::<NamespaceReport>(),
        Kind::of::<QuotaReport>(),
        Kind::of::<PruneReport>(),
        Kind::of::<Layout>(),
        Kind::of::<Repositories>(),
        Kind::of::<Tags>(),
        Kind::of::<ManifestDocument>(),
        Kind::of::<Referrers>(),
        Kind::of::<Tagged>(),
        Kind::of::<Deleted>(),
        Kind::of::<Statistics>(),
        Kind::of::<Registry>(),
        Kind::of::<Rendered>(),
        Kind::of::<Failure>(),
    ],
    examples: &[
        Example { what: "A registry of your own, and an image in it", command: "reg-up start dev | reg-test push -r -" },
        Example { what: "What is in it", command: "reg-ns repos -r dev" },
        Example {
            what: "Another name for an image; no layer is moved",
            command: "reg-ns tag reg-test/reg-probe:probe v1.0 v1.1 -r dev",
        },
        Example {
            what: "The newest release of the first major version",
            command: "reg-ns tags reg-test/reg-probe -r dev --semver ^1 --sort semver -o name | tail -n 1",
        },
        Example {
            what: "What an image is made of",
            command: "reg-ns manifest reg-test/reg-probe:v1.0 -r dev | jq '.content.layers'",
        },
        Example {
            what: "The tags that begin with v1, without the others of the same image",
            command: "reg-ns tags reg-test/reg-probe -r dev --match '^v1' | reg-ns rm -r - -",
        },
        Example { what: "How much is in it", command: "reg-ns stats -r dev" },
        Example { what: "A manifest with all that hangs on it", command: "reg-ns rm reg-test/reg-probe:probe --digest -r dev" },
        Example {
            what: "A namespace that keeps the ten newest tags of each repository; the registry asks for a login from then on",
            command: "reg-ns create team --description 'What the team ships' --keep-last 10 --quota 10GiB -r dev",
        },
        Example { what: "All of every namespace", command: "reg-ns list -r dev -o name | reg-ns info -r dev -" },
        Example { what: "From cron: what the rules do not keep goes", command: "reg-ns prune -r dev" },
        Example { what: "Who takes more than its quota", command: "reg-ns quota check -r dev" },
        Example { what: "A namespace with all that is in it", command: "reg-ns delete team --force -r dev" },
    ],
    run,
};

fn run<'a>(context: &'a Context, matches: &'a ArgMatches) -> BoxFuture<'a, Result<Exit>> {
    Box::pin(async move {
        let cli = cli::Cli::from_arg_matches(matches).map_err(|fault| Error::usage(fault.to_string()))?;
        // What only looks ends with the first signal; what changes something ends what it has begun.
        let interrupt = &context.interrupt;
        match &cli.command {
            cli::Command::List(args) => interrupt.or(namespace::list(context, args)).await,
            cli::Command::Info(args) => interrupt.or(namespace::info(context, args)).await,
            cli::Command::Create(args) => namespace::create(context, args).await,
            cli::Command::Delete(args) => namespace::delete(context, args).await,
            cli::Command::Setup(args) => namespace::setup(context, args).await,
            cli::Command::Quota(cli::QuotaCommand::Check(args)) => interrupt.or(namespace::check(context, args)).await,
            cli::Command::Prune(args) => namespace::prune(context, args).await,
            cli::Command::Repos(args) => interrupt.or(repos::repos(context, args)).await,
            cli::Command::Tags(args) => interrupt.or(tags::tags(context, args)).await,
            cli::Command::Manifest(args) => interrupt.or(manifest::manifest(context, args)).await,
            cli::Command::Referrers(args) => interrupt.or(referrers::referrers(context, args)).await,
            cli::Command::Tag(args) => tag::tag(context, args).await,
            cli::Command::Rm(args) => rm::rm(context, args).await,
            cli::Command::Stats(args) => interrupt.or(stats::stats(context, args)).await,
        }
    })
}
