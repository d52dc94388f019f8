//! Status, list, info: what is true now, asked of the process and of the registry.

use std::time::Duration;

use futures_util::future::join_all;
use reg_shared::cli::Context;
use reg_shared::document::{self, Instances, Registry, State, Status};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::http::Observer;
use reg_shared::instance::Instance;
use reg_shared::registry;

use crate::cli::SubjectArgs;
use crate::sight::Sight;
use crate::subject;

/// How long a registry may stay without an answer after its start until it counts as unhealthy.
const STARTING: Duration = Duration::from_secs(60);

pub(crate) async fn status(context: &Context, args: &SubjectArgs) -> Result<Exit> {
    let target = match subject::target(context, args) {
        Ok(target) => target,
        Err(fault) if fault.kind() == Exit::NotFound => {
            if let Some(name) = &args.name {
                let missing = Status {
                    name: name.clone(),
                    state: State::Missing,
                    reason: Some("there is no such instance".to_owned()),
                    pid: None,
                    started_at: None,
                    registry: None,
                };
                context.output.print(&missing)?;
            }
            return Err(fault);
        }
        Err(fault) => return Err(fault),
    };
    let status = match &target.instance {
        Some(instance) => context.interrupt.or(of_instance(instance, target.registry, &context.observer())).await?,
        None => {
            let registry = context.interrupt.or(context.url_of(&target.registry, args.plain_http)).await;
            let name = target.registry.name.clone().unwrap_or_else(|| target.registry.url.clone());
            let ready = match &registry {
                Ok(registry) => context.interrupt.or(registry::ready(registry, &context.observer())).await,
                Err(fault) => Err(Error::new(fault.kind(), fault.to_string())),
            };
            let (state, reason) = judged(ready, State::Unhealthy)?;
            Status { name, state, reason, pid: None, started_at: None, registry: Some(registry.unwrap_or(target.registry)) }
        }
    };
    context.output.print(&status).map(|()| Exit::Ok)
}

pub(crate) async fn list(context: &Context) -> Result<Exit> {
    let instances = context.instances()?.all()?;
    let observer = context.observer();
    let statuses = join_all(instances.iter().map(async |instance| match instance.registry() {
        Ok(Some(registry)) => of_instance(instance, registry, &observer).await,
        Ok(None) => Ok(broken(instance, "it was never started".to_owned())),
        Err(fault) => Ok(broken(instance, fault.to_string())),
    }));
    let statuses: Vec<Result<Status>> = context.interrupt.or(async { Ok(statuses.await) }).await?;
    context.output.print(&Instances { instances: statuses.into_iter().collect::<Result<_>>()? }).map(|()| Exit::Ok)
}

pub(crate) fn info(context: &Context, args: &SubjectArgs) -> Result<Exit> {
    let target = subject::target(context, args)?;
    context.output.print(&target.registry).map(|()| Exit::Ok)
}

fn broken(instance: &Instance, reason: String) -> Status {
    Status {
        name: instance.name().to_string(),
        state: State::Stopped,
        reason: Some(reason),
        pid: None,
        started_at: None,
        registry: None,
    }
}

/// What is true of an instance: the process or the container first, then its answer.
async fn of_instance(instance: &Instance, registry: Registry, observer: &Observer) -> Result<Status> {
    let mut status = broken(instance, String::new());
    let seen = Sight::of(instance).await?;
    status.pid = seen.pid;
    status.started_at = seen.started_at.map(document::timestamp);
    let mut reasons = seen.wrong;
    if seen.state == State::Running {
        let young = seen.started_at.is_some_and(|at| time::OffsetDateTime::now_utc() - at < STARTING);
        let otherwise = if young { State::Starting } else { State::Unhealthy };
        let (state, reason) = judged(ready(instance, &registry, observer).await, otherwise)?;
        status.state = state;
        reasons.extend(reason);
        if seen.beside.is_empty() {
            if let Some(reason) = pages(instance, &registry, observer).await? {
                status.state = otherwise;
                reasons.push(reason);
            }
        } else {
            status.state = State::Unhealthy;
            reasons.extend(seen.beside);
        }
    } else {
        status.state = seen.state;
    }
    status.reason = (!reasons.is_empty()).then(|| reasons.join("; "));
    status.registry = Some(registry);
    Ok(status)
}

/// What is wrong with the pages that a container beside a registry serves.
async fn pages(instance: &Instance, registry: &Registry, observer: &Observer) -> Result<Option<String>> {
    let contained = instance.settings()?.and_then(|settings| settings.container);
    let published = contained.is_some_and(|contained| contained.beside.iter().any(|beside| beside.port.is_some()));
    let address = registry.endpoints.as_ref().and_then(|endpoints| endpoints.ui.as_ref()).filter(|_| published);
    let Some(address) = address else { return Ok(None) };
    let answer = registry::page_answers(address, observer).await;
    judged(answer, State::Unhealthy).map(|(_, reason)| reason.map(|reason| format!("its pages do not answer: {reason}")))
}

/// Looks once whether an instance answers, at its own address.
pub(crate) async fn ready(instance: &Instance, registry: &Registry, observer: &Observer) -> Result<()> {
    match instance.settings()?.and_then(|settings| settings.address()) {
        Some(address) => registry::ready_at(registry, address, observer).await,
        None => registry::ready(registry, observer).await,
    }
}

fn judged(ready: Result<()>, otherwise: State) -> Result<(State, Option<String>)> {
    match ready {
        Ok(()) => Ok((State::Running, None)),
        Err(fault) if matches!(fault.kind(), Exit::Interrupted | Exit::Terminated) => Err(fault),
        Err(fault) => Ok((otherwise, Some(fault.to_string()))),
    }
}
