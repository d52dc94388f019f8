//! Standard error: progress, warnings, requests, the error. Text for people, or JSON Lines.

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use serde_json::json;

use super::args::Common;
use super::environment::Environment;
use super::table::printable;
use crate::document::{self, Failure};
use crate::error::Error;

/// How many lines of a server's log may wait for a reader.
const QUEUE: usize = 4096;

/// Standard error.
#[derive(Debug)]
pub struct Messages {
    program: &'static str,
    json_errors: bool,
    json_messages: bool,
    quiet: bool,
    verbose: u8,
}

impl Messages {
    pub(super) fn new(program: &'static str, common: &Common) -> Self {
        Self {
            program,
            json_errors: common.json_errors,
            json_messages: common.json_messages,
            quiet: common.quiet,
            verbose: common.verbose,
        }
    }

    /// For a command line that could not be parsed: whether JSON was asked for is read off the words themselves.
    pub(super) fn before_parsing(program: &'static str, arguments: &[OsString], environment: &Environment) -> Self {
        let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
        let follows = |flags: &[&str], values: &[&str]| {
            words.windows(2).any(|pair| flags.contains(&pair[0]) && values.contains(&pair[1]))
                || words.iter().any(|word| {
                    flags.iter().any(|flag| {
                        word.strip_prefix(flag).is_some_and(|rest| values.contains(&rest.strip_prefix('=').unwrap_or(rest)))
                    })
                })
        };
        let json_messages = follows(&["--log-format"], &["json"]);
        let json_errors = json_messages
            || follows(&["-o", "--output-format"], &["json", "jsonl"])
            || environment.output.as_deref().is_some_and(|text| matches!(text, "json" | "jsonl"));
        Self { program, json_errors, json_messages, quiet: false, verbose: 0 }
    }

    /// Progress: what is being done or was done. Silenced by `-q`.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.quiet {
            self.line("info", "", text.as_ref());
        }
    }

    /// Something that is likely not what was meant.
    pub fn warn(&self, text: impl AsRef<str>) {
        self.line("warning", "warning: ", text.as_ref());
    }

    /// Takes lines that are already what they should be, such as a server's log.
    ///
    /// They go through a queue: whoever reads standard error may stall, and a server must not wait for it. What does not fit into the
    /// queue is lost, and how much is said. The receiver hears nothing, and is closed when all lines are written.
    pub fn raw(&self) -> (impl Fn(&str) + Send + Sync + 'static, Receiver<()>) {
        let (sender, receiver) = sync_channel::<String>(QUEUE);
        let (written, all_written) = sync_channel::<()>(0);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        std::thread::spawn(move || {
            let _written = written;
            for line in receiver {
                write_line(&line);
                let lost = counted.swap(0, Ordering::Relaxed);
                if lost > 0 {
                    let message = format!("{lost} lines were lost: nobody read standard error");
                    write_line(&json!({ "time": document::now(), "level": "warning", "message": message }).to_string());
                }
            }
        });
        let take = move |line: &str| {
            if sender.try_send(line.to_owned()).is_err() {
                lost.fetch_add(1, Ordering::Relaxed);
            }
        };
        (take, all_written)
    }

    /// Something that belongs to an error, such as a registry's last words. Never silenced.
    pub fn always(&self, text: impl AsRef<str>) {
        self.line("error", "", text.as_ref());
    }

    /// A detail for `-v` (level 1) or `-vv` (level 2).
    pub fn detail(&self, level: u8, text: impl AsRef<str>) {
        if self.verbose >= level {
            self.line("debug", "", text.as_ref());
        }
    }

    /// How much detail was asked for.
    #[must_use]
    pub fn verbosity(&self) -> u8 {
        self.verbose
    }

    /// The error that ends the program, with its hint.
    pub(super) fn error(&self, fault: &Error) {
        if self.json_errors {
            let failure = Failure {
                code: fault.kind().name().to_owned(),
                message: fault.to_string(),
                hint: fault.hint_text().map(ToOwned::to_owned),
            };
            return write_line(&document::to_value(&failure).to_string());
        }
        write_line(&format!("{}: error: {}", self.program, printable(&fault.to_string())));
        if let Some(hint) = fault.hint_text() {
            write_line(&format!("{}: hint: {}", self.program, printable(hint)));
        }
    }

    fn line(&self, level: &str, prefix: &str, text: &str) {
        if self.json_messages {
            write_line(&json!({ "time": document::now(), "level": level, "message": text }).to_string());
        } else {
            write_line(&format!("{}: {prefix}{}", self.program, printable(text)));
        }
    }
}

/// Nobody can be told when standard error itself is gone.
fn write_line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
