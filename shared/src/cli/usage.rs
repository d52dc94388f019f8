//! Help, usage errors, and the subcommands that every tool has: `schema` and `completions`.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command};
use serde_json::{Map, Value};

use super::messages::Messages;
use super::output::{Format, Output};
use super::{Program, finish};
use crate::document::RenderedFile;
use crate::error::{Error, Result};
use crate::exit::Exit;

/// The shells there are completions for.
pub const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "nushell"];

/// The completions of a program for one of [`SHELLS`].
#[must_use]
pub fn completions(shell: &str, program: &Program) -> String {
    let mut command = shown(program);
    let mut text = Vec::new();
    match shell {
        "bash" => clap_complete::generate(clap_complete::Shell::Bash, &mut command, program.name, &mut text),
        "zsh" => clap_complete::generate(clap_complete::Shell::Zsh, &mut command, program.name, &mut text),
        "fish" => clap_complete::generate(clap_complete::Shell::Fish, &mut command, program.name, &mut text),
        _ => clap_complete::generate(clap_complete_nushell::Nushell, &mut command, program.name, &mut text),
    }
    let text = String::from_utf8_lossy(&text);
    if shell == "bash" {
        // clap_complete 4.6.11 writes the dash of a program's name in two ways, and finds no command's flags then.
        let label = |dash: &str| format!("{}__subcmd__", program.name.replace('-', dash));
        return text.replace(&label("__subcmd__"), &label("__"));
    }
    text.into_owned()
}

/// The name that a file with a command's completions has in the folder where its shell looks for them.
#[must_use]
pub fn completions_file(shell: &str, command: &str) -> String {
    match shell {
        "bash" => format!("{command}.bash"),
        "zsh" => format!("_{command}"),
        "fish" => format!("{command}.fish"),
        _ => format!("{command}.nu"),
    }
}

/// The command without the subcommands that are for the program itself: clap_complete 4.6.11 would have a shell offer them.
fn shown(program: &Program) -> Command {
    let whole = program.command();
    let bare = Command::new(program.name).version(env!("CARGO_PKG_VERSION")).disable_help_subcommand(true);
    let subcommands = whole.get_subcommands().filter(|subcommand| !subcommand.is_hide_set());
    let [short, long] = [whole.get_about(), whole.get_long_about()].map(|text| text.cloned().unwrap_or_default());
    bare.about(short).long_about(long).args(whole.get_arguments()).subcommands(subcommands)
}

/// Runs `schema` or `completions`, when that is what was asked for.
pub(super) fn shared_command(program: &Program, matches: &ArgMatches, output: &Output) -> Option<Result<Exit>> {
    let printed = match matches.subcommand()? {
        ("schema", matches) => match matches.get_one::<String>("KIND") {
            Some(name) => program.kinds.iter().find(|kind| kind.name == name).map(|kind| output.json(&kind.schema()))?,
            None if output.format() == Format::Name => {
                output.raw(&program.kinds.iter().map(|kind| format!("{}\n", kind.name)).collect::<String>())
            }
            None => {
                let all: Map<String, Value> = program.kinds.iter().map(|kind| (kind.name.to_owned(), kind.schema())).collect();
                output.json(&Value::Object(all))
            }
        },
        ("completions", matches) => {
            let shell = matches.get_one::<String>("SHELL")?;
            output.files(vec![RenderedFile { name: completions_file(shell, program.name), content: completions(shell, program) }])
        }
        _ => return None,
    };
    Some(printed.map(|()| Exit::Ok))
}

/// Help and version are data: they go to standard output.
pub(super) fn print_help(help: &clap::Error, messages: &Messages) -> ExitCode {
    match help.print() {
        Err(fault) if fault.kind() != std::io::ErrorKind::BrokenPipe => {
            finish(messages, Err(Error::io("cannot write standard output", fault)))
        }
        _ => ExitCode::SUCCESS,
    }
}

/// clap's error in the form of all our errors: one line and one hint.
pub(super) fn error(program: &str, fault: &clap::Error, arguments: &[OsString]) -> Error {
    let text = fault.render().to_string();
    let mut paragraphs = text.split("\n\n");
    let what: Vec<&str> = paragraphs
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let tip = paragraphs
        .filter_map(|paragraph| paragraph.trim().strip_prefix("tip: "))
        .map(|tip| tip.lines().next().unwrap_or(tip))
        // How to pass a value that looks like a flag is hardly ever the question.
        .find(|tip| !tip.starts_with("to pass "))
        .map(ToOwned::to_owned);
    let what = match fault.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
        _ => what.join(" ").replace("invalid digit found in string", "not a whole number"),
    };
    let subcommand = arguments
        .get(1)
        .and_then(|word| word.to_str())
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-'));
    let help = match subcommand {
        Some(name) if fault.kind() != ErrorKind::InvalidSubcommand => {
            format!("`{program} {name} --help` shows what it takes")
        }
        _ => format!("`{program} --help` shows what it takes"),
    };
    Error::usage(what).hint(tip.unwrap_or(help))
}
