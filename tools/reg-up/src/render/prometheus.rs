//! What Prometheus is told of an instance: where to scrape it, and when to raise an alert.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use reg_shared::document::RenderedFile;
use reg_shared::error::{Error, Result};
use reg_shared::http::Url;
use reg_shared::instance::Instance;
use reg_shared::prometheus::{Endpoint, Watched};
use reg_shared::registry::Registry;

/// `prometheus.yml` and the rules that it names.
pub(super) fn files(instance: &Instance) -> Result<Vec<RenderedFile>> {
    let name = instance.name().to_string();
    let registry = instance.registry()?.ok_or_else(|| Error::not_found(format!("the instance \"{name}\" was never started")))?;
    let kind = Registry::from(registry.kind);
    let known = registry.endpoints.as_ref().and_then(|endpoints| endpoints.metrics.as_deref());
    let watched = Watched {
        name,
        kind: registry.kind.map_or_else(String::new, |kind| kind.to_string()),
        metrics: known.and_then(endpoint),
        requests: kind.requests_counter().map(ToOwned::to_owned),
        mount: registry.instance.as_ref().and_then(|parts| mount_point(parts.data.as_deref()?)),
        ca_file: registry.tls.and_then(|tls| tls.ca_file),
        login: registry.credential.and_then(|credential| Some((credential.username, credential.password_file?))),
        url: registry.url,
    };
    Ok(vec![
        RenderedFile { name: "prometheus.yml".to_owned(), content: watched.config()? },
        RenderedFile { name: watched.rules_file(), content: watched.rules()? },
    ])
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
