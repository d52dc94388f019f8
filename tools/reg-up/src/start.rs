//! Starting by name: what runs already with these settings stays as it is, everything else is launched.

use std::time::{Duration, Instant};

use reg_shared::cli::{Context, RegistryArgs};
use reg_shared::document::{Registry, Type};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Locked, Name, Running};

use crate::backend::Pull;
use crate::cli::StartArgs;
use crate::launch::{OnSignal, launch};
use crate::settings::Wanted;
use crate::sight::Sight;
use crate::watch::ready;

pub(crate) async fn start(context: &Context, args: &StartArgs) -> Result<Exit> {
    let name = name_of(context, args)?;
    let locked = context.interrupt.or(context.instances()?.lock(&name)).await?;
    let fresh = locked.is_fresh();
    let before = locked.settings()?;
    let known = before.is_some();
    let outcome = async {
        let mut wanted = Wanted::new(context, &args.settings, before.as_ref().map(|settings| (settings, locked.dir())))?;
        let running = context.interrupt.or(Running::of(&locked)).await?;
        let now = before.as_ref().filter(|_| running.is_some());
        // An engine is asked only when nothing else differs.
        if let Some(now) = now.filter(|_| !args.replace) {
            same(&wanted.differences(&locked, now)?, &name)?;
        }
        let placed = locked.placed()?.map(|placed| placed.engine);
        context.interrupt.or(wanted.resolve(context, &args.settings, before.as_ref(), placed)).await?;
        if let Some(now) = now {
            let differences = wanted.differences(&locked, now)?;
            // The image of the same name may be another one by now.
            let renews = args.replace && wanted.pull == Pull::Always;
            let seen = Sight::of(&locked).await?;
            let broken = [seen.cut_off, seen.beside].concat();
            if differences.is_empty() && !renews && broken.is_empty() {
                if let Some(registry) = unchanged(context, &locked, args.wait).await? {
                    return Ok(registry);
                }
                // It ended while it was asked, so it is started like any other that does not run.
            } else if !args.replace {
                same(&differences, &name)?;
            }
            for wrong in &broken {
                context.messages.note(format!("{wrong}; starting anew"));
            }
        }
        launch(context, &locked, wanted, args.wait, OnSignal::GiveUp).await
    }
    .await;
    match outcome {
        Ok(registry) => context.output.print(&registry).map(|()| Exit::Ok),
        Err(fault) => {
            if !known {
                // There was no instance, so none stays; only data that an earlier one left does.
                let nowhere_else = locked.placed().is_ok_and(|placed| placed.is_none());
                locked.delete(fresh && nowhere_else)?;
            }
            Err(fault.context(format!("cannot start \"{name}\"")))
        }
    }
}

fn name_of(context: &Context, args: &StartArgs) -> Result<Name> {
    match (&args.registry.registry, &args.name) {
        (Some(registry), _) => instance_of(context, registry),
        (None, Some(name)) => name.parse(),
        (None, None) => args.settings.kind.unwrap_or(Type::Embedded).as_str().parse(),
    }
}

/// The name of the instance that a `-r` says.
pub(crate) fn instance_of(context: &Context, registry: &str) -> Result<Name> {
    let named = RegistryArgs { registry: Some(registry.to_owned()), ..RegistryArgs::default() };
    let target = context.target(&named)?;
    target.instance.map(|instance| instance.name().clone()).ok_or_else(|| {
        Error::not_found(format!("{} is not an instance of reg-up", target.registry.url)).hint("`reg-up list` shows them")
    })
}

/// Refuses to change what runs.
fn same(differences: &[String], name: &Name) -> Result<()> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(format!("it already runs with other settings: {}", differences.join("; ")))
        .hint(format!("`reg-up start {name} … --replace` starts it with the new ones, `reg-up info {name}` shows what runs")))
}

/// The registry, when what runs answers; none when it ends before it does.
async fn unchanged(context: &Context, locked: &Locked, wait: Duration) -> Result<Option<Registry>> {
    let registry = locked.registry()?.ok_or_else(|| Error::failed("its document is missing"))?;
    let deadline = Instant::now() + wait;
    loop {
        match context.interrupt.or(ready(locked, &registry, &context.observer())).await {
            Ok(()) => {
                context.messages.note(format!("\"{}\" already runs at {}", locked.name(), registry.url));
                return Ok(Some(registry));
            }
            Err(_) if Running::of(locked).await?.is_none() => return Ok(None),
            Err(fault) if fault.kind() != Exit::Unreachable || Instant::now() > deadline => return Err(fault),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
