//! What an engine has of an instance, taken away again.

use reg_shared::cli::Context;
use reg_shared::engine::Engine;
use reg_shared::engine::owner::Owner;
use reg_shared::error::Result;
use reg_shared::instance::Locked;

use crate::running;

/// What stays of an instance that an engine is to have nothing of any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stays {
    /// The volume with its data, and in its folder what its containers wrote.
    DataAndLog,
    /// The volume.
    Data,
    /// Nothing.
    Nothing,
}

/// Removes what an engine has of an instance; tells the volume when it stayed.
///
/// # Errors
/// When the engine does not answer or refuses.
pub(crate) async fn clear(locked: &Locked, stays: Stays) -> Result<Option<String>> {
    let Some(placed) = locked.placed()? else { return Ok(None) };
    let engine = Engine::at(&placed.engine).await?;
    let owner = locked.owner();
    match stays {
        Stays::DataAndLog => running::remove_containers(locked, &engine).await?,
        Stays::Data | Stays::Nothing => engine.remove_containers(&owner).await?,
    }
    engine.remove_network(&owner).await?;
    if stays == Stays::Nothing {
        engine.remove_volume(&owner).await?;
    }
    let left = has_any(&engine, &owner).await?;
    if !left {
        locked.save_placed(None)?;
    }
    Ok(left.then(|| owner.volume()))
}

/// After an attempt that changed nothing: the engine has what it had before. One that does not answer may have more, and the instance's
/// folder still says so.
pub(crate) async fn tidy(context: &Context, locked: &Locked) {
    let tidied = async {
        let Some(placed) = locked.placed()? else { return Ok(()) };
        Engine::at(&placed.engine).await?.remove_errands(&locked.owner()).await?;
        forget(locked).await
    };
    if let Err(fault) = tidied.await {
        context.messages.detail(1, fault.to_string());
    }
}

/// Takes out that the engine has things of the instance, when it has none any more and none is missed.
///
/// # Errors
/// When the engine does not answer.
pub(crate) async fn forget(locked: &Locked) -> Result<()> {
    let Some(placed) = locked.placed()?.filter(|placed| !placed.volume) else { return Ok(()) };
    let engine = Engine::at(&placed.engine).await?;
    if has_any(&engine, &locked.owner()).await? { Ok(()) } else { locked.save_placed(None) }
}

/// Whether an engine has anything of an instance.
async fn has_any(engine: &Engine, owner: &Owner) -> Result<bool> {
    Ok(engine.has_containers(owner).await? || engine.has_network(owner).await? || engine.has_volume(owner).await?)
}
