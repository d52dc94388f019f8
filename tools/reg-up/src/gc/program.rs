//! A registry whose own program collects its garbage while nobody writes: it is stopped for that, and started again whatever comes of
//! it.

use std::collections::VecDeque;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use reg_shared::cli::Context;

use reg_shared::document::{Collected, Registry};
use reg_shared::error::{Error, Result};
use reg_shared::instance::{Instance, Locked, Running, Settings};
use reg_shared::registry::{self, Garbage, Launch, Plan, Program};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

use crate::backend::Pull;
use crate::cli::GcArgs;
use crate::contained::Host;
use crate::launch::{OnSignal, STOP_WITHIN, launch, launch_of, prepare};
use crate::possessions;
use crate::settings::{Files, Wanted};
use crate::{options, place, running};

/// How long the registry may take to answer again.
const AGAIN_WITHIN: Duration = Duration::from_secs(60);
/// How many lines of the command's log an error shows.
const LAST_LINES: usize = 10;

pub(super) async fn collect(
    context: &Context,
    instance: &Instance,
    registry: Registry,
    program: Program,
    args: &GcArgs,
) -> Result<Collected> {
    let locked = context.lock(instance.name()).await?;
    let settings = locked.settings()?.ok_or_else(|| Error::failed("its settings are missing"))?;
    let contained = settings.container.is_some();
    let outcome = collect_locked(context, &locked, settings, registry, program, args).await;
    if contained {
        possessions::tidy(context, &locked).await;
    }
    outcome
}

async fn collect_locked(
    context: &Context,
    locked: &Locked,
    settings: Settings,
    registry: Registry,
    program: Program,
    args: &GcArgs,
) -> Result<Collected> {
    let data = registry.instance.as_ref().and_then(|parts| parts.data.clone());
    let secret = registry::Registry::from(settings.kind).keeps_a_secret().then(|| locked.secret()).transpose()?;
    let secrets = options::secrets(locked.dir(), &settings.options, &Files::new())?;
    let remembers = settings.options.redis;
    let wanted = Wanted::again(settings);
    let settings = &wanted.settings;
    let ports = (settings.last_port.unwrap_or(0), 0);
    let launched = launch_of(context, locked.dir(), &wanted, ports, Some((secret, secrets)))?;
    let (host, plan) = context.interrupt.or(prepare(context, locked, settings, &launched, Pull::default())).await?;
    if args.untagged {
        // What the program is now, which may have been another one at the last start.
        program.may_remove_untagged(plan.version.as_deref(), data.as_deref())?;
    }
    if let Some(host) = &host {
        context.interrupt.or(host.needs_volume(settings)).await?;
    }
    let running = Running::of(locked).await?;
    let runs = running.is_some();
    // Counting reads only, so a registry that runs may go on.
    let stops = runs && !args.dry_run;
    if let Some(running) = running.filter(|_| stops) {
        context
            .messages
            .note(format!("stopping \"{}\": what is pushed while its garbage is collected would be lost", locked.name()));
        context.interrupt.or(running.stop(STOP_WITHIN)).await?;
        running::save_none(locked)?;
    }
    let command = match &host {
        Some(host) => Command::Contained(host, settings, &launched),
        None => Command::Native,
    };
    let sweep = async {
        let data = place::readable(Some(locked), &registry).await;
        let data = data.inspect_err(|why| context.messages.detail(1, format!("its bytes are not counted: {why}"))).ok();
        sweep(context, locked, &plan, command, data.as_deref(), program, args).await
    };
    let collected = context.interrupt.or(sweep).await;
    if remembers && collected.as_ref().is_ok_and(|collected| !args.dry_run && collected.blobs_removed > Some(0)) {
        context
            .messages
            .warn("its Redis may remember blobs that are gone, and a push would leave them out: empty its database (FLUSHDB)");
    }
    if stops {
        let again = launch(context, locked, wanted, AGAIN_WITHIN, OnSignal::Finish).await;
        if let (Ok(_), Err(fault)) = (&collected, again) {
            return Err(fault.context("its garbage is collected, but it does not start again"));
        }
    }
    Ok(Collected { registry, online: runs && args.dry_run, ..collected? })
}

/// Where the command runs.
#[derive(Clone, Copy)]
enum Command<'a> {
    Native,
    Contained(&'a Host, &'a Settings, &'a Launch),
}

/// Runs the command, and measures what it did.
async fn sweep(
    context: &Context,
    locked: &Locked,
    plan: &Plan,
    command: Command<'_>,
    data: Option<&Path>,
    program: Program,
    args: &GcArgs,
) -> Result<Collected> {
    let begun = Instant::now();
    let before = contents(program, data).await?;
    let garbage = match command {
        Command::Native => run(context, locked, plan, program, args).await?,
        Command::Contained(host, settings, launch) => run_contained(context, host, settings, launch, plan, program, args).await?,
    };
    let (kept, removed) = if args.dry_run {
        let removed = data.map(|data| program.bytes_of(data, &garbage.blobs));
        let blobs = garbage.blobs.len() as u64;
        let left = |((count, bytes), removed): ((u64, u64), u64)| (count.saturating_sub(blobs), bytes.saturating_sub(removed));
        (before.zip(removed).map(left), removed)
    } else {
        let after = contents(program, data).await?;
        (after, before.zip(after).map(|((_, before), (_, after))| before.saturating_sub(after)))
    };
    Ok(Collected {
        dry_run: args.dry_run,
        blobs_removed: Some(garbage.blobs.len() as u64),
        bytes_removed: removed,
        manifests_removed: Some(garbage.manifests),
        links_removed: Some(garbage.links),
        blobs_kept: Some(kept.map_or(garbage.marked, |(count, _)| count)),
        bytes_kept: kept.map(|(_, bytes)| bytes),
        seconds: Some(begun.elapsed().as_secs_f64()),
        ..Collected::default()
    })
}

async fn contents(program: Program, data: Option<&Path>) -> Result<Option<(u64, u64)>> {
    let Some(data) = data.map(Path::to_owned) else { return Ok(None) };
    let counted = tokio::task::spawn_blocking(move || program.contents(&data)).await;
    counted.map_err(|fault| Error::failed("counting broke off").caused_by(fault))?.map(Some)
}

async fn run_contained(
    context: &Context,
    host: &Host,
    settings: &Settings,
    launch: &Launch,
    plan: &Plan,
    program: Program,
    args: &GcArgs,
) -> Result<Garbage> {
    let words = program.args(args.dry_run, args.untagged);
    let mut garbage = Garbage::default();
    let mut log = VecDeque::new();
    let mut take = |line: &str| {
        context.messages.detail(1, line);
        garbage.line(line);
        log.push_back(line.to_owned());
        if log.len() > LAST_LINES {
            log.pop_front();
        }
    };
    let ended = host.run(settings, plan, launch, &words, &mut take).await?;
    if ended.code == 0 {
        return garbage.end();
    }
    failed(context, program, log, format!("`{}` {ended}", words.join(" ")))
}

async fn run(context: &Context, locked: &Locked, plan: &Plan, program: Program, args: &GcArgs) -> Result<Garbage> {
    let cannot = |fault| Error::io(format!("cannot run {}", plan.program.display()), fault);
    let config = plan.config.as_ref().map(|config| locked.dir().join(config.name));
    let mut command = tokio::process::Command::new(&plan.program);
    command.args(program.args(args.dry_run, args.untagged)).args(config).envs(plan.env.iter().map(|(name, value)| (name, value)));
    for name in &plan.env_remove {
        command.env_remove(name);
    }
    let mut child = command
        .current_dir(locked.dir())
        // It reads nothing there. When this program is killed, no other may start the registry while the command goes on.
        .stdin(locked.hold()?)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(cannot)?;
    let mut garbage = Garbage::default();
    let mut log = VecDeque::new();
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let (printed, logged) = tokio::join!(
        lines(output, |line| {
            context.messages.detail(1, &line);
            garbage.line(&line);
        }),
        lines(errors, |line| {
            log.push_back(line);
            if log.len() > LAST_LINES {
                log.pop_front();
            }
        })
    );
    printed.and(logged).map_err(cannot)?;
    let status = child.wait().await.map_err(cannot)?;
    if status.success() {
        return garbage.end();
    }
    let how = status.code().map_or("was killed".to_owned(), |code| format!("ended with exit code {code}"));
    let words = program.args(args.dry_run, args.untagged).join(" ");
    failed(context, program, log, format!("`{} {words}` {how}", plan.program.display()))
}

/// What a command that failed came to, by its last lines: nothing to do, or nothing done.
fn failed(context: &Context, program: Program, log: VecDeque<String>, what: String) -> Result<Garbage> {
    if log.iter().any(|line| program.found_nothing(line)) {
        context.messages.note("there is no repository with content: its program looks no further");
        return Ok(Garbage::default());
    }
    for line in log {
        context.messages.always(format!("log: {line}"));
    }
    Err(Error::failed(what))
}

async fn lines(output: Option<impl AsyncRead + Unpin>, mut take: impl FnMut(String)) -> std::io::Result<()> {
    let Some(output) = output else { return Ok(()) };
    let mut lines = BufReader::new(output).split(b'\n');
    while let Some(line) = lines.next_segment().await? {
        take(String::from_utf8_lossy(&line).into_owned());
    }
    Ok(())
}
