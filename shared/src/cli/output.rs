//! Standard output: data and nothing else, one document a run.
//!
//! Everything goes through one buffered writer. A closed pipe ends a listing quietly, which is what `| head` wants; any other
//! failure to write (a full disk) is an error, since the reader would take half an answer for a whole one.

use std::fmt;
use std::io::{ErrorKind, IsTerminal, Write};
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt as _;
use std::str::FromStr;

use rustix::fs::FileType;
use serde_json::Value;
use zeroize::Zeroizing;

use super::table;
use crate::document::{self, Document, Rendered, RenderedFile};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// What standard output looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON document: compact into a pipe, indented on a terminal.
    Json,
    /// The items of the document's main array, one a line.
    JsonLines,
    /// For people.
    Table,
    /// The items' names, one a line.
    Name,
}

impl Format {
    /// What is right when nobody asked.
    fn of_stdout() -> Self {
        if std::io::stdout().is_terminal() { Self::Table } else { Self::Json }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "json" => Ok(Self::Json),
            "jsonl" => Ok(Self::JsonLines),
            "table" => Ok(Self::Table),
            "name" => Ok(Self::Name),
            _ => Err(format!("{} is not an output format: json, jsonl, table and name are", crate::name::quoted(text))),
        }
    }
}

/// Standard output.
pub struct Output {
    format: Format,
    explicit: bool,
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Output({:?})", self.format)
    }
}

impl Output {
    /// `asked` is what a person or a script asked for.
    pub(super) fn new(asked: Option<Format>) -> Self {
        Self { format: asked.unwrap_or_else(Format::of_stdout), explicit: asked.is_some() }
    }

    /// Whether text files are printed as a document: only when JSON or names were asked for, else they come as they are.
    #[must_use]
    pub fn wraps_files(&self) -> bool {
        self.explicit && self.format != Format::Table
    }

    /// The format in force.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Prints the run's one document.
    ///
    /// # Errors
    /// When standard output cannot be written; a closed pipe is not an error.
    pub fn print<D: Document>(&self, document: &D) -> Result<()> {
        let value = document::to_value(document);
        let items = D::ITEMS.and_then(|field| value.get(field)).and_then(Value::as_array);
        let text = match (self.format, items) {
            (Format::Json, _) => return self.json(&value),
            (Format::JsonLines, None) => format!("{value}\n"),
            (Format::JsonLines, Some(items)) => lines(items.iter().map(ToString::to_string)),
            (Format::Name, None) => lines(name_of::<D>(&value)),
            (Format::Name, Some(items)) => lines(items.iter().filter_map(name_of::<D>)),
            (Format::Table, None) => table::record(D::COLUMNS, &value),
            (Format::Table, Some(items)) => table::rows(D::COLUMNS, items),
        };
        self.text(&text).map(|_| ())
    }

    /// Prints the run's one document as JSON, whatever was asked for: for a flag of the command's own that says so.
    ///
    /// # Errors
    /// Those of [`Self::print`].
    pub fn print_json<D: Document>(&self, document: &D) -> Result<()> {
        self.json(&document::to_value(document))
    }

    /// Prints one item of a stream: a line of JSON, or of its columns for people. Tells when nobody reads any more.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn stream<D: Document>(&self, document: &D) -> Result<ControlFlow<()>> {
        let value = document::to_value(document);
        match self.format {
            Format::Table | Format::Name => self.text(&table::line(D::COLUMNS, &value)),
            Format::Json | Format::JsonLines => self.text(&format!("{value}\n")),
        }
    }

    /// Prints a JSON value as the run's document.
    pub(super) fn json(&self, value: &Value) -> Result<()> {
        let text = if std::io::stdout().is_terminal() { format!("{value:#}\n") } else { format!("{value}\n") };
        self.text(&text).map(|_| ())
    }

    /// Prints text files: as they are, one behind the other, or as a `rendered` document.
    ///
    /// # Errors
    /// Those of [`Self::raw`] and [`Self::print`].
    pub fn files(&self, files: Vec<RenderedFile>) -> Result<()> {
        if self.wraps_files() {
            return self.print(&Rendered { files });
        }
        self.raw(&files.into_iter().map(|file| file.content).collect::<String>())
    }

    /// Prints secrets as raw text, a line each. Never as JSON: ask [`Self::wraps_files`] before anything is done.
    ///
    /// # Errors
    /// Those of [`Self::raw`], and when nobody can read it: a secret that nobody read is lost.
    pub fn show<'a>(&self, secrets: impl IntoIterator<Item = &'a Secret>) -> Result<()> {
        if leads_nowhere() {
            return Err(Error::failed("standard output is closed or /dev/null"));
        }
        let text = secrets.into_iter().fold(Zeroizing::new(String::new()), |mut text, secret| {
            text.push_str(secret.expose());
            text.push('\n');
            text
        });
        self.raw(&text)
    }

    /// Prints a raw output, such as a rendered file.
    ///
    /// # Errors
    /// When standard output cannot be written, a closed pipe included: who reads half a file must not take it for a whole one.
    pub(super) fn raw(&self, text: &str) -> Result<()> {
        self.bytes(text.as_bytes())
    }

    /// Prints bytes as they are.
    ///
    /// # Errors
    /// When standard output cannot be written, a closed pipe included.
    pub fn bytes(&self, bytes: &[u8]) -> Result<()> {
        match self.write(bytes)? {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::failed("standard output was closed before everything was written")),
        }
    }

    fn text(&self, text: &str) -> Result<ControlFlow<()>> {
        self.write(text.as_bytes())
    }

    fn write(&self, bytes: &[u8]) -> Result<ControlFlow<()>> {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Ok(()) => Ok(ControlFlow::Continue(())),
            Err(fault) if fault.kind() == ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
            Err(fault) => Err(Error::io("cannot write standard output", fault)),
        }
    }
}

/// Whether standard output is `/dev/null`, which it is made when it was closed.
fn leads_nowhere() -> bool {
    let null = std::fs::metadata("/dev/null").map(|null| null.rdev());
    let own = rustix::fs::fstat(std::io::stdout()).ok();
    own.is_some_and(|own| {
        FileType::from_raw_mode(own.st_mode) == FileType::CharacterDevice && null.is_ok_and(|null| null == own.st_rdev)
    })
}

fn name_of<D: Document>(value: &Value) -> Option<String> {
    value.pointer(D::NAME).and_then(Value::as_str).map(table::printable)
}

fn lines(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().fold(String::new(), |text, line| text + &line + "\n")
}
