//! Mistakes in a configuration file, whoever wrote it.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use reg_shared::cli::Context;
use reg_shared::document::{Finding, LintReport, Severity, Type};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::lint::{Format, Reader};
use reg_shared::registry::{self, Registry};
use reg_shared::version::Version;

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// The configuration file, or - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Whose configuration it is: zot or distribution [default: guessed from its keys]
    #[arg(long = "type", value_name = "TYPE", value_parser = lint_type)]
    kind: Option<Format>,
    /// The release that is to read it, as in 2.1.20 [default: any that is known]
    #[arg(long = "version", value_name = "VERSION", value_parser = release, conflicts_with = "binary")]
    release: Option<Version>,
    /// The program that is to read it: its release and extensions count, and zot checks it, too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    binary: Option<PathBuf>,
}

fn lint_type(text: &str) -> Result<Format, String> {
    let kind = text.parse::<Type>().ok();
    kind.and_then(|kind| Registry::from(kind).format()).ok_or_else(|| "zot and distribution have such a file".to_owned())
}

fn release(text: &str) -> Result<Version, String> {
    text.parse().map_err(|_| "a release is three numbers, as in 2.1.20".to_owned())
}

pub(crate) async fn lint(context: &Context, args: &LintArgs) -> Result<Exit> {
    let name = args.file.display();
    let text = if args.file.as_os_str() == "-" {
        context.standard_input()?
    } else {
        fs::read_to_string(&args.file).map_err(|fault| Error::io(format!("cannot read {name}"), fault))?
    };
    let format = args.kind.or_else(|| Format::guess(&text)).ok_or_else(|| {
        Error::usage(format!("cannot tell whose configuration {name} is")).hint("`--type zot` or `--type distribution` says it")
    })?;
    let reader = match &args.binary {
        Some(binary) => registry::reader(format, binary).await?,
        None => Reader::new(format, args.release),
    };
    let mut findings = reader.check(&text);
    let wrong = |findings: &[Finding]| findings.iter().any(|finding| finding.severity == Severity::Error);
    if let Some(binary) = args.binary.as_ref().filter(|_| !wrong(&findings)) {
        findings.extend(registry::verify(format, binary, &text).await?.map(|words| refused(&words)));
    }
    let exit = if wrong(&findings) { Exit::Negative } else { Exit::Ok };
    let version = reader.version.map(|version| version.to_string());
    let report = LintReport { file: name.to_string(), kind: Some(format.into()), version, findings };
    context.output.print(&report).map(|()| exit)
}

/// What only the registry's own check found.
fn refused(words: &str) -> Finding {
    Finding {
        path: String::new(),
        line: None,
        column: None,
        severity: Severity::Error,
        problem: format!("`zot verify` refuses it: {words}"),
        hint: None,
    }
}
