//! What a registry counts: its page for Prometheus as it is, or in words that all types share.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use reg_shared::cli::{Context, RegistryArgs};
use reg_shared::document::{Metrics, RenderedFile};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::http::StatusCode;
use reg_shared::prometheus::Samples;
use reg_shared::registry::{Registry, probe};

use crate::cli::MetricsArgs;
use crate::place;

/// The largest page that is read, in bytes: zot writes a few hundred for each repository.
const PAGE_MAX: usize = 64 << 20;

pub(crate) async fn metrics(context: &Context, args: &MetricsArgs) -> Result<Exit> {
    let named = args.name.as_ref().map(|name| format!("instance:{name}"));
    let registry_args = RegistryArgs { registry: named.or_else(|| args.registry.registry.clone()), ..args.registry.clone() };
    let target = context.target(&registry_args)?;
    let instance = target.instance.clone();
    let mut connection = context.interrupt.or(context.connect(&registry_args, target, None)).await?;
    if connection.registry.kind.is_none() {
        let (kind, version) = context.interrupt.or(probe(&connection.client)).await?;
        (connection.registry.kind, connection.registry.version) = (Some(kind), version);
    }
    let title = connection.registry.title();
    let kind = Registry::from(connection.registry.kind);
    let known = connection.registry.endpoints.as_ref().and_then(|endpoints| endpoints.metrics.as_deref());
    let Some(address) = kind.metrics_address(known) else {
        return Err(Error::unsupported(format!("{title} tells no metrics, or not where"))
            .hint("zot tells them when they are built in (zot-minimal is not enough); `endpoints.metrics` of a document or mode says where"));
    };
    let cannot = |fault: Error| fault.context(format!("cannot read the metrics of {title}"));
    let page = connection.page(&address, PAGE_MAX, context.observer());
    let (status, bytes) = context.interrupt.or(page).await.map_err(cannot)?;
    match status {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let fault = Error::denied(format!("it answers {status}"));
            return Err(cannot(fault).hint("log in with -u and --password-file; zot lets `metrics.users` alone read them"));
        }
        status => return Err(cannot(Error::failed(format!("{address} answers {status}")))),
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if args.raw {
        let file = RenderedFile { name: "metrics.txt".to_owned(), content: text };
        return context.output.files(vec![file]).map(|()| Exit::Ok);
    }
    let samples = Samples::parse(&text).map_err(|fault| cannot(fault.context(address.clone())))?;
    let mut metrics = kind.measured(&samples);
    match place::readable(instance.as_ref(), &connection.registry).await {
        Ok(data) => {
            let measured = tokio::task::spawn_blocking(move || bytes_of(&data)).await;
            metrics.bytes_stored = measured.ok().flatten().or(metrics.bytes_stored);
        }
        Err(why) => context.messages.detail(1, format!("what it stores is not counted here: {why}")),
    }
    context.output.print(&Metrics { registry: connection.registry, ..metrics }).map(|()| Exit::Ok)
}

/// The bytes of all files in a folder, a file with several names once; none when the folder cannot be read. What is removed meanwhile
/// is not counted.
fn bytes_of(folder: &Path) -> Option<u64> {
    let mut seen = HashSet::new();
    let mut total = 0;
    let mut folders = vec![fs::read_dir(folder).ok()?];
    while let Some(entries) = folders.pop() {
        for entry in entries.flatten() {
            let Ok(found) = entry.metadata() else { continue };
            if found.is_dir() {
                folders.extend(fs::read_dir(entry.path()));
            } else if found.is_file() && (found.nlink() == 1 || seen.insert((found.dev(), found.ino()))) {
                total += found.len();
            }
        }
    }
    Some(total)
}
