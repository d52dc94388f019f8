//! What a running registry serves, and whether the programs of this machine believe it.
//!
//! A program that was never told of a registry is no fault of its certificate: that is said, not failed. One that was told of another
//! authority is: it refuses.

use std::path::{Path, PathBuf};

use reg_shared::document::Outcome;
use reg_shared::http::Url;
use reg_shared::tls::certificate::Certificate;
use reg_shared::tls::chain::{leads_to, roots, system_roots};
use rustls::RootCertStore;

use crate::checks::Found;
use crate::place::{Machine, Store};
use crate::subject::Subject;

/// The host of a URL as images name it: with its port when that is not https's own.
pub(crate) fn host_and_port(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return url.to_owned() };
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether a registry serves this certificate.
pub(crate) fn served(leaf: &Certificate, served: &Subject) -> Found {
    let shown = served.leaf();
    if shown.der == leaf.der {
        return (Outcome::Pass, format!("{} serves it", served.label));
    }
    let end = shown.not_after.date();
    let same = if shown.public_key == leaf.public_key { " with the same key" } else { "" };
    (
        Outcome::Fail,
        format!("{} serves another one{same}, which expires on {end}; `reg-certs renew -r` brings a new one in", served.label),
    )
}

/// Whether a program of this machine believes the chain of the registry at `host`.
pub(crate) fn trusts(machine: &Machine, store: Store, host: &str, chain: &[Certificate]) -> Found {
    let system = match machine.bundle() {
        None => system_roots(),
        Some(bundle) => roots(&Certificate::read_file(&bundle).unwrap_or_default()),
    };
    let by_system = leads_to(chain, &system).is_ok();
    let name = store.name();
    let told = told(machine, store, host);
    if let Some(folder) = &told {
        if leads_to(chain, &together(&system, &certificates(folder))).is_ok() {
            return (Outcome::Pass, format!("{name} believes it: {}", folder.display()));
        }
        let why = format!("{name} was told of another authority in {}; `reg-certs trust --{name}` replaces it", folder.display());
        return (Outcome::Fail, why);
    }
    if by_system {
        return (Outcome::Pass, format!("{name} believes it through the system's bundle"));
    }
    let host = if store == Store::System { String::new() } else { format!(" --host {host}") };
    (Outcome::Skip, format!("{name} was not told of its authority; `reg-certs trust --{name}{host}` does"))
}

/// The folder that a program reads for a host, with at least one certificate in it.
fn told(machine: &Machine, store: Store, host: &str) -> Option<PathBuf> {
    let folder = machine.certs_d(store).into_iter().map(|certs_d| certs_d.join(host)).find(|folder| folder.is_dir())?;
    (!certificates(&folder).is_empty()).then_some(folder)
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
