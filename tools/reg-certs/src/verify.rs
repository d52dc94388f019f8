//! `verify`: a row a check, and the exit code that the rows add up to.

use std::path::{Path, PathBuf};
use std::time::Instant;

use reg_shared::cli::Context;
use reg_shared::document::{Check, Outcome, Registry, Summary, Verification};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::http::Url;
use reg_shared::name::quoted;
use reg_shared::secret::Secret;
use reg_shared::tls::chain::system_roots;
use time::OffsetDateTime;

use crate::authority::{certificate_file, default_dir};
use crate::checks::{self, Believed, Found};
use crate::cli::VerifyArgs;
use crate::clients::{self, Clients};
use crate::host::Host;
use crate::key::Key;
use crate::place::Machine;
use crate::subject::{self, Subject};

/// The rows so far.
struct Rows<'a> {
    context: &'a Context,
    checks: Vec<Check>,
}

impl Rows<'_> {
    fn row(&mut self, name: &str, check: impl FnOnce() -> Found) {
        let started = Instant::now();
        let (outcome, detail) = check();
        let word = match outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "FAIL",
            Outcome::Skip => "skip",
        };
        self.context.messages.note(format!("{word} {name}: {detail}"));
        self.checks.push(Check { name: name.to_owned(), outcome, seconds: started.elapsed().as_secs_f64(), detail });
    }

    fn finish(self, registry: Option<Registry>, subject: &Subject) -> Result<Exit> {
        let count = |outcome| self.checks.iter().filter(|check| check.outcome == outcome).count();
        let summary = Summary { pass: count(Outcome::Pass), fail: count(Outcome::Fail), skip: count(Outcome::Skip) };
        let certificate = subject.leaf().facts(OffsetDateTime::now_utc());
        let verification = Verification { registry, subject: subject.label.clone(), certificate, checks: self.checks, summary };
        self.context.output.print(&verification)?;
        Ok(if summary.fail > 0 { Exit::Negative } else { Exit::Ok })
    }
}

pub(crate) async fn verify(context: &Context, args: &VerifyArgs) -> Result<Exit> {
    let host = args.host.as_deref().map(asked).transpose()?;
    let target = match &args.registry.registry {
        Some(name) => Some(subject::registry(context, name).await?),
        None => None,
    };
    let served = match &target {
        Some((registry, _)) => Some(Subject::served(context, &registry.url).await?),
        None => None,
    };
    let given = match &args.subject {
        Some(text) => Some(Subject::open(context, text).await?),
        None => None,
    };
    // clap sees to it that one of them is there.
    let Some(subject) = given.as_ref().or(served.as_ref()) else { return Ok(Exit::Usage) };
    let believed =
        Believed { own: authority(context, args, subject, target.as_ref().map(|(registry, _)| registry))?, system: system_roots() };
    let key = args.key_file.as_deref().map(|file| context.interrupt.reading(|| Key::text(file)).map(|text| (file, text)));
    let key = key.transpose()?;
    let key = key.as_ref().map(|(file, text)| (*file, text));
    let mut rows = Rows { context, checks: Vec::new() };
    all(&mut rows, key, host.as_ref(), subject, served.as_ref(), &believed);
    if let (Some(given), Some(served), Some((_, instance))) = (&given, &served, &target) {
        rows.row("served", || clients::served(given, served, instance.as_ref(), args.registry.registry.as_deref()));
    }
    if let Some(served) = &served {
        let machine = Machine::new(context, &args.root)?;
        let clients = Clients {
            machine: &machine,
            host: clients::host_and_port(&served.label),
            chain: served.ordered(),
            believed: &believed,
        };
        for store in crate::place::Store::ALL {
            rows.row(store.name(), || clients.trust(store));
        }
    }
    rows.finish(target.map(|(registry, _)| registry), subject)
}

/// The host that clients ask for: a name or an address.
fn asked(text: &str) -> Result<Host> {
    let wrong = |hint: String| Err(Error::usage(format!("{} is not a host that clients ask for", quoted(text))).hint(hint));
    match text.parse::<Host>()? {
        Host::Uri(uri) => wrong(match Url::parse(&uri).ok().as_ref().and_then(Url::host_str) {
            Some(host) => format!("write --host {}", host.trim_matches(['[', ']'])),
            None => "write a name or an address".to_owned(),
        }),
        Host::Email(_) => wrong("write a name or an address".to_owned()),
        Host::Dns(name) if name.starts_with("*.") => wrong(format!("write a name that it stands for, like www{}", &name[1..])),
        host => Ok(host),
    }
}

fn all(
    rows: &mut Rows<'_>,
    key: Option<(&Path, &Secret)>,
    host: Option<&Host>,
    subject: &Subject,
    served: Option<&Subject>,
    believed: &Believed,
) {
    let ordered = subject.ordered();
    let server = subject.server.as_ref().or(served.and_then(|served| served.server.as_ref()));
    let host = host.map(Host::text).or_else(|| server.map(|server| server.host.clone()));
    rows.row("chain", || checks::chain(&ordered, believed));
    rows.row("order", || checks::order(&subject.chain));
    rows.row("host", || checks::host(&ordered[0], host.as_deref()));
    rows.row("time", || checks::time(&ordered, believed));
    rows.row("key", || checks::key(subject, key));
    rows.row("usage", || checks::usage(&ordered, believed, host.is_some()));
    rows.row("names", || checks::names(&ordered[0]));
    rows.row("algorithms", || checks::algorithms(&ordered, believed));
}

/// The authority that is believed beside the system's: the one that was named, else the one that the document or the registry names, else
/// the default one.
fn authority(
    context: &Context,
    args: &VerifyArgs,
    subject: &Subject,
    registry: Option<&Registry>,
) -> Result<Option<(PathBuf, Vec<reg_shared::tls::certificate::Certificate>)>> {
    let of_registry = registry.and_then(|registry| registry.tls.as_ref()?.ca_file.clone());
    if let Some(named) = args.ca.clone().or_else(|| subject.files.ca_file.clone()).or(of_registry) {
        return subject::authority(context, &named).map(Some);
    }
    let Ok(dir) = default_dir(context) else { return Ok(None) };
    if certificate_file(&dir).exists() { subject::authority(context, &dir).map(Some) } else { Ok(None) }
}
