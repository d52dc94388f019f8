//! reg-test: prove that an OCI registry works.

mod catalog;
mod cli;
mod health;
mod probe;
mod suite;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use futures_util::future::BoxFuture;
use reg_shared::cli::{Context, Example, Program};
use reg_shared::document::{Failure, Kind, Registry, Rendered, TestReport};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;

use crate::suite::Suite;

/// The program.
pub const PROGRAM: Program = Program {
    name: "reg-test",
    command: cli::Cli::command,
    kinds: &[Kind::of::<TestReport>(), Kind::of::<Registry>(), Kind::of::<Rendered>(), Kind::of::<Failure>()],
    examples: &[
        Example { what: "A registry of your own, proven", command: "reg-up start ci --port 0 | reg-test push-pull -r -" },
        Example { what: "Is it well, and for how long is its certificate good", command: "reg-test health -r ci" },
        Example { what: "Wait until it is", command: "reg-test health -r ci --wait 120s" },
        Example { what: "Which checks failed", command: "reg-test all -r ci | jq -c '.checks[] | select(.outcome == \"fail\")'" },
        Example {
            what: "As a user, the password from a file",
            command: "reg-test push-pull -r ci -u alice --password-file alice.password",
        },
    ],
    run,
};

fn run<'a>(context: &'a Context, matches: &'a ArgMatches) -> BoxFuture<'a, Result<Exit>> {
    Box::pin(async move {
        let cli = cli::Cli::from_arg_matches(matches).map_err(|fault| Error::usage(fault.to_string()))?;
        let (name, check, repository) = match &cli.command {
            cli::Command::Health(check) => ("health", check, None),
            cli::Command::Catalog(check) => ("catalog", check, None),
            cli::Command::Push(probe) => ("push", &probe.check, Some(&probe.repository)),
            cli::Command::Pull(probe) => ("pull", &probe.check, Some(&probe.repository)),
            cli::Command::PushPull(probe) => ("push-pull", &probe.check, Some(&probe.repository)),
            cli::Command::All(all) => ("all", &all.probe.check, Some(&all.probe.repository)),
        };
        let mut suite = Suite::open(context, name, check, repository).await?;
        if suite.reach(check.wait).await {
            match &cli.command {
                cli::Command::Health(_) => health::checks(&mut suite).await,
                cli::Command::Catalog(_) => catalog::checks(&mut suite, true).await,
                cli::Command::Push(probe) => probe::push(&mut suite, &probe.repository).await,
                cli::Command::Pull(probe) => probe::pull(&mut suite, &probe.repository).await,
                cli::Command::PushPull(probe) => probe::push_pull(&mut suite, &probe.repository).await,
                cli::Command::All(all) => {
                    health::checks(&mut suite).await;
                    catalog::checks(&mut suite, false).await;
                    if all.write {
                        probe::push_pull(&mut suite, &all.probe.repository).await;
                    } else {
                        suite.skip("push-pull", "it would write: add --write");
                    }
                }
            }
        }
        suite.finish()
    })
}
