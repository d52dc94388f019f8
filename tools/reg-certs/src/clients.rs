//! What a running registry serves, and whether the programs of this machine believe it.
//!
//! A program that was never told of a registry is no fault of its certificate: that is said, not failed. One that was told of another
//! authority is: it refuses.

use std::path::{Path, PathBuf};

use reg_shared::document::Outcome;
use reg_shared::http::Url;
use reg_shared::instance::Instance;
use reg_shared::shell;
use reg_shared::tls::certificate::Certificate;
use reg_shared::tls::chain::{leads_to, roots, system_roots};
use rustls::RootCertStore;

use crate::checks::{Believed, Found};
use crate::place::{IN_CERTS_D, Machine, Store};
use crate::subject::Subject;

/// The host of a URL as images name it: with its port when that is not https's own.
pub(crate) fn host_and_port(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return url.to_owned() };
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether a registry, named `-r name`, serves this certificate.
pub(crate) fn served(given: &Subject, served: &Subject, instance: Option<&Instance>, name: Option<&str>) -> Found {
    let (leaf, shown) = (given.leaf(), served.leaf());
    if shown.der == leaf.der {
        return (Outcome::Pass, format!("{} serves it", served.label));
    }
    let end = shown.not_after.date();
    let same = if shown.public_key == leaf.public_key { " with the same key" } else { "" };
    let cure = match (given.files.cert_file.as_ref().map(|file| shell::word(file.as_os_str())), instance, name) {
        (Some(file), Some(instance), _) => {
            let name = instance.name();
            format!("; `reg-certs renew {file} | reg-up start {name} --replace --tls -` brings this one in")
        }
        // What stood on standard input or in the environment is not there again.
        (Some(file), None, Some(name)) if name != "-" => {
            format!("; `reg-certs renew {file} -r {}` has it read its files again", shell::word(name.as_ref()))
        }
        _ => String::new(),
    };
    (Outcome::Fail, format!("{} serves another one{same}, which expires on {end}{cure}", served.label))
}

/// The programs of a machine, and what they are to believe.
pub(crate) struct Clients<'a> {
    pub(crate) machine: &'a Machine,
    /// The registry as images name it.
    pub(crate) host: String,
    /// What it serves.
    pub(crate) chain: Vec<Certificate>,
    pub(crate) believed: &'a Believed,
}

impl Clients<'_> {
    /// Whether one of them believes the registry; else how it is made to.
    pub(crate) fn trust(&self, store: Store) -> Found {
        let system = match self.machine.bundle() {
            None => system_roots(),
            Some(bundle) => roots(&Certificate::read_file(&bundle).unwrap_or_default()),
        };
        let name = store.name();
        if let Some(folder) = self.told(store) {
            let shown = folder.display();
            if leads_to(&self.chain, &together(&system, &certificates(&folder))).is_ok() {
                return (Outcome::Pass, format!("{name} believes it: {shown}"));
            }
            return (Outcome::Fail, format!("{name} was told of another authority in {shown}; {}", self.replacing(store, &folder)));
        }
        if leads_to(&self.chain, &system).is_ok() {
            return (Outcome::Pass, format!("{name} believes it through the system's bundle"));
        }
        let cure = match self.command(store, None) {
            Some(command) => format!("; `{command}` does"),
            None => ", which is not known here; --ca FILE names it".to_owned(),
        };
        (Outcome::Skip, format!("{name} was not told of its authority{cure}"))
    }

    /// The folder that a program reads for the registry, with at least one certificate in it.
    fn told(&self, store: Store) -> Option<PathBuf> {
        let folders = self.machine.certs_d(store).into_iter().map(|certs_d| certs_d.join(&self.host));
        folders.into_iter().find(|folder| folder.is_dir()).filter(|folder| !certificates(folder).is_empty())
    }

    /// The command that makes a program believe, whole; none when the authority is not known here. `folder` is the one it reads already.
    fn command(&self, store: Store, folder: Option<&Path>) -> Option<String> {
        let (file, own) = self.believed.own.as_ref()?;
        // Of a file with several it takes the first.
        leads_to(&self.chain, &roots(&own[..1])).ok()?;
        let mut words = vec!["reg-certs".to_owned(), "trust".to_owned(), format!("--{}", store.name())];
        if store != Store::System {
            words.extend(["--host".to_owned(), shell::word(self.host.as_ref())]);
        }
        words.extend(["--ca".to_owned(), shell::word(file.as_os_str())]);
        let usual = self.machine.writable_certs_d(store, false).ok().map(|certs_d| certs_d.join(&self.host));
        let user = self.machine.writable_certs_d(store, true).ok().map(|certs_d| certs_d.join(&self.host));
        if folder.is_some() && folder != usual.as_deref() && folder == user.as_deref() {
            words.push("--user".to_owned());
        }
        if let Some(root) = self.machine.other_root() {
            words.extend(["--root".to_owned(), shell::word(root.as_os_str())]);
        }
        Some(words.join(" "))
    }

    /// How the authority takes the place of the one in a folder. `trust` replaces nothing, and they read what ends in `.crt` only.
    fn replacing(&self, store: Store, folder: &Path) -> String {
        let file = folder.join(IN_CERTS_D);
        let word = shell::word(file.as_os_str());
        match (self.command(store, Some(folder)), file.exists()) {
            (Some(command), true) => format!("`mv {word} {word}.old && {command}` puts this one in its place"),
            (Some(command), false) => format!("`{command}` puts this one beside it"),
            (None, _) => "its own is not known here; --ca FILE names it".to_owned(),
        }
    }
}

/// The authorities in a folder of `certs.d`.
fn certificates(folder: &Path) -> Vec<Certificate> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = entries.filter(|path| path.extension().is_some_and(|ending| ending == "crt"));
    files.filter_map(|file| Certificate::read_file(&file).ok()).flatten().collect()
}

fn together(system: &RootCertStore, own: &[Certificate]) -> RootCertStore {
    let mut all = system.clone();
    all.extend(roots(own).roots);
    all
}
