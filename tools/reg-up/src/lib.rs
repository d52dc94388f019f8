//! reg-up: start, stop and watch registries on this machine.

mod attempt;
mod backend;
mod cli;
mod configure;
mod contained;
mod gc;
mod launch;
mod layout;
mod lifecycle;
mod lint;
mod logs;
mod metrics;
mod options;
mod place;
mod ports;
mod possessions;
mod render;
mod running;
mod serve;
mod settings;
mod sight;
mod start;
mod subject;
mod watch;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use futures_util::future::BoxFuture;
use reg_shared::cli::{Context, Example, Program};
use reg_shared::document::{
    Certificate, Collected, Failure, Instances, Kind, LintReport, LogLine, Metrics, Registry, Rendered, Status,
};
use reg_shared::engine::process;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;

/// The program.
pub const PROGRAM: Program = Program {
    name: "reg-up",
    command: cli::Cli::command,
    kinds: &[
        Kind::of::<Registry>(),
        Kind::of::<Status>(),
        Kind::of::<Instances>(),
        Kind::of::<LogLine>(),
        Kind::of::<Rendered>(),
        Kind::of::<LintReport>(),
        Kind::of::<Collected>(),
        Kind::of::<Metrics>(),
        Kind::of::<Certificate>(),
        Kind::of::<Failure>(),
    ],
    examples: &[
        Example { what: "A registry now, with nothing installed", command: "reg-up start" },
        Example {
            what: "One on any free port, proven by a push and a pull",
            command: "reg-up start ci --port 0 | reg-test push-pull -r -",
        },
        Example { what: "A real Distribution from PATH", command: "reg-up start --type distribution --port 5001" },
        Example {
            what: "With TLS and a login",
            command: "reg-up start team --cert server.crt --key server.key --htpasswd htpasswd",
        },
        Example {
            what: "A configuration before it is put in force",
            command: "reg-up lint --type zot --version 2.1.20 config.json",
        },
        Example { what: "The address, for a script", command: "reg-up info ci | jq -r .url" },
        Example { what: "All of them", command: "reg-up list" },
        Example { what: "Gone, with its data", command: "reg-up remove ci --purge" },
    ],
    run,
};

fn run<'a>(context: &'a Context, matches: &'a ArgMatches) -> BoxFuture<'a, Result<Exit>> {
    Box::pin(async move {
        let cli = cli::Cli::from_arg_matches(matches).map_err(|fault| Error::usage(fault.to_string()))?;
        match &cli.command {
            cli::Command::Start(args) => start::start(context, args).await,
            cli::Command::Configure(args) => configure::configure(context, args).await,
            cli::Command::Stop(args) => lifecycle::stop(context, args).await,
            cli::Command::Restart(args) => lifecycle::restart(context, args).await,
            cli::Command::Remove(args) => lifecycle::remove(context, args).await,
            cli::Command::Status(args) => watch::status(context, args).await,
            cli::Command::List => watch::list(context).await,
            cli::Command::Info(args) => watch::info(context, args),
            cli::Command::Logs(args) => logs::logs(context, args).await,
            cli::Command::Render(args) => render::render(context, args).await,
            cli::Command::Metrics(args) => metrics::metrics(context, args).await,
            cli::Command::Lint(args) => lint::lint(context, args).await,
            cli::Command::Gc(args) => gc::gc(context, args).await,
            cli::Command::Serve(args) => serve::serve(context, args).await,
            cli::Command::LogPump { directory } => logs::pump(directory),
            cli::Command::Gate { name, program, arguments } => {
                process::pass(std::io::stdin().lock(), name, program, arguments).map(|()| Exit::Ok)
            }
        }
    })
}
