//! Stop, restart, remove.

use std::process::Stdio;
use std::time::{Duration, Instant};

use reg_shared::cli::Context;
use reg_shared::document::{Registry, State, Status};
use reg_shared::engine::process::Stopped;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Locked, Name, Running};
use reg_shared::registry;

use crate::cli::{RemoveArgs, RestartArgs, StopArgs};
use crate::launch::{OnSignal, STOP_WITHIN, launch};
use crate::possessions::{self, Stays};
use crate::running;
use crate::settings::Wanted;
use crate::subject;

pub(crate) async fn stop(context: &Context, args: &StopArgs) -> Result<Exit> {
    let (instance, registry) = subject::instance(context, &args.subject, "stop")?;
    let locked = context.lock(instance.name()).await?;
    halt(context, &locked, args.wait).await?;
    running::save_none(&locked)
        .map_err(|fault| fault.context(format!("\"{}\" is stopped, but that cannot be written down", locked.name())))?;
    print(context, locked.name(), State::Stopped, Some(registry))
}

/// Ends the process or the containers of an instance, if they run.
async fn halt(context: &Context, locked: &Locked, wait: Duration) -> Result<()> {
    if let Some(running) = context.interrupt.or(Running::of(locked)).await? {
        context.messages.note(format!("stopping \"{}\"", locked.name()));
        if context.interrupt.or(running.stop(wait)).await? == Stopped::Killed {
            context.messages.warn(format!("\"{}\" did not end within {} s and was killed", locked.name(), wait.as_secs_f64()));
        }
    } else {
        context.messages.note(format!("\"{}\" is not running", locked.name()));
    }
    context.interrupt.or(running::stop_beside(locked, wait)).await
}

pub(crate) async fn restart(context: &Context, args: &RestartArgs) -> Result<Exit> {
    let target = subject::target(context, &args.subject)?;
    let Some(instance) = target.instance else {
        return adopted(context, &target.registry, args).await;
    };
    let locked = context.lock(instance.name()).await?;
    let settings = locked.settings()?.ok_or_else(|| Error::failed("its settings are missing"))?;
    let registry = launch(context, &locked, Wanted::again(settings), args.wait, OnSignal::GiveUp)
        .await
        .map_err(|fault| fault.context(format!("cannot restart \"{}\"", locked.name())))?;
    context.output.print(&registry).map(|()| Exit::Ok)
}

/// A registry that somebody else started is restarted by the command that its mode names.
async fn adopted(context: &Context, registry: &Registry, args: &RestartArgs) -> Result<Exit> {
    let title = registry.title();
    let Some(command) = registry.instance.as_ref().and_then(|instance| instance.restart_command.as_ref()) else {
        return Err(Error::unsupported(format!("cannot restart {title}: reg-up did not start it"))
            .hint("`restartCommand` in its mode of the config file says how"));
    };
    context.messages.note(format!("restarting {title}: {command}"));
    let status = tokio::process::Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .await
        .map_err(|fault| Error::failed(format!("cannot run the restart command of {title}")).caused_by(fault))?;
    if !status.success() {
        let how = status.code().map_or("was killed".to_owned(), |code| format!("ended with exit code {code}"));
        return Err(Error::failed(format!("cannot restart {title}: `{command}` {how}")));
    }
    let connected = context.url_of(registry, args.subject.plain_http).await?;
    let deadline = Instant::now() + args.wait;
    loop {
        match context.interrupt.or(registry::ready(&connected, &context.observer())).await {
            Ok(()) => return context.output.print(&connected).map(|()| Exit::Ok),
            Err(fault) if fault.kind() != Exit::Unreachable => return Err(fault),
            Err(fault) if Instant::now() > deadline => {
                let late = fault.context(format!("it was not ready within {} s", args.wait.as_secs_f64()));
                return Err(late.context(format!("cannot restart {title}")));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

pub(crate) async fn remove(context: &Context, args: &RemoveArgs) -> Result<Exit> {
    let store = context.instances()?;
    let (name, registry) = match args.subject.name.as_ref().map(|name| name.parse::<Name>()).transpose()? {
        // Removed before without --purge, or started or removed by a reg-up that was killed at it: what is left goes now.
        Some(name) if args.purge && store.dir_of(&name).is_dir() => (name, None),
        _ => {
            let (instance, registry) = subject::instance(context, &args.subject, "remove")?;
            (instance.name().clone(), Some(registry))
        }
    };
    let locked = context.interrupt.or(store.lock(&name)).await?;
    // A file that cannot be read any more must not stand in the way of its own removal.
    let registry = locked.registry().ok().flatten().or(registry);
    let forget = |fault: Error| {
        if fault.kind() != Exit::Unreachable {
            return fault;
        }
        fault.hint(format!("start the engine; when it is gone for good, `rm -r {}` forgets the instance", locked.dir().display()))
    };
    halt(context, &locked, STOP_WITHIN).await.map_err(forget)?;
    if let Err(fault) = running::save_none(&locked) {
        // The disk may be full of what is to be removed.
        context.messages.detail(1, fault.to_string());
    }
    let elsewhere = locked.settings().ok().flatten().and_then(|settings| settings.data);
    let stays = if args.purge { Stays::Nothing } else { Stays::Data };
    let volume = context.interrupt.or(possessions::clear(&locked, stays)).await.map_err(forget)?;
    let folder = locked.delete(args.purge)?.map(|data| data.display().to_string());
    for data in [volume.map(|volume| format!("the volume {volume}")), folder].into_iter().flatten() {
        context.messages.note(format!("the data stays in {data}; --purge removes it, too"));
    }
    if let Some(data) = elsewhere {
        context.messages.note(format!("the data in {} is yours and stays", data.display()));
    }
    print(context, &name, State::Missing, registry)
}

fn print(context: &Context, name: &Name, state: State, registry: Option<Registry>) -> Result<Exit> {
    let status = Status { name: name.to_string(), state, reason: None, pid: None, started_at: None, registry };
    context.output.print(&status).map(|()| Exit::Ok)
}
