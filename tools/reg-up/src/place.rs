//! Where the data of an instance is: a folder, a volume of an engine, a bucket.

use std::fs;
use std::path::{Path, PathBuf};

use reg_shared::document::Registry;
use reg_shared::engine::Engine;
use reg_shared::error::{Error, Result};
use reg_shared::instance::{Instance, Settings};

/// The folder of its data, unless that is in a volume: the one that was named, else one in the instance's own.
pub(crate) fn folder(dir: &Path, settings: &Settings) -> PathBuf {
    settings.data.clone().unwrap_or_else(|| dir.join("data").join(settings.kind.as_str()))
}

/// What to say of data that these settings would leave behind. Another type of registry could not read it.
///
/// # Errors
/// When the instance's files cannot be read.
pub(crate) fn left_behind(instance: &Instance, wanted: &Settings) -> Result<Option<String>> {
    let Some(now) = instance.settings()?.filter(|now| now.kind == wanted.kind) else { return Ok(None) };
    let (from, to) = (place(instance, &now), place(instance, wanted));
    let there = if now.options.s3.is_some() {
        true
    } else if now.in_volume() {
        instance.placed()?.is_some_and(|placed| placed.volume)
    } else {
        fs::read_dir(folder(instance.dir(), &now)).is_ok_and(|mut entries| entries.next().is_some())
    };
    Ok((from != to && there).then(|| format!("its data stays in {from}, and it goes on with what is in {to}")))
}

/// In words, where its data is.
fn place(instance: &Instance, settings: &Settings) -> String {
    match &settings.options.s3 {
        Some(s3) => format!("the bucket {}", s3.bucket),
        None if settings.in_volume() => format!("the volume {}", instance.owner().volume()),
        None => folder(instance.dir(), settings).display().to_string(),
    }
}

/// The folder of the data of a registry, for those who look at it from outside; otherwise why there is none to look at.
pub(crate) async fn readable(instance: Option<&Instance>, registry: &Registry) -> Result<PathBuf, String> {
    if let Some(data) = registry.instance.as_ref().and_then(|parts| parts.data.clone()) {
        return Ok(data);
    }
    let unknown = || "nobody says where its data is".to_owned();
    let (instance, settings) = instance.and_then(|instance| Some((instance, instance.settings().ok()??))).ok_or_else(unknown)?;
    if settings.options.s3.is_some() {
        return Err("its data is in a bucket".to_owned());
    }
    let engine = settings.container.ok_or_else(unknown)?.engine;
    let owner = instance.owner();
    let asked = async { Engine::at(&engine).await?.mountpoint(&owner).await };
    let place = asked.await.map_err(|fault| fault.to_string())?;
    let place = place.ok_or_else(|| format!("its volume {} is gone", owner.volume()))?;
    match fs::read_dir(&place) {
        // Each type has a folder of its own in it.
        Ok(_) => Ok(place.join(settings.kind.as_str())),
        Err(fault) => {
            let why = Error::io(format!("its volume cannot be looked at: {}", place.display()), fault);
            Err(why.to_string())
        }
    }
}
