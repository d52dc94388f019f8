//! Where the data of a registry is on this machine, for those who only look at it.

use std::fs;
use std::path::PathBuf;

use reg_shared::document::Registry;
use reg_shared::engine::Engine;
use reg_shared::instance::Instance;

/// The folder of its data; otherwise why there is none to look at.
pub(crate) async fn folder(instance: Option<&Instance>, registry: &Registry) -> Result<PathBuf, String> {
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
            let why = reg_shared::error::Error::io(format!("its volume cannot be looked at: {}", place.display()), fault);
            Err(why.to_string())
        }
    }
}
