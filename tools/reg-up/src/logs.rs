//! The log of an instance, and the pump at the other end of the registry's output.

use std::path::Path;
use std::time::Duration;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use reg_shared::cli::{Context, duration};
use reg_shared::document::LogLine;
use reg_shared::engine::container::Container;
use reg_shared::engine::owner::REGISTRY;
use reg_shared::engine::{Engine, log};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Instance, Placed};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::LogsArgs;
use crate::subject;

/// How often it is looked whether a container that ended is followed by another.
const LOOK: Duration = Duration::from_millis(200);

pub(crate) async fn logs(context: &Context, args: &LogsArgs) -> Result<Exit> {
    let (instance, _) = subject::instance(context, &args.subject, "read the log of")?;
    let since = args.since.as_deref().map(point_in_time).transpose()?;
    let name = instance.name().to_string();
    let print = |entry: log::Entry| {
        let time = entry.time.format(&Rfc3339).unwrap_or_default();
        context.output.stream(&LogLine { time, name: name.clone(), line: entry.line })
    };
    if let Some(placed) = instance.placed()? {
        let mut entries = of_container(context, &instance, &placed, args, since);
        while let Some(entry) = context.interrupt.or(async { entries.next().await.transpose() }).await? {
            if print(entry)?.is_break() {
                break;
            }
        }
        return Ok(Exit::Ok);
    }
    if !args.follow {
        for entry in log::read(&instance.log_dir(), args.tail, since)? {
            if print(entry)?.is_break() {
                break;
            }
        }
        return Ok(Exit::Ok);
    }
    let directory = instance.log_dir();
    // In the midst of a restart the next process is on its way.
    let ended = || !instance.is_taken() && !instance.running().is_ok_and(|process| process.is_some());
    let entries = log::follow(&directory, args.tail, since, ended);
    tokio::pin!(entries);
    while let Some(entry) = context.interrupt.or(async { entries.next().await.transpose() }).await? {
        if print(entry)?.is_break() {
            break;
        }
    }
    Ok(Exit::Ok)
}

/// What was kept of earlier containers, then what the engine has of this one.
fn of_container<'a>(
    context: &'a Context,
    instance: &'a Instance,
    placed: &'a Placed,
    args: &'a LogsArgs,
    since: Option<OffsetDateTime>,
) -> BoxStream<'a, Result<log::Entry>> {
    let begin = async move {
        let engine = Engine::at(&placed.engine).await?;
        let container = engine.container(&instance.owner(), REGISTRY).await?;
        let mut newest = Vec::new();
        match &container {
            Some(container) => newest = engine.output(&container.id, false, args.tail, since).try_collect().await?,
            None if placed.begun.is_some() => {
                context.messages.warn("its container is gone, and what it wrote with it: somebody removed it");
            }
            None => {}
        }
        let mut entries = log::read(&instance.log_dir(), args.tail.map(|lines| lines.saturating_sub(newest.len())), since)?;
        entries.append(&mut newest);
        // Behind the last line that was there; an engine tells times to the nanosecond.
        let next = entries.last().map(|entry| entry.time + Duration::from_nanos(1)).or(since);
        let rest = match container.filter(|_| args.follow) {
            Some(container) => {
                let output = engine.output(&container.id, true, None, next);
                let following = Following { instance, engine, output, next };
                stream::try_unfold(following, |mut following| async { Ok(following.next().await?.map(|entry| (entry, following))) })
                    .boxed()
            }
            None => stream::empty().boxed(),
        };
        Ok::<_, Error>(stream::iter(entries.into_iter().map(Ok)).chain(rest))
    };
    stream::once(begin).try_flatten().boxed()
}

/// What a container writes, and those that follow it when it is restarted.
struct Following<'a> {
    instance: &'a Instance,
    engine: Engine,
    output: BoxStream<'static, Result<log::Entry>>,
    /// Behind the last line.
    next: Option<OffsetDateTime>,
}

impl Following<'_> {
    async fn next(&mut self) -> Result<Option<log::Entry>> {
        loop {
            match self.output.next().await {
                Some(Ok(entry)) => {
                    self.next = Some(entry.time + Duration::from_nanos(1));
                    return Ok(Some(entry));
                }
                Some(Err(fault)) if fault.kind() != Exit::NotFound => return Err(fault),
                // It ended, or was removed in this moment.
                Some(Err(_)) | None => {}
            }
            tokio::time::sleep(LOOK).await;
            // Before the container is looked at: whoever was at it is done then.
            let taken = self.instance.is_taken();
            let container = self.engine.container(&self.instance.owner(), REGISTRY).await?;
            match container.filter(Container::lives) {
                Some(container) => self.output = self.engine.output(&container.id, true, None, self.next),
                None if taken => {}
                None => return Ok(None),
            }
        }
    }
}

/// A time, or how long ago.
fn point_in_time(text: &str) -> Result<OffsetDateTime> {
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Ok(time);
    }
    duration(text).map(|ago| OffsetDateTime::now_utc() - ago).map_err(|_| {
        Error::usage(format!(
            "--since: {} is neither a time like 2026-11-20T10:00:00Z nor how long ago, like 15m",
            reg_shared::name::quoted(text)
        ))
    })
}

/// Runs until the registry's output ends.
pub(crate) fn pump(directory: &Path) -> Result<Exit> {
    log::outlive_signals()?;
    log::pump(std::io::stdin().lock(), log::Writer::open(directory)?);
    Ok(Exit::Ok)
}
