//! reg-users: manage the users of htpasswd files and of the registries that read them.

mod check;
mod cli;
mod defaults;
mod edit;
mod export;
mod generate;
mod hashing;
mod import;
mod look;
mod password;
mod place;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use futures_util::future::BoxFuture;
use reg_shared::cli::{Context, Example, Program};
use reg_shared::document::{Failure, HtpasswdReport, Kind, Registry, Rendered, Users};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;

/// The program.
pub const PROGRAM: Program = Program {
    name: "reg-users",
    command: cli::Cli::command,
    kinds: &[
        Kind::of::<Users>(),
        Kind::of::<HtpasswdReport>(),
        Kind::of::<Registry>(),
        Kind::of::<Rendered>(),
        Kind::of::<Failure>(),
    ],
    examples: &[
        Example {
            what: "A user with a password from a file, into a new htpasswd file",
            command: "reg-users add alice --file users.htpasswd --password-file alice.password",
        },
        Example {
            what: "A robot with a generated password, which is printed once",
            command: "reg-users add robot --file users.htpasswd --generate --show > robot.password",
        },
        Example {
            what: "The three usual users, each with a password in a file",
            command: "reg-users defaults --file team.htpasswd --out passwords",
        },
        Example { what: "A registry that asks for them", command: "reg-up start team --htpasswd team.htpasswd" },
        Example {
            what: "Another password for one who uses a running registry",
            command: "reg-users passwd tester -r team --generate --out passwords",
        },
        Example {
            what: "Which lines zot and Distribution will not take",
            command: "reg-users check users.htpasswd --for zot,distribution",
        },
        Example {
            what: "Everybody in a list, with the same rows twice changing nothing",
            command: "reg-users import people.csv -r team",
        },
        Example { what: "One htpasswd line, for a file elsewhere", command: "reg-users generate bob --password-file bob.password" },
        Example {
            what: "Nobody whose name begins with temp",
            command: "reg-users list -r team -o name | (grep ^temp || true) | reg-users remove -r team -",
        },
    ],
    run,
};

fn run<'a>(context: &'a Context, matches: &'a ArgMatches) -> BoxFuture<'a, Result<Exit>> {
    Box::pin(async move {
        let cli = cli::Cli::from_arg_matches(matches).map_err(|fault| Error::usage(fault.to_string()))?;
        match &cli.command {
            cli::Command::Add(args) => edit::add(context, args).await,
            cli::Command::Passwd(args) => edit::passwd(context, args).await,
            cli::Command::Remove(args) => edit::remove(context, args).await,
            cli::Command::List(args) => look::list(context, args),
            cli::Command::Verify(args) => look::verify(context, args).await,
            cli::Command::Check(args) => check::check(context, args),
            cli::Command::Generate(args) => generate::generate(context, args).await,
            cli::Command::Defaults(args) => defaults::defaults(context, args).await,
            cli::Command::Import(args) => import::import(context, args).await,
            cli::Command::Export(args) => export::export(context, args),
        }
    })
}
