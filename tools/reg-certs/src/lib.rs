//! reg-certs: issue, check and renew TLS certificates.
//!
//! In reading order: `host` (what a certificate is for), `key`, `folder` (files that land whole), `constraint`, `issuer` and `authority`, `pair`
//! (a certificate and its key), then a command each, with `subject` (what is looked at), `request`, `checks`, `reload`, `place` and
//! `clients` (who trusts) beside them.

mod authority;
mod ca;
mod checks;
mod cli;
mod clients;
mod constraint;
mod expires;
mod folder;
mod host;
mod issue;
mod issuer;
mod key;
mod pair;
mod place;
mod reload;
mod renew;
mod request;
mod show;
mod subject;
mod trust;
mod verify;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use futures_util::future::BoxFuture;
use reg_shared::cli::{Context, Example, Program};
use reg_shared::document::{Certificate, Certificates, Failure, Kind, Registry, Rendered, Trusted, Verification};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;

/// The program.
pub const PROGRAM: Program = Program {
    name: "reg-certs",
    command: cli::Cli::command,
    kinds: &[
        Kind::of::<Certificate>(),
        Kind::of::<Certificates>(),
        Kind::of::<Verification>(),
        Kind::of::<Trusted>(),
        Kind::of::<Registry>(),
        Kind::of::<Rendered>(),
        Kind::of::<Failure>(),
    ],
    examples: &[
        Example { what: "A certificate for this machine, and where its files are", command: "reg-certs issue localhost 127.0.0.1" },
        Example {
            what: "A registry with TLS, proven",
            command: "reg-certs issue localhost | reg-up start team --type embedded --tls - | reg-test health -r -",
        },
        Example { what: "What curl needs to believe it", command: "reg-certs ca -o name" },
        Example { what: "Is everything right with it", command: "reg-certs verify -r team" },
        Example { what: "What expires soon, for cron", command: "reg-certs expires --within 30d ." },
        Example {
            what: "Renew what a registry serves, without a restart where it can",
            command: "reg-certs renew -r team --force",
        },
        Example {
            what: "What would make Docker on this machine believe it",
            command: "reg-certs trust --docker -r team --dry-run",
        },
    ],
    run,
};

fn run<'a>(context: &'a Context, matches: &'a ArgMatches) -> BoxFuture<'a, Result<Exit>> {
    Box::pin(async move {
        let cli = cli::Cli::from_arg_matches(matches).map_err(|fault| Error::usage(fault.to_string()))?;
        match &cli.command {
            cli::Command::Ca(args) => ca::ca(context, args).await,
            cli::Command::Issue(args) => issue::issue(context, args).await,
            cli::Command::Verify(args) => verify::verify(context, args).await,
            cli::Command::Show(args) => show::show(context, args).await,
            cli::Command::Expires(args) => expires::expires(context, args),
            cli::Command::Renew(args) => renew::renew(context, args).await,
            cli::Command::Trust(args) => trust::trust(context, args).await,
            cli::Command::Untrust(args) => trust::untrust(context, args).await,
        }
    })
}
