//! `ca`: an authority, made once.

use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::document::{Certificate as Document, Issued};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Digest, quoted};
use reg_shared::shell;
use reg_shared::tls::certificate::Certificate;
use time::{Duration, OffsetDateTime};

use crate::authority::{certificate_file, default_dir, root};
use crate::cli::CaArgs;
use crate::constraint::Constraint;
use crate::folder::{AUTHORITY_KEY, Folder, Over};
use crate::key::{Key, KeyType};

/// How many days an authority is good for.
const DAYS: u32 = 3650;
const CERTIFICATE: &str = "ca.pem";
const KEY: &str = "ca.key";

pub(crate) async fn ca(context: &Context, args: &CaArgs) -> Result<Exit> {
    let dir = args.dir.as_deref().map_or_else(|| default_dir(context), |dir| context.absolute(dir))?;
    let (file, certificate, outcome) = make(context, &dir, args).await?;
    let document = Document {
        outcome: Some(outcome),
        cert_file: Some(file.clone()),
        ca_file: Some(file),
        facts: Some(certificate.facts(OffsetDateTime::now_utc())),
        ..Document::default()
    };
    context.output.print(&document).map(|()| Exit::Ok)
}

/// The authority in a folder; made when there is none.
///
/// # Errors
/// [`Exit::Conflict`] when there is another one than was asked for.
pub(crate) async fn make(context: &Context, dir: &Path, wanted: &CaArgs) -> Result<(PathBuf, Certificate, Issued)> {
    let constraints: Vec<Constraint> = wanted.constrain.iter().map(|text| text.parse()).collect::<Result<_>>()?;
    if let Some(name) = wanted.name.as_ref().filter(|name| !is_name(name)) {
        return Err(Error::usage(format!("{} is not a name for an authority", quoted(name))).hint("a name has 1 to 64 characters"));
    }
    let folder = Folder::take(context, dir).await?;
    let file = certificate_file(dir);
    if file.exists() {
        let certificate = Certificate::read_file(&file)?.into_iter().next();
        let certificate = certificate.ok_or_else(|| Error::input(format!("{} holds no certificate", file.display())))?;
        let differences = differences(&certificate, wanted, &constraints);
        if !differences.is_empty() {
            return Err(Error::conflict(format!("there is another authority in {}: {}", dir.display(), differences.join("; ")))
                .hint("`--dir DIR` makes one in a folder of its own"));
        }
        let days = certificate.days_left(OffsetDateTime::now_utc());
        let subject = quoted(&certificate.subject);
        if days < 0 {
            context.messages.warn(format!("the authority {subject} expired on {}", certificate.not_after.date()));
        } else {
            context.messages.note(format!("the authority {subject} is there, good for {days} more days"));
        }
        return Ok((file, certificate, Issued::Kept));
    }
    let key_file = folder.path(KEY);
    let key = if key_file.exists() {
        context.messages.note(format!("{} is there without its certificate, which is made now", key_file.display()));
        Key::read(&key_file)?
    } else {
        let key = context.interrupt.or(Key::generate(wanted.key.unwrap_or(KeyType::EcdsaP256))).await?;
        folder.write_key(context, KEY, &key.pem(), AUTHORITY_KEY, Over::Nothing).await?;
        key
    };
    let digits = Digest::sha256(key.public_key()).hex()[..8].to_owned();
    let name = wanted.name.clone().unwrap_or_else(|| format!("reg CA {digits}"));
    let life = Duration::days(wanted.days.unwrap_or(DAYS).into());
    let certificate = root(&name, life, &constraints, &key)?;
    folder.write_public(context, CERTIFICATE, &certificate.pem()).await?;
    context.messages.note(format!("made the authority {} in {}", quoted(&certificate.subject), dir.display()));
    let named = wanted.dir.as_ref().map_or(String::new(), |dir| format!(" --ca {}", shell::word(dir.as_os_str())));
    context.messages.note(format!("nothing believes it yet: `reg-certs trust --system{named}` makes this system do so"));
    Ok((folder.path(CERTIFICATE), certificate, Issued::New))
}

/// Whether it can be a common name (RFC 5280, appendix A).
fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 64 && !text.contains(char::is_control)
}

/// In words, what was asked for and is otherwise.
fn differences(certificate: &Certificate, wanted: &CaArgs, constraints: &[Constraint]) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(name) = wanted.name.as_ref().filter(|name| certificate.subject != format!("CN={name}")) {
        found.push(format!("its name is {}, not {}", quoted(&certificate.subject), quoted(&format!("CN={name}"))));
    }
    if let Some(key) = wanted.key.filter(|key| certificate.key != key.name()) {
        found.push(format!("its key is {}, not {}", certificate.key, key.name()));
    }
    let days = (certificate.not_after - certificate.not_before).whole_days();
    if let Some(asked) = wanted.days.filter(|asked| days != i64::from(*asked)) {
        found.push(format!("it was made for {days} days, not {asked}"));
    }
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let asked = sorted(constraints.iter().map(Constraint::text).collect());
    let permitted = sorted(certificate.permitted.clone());
    if !asked.is_empty() && asked != permitted {
        let now = if permitted.is_empty() { "anything".to_owned() } else { permitted.join(", ") };
        found.push(format!("it may sign for {now}, not for {} only", asked.join(", ")));
    }
    found
}
