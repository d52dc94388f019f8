//! What an image says of itself in its configuration: when it was made and for which platform.

use reg_shared::cli::Connection;
use reg_shared::document::timestamp;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Repository, Selector};
use reg_shared::oci::manifest::{Platform, View};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The largest configuration that is read, in bytes; real ones have some thousands.
const CONFIG_MAX: u64 = 4 << 20;
/// The annotation for the time (image spec, "Pre-Defined Annotation Keys").
const CREATED: &str = "org.opencontainers.image.created";

/// The configuration of an image; null when what stands there is none.
async fn config(connection: &Connection, repository: &Repository, view: &View) -> Result<Value> {
    let Some(config) = view.config.as_ref().filter(|config| config.size <= CONFIG_MAX) else { return Ok(Value::Null) };
    let bytes = connection.client.blob_bytes(repository, &config.digest, config.size).await?;
    // An artifact's may be anything.
    Ok(serde_json::from_slice(&bytes).unwrap_or_default())
}

/// The platform that an image is for, when it says.
pub(crate) async fn platform(connection: &Connection, repository: &Repository, view: &View) -> Result<Option<Platform>> {
    let config = config(connection, repository, view).await?;
    Ok(serde_json::from_value::<Platform>(config).ok().filter(|platform| !platform.os.is_empty()))
}

/// When what a tag points to was made, as it says itself; of an index, the newest of its images.
pub(crate) async fn created(
    connection: &Connection,
    repository: &Repository,
    selector: &Selector,
) -> Result<Option<OffsetDateTime>> {
    let (_, view) = connection.client.manifest(repository, selector).await?;
    let Some(entries) = &view.manifests else { return of_image(connection, repository, &view).await };
    if let Some(time) = annotated(&view) {
        return Ok(Some(time));
    }
    let mut newest = None;
    for entry in entries {
        match connection.client.manifest(repository, &entry.digest.clone().into()).await {
            Ok((_, image)) => newest = newest.max(of_image(connection, repository, &image).await?),
            // An index may list what is not there.
            Err(fault) if fault.kind() == Exit::NotFound => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(newest)
}

async fn of_image(connection: &Connection, repository: &Repository, view: &View) -> Result<Option<OffsetDateTime>> {
    if let Some(time) = annotated(view) {
        return Ok(Some(time));
    }
    let config = config(connection, repository, view).await?;
    Ok(config.get("created").and_then(Value::as_str).and_then(read))
}

fn annotated(view: &View) -> Option<OffsetDateTime> {
    view.annotations.as_ref()?.get(CREATED)?.as_str().and_then(read)
}

/// A time of an image. Builds that are to be the same every time write the beginning of time, which says nothing.
fn read(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok().filter(|time| time.unix_timestamp() > 0)
}

/// A time as documents say it.
pub(crate) fn shown(time: Option<OffsetDateTime>) -> Option<String> {
    time.map(timestamp)
}

/// That an image is not for a platform.
pub(crate) fn not_for(reference: &str, wanted: &Platform, has: &[String]) -> Error {
    let fault = Error::not_found(format!("{reference} is no image for {wanted}"));
    if has.is_empty() { fault } else { fault.hint(format!("it has {}", has.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_time_is_no_time() {
        assert_eq!(shown(read("2026-01-02T03:04:05.678+01:00")), Some("2026-01-02T02:04:05Z".to_owned()));
        for none in ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "yesterday", ""] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
