//! reg-init: converge an OCI registry to its layout.

mod apply;
mod cli;
mod layout;
mod plan;
mod proof;
mod steps;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use futures_util::future::BoxFuture;
use reg_shared::cli::{Context, Example, Program};
use reg_shared::document::{Failure, Kind, LintReport, Registry, Rendered};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::{InitReport, Layout, Plan};

/// The program.
pub const PROGRAM: Program = Program {
    name: "reg-init",
    command: cli::Cli::command,
    kinds: &[
        Kind::of::<Layout>(),
        Kind::of::<Plan>(),
        Kind::of::<InitReport>(),
        Kind::of::<LintReport>(),
        Kind::of::<Registry>(),
        Kind::of::<Rendered>(),
        Kind::of::<Failure>(),
    ],
    examples: &[
        Example {
            what: "A registry of your own, set up and proven",
            command: "reg-up start ci --port 0 | reg-init -r - | reg-test push-pull -r -",
        },
        Example { what: "What would change if it were set up again", command: "reg-init plan -r ci --detailed-exitcode" },
        Example {
            what: "One more namespace",
            command: "reg-init layout | jq '.namespaces += [{\"name\":\"team-app\"}]' | reg-init apply -r ci --layout -",
        },
        Example { what: "What it is now, as a file to begin with", command: "reg-init export -r ci > team.json" },
        Example { what: "What in a layout is hardly meant", command: "reg-init lint team.json" },
    ],
    run,
};

fn run<'a>(context: &'a Context, matches: &'a ArgMatches) -> BoxFuture<'a, Result<Exit>> {
    Box::pin(async move {
        let cli = cli::Cli::from_arg_matches(matches).map_err(|fault| Error::usage(fault.to_string()))?;
        match &cli.command {
            None => apply::apply(context, &cli.apply).await,
            Some(cli::Command::Apply(args)) => apply::apply(context, args).await,
            Some(cli::Command::Plan(args)) => plan::plan(context, args).await,
            Some(cli::Command::Layout(args)) => layout::layout(context, args),
            Some(cli::Command::Export(args)) => plan::export(context, args).await,
            Some(cli::Command::Lint(args)) => layout::lint(context, args),
        }
    })
}
