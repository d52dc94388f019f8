//! `expires`: certificates with their last day, for cron.
//!
//! One file that cannot be read does not hide the others: it is told, and the others are reported. A path that was named must be a
//! certificate; what lies below a folder and is none is passed over, and what may be one and cannot be read is told.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::document::{Certificates, Renewal};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::quoted;
use reg_shared::tls::certificate::{Certificate, is_der};
use reg_shared::tls::file;
use time::{Duration, OffsetDateTime};

use crate::cli::ExpiresArgs;
use crate::issue::{RENEW_WITHIN, is_due};

/// How the names of files end that should hold certificates.
const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];

pub(crate) fn expires(context: &Context, args: &ExpiresArgs) -> Result<Exit> {
    let now = OffsetDateTime::now_utc();
    let within = args.within.map(|within| Duration::try_from(within).unwrap_or(Duration::MAX));
    let ends_soon = |certificate: &Certificate| match within {
        Some(within) => certificate.not_after - now <= within,
        // As renew would say.
        None => is_due(certificate, RENEW_WITHIN),
    };
    let mut found = Vec::new();
    let Search { found: files, faults, passed_over, .. } = Search::of(context, &args.paths)?;
    for file in files {
        for certificate in file.certificates {
            let renew = ends_soon(&certificate);
            found.push((certificate.not_after, Renewal { file: file.path.clone(), renew, facts: certificate.facts(now) }));
        }
    }
    found.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.file.cmp(&b.file)));
    let certificates: Vec<Renewal> = found.into_iter().map(|(_, renewal)| renewal).collect();
    for renewal in certificates.iter().filter(|renewal| renewal.renew) {
        tell(context, renewal);
    }
    let due = certificates.iter().any(|renewal| renewal.renew);
    let within_seconds = within.unwrap_or(RENEW_WITHIN).whole_seconds().unsigned_abs();
    context.output.print(&Certificates { within_seconds, certificates })?;
    // What is no certificate is nobody's; what is shut may be one.
    let shut = passed_over.iter().find(|fault| fault.kind() != Exit::Input);
    Ok(match faults.first().or(shut) {
        _ if due => Exit::Negative,
        Some(fault) => fault.kind(),
        None => Exit::Ok,
    })
}

/// Said even with `-q`: it is what a mail of cron is made of.
fn tell(context: &Context, renewal: &Renewal) {
    let facts = &renewal.facts;
    let who = facts.names.first().map_or_else(|| quoted(&facts.subject), ToOwned::to_owned);
    let when = match facts.days_left {
        days if days < 0 => "expired".to_owned(),
        0 => "expires within a day".to_owned(),
        1 => "expires in 1 day".to_owned(),
        days => format!("expires in {days} days"),
    };
    let day = facts.not_after.split('T').next().unwrap_or_default();
    context.messages.warn(format!("{}: the certificate for {who} {when} ({day})", renewal.file.display()));
}

/// A file and the certificates in it.
struct Found {
    path: PathBuf,
    certificates: Vec<Certificate>,
}

/// What was found, and why some of what was named was not.
#[derive(Default)]
struct Search {
    seen: BTreeSet<PathBuf>,
    found: Vec<Found>,
    faults: Vec<Error>,
    /// Of what lies below folders.
    passed_over: Vec<Error>,
}

impl Search {
    /// # Errors
    /// [`Exit::Input`] when there is no certificate at all.
    fn of(context: &Context, paths: &[PathBuf]) -> Result<Self> {
        let mut search = Self::default();
        for path in paths {
            if path.as_os_str() == "-" {
                let text = context.standard_input()?;
                text.lines().filter(|line| !line.trim().is_empty()).for_each(|line| search.add(Path::new(line)));
            } else {
                search.add(path);
            }
        }
        let last = if search.found.is_empty() { search.faults.pop() } else { None };
        for fault in search.passed_over.iter().chain(&search.faults) {
            context.messages.warn(fault.to_string());
        }
        if search.found.is_empty() {
            return Err(last.unwrap_or_else(|| {
                Error::input("there is no certificate there")
                    .hint("certificates are PEM files, or DER files that end in .crt, .cer or .der")
            }));
        }
        Ok(search)
    }

    fn add(&mut self, path: &Path) {
        let outcome = if path.is_dir() { self.walk(path) } else { self.read(path) };
        self.faults.extend(outcome.err());
    }

    fn read(&mut self, path: &Path) -> Result<()> {
        let certificates = Certificate::read_file(path)?;
        if self.seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())) {
            self.found.push(Found { path: path.to_owned(), certificates });
        }
        Ok(())
    }

    fn walk(&mut self, folder: &Path) -> Result<()> {
        let cannot = |fault| Error::io(format!("cannot read the folder {}", folder.display()), fault);
        let mut paths: Vec<PathBuf> = fs::read_dir(folder).map_err(cannot)?.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            // Links to folders may lead in circles.
            let outcome = match path.is_dir() {
                true if path.is_symlink() => Ok(()),
                true => self.walk(&path),
                false => looks_like_one(&path).and_then(|looks| if looks { self.read(&path) } else { Ok(()) }),
            };
            let expected = path.is_dir() || ending(&path).is_some_and(|ending| ENDINGS.contains(&ending));
            self.passed_over.extend(outcome.err().filter(|_| expected));
        }
        Ok(())
    }
}

fn ending(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}

/// Reads regular files only; those of the kernel have no size, and some have no end.
fn looks_like_one(path: &Path) -> Result<bool> {
    let what = format!("the certificates in {}", quoted(&path.display().to_string()));
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // A link that leads nowhere.
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(false),
        Err(fault) => return Err(Error::io(format!("cannot read {what}"), fault)),
    };
    if !metadata.is_file() || metadata.len() == 0 || metadata.len() > file::MAX {
        return Ok(false);
    }
    let bytes = file::read(path, &what)?;
    let pem = b"-----BEGIN CERTIFICATE-----";
    Ok(bytes.windows(pem.len()).any(|window| window == pem)
        || (ending(path).is_some_and(|ending| ENDINGS[1..].contains(&ending)) && is_der(&bytes)))
}
