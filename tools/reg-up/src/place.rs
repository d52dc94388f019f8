//! Where the data of an instance is: a folder, a volume of an engine, a bucket.

use std::fs;
use std::path::{Path, PathBuf};

use reg_shared::error::Result;
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
