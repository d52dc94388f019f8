//! `trust` and `untrust`: an authority put into the places that programs believe, and taken out again.
//!
//! Only where it was asked for, never over another authority's file, and with nothing in mind that `untrust` would not take back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use reg_shared::cli::Context;
use reg_shared::document::{Registry, TrustOutcome, TrustPlace, Trusted};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::quoted;
use reg_shared::shell;
use reg_shared::tls::certificate::Certificate;

use crate::authority::{certificate_file, default_dir};
use crate::cli::TrustArgs;
use crate::clients::host_and_port;
use crate::folder::Folder;
use crate::place::{Machine, Store, Update};
use crate::subject;

/// What is to be done, to what, where.
struct Task<'a> {
    context: &'a Context,
    args: &'a TrustArgs,
    machine: Machine,
    registry: Option<Registry>,
    /// The file with the authority's certificate.
    file: PathBuf,
    /// The first certificate in it.
    authority: Certificate,
    removal: bool,
    /// Whether it changes anything; else it only looks.
    writes: bool,
}

pub(crate) async fn trust(context: &Context, args: &TrustArgs) -> Result<Exit> {
    run(context, args, false).await
}

pub(crate) async fn untrust(context: &Context, args: &TrustArgs) -> Result<Exit> {
    run(context, args, true).await
}

async fn run(context: &Context, args: &TrustArgs, removal: bool) -> Result<Exit> {
    let asked = [(args.docker, Store::Docker), (args.containers, Store::Containers), (args.system, Store::System)];
    let stores: Vec<Store> = asked.into_iter().filter_map(|(asked, store)| asked.then_some(store)).collect();
    if stores.is_empty() {
        let who = if removal { "believe it no more" } else { "believe it" };
        return Err(Error::usage(format!("it was not said who is to {who}"))
            .hint("--docker, --containers and --system say who; more than one may be given"));
    }
    let registry = match &args.registry.registry {
        Some(name) => Some(subject::registry(context, name).await?.0),
        None => None,
    };
    let (file, authority) = authority(context, args, registry.as_ref())?;
    let machine = Machine::new(context, &args.root)?;
    let mut task = Task { context, args, machine, registry, file, authority, removal, writes: false };
    // All are looked at before one is changed.
    let mut places = task.places(&stores).await?;
    if !args.dry_run {
        task.writes = true;
        places = task.places(&stores).await?;
    }
    task.finish(places)
}

/// The authority that was named, else the one that the registry's clients trust, else the default one.
fn authority(context: &Context, args: &TrustArgs, registry: Option<&Registry>) -> Result<(PathBuf, Certificate)> {
    let of_registry = registry.and_then(|registry| registry.tls.as_ref()?.ca_file.clone());
    let named = args.ca.clone().or(of_registry);
    let path = named.as_ref().map_or_else(|| default_dir(context), |named| Ok(named.clone()))?;
    if named.is_none() && !certificate_file(&path).exists() {
        return Err(Error::not_found("there is no authority yet").hint("`reg-certs ca` makes one; --ca names one"));
    }
    let (file, certificates) = subject::authority(context, &path)?;
    // Read with at least one.
    Ok((file, certificates[0].clone()))
}

impl Task<'_> {
    async fn places(&self, stores: &[Store]) -> Result<Vec<TrustPlace>> {
        let mut places = Vec::new();
        for store in stores {
            places.extend(match store {
                Store::System => self.system().await?,
                store => self.certs_d(*store).await?,
            });
        }
        Ok(places)
    }

    /// The registry as images name it.
    fn host(&self) -> Result<Option<String>> {
        let host = self.args.host.clone().or_else(|| self.registry.as_ref().map(|registry| host_and_port(&registry.url)));
        match host {
            Some(host)
                if host.is_empty()
                    || host.starts_with('.')
                    || host.contains(|c: char| c == '/' || c.is_whitespace() || c.is_control()) =>
            {
                Err(Error::usage(format!("{} is not how an image names a registry", quoted(&host)))
                    .hint("write host:port, like registry.example:5000"))
            }
            other => Ok(other),
        }
    }

    async fn certs_d(&self, store: Store) -> Result<Vec<TrustPlace>> {
        let certs_d = self.machine.writable_certs_d(store, self.args.user)?;
        match (self.host()?, self.removal) {
            (Some(host), _) => Ok(vec![self.one(store, &Machine::in_certs_d(&certs_d, &host)).await?]),
            (None, true) => {
                let mut places = Vec::new();
                for entry in fs::read_dir(&certs_d).into_iter().flatten().flatten() {
                    let file = Machine::in_certs_d(&certs_d, &entry.file_name().to_string_lossy());
                    if self.is_there(&file)? == Some(true) {
                        places.push(self.one(store, &file).await?);
                    }
                }
                places.sort_by(|one, other| one.file.cmp(&other.file));
                Ok(places)
            }
            (None, false) => {
                Err(Error::usage(format!("{} trusts an authority for one registry, and none was named", store.name()))
                    .hint("name it with --host HOST:PORT, or with -r; --system trusts it for all"))
            }
        }
    }

    /// Whether a file is the authority's; none when there is no file.
    fn is_there(&self, file: &Path) -> Result<Option<bool>> {
        match Certificate::read_file(file) {
            Ok(certificates) => Ok(Some(certificates.iter().any(|certificate| certificate.der == self.authority.der))),
            Err(_) if !file.exists() => Ok(None),
            Err(fault) if fs::File::open(file).is_err() => Err(fault),
            Err(_) => Ok(Some(false)),
        }
    }

    /// One file of one authority: put there, or taken away.
    async fn one(&self, store: Store, file: &Path) -> Result<TrustPlace> {
        let there = self.is_there(file)?;
        let outcome = match (self.removal, there) {
            (false, Some(true)) => TrustOutcome::Present,
            (false, None) => TrustOutcome::Added,
            (true, Some(true)) => TrustOutcome::Removed,
            (true, None) => TrustOutcome::Absent,
            (_, Some(false)) => {
                let what = format!("{} is another authority's", file.display());
                let hint =
                    format!("`reg-certs show {}` shows whose; remove it first if it is not needed", shell::word(file.as_os_str()));
                return Err(Error::conflict(what).hint(hint));
            }
        };
        let command = match outcome {
            TrustOutcome::Added => {
                Some(format!("install -D -m 644 {} {}", shell::word(self.file.as_os_str()), shell::word(file.as_os_str())))
            }
            TrustOutcome::Removed => Some(format!("rm {}", shell::word(file.as_os_str()))),
            TrustOutcome::Present | TrustOutcome::Absent => None,
        };
        if self.writes {
            self.change(outcome, file).await.map_err(|fault| self.not_allowed(fault, store, file))?;
        }
        Ok(TrustPlace { store: store.name().to_owned(), file: file.to_owned(), outcome, command })
    }

    async fn change(&self, outcome: TrustOutcome, file: &Path) -> Result<()> {
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Ok(()) };
        match outcome {
            TrustOutcome::Added => {
                let folder = Folder::take_open(self.context, folder).await?;
                folder.write_public(self.context, &name.to_string_lossy(), self.authority.pem()).await
            }
            TrustOutcome::Removed => {
                Folder::take_open(self.context, folder).await?.remove(&name.to_string_lossy())?;
                // A folder of certs.d that is empty means nothing; one that is not stays.
                let _ = fs::remove_dir(folder);
                Ok(())
            }
            TrustOutcome::Present | TrustOutcome::Absent => Ok(()),
        }
    }

    /// Most of these places belong to root.
    fn not_allowed(&self, fault: Error, store: Store, file: &Path) -> Error {
        if fault.kind() != Exit::Denied {
            return fault;
        }
        let user = if store == Store::System || self.args.user { "" } else { "; --user takes your own folders" };
        Error::denied(format!("{} is not yours to change", file.display()))
            .hint(format!("run it as root, or add --dry-run to see how a shell would do it{user}"))
    }

    async fn system(&self) -> Result<Vec<TrustPlace>> {
        let name = format!("reg-{}", &self.authority.sha256[..16]);
        let (file, update) = self.machine.anchor(&name, self.removal)?;
        let mut place = self.one(Store::System, &file).await?;
        // A run that was cut off may have left the bundle as it was, so it is made in any case but one.
        if place.outcome == TrustOutcome::Absent {
            return Ok(vec![place]);
        }
        let text = update.text();
        place.command = Some(place.command.map_or_else(|| text.clone(), |first| format!("{first} && {text}")));
        if self.writes {
            self.bundle(&update).await?;
        }
        Ok(vec![place])
    }

    async fn bundle(&self, update: &Update) -> Result<()> {
        self.context.messages.note(format!("running {}", update.text()));
        let cannot = |fault| Error::output(format!("cannot run {}", update.program.display()), fault);
        let mut command = tokio::process::Command::new(&update.program);
        command.args(&update.args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = command.spawn().map_err(cannot)?;
        let output = self.context.interrupt.or(async { child.wait_with_output().await.map_err(cannot) }).await?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it says nothing").trim().to_owned();
        Err(Error::failed(format!("{} failed: {last}", update.program.display())))
    }

    fn finish(self, places: Vec<TrustPlace>) -> Result<Exit> {
        for place in &places {
            let file = place.file.display();
            let text = match (place.outcome, self.args.dry_run) {
                (TrustOutcome::Added, false) => format!("{} believes it now: {file}", place.store),
                (TrustOutcome::Added, true) => format!("{} would believe it: {file}", place.store),
                (TrustOutcome::Present, _) => format!("{} believes it already: {file}", place.store),
                (TrustOutcome::Removed, false) => format!("{} believes it no more: {file} is gone", place.store),
                (TrustOutcome::Removed, true) => format!("{} would believe it no more: {file} would go", place.store),
                (TrustOutcome::Absent, _) => format!("{} was not told of it: there is no {file}", place.store),
            };
            self.context.messages.note(text);
        }
        let trusted = Trusted {
            registry: self.registry,
            ca_file: self.file,
            subject: self.authority.subject,
            dry_run: self.args.dry_run,
            places,
        };
        self.context.output.print(&trusted).map(|()| Exit::Ok)
    }
}
