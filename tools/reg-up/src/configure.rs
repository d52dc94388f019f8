//! Other settings for an instance there is: put in force where it runs, kept for the next start where it does not.

use std::time::Duration;

use clap::Args;
use reg_shared::cli::{Context, duration};
use reg_shared::document::Registry;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Locked, Running};

use crate::backend::Pull;
use crate::cli::{SettingsArgs, StartRegistryArgs};
use crate::launch::{OnSignal, Ready, launch};
use crate::running;
use crate::settings::Wanted;
use crate::start::instance_of;

#[derive(Debug, Args)]
pub(crate) struct ConfigureArgs {
    /// The name of the instance
    #[arg(value_name = "NAME", required_unless_present = "registry")]
    name: Option<String>,
    #[command(flatten)]
    settings: SettingsArgs,
    /// How long it may take until it answers
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    wait: Duration,
    #[command(flatten)]
    registry: StartRegistryArgs,
}

pub(crate) async fn configure(context: &Context, args: &ConfigureArgs) -> Result<Exit> {
    let name = match (&args.registry.registry, &args.name) {
        (Some(registry), _) => instance_of(context, registry)?,
        (None, name) => name.as_deref().unwrap_or_default().parse()?,
    };
    context.instance(&name)?;
    let locked = context.lock(&name).await?;
    let registry =
        configured(context, &locked, args).await.map_err(|fault| fault.context(format!("cannot configure \"{name}\"")))?;
    context.output.print(&registry).map(|()| Exit::Ok)
}

async fn configured(context: &Context, locked: &Locked, args: &ConfigureArgs) -> Result<Registry> {
    let before = locked.settings()?.ok_or_else(|| Error::failed("its settings are missing"))?;
    let mut wanted = Wanted::new(context, &args.settings, Some((&before, locked.dir())))?;
    let placed = locked.placed()?.map(|placed| placed.engine);
    context.interrupt.or(wanted.resolve(context, &args.settings, Some(&before), placed)).await?;
    // The image of the same name may be another one by now.
    let renews = wanted.settings.container.is_some() && wanted.pull == Pull::Always;
    if !renews
        && wanted.differences(locked, &before)?.is_empty()
        && let Some(registry) = locked.registry()?
    {
        context.messages.note(format!("\"{}\" is configured like that already", locked.name()));
        return Ok(registry);
    }
    if context.interrupt.or(Running::of(locked)).await?.is_some() {
        return launch(context, locked, wanted, args.wait, OnSignal::GiveUp).await;
    }
    let ready = Ready::new(context, locked, wanted, false, OnSignal::GiveUp).await?;
    let change = locked.change(ready.names())?;
    // One that died is still written down, and whoever finds that takes its files for those it was started with.
    running::save_none(locked)?;
    match ready.write(locked) {
        Ok(registry) => {
            change.done()?;
            ready.in_force(context);
            context
                .messages
                .note(format!("\"{}\" is stopped; `reg-up start {0}` starts it as it is configured now", locked.name()));
            Ok(registry)
        }
        Err(fault) => {
            change.undo()?;
            Err(fault)
        }
    }
}
