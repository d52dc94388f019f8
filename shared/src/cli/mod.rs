//! What all programs do alike: flags, output, messages, errors, signals, exit codes.
//!
//! A tool is a [`Program`]: its clap command, the kinds of documents it prints, and a `run`. [`main`] does the rest, so that every
//! tool answers a closed pipe, a signal, a wrong flag or an empty standard input in the same way. The only module that prints and
//! the only one, beside `auth`, that reads the environment.

mod args;
mod connect;
mod environment;
mod input;
mod login;
mod messages;
mod output;
mod password;
mod sibling;
mod signal;
mod table;
mod target;
mod usage;

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::{ArgMatches, Command};
use futures_util::future::BoxFuture;

pub use self::args::duration;
pub use self::connect::Connection;
pub use self::environment::Environment;
pub use self::login::{Login, read_password_file, read_password_in, read_reference};
pub use self::messages::Messages;
pub use self::output::{Format, Output};
pub use self::password::PasswordArgs;
pub use self::signal::Interrupt;
pub use self::target::{AccessArgs, RegistriesArgs, RegistryArgs, Target};
pub use self::usage::{SHELLS, completions, completions_file};

use crate::document::Kind;
use crate::error::{Error, Result};
use crate::exit::Exit;

/// One of the tools.
#[derive(Clone, Copy)]
pub struct Program {
    /// The name: of the binary, the manual page and in front of every message.
    pub name: &'static str,
    /// The tool's own flags and subcommands, which are its help.
    pub command: fn() -> Command,
    /// Every kind of document it reads or prints.
    pub kinds: &'static [Kind],
    /// What people use it for: in the help and the manual, and run by a test.
    pub examples: &'static [Example],
    /// Does what the parsed arguments say.
    pub run: for<'a> fn(&'a Context, &'a ArgMatches) -> BoxFuture<'a, Result<Exit>>,
}

/// A command line worth knowing.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What it does, as one line.
    pub what: &'static str,
    /// The command line.
    pub command: &'static str,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Program({})", self.name)
    }
}

impl Program {
    /// The whole command: the tool's own with what all tools have.
    #[must_use]
    pub fn command(&self) -> Command {
        args::complete((self.command)(), self.kinds, self.examples)
    }
}

/// What a running tool works with.
#[derive(Debug)]
pub struct Context {
    /// The program's name.
    pub program: &'static str,
    /// The environment, read once.
    pub environment: Environment,
    /// Standard output.
    pub output: Output,
    /// Standard error.
    pub messages: Arc<Messages>,
    /// Whether a signal asked to stop.
    pub interrupt: Interrupt,
    standard_input: OnceLock<Vec<u8>>,
}

/// Runs a program from its command line to its exit code.
#[must_use]
pub fn main(program: &Program) -> ExitCode {
    let environment = Environment::read();
    let arguments: Vec<_> = std::env::args_os().collect();
    let messages = Messages::before_parsing(program.name, &arguments, &environment);
    let matches = match program.command().try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(fault) if !fault.use_stderr() => return usage::print_help(&fault, &messages),
        Err(fault) => return finish(&messages, Err(usage::error(program.name, &fault, &arguments))),
    };
    let outcome = args::Common::read(&matches, &environment).and_then(|common| {
        let messages = Arc::new(Messages::new(program.name, &common));
        let output = Output::new(common.format);
        if let Some(shared) = usage::shared_command(program, &matches, &output) {
            return Ok(finish(&messages, shared));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|fault| Error::failed("cannot start").caused_by(fault))?;
        let outcome = runtime.block_on(async {
            let (to, from) = (Arc::clone(&messages), std::process::exit as fn(i32) -> !);
            let interrupt = Interrupt::listen(move |fault| {
                to.error(fault);
                from(i32::from(fault.kind().code()))
            })?;
            let context = Context {
                program: program.name,
                environment: environment.with_config(&matches),
                output,
                messages: Arc::clone(&messages),
                interrupt,
                standard_input: OnceLock::new(),
            };
            context.interrupt.guard((program.run)(&context, &matches)).await
        });
        // A blocked read of standard input or of a slow disk must not hold the program up.
        runtime.shutdown_background();
        Ok(finish(&messages, outcome))
    });
    outcome.unwrap_or_else(|fault| finish(&messages, Err(fault)))
}

fn finish(messages: &Messages, outcome: Result<Exit>) -> ExitCode {
    match outcome {
        Ok(exit) => exit.into(),
        Err(fault) => {
            messages.error(&fault);
            fault.kind().into()
        }
    }
}
