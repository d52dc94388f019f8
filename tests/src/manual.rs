//! Manual pages and completions, generated from the programs themselves.
//!
//! A page is one tool: its commands as sections, the flags that many commands share once, behind them. Roff by hand, because what is
//! wanted is a page that reads like the best hand-written ones, not a page a subcommand.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};
use reg_shared::cli::{Program, SHELLS, completions, completions_file};
use reg_shared::exit::Exit;
use serde_json::Value;

/// A generated file: where it stands in the repository, and its text.
#[derive(Debug)]
pub struct Generated {
    /// Below the repository's root.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Everything that is generated.
#[must_use]
pub fn all() -> Vec<Generated> {
    let mut files = vec![Generated { path: "man/reg-documents.5".to_owned(), text: documents() }];
    for program in crate::PROGRAMS {
        files.push(Generated { path: format!("man/{}.1", program.name), text: page(program) });
        for shell in SHELLS {
            let name = completions_file(shell, program.name);
            files.push(Generated { path: format!("completions/{shell}/{name}"), text: completions(shell, program) });
        }
    }
    files
}

/// The manual page of a tool, section 1.
fn page(program: &Program) -> String {
    let mut command = program.command();
    command.build();
    let name = program.name;
    let mut page = head(&name.to_uppercase(), 1);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    section(&mut page, "NAME");
    line(&mut page, &format!("{} \\- {}", escape(name), escape(&lower_first(&about))));
    section(&mut page, "SYNOPSIS");
    let usages: Vec<String> =
        visible(&command).map(|sub| escape(sub.clone().render_usage().to_string().trim_start_matches("Usage: ").trim())).collect();
    line(&mut page, &usages.join("\n.br\n"));
    section(&mut page, "DESCRIPTION");
    paragraphs(&mut page, &long_about(&command));
    section(&mut page, "COMMANDS");
    for sub in visible(&command) {
        line(&mut page, &format!(".SS {}", escape(&format!("{name} {}", sub.get_name()))));
        paragraphs(&mut page, &long_about(sub));
        for arg in arguments(sub, None) {
            option(&mut page, arg);
        }
    }
    for heading in headings(&command) {
        let mut seen: Vec<&Arg> = Vec::new();
        let mut subs = Vec::new();
        for sub in visible(&command) {
            for arg in arguments(sub, Some(heading)) {
                if !seen.iter().any(|known| known.get_id() == arg.get_id()) {
                    seen.push(arg);
                }
                if subs.last() != Some(&sub.get_name()) {
                    subs.push(sub.get_name());
                }
            }
        }
        let (title, of) = match heading {
            "Registry" => ("REGISTRY OPTIONS".to_owned(), "Of every command that takes a registry.".to_owned()),
            "Output" => ("OUTPUT OPTIONS".to_owned(), "Of every command.".to_owned()),
            own => (own.to_uppercase(), format!("Of {}.", subs.join(", "))),
        };
        section(&mut page, &title);
        line(&mut page, &escape(&of));
        seen.into_iter().for_each(|arg| option(&mut page, arg));
    }
    section(&mut page, "EXIT STATUS");
    for exit in Exit::ALL {
        line(&mut page, &format!(".TP\n.B {}\n{}", exit.code(), escape(exit.meaning())));
    }
    section(&mut page, "EXAMPLES");
    for example in program.examples {
        line(&mut page, &format!("{}:\n.PP\n.RS\n.nf\n{}\n.fi\n.RE\n.PP", escape(example.what), escape(example.command)));
    }
    page.truncate(page.trim_end_matches(".PP\n").len());
    section(&mut page, "SEE ALSO");
    let others: Vec<String> =
        crate::PROGRAMS.iter().filter(|other| other.name != name).map(|other| format!("{}(1)", other.name)).collect();
    line(&mut page, &escape(&format!("reg(7), {}, reg-config(5), reg-documents(5)", others.join(", "))));
    page
}

/// The page of all documents, section 5.
fn documents() -> String {
    let mut page = head("REG-DOCUMENTS", 5);
    section(&mut page, "NAME");
    line(&mut page, "reg\\-documents \\- the JSON documents of the reg tools");
    section(&mut page, "DESCRIPTION");
    paragraphs(
        &mut page,
        "Every run prints one document: an object with \"schema\":\"reg/v1\" and a kind. A document that concerns a registry carries it \
         under registry, so that it can be the next tool's -r -. Fields are added, never renamed or removed. Sizes are bytes, times are \
         RFC 3339 in UTC, durations carry their unit in the name; null is: not known.\n\n`TOOL schema KIND` prints the JSON Schema of a kind.",
    );
    let mut seen = Vec::new();
    for kind in crate::PROGRAMS.iter().flat_map(|program| program.kinds) {
        if seen.contains(&kind.name) {
            continue;
        }
        seen.push(kind.name);
        let schema = kind.schema();
        section(&mut page, kind.name);
        paragraphs(&mut page, schema["description"].as_str().unwrap_or_default());
        fields(&mut page, &schema, "");
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            if definition.get("properties").is_some() {
                line(&mut page, &format!(".SS {}", escape(name)));
                paragraphs(&mut page, definition["description"].as_str().unwrap_or_default());
                fields(&mut page, definition, "");
            }
        }
    }
    page
}

fn fields(page: &mut String, schema: &Value, indent: &str) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        if matches!(name.as_str(), "schema" | "kind") && field.get("const").is_some() {
            continue;
        }
        let about = field["description"].as_str().unwrap_or_default();
        line(page, &format!(".TP\n.B {}\n{}", escape(&format!("{indent}{name}")), escape(about)));
    }
}

fn head(title: &str, section: u8) -> String {
    format!(
        ".\\\" Generated by `make bless`; do not edit.\n.TH {} {section} \"\" \"reg {}\" \"reg manual\"\n",
        escape(title),
        env!("CARGO_PKG_VERSION")
    )
}

fn section(page: &mut String, name: &str) {
    line(page, &format!(".SH {}", escape(name)));
}

fn line(page: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{text}");
}

fn paragraphs(page: &mut String, text: &str) {
    // A heading begins a paragraph by itself.
    let text = text.split("\n\n").map(|paragraph| escape(&paragraph.replace('\n', " "))).collect::<Vec<_>>();
    line(page, &text.join("\n.PP\n"));
}

fn option(page: &mut String, arg: &Arg) {
    let mut names = Vec::new();
    if arg.is_positional() {
        names.push(format!("\\fI{}\\fR", escape(&value_name(arg))));
    }
    names.extend(arg.get_short().map(|short| format!("\\fB\\-{short}\\fR")));
    names.extend(arg.get_long().map(|long| format!("\\fB\\-\\-{}\\fR", escape(long))));
    let mut names = names.join(", ");
    if !arg.is_positional() && matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        let _ = write!(names, " \\fI{}\\fR", escape(&value_name(arg)));
    }
    let mut help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> =
        arg.get_possible_values().iter().filter(|v| !v.is_hide_set()).map(|v| v.get_name().to_owned()).collect();
    if !values.is_empty() && arg.get_action().takes_values() {
        let _ = write!(help, " [one of: {}]", values.join(", "));
    }
    if let (Some(default), true) =
        (arg.get_default_values().first(), arg.get_action().takes_values() && !arg.is_hide_default_value_set())
    {
        let _ = write!(help, " [default: {}]", default.to_string_lossy());
    }
    line(page, &format!(".TP\n{names}\n{}", escape(&help.replace('\n', " "))));
}

fn value_name(arg: &Arg) -> String {
    arg.get_value_names()
        .and_then(|names| names.first())
        .map_or_else(|| arg.get_id().to_string().to_uppercase(), ToString::to_string)
}

fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set())
}

fn arguments<'a>(command: &'a Command, heading: Option<&'a str>) -> impl Iterator<Item = &'a Arg> {
    command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set() && !matches!(arg.get_id().as_str(), "help" | "version"))
        .filter(move |arg| arg.get_help_heading() == heading)
}

/// The headings of options that commands share: a tool's own before those that all tools have.
fn headings(command: &Command) -> Vec<&str> {
    let mut headings: Vec<&str> = Vec::new();
    for arg in visible(command).flat_map(Command::get_arguments).filter(|arg| !arg.is_hide_set()) {
        headings.extend(arg.get_help_heading().filter(|heading| !headings.contains(heading)));
    }
    headings.sort_by_key(|heading| ["Registry", "Output"].iter().position(|known| known == heading).map_or(0, |at| at + 1));
    headings
}

fn long_about(command: &Command) -> String {
    command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default()
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().collect::<String>() + chars.as_str())
}

/// Roff takes a dash for a hyphen, a backslash for a request, and a dot or quote at a line's begin for a command.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    text.lines()
        .map(|line| if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() })
        .collect::<Vec<_>>()
        .join("\n")
}
