//! Who lets the user of each line in.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::document::{CheckedLine, HtpasswdReport, Outcome, Refusal, Registry, Summary};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::file::File;
use reg_shared::htpasswd::{Algorithm, Judged, Reader, judge};
use reg_shared::registry;
use reg_shared::shell;

use crate::cli::CheckArgs;
use crate::place::Place;

/// What is checked, and for whom.
struct Subject {
    bytes: Vec<u8>,
    file: Option<PathBuf>,
    registry: Option<Registry>,
}

pub(crate) fn check(context: &Context, args: &CheckArgs) -> Result<Exit> {
    let subject = subject(context, args)?;
    if let Some(file) = &subject.file {
        warn_of_mode(context, file);
    }
    let own = subject
        .registry
        .as_ref()
        .and_then(|registry| registry::Registry::from(registry.kind?).htpasswd_reader(registry.version.as_deref()));
    let readers = match (args.readers.as_slice(), own) {
        ([], Some(own)) => vec![own],
        ([], None) => Reader::ALL.to_vec(),
        (asked, _) => asked.to_vec(),
    };
    let lines: Vec<CheckedLine> = judge(&subject.bytes, &readers).into_iter().map(checked).collect();
    let fail = lines.iter().filter(|line| line.outcome == Outcome::Fail).count();
    let summary = Summary { pass: lines.len() - fail, fail, skip: 0 };
    let readers = readers.iter().map(ToString::to_string).collect();
    let report = HtpasswdReport { registry: subject.registry, file: subject.file, readers, lines, summary };
    context.output.print(&report)?;
    Ok(if fail == 0 { Exit::Ok } else { Exit::Negative })
}

fn subject(context: &Context, args: &CheckArgs) -> Result<Subject> {
    match args.path.as_deref().or(args.place.file.as_deref()) {
        Some(path) if path == Path::new("-") => {
            let bytes = context.standard_input()?.into_bytes();
            Ok(Subject { bytes, file: None, registry: None })
        }
        Some(path) => {
            let file = File::find_to_read(path)?;
            let missing = || Error::input(format!("cannot read {}: no such file or directory", path.display()));
            let bytes = context.interrupt.reading(|| file.read())?.ok_or_else(missing)?;
            Ok(Subject { bytes, file: Some(file.path().to_owned()), registry: None })
        }
        None => {
            let place = Place::find(context, &args.place, None)?;
            Ok(Subject { bytes: place.bytes(context)?, file: Some(place.file.path().to_owned()), registry: place.registry })
        }
    }
}

/// A hash that everybody may read can be guessed by everybody.
fn warn_of_mode(context: &Context, file: &Path) {
    let mode = std::fs::metadata(file).map_or(0, |found| found.permissions().mode());
    if mode & 0o004 != 0 {
        let word = shell::word(file.as_os_str());
        context.messages.warn(format!("everybody on this machine may read {}: `chmod o= {word}`", file.display()));
    }
}

fn checked(line: Judged) -> CheckedLine {
    let (accepts, refuses): (Vec<_>, Vec<_>) = line.verdicts.into_iter().partition(|(_, verdict)| verdict.is_ok());
    let refusals: Vec<Refusal> =
        refuses.into_iter().filter_map(|(by, verdict)| Some(Refusal { by: by.to_string(), why: verdict.err()? })).collect();
    let detail = said_once(&refusals).into_iter().chain(line.notes).collect::<Vec<_>>().join("; ");
    CheckedLine {
        line: line.line,
        name: line.name,
        outcome: if refusals.is_empty() { Outcome::Pass } else { Outcome::Fail },
        algorithm: line.algorithm.map(|algorithm| algorithm.name().to_owned()),
        cost: line.algorithm.and_then(Algorithm::cost),
        accepted_by: accepts.iter().map(|(by, _)| by.to_string()).collect(),
        refusals,
        detail,
    }
}

/// Each reason once, behind all who have it.
fn said_once(refusals: &[Refusal]) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for refusal in refusals {
        match reasons.iter_mut().find(|(why, _)| *why == refusal.why) {
            Some((_, by)) => by.push(&refusal.by),
            None => reasons.push((&refusal.why, vec![&refusal.by])),
        }
    }
    reasons.into_iter().map(|(why, by)| format!("{}: {why}", by.join(", "))).collect()
}
