//! The flags that every tool has.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};

use super::Example;
use super::environment::Environment;
use super::output::Format;
use crate::document::Kind;
use crate::error::{Error, Result};
use crate::exit::Exit;

/// The flag for the format of standard output. A command's own flags (`render --output`) must not share its name.
const FORMAT: &str = "output-format";

/// The values of the flags that every tool has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common {
    /// What standard output was asked to look like.
    pub(super) format: Option<Format>,
    /// Whether JSON was asked for by name, so that errors are JSON too.
    pub(super) json_errors: bool,
    /// Whether messages are JSON Lines.
    pub(super) json_messages: bool,
    /// No progress.
    pub(super) quiet: bool,
    /// How much more to tell: 0, 1 or 2.
    pub(super) verbose: u8,
}

impl Common {
    pub(super) fn read(matches: &ArgMatches, environment: &Environment) -> Result<Self> {
        let asked = match matches.get_one::<String>(FORMAT) {
            Some(text) => Some(text.parse::<Format>().map_err(Error::usage)?),
            None => environment
                .output
                .as_ref()
                .map(|text| text.parse::<Format>().map_err(|fault| Error::usage(format!("REG_OUTPUT: {fault}"))))
                .transpose()?,
        };
        let json_messages = matches.get_one::<String>("log-format").is_some_and(|text| text == "json");
        Ok(Self {
            format: asked,
            json_errors: json_messages || matches!(asked, Some(Format::Json | Format::JsonLines)),
            json_messages,
            quiet: matches.get_flag("quiet"),
            verbose: matches.get_count("verbose"),
        })
    }
}

/// Adds what every tool has: the output flags, `schema`, `completions`, and the exit codes behind the help.
pub(super) fn complete(command: Command, kinds: &[Kind], examples: &[Example]) -> Command {
    // A tool that does something without a subcommand has arguments of its own.
    let bare = command.get_arguments().next().is_some();
    let kinds: Vec<&'static str> = kinds.iter().map(|kind| kind.name).collect();
    command
        .version(env!("CARGO_PKG_VERSION"))
        .arg(
            Arg::new(FORMAT)
                .short('o')
                .long(FORMAT)
                .value_name("FORMAT")
                .value_parser(["json", "jsonl", "table", "name"])
                .global(true)
                // The last one holds, as an alias with an `-o` of its own wants it.
                .overrides_with(FORMAT)
                .help_heading("Output")
                .help("What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]"),
        )
        .arg(
            Arg::new("quiet")
                .short('q')
                .long("quiet")
                .action(ArgAction::SetTrue)
                .global(true)
                .help_heading("Output")
                .help("No progress"),
        )
        .arg(
            Arg::new("verbose")
                .short('v')
                .long("verbose")
                .action(ArgAction::Count)
                .global(true)
                .help_heading("Output")
                .help("Tell each request; -vv also what it waits for"),
        )
        .arg(
            Arg::new("log-format")
                .long("log-format")
                .value_name("FORMAT")
                .value_parser(["text", "json"])
                .global(true)
                .help_heading("Output")
                .help("What standard error looks like [default: text]"),
        )
        .arg(
            Arg::new("config")
                .long("config")
                .value_name("FILE")
                .value_hint(ValueHint::FilePath)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .global(true)
                .help_heading("Output")
                .help("The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]"),
        )
        .subcommand(
            Command::new("schema")
                .about("Print the JSON Schema of a document this tool reads or prints")
                .arg(Arg::new("KIND").value_parser(kinds).help("Which one [default: all, as one object by kind]")),
        )
        .subcommand(
            Command::new("completions")
                .about("Print the completions for a shell")
                .arg(Arg::new("SHELL").required(true).value_parser(super::SHELLS).help("Which shell")),
        )
        .after_help(behind_help(examples))
        .subcommand_required(!bare)
        .arg_required_else_help(!bare)
        .disable_help_subcommand(true)
        .infer_subcommands(false)
}

fn behind_help(examples: &[Example]) -> String {
    let examples: String = examples.iter().map(|example| format!("  {}\n      {}\n", example.what, example.command)).collect();
    format!("Examples:\n{examples}\n{}", exit_codes())
}

fn exit_codes() -> String {
    let codes: Vec<String> = Exit::ALL
        .iter()
        .filter(|exit| exit.code() < 100)
        .map(|exit| format!("{} {}", exit.code(), exit.name()))
        .chain(["130, 143 interrupted".to_owned()])
        .collect();
    format!("Exit codes: {}", codes.join(", "))
}

/// Reads a duration: `90s`, `15m`, `24h`, `7d`, `500ms`; a bare number is seconds.
///
/// # Errors
/// A sentence for clap: not such a number, or longer than 10,000 days.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err("a duration is a whole number with ms, s, m, h or d behind it, like 90s".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "a duration begins with a whole number, like 90s".to_owned())?;
    number
        .checked_mul(milliseconds)
        .filter(|total| *total <= 10_000 * 86_400_000)
        .map(Duration::from_millis)
        .ok_or_else(|| "a duration is at most 10000d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_carry_their_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(duration("7d"), Ok(Duration::from_secs(604_800)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        for bad in ["", "s", "1.5s", "-1s", "1 s", "1w", "99999999999999999999s", "10001d"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
