//! `expires`: certificates with their last day, for cron.
//!
//! A path that was named must be a certificate; what lies below a folder and is none is passed over.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::document::{Certificates, Renewal};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::quoted;
use reg_shared::tls::certificate::Certificate;
use time::{Duration, OffsetDateTime};

use crate::cli::ExpiresArgs;

/// A larger file below a folder is no certificate: the largest bundle of a system has some 300 KiB.
const FILE_MAX: u64 = 4 << 20;

pub(crate) fn expires(context: &Context, args: &ExpiresArgs) -> Result<Exit> {
    let now = OffsetDateTime::now_utc();
    let within = Duration::try_from(args.within).unwrap_or(Duration::MAX);
    let mut found = Vec::new();
    for file in files(context, &args.paths)? {
        for certificate in file.certificates {
            let renew = certificate.not_after - now <= within;
            found.push((certificate.not_after, Renewal { file: file.path.clone(), renew, facts: certificate.facts(now) }));
        }
    }
    found.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.file.cmp(&b.file)));
    let certificates: Vec<Renewal> = found.into_iter().map(|(_, renewal)| renewal).collect();
    for renewal in certificates.iter().filter(|renewal| renewal.renew) {
        tell(context, renewal);
    }
    let due = certificates.iter().any(|renewal| renewal.renew);
    context.output.print(&Certificates { within_seconds: args.within.as_secs(), certificates })?;
    Ok(if due { Exit::Negative } else { Exit::Ok })
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

fn files(context: &Context, paths: &[PathBuf]) -> Result<Vec<Found>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let text = context.standard_input()?;
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                add(Path::new(line), &mut seen, &mut found)?;
            }
        } else {
            add(path, &mut seen, &mut found)?;
        }
    }
    if found.is_empty() {
        return Err(Error::input("there is no certificate there")
            .hint("certificates are PEM files, or DER files that end in .crt, .cer or .der"));
    }
    Ok(found)
}

fn add(path: &Path, seen: &mut BTreeSet<PathBuf>, found: &mut Vec<Found>) -> Result<()> {
    if path.is_dir() {
        return walk(path, seen, found);
    }
    let certificates = Certificate::read_file(path)?;
    if seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())) {
        found.push(Found { path: path.to_owned(), certificates });
    }
    Ok(())
}

fn walk(folder: &Path, seen: &mut BTreeSet<PathBuf>, found: &mut Vec<Found>) -> Result<()> {
    let cannot = |fault| Error::io(format!("cannot read the folder {}", folder.display()), fault);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).map_err(cannot)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        // Links to folders may lead in circles.
        let link = path.is_symlink();
        if path.is_dir() && !link {
            walk(&path, seen, found)?;
        } else if path.is_file()
            && looks_like_one(&path)
            && let Ok(certificates) = Certificate::read_file(&path)
            && seen.insert(fs::canonicalize(&path).unwrap_or_else(|_| path.clone()))
        {
            found.push(Found { path, certificates });
        }
    }
    Ok(())
}

fn looks_like_one(path: &Path) -> bool {
    let Ok(metadata) = fs::metadata(path) else { return false };
    if metadata.len() > FILE_MAX {
        return false;
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let bytes = fs::read(path).unwrap_or_default();
    let pem = b"-----BEGIN CERTIFICATE-----";
    bytes.windows(pem.len()).any(|window| window == pem)
        || (["crt", "cer", "der"].contains(&ending) && bytes.starts_with(&[0x30, 0x82]))
}
