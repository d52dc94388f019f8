//! Starting by name: what runs already with these settings stays as it is, everything else is launched.

use std::time::{Duration, Instant};

use reg_shared::cli::{Context, RegistryArgs};
use reg_shared::document::{Registry, Type};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Locked, Name};

use crate::cli::StartArgs;
use crate::launch::{OnSignal, launch};
use crate::settings::Wanted;
use crate::watch::ready;

pub(crate) async fn start(context: &Context, args: &StartArgs) -> Result<Exit> {
    let name = name_of(context, args)?;
    let locked = context.interrupt.or(context.instances()?.lock(&name)).await?;
    let fresh = locked.is_fresh();
    let before = locked.settings()?;
    let known = before.is_some();
    let outcome = async {
        let wanted = Wanted::new(context, &args.settings, before.as_ref())?;
        if let (Some(now), Some(_)) = (&before, locked.running()?) {
            let differences = wanted.differences(&locked, now)?;
            if differences.is_empty() {
                if let Some(registry) = unchanged(context, &locked, args.wait).await? {
                    return Ok(registry);
                }
                // It ended while it was asked, so it is started like any other that does not run.
            } else if !args.replace {
                return Err(Error::conflict(format!("it already runs with other settings: {}", differences.join("; "))).hint(
                    format!("`reg-up start {name} … --replace` starts it with the new ones, `reg-up info {name}` shows what runs"),
                ));
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
                locked.delete(fresh)?;
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
            Err(_) if locked.running()?.is_none() => return Ok(None),
            Err(fault) if fault.kind() != Exit::Unreachable || Instant::now() > deadline => return Err(fault),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
