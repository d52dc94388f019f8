//! What Prometheus is told of an instance: where to scrape it, and when to raise an alert.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::document::{Registry, RenderedFile};
use reg_shared::error::{Error, Result};
use reg_shared::http::Url;
use reg_shared::instance::Instance;
use reg_shared::prometheus::{Endpoint, Watched};
use reg_shared::registry;

use crate::place;

/// `prometheus.yml` and the rules that it names; says which rules there cannot be.
pub(super) async fn files(context: &Context, instance: &Instance) -> Result<Vec<RenderedFile>> {
    let name = instance.name().to_string();
    let registry = instance.registry()?.ok_or_else(|| Error::not_found(format!("the instance \"{name}\" was never started")))?;
    let kind = registry::Registry::from(registry.kind);
    let metrics = registry.endpoints.as_ref().and_then(|endpoints| endpoints.metrics.as_deref());
    let guarded = metrics.is_some_and(|metrics| asks_for_login(&registry, metrics));
    let metrics = metrics.and_then(endpoint);
    if metrics.is_none() {
        context.messages.warn(format!("\"{name}\" tells no metrics: no rule says when it is down or answers with errors"));
    }
    let login = registry.credential.clone().filter(|_| guarded);
    let login = login.and_then(|credential| Some((credential.username, credential.password_file?)));
    if guarded && login.is_none() {
        context.messages.warn(format!(
            "\"{name}\" tells its metrics to those who log in, and no password is known here: without a basic_auth in prometheus.yml it counts \
             as down"
        ));
    }
    let folder = context.interrupt.or(async { Ok(place::readable(Some(instance), &registry).await) }).await?;
    let mount = match folder {
        // What a registry has yet to make is where its folder is.
        Ok(data) => mount_point(&data).or_else(|| mount_point(data.parent()?)),
        Err(why) => {
            context.messages.note(format!("no rule says when the storage of \"{name}\" is full: {why}"));
            None
        }
    };
    let watched = Watched {
        name,
        kind: registry.kind.map_or_else(String::new, |kind| kind.to_string()),
        metrics,
        requests: kind.requests_counter().map(ToOwned::to_owned),
        mount,
        ca_file: registry.tls.and_then(|tls| tls.ca_file),
        login,
        url: registry.url,
    };
    Ok(vec![
        RenderedFile { name: "prometheus.yml".to_owned(), content: watched.config()? },
        RenderedFile { name: watched.rules_file(), content: watched.rules()? },
    ])
}

/// Whether it asks for a login before it tells its metrics: where they are beside its API, not on a port of their own.
fn asks_for_login(registry: &Registry, metrics: &str) -> bool {
    let beside = metrics.strip_prefix(&registry.url).is_some_and(|path| path.starts_with('/'));
    beside && registry.instance.as_ref().is_some_and(|parts| parts.htpasswd.is_some())
}

fn endpoint(address: &str) -> Option<Endpoint> {
    let url = Url::parse(address).ok()?;
    let target = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
    Some(Endpoint { scheme: url.scheme().to_owned(), target, path: url.path().to_owned() })
}

/// The topmost folder on the file system that a folder is on.
fn mount_point(folder: &Path) -> Option<PathBuf> {
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    let folder = fs::canonicalize(folder).ok()?;
    let own = device(&folder)?;
    folder.ancestors().take_while(|above| device(above) == Some(own)).last().map(Path::to_owned)
}
