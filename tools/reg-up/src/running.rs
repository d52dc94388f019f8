//! What an instance had running, written down and put aside.

use std::time::Duration;

use reg_shared::engine::container::Container;
use reg_shared::engine::owner::REGISTRY;
use reg_shared::engine::{Engine, log};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::instance::{Instance, Locked};

/// Writes down that nothing is to run.
pub(crate) fn save_none(locked: &Locked) -> Result<()> {
    locked.save_process(None)?;
    match locked.placed()? {
        Some(placed) if placed.begun.is_some() => locked.save_placed(Some(&placed.halted())),
        _ => Ok(()),
    }
}

/// Ends what stands beside the registry. Nothing of it is lost: it keeps nothing that it could not make again.
pub(crate) async fn stop_beside(instance: &Instance, wait: Duration) -> Result<()> {
    // Settings that cannot be read stand in nobody's way: whoever removes it removes all that the engine has of it.
    let contained = instance.settings().ok().flatten().and_then(|settings| settings.container);
    let (Some(contained), Some(placed)) = (contained, instance.placed()?) else { return Ok(()) };
    if contained.beside.is_empty() {
        return Ok(());
    }
    let engine = match Engine::at(&placed.engine).await {
        Err(fault) if fault.kind() == Exit::Unreachable && placed.begun.is_none() => return Ok(()),
        engine => engine?,
    };
    for beside in &contained.beside {
        if let Some(container) = engine.container(&instance.owner(), &beside.part).await?.filter(Container::lives) {
            engine.stop(&container, wait).await?;
        }
    }
    Ok(())
}

/// Removes the containers of an instance; what its own one wrote is kept in the instance's log.
pub(crate) async fn remove_containers(locked: &Locked, engine: &Engine) -> Result<()> {
    let owner = locked.owner();
    if let Some(container) = engine.container(&owner, REGISTRY).await? {
        keep_output(locked, engine, &container.id).await?;
    }
    engine.remove_containers(&owner).await
}

async fn keep_output(locked: &Locked, engine: &Engine, id: &str) -> Result<()> {
    use futures_util::StreamExt as _;
    let last = log::read(&locked.log_dir(), Some(1), None)?.pop();
    // The log's times are whole milliseconds; what was kept before must not come twice.
    let since = last.map(|entry| entry.time + Duration::from_millis(1));
    let mut entries = engine.output(id, false, None, since);
    let mut writer = None;
    while let Some(entry) = entries.next().await {
        let writer = match &mut writer {
            Some(writer) => writer,
            none => none.insert(log::Writer::open(&locked.log_dir())?),
        };
        writer.keep(&entry?);
    }
    Ok(())
}
