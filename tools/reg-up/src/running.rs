//! What an instance had running, written down and put aside.

use std::time::Duration;

use reg_shared::engine::{Engine, log};
use reg_shared::error::Result;
use reg_shared::instance::{Locked, Placed};

/// Writes down that nothing is to run.
pub(crate) fn save_none(locked: &Locked) -> Result<()> {
    locked.save_process(None)?;
    match locked.placed()? {
        Some(placed) if placed.begun.is_some() => locked.save_placed(Some(&Placed { begun: None, ..placed })),
        _ => Ok(()),
    }
}

/// Removes the containers of an instance; what its own one wrote is kept in the instance's log.
pub(crate) async fn remove_containers(locked: &Locked, engine: &Engine) -> Result<()> {
    let owner = locked.owner();
    if let Some(container) = engine.container(&owner).await? {
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
