//! The log of an instance, and the pump at the other end of the registry's output.

use std::path::Path;

use futures_util::StreamExt;
use reg_shared::cli::{Context, duration};
use reg_shared::document::LogLine;
use reg_shared::engine::log;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::LogsArgs;
use crate::subject;

pub(crate) async fn logs(context: &Context, args: &LogsArgs) -> Result<Exit> {
    let (instance, _) = subject::instance(context, &args.subject, "read the log of")?;
    let since = args.since.as_deref().map(point_in_time).transpose()?;
    let name = instance.name().to_string();
    let print = |entry: log::Entry| {
        let time = entry.time.format(&Rfc3339).unwrap_or_default();
        context.output.stream(&LogLine { time, name: name.clone(), line: entry.line })
    };
    if !args.follow {
        for entry in log::read(&instance.log_dir(), args.tail, since)? {
            if print(entry)?.is_break() {
                break;
            }
        }
        return Ok(Exit::Ok);
    }
    let directory = instance.log_dir();
    let entries = log::follow(&directory, args.tail, since, || !instance.running().is_ok_and(|process| process.is_some()));
    tokio::pin!(entries);
    while let Some(entry) = context.interrupt.or(async { entries.next().await.transpose() }).await? {
        if print(entry)?.is_break() {
            break;
        }
    }
    Ok(Exit::Ok)
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
