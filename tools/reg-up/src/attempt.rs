//! One attempt: a process that answers within its time, or none. Containers have theirs in [`crate::contained`].

use std::str::FromStr as _;
use std::time::{Duration, Instant};

use reg_shared::cli::{Context, Login, RegistryArgs, Target};
use reg_shared::document::Registry;
use reg_shared::engine::process::{Child, Gate, Output, Process, Pump, Spawn};
use reg_shared::engine::{log, port};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::Locked;
use reg_shared::name::{Digest, Repository};
use reg_shared::registry::{self, Launch, Plan};

use crate::launch::{OnSignal, own_program};

/// How many lines of the log an error shows.
const LAST_LINES: usize = 10;
/// How long those lines may be on their way.
const LAST_LINES_WITHIN: Duration = Duration::from_secs(5);
/// How long a registry that nobody was told of may take to end.
const GIVE_UP_WITHIN: Duration = Duration::from_secs(5);
/// How long a registry may take to look into its bucket.
const ASK_BUCKET: Duration = Duration::from_secs(10);
/// How often it is asked at first, and how rarely at last.
const ASK: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(250));

/// Starts the process of a plan and waits for its answer; on failure it is gone again.
pub(crate) async fn attempt(
    context: &Context,
    locked: &Locked,
    plan: &Plan,
    launch: &Launch,
    document: &Registry,
    wait: Duration,
    on_signal: OnSignal,
) -> Result<()> {
    let since = time::OffsetDateTime::now_utc();
    let mut child = Process::spawn(&spawn(context, locked, plan)?)?;
    // From here on every reg-up knows of it; only now may it begin.
    locked.save_process(Some(child.process()))?;
    let process = child.process().clone();
    let outcome = on_signal
        .during(context, async {
            child.begin().await?;
            tokio::select! {
                biased;
                answered = answered(context, document, launch, Some(&process), wait) => answered,
                exited = child.wait() => Err(Error::failed(format!("the registry {}", exited?))),
            }
        })
        .await;
    if let Err(fault) = outcome {
        process.stop(GIVE_UP_WITHIN).await?;
        locked.save_process(None)?;
        if failed_for_good(&fault) {
            show_log(context, locked, &mut child, since).await;
        }
        return Err(fault);
    }
    Ok(())
}

/// Whether an attempt came to its own end, and its last words are worth reading.
pub(crate) fn failed_for_good(fault: &Error) -> bool {
    !matches!(fault.kind(), Exit::Interrupted | Exit::Terminated)
}

fn spawn(context: &Context, locked: &Locked, plan: &Plan) -> Result<Spawn> {
    let (program, arg0) = (own_program()?, Some(context.program.into()));
    let pump = Pump { program: program.clone(), arg0: arg0.clone(), args: vec!["log-pump".into(), locked.log_dir().into()] };
    let mut spawn = Spawn::new(&plan.program, locked.dir(), Output::Pump(pump));
    spawn.gate = Some(Gate { program, arg0, args: vec!["gate".into(), "--".into()] });
    spawn.arg0.clone_from(&plan.arg0);
    spawn.args.clone_from(&plan.args);
    spawn.env.clone_from(&plan.env);
    spawn.env_remove.clone_from(&plan.env_remove);
    Ok(spawn)
}

/// Asks until the registry answers, and is the one that was started.
pub(crate) async fn answered(
    context: &Context,
    document: &Registry,
    launch: &Launch,
    process: Option<&Process>,
    wait: Duration,
) -> Result<()> {
    let ask = || async move {
        registry::ready_at(document, launch.address, &context.observer()).await?;
        // An engine has the port before the container begins: nobody else can answer there.
        match process.and_then(|process| port::holder(launch.address).filter(|holder| holder.pid != process.pid)) {
            None => Ok(()),
            // It was faster than ours, which will find the port taken.
            Some(other) => {
                let what = format!("port {} is taken by {} (pid {})", launch.address.port(), other.name, other.pid);
                Err(Error::conflict(what).hint("a script that is given as --binary must end in `exec`"))
            }
        }
    };
    patiently(wait, ask).await?;
    if launch.options.s3.is_some() { bucket_answers(context, document, wait).await } else { Ok(()) }
}

/// Asks for something that only the bucket knows: before that a registry does not notice that its bucket is not there, or not its own.
/// One that nobody can log in to from here is not asked.
async fn bucket_answers(context: &Context, document: &Registry, wait: Duration) -> Result<()> {
    let repository = Repository::from_str("reg/bucket")?;
    let digest = Digest::sha256(b"is anybody there?");
    let login = document.credential.clone().map_or(Login::Anonymous, Login::Reference);
    let target = Target { registry: document.clone(), instance: None, login };
    let connection = context.connect(&RegistryArgs::default(), target, None).await?;
    let ask = || async {
        let asked = tokio::time::timeout(ASK_BUCKET, connection.client.blob_head(&repository, &digest)).await;
        match asked.unwrap_or_else(|_| Err(Error::unreachable(format!("no answer within {} s", ASK_BUCKET.as_secs())))) {
            Err(fault) if matches!(fault.kind(), Exit::Unreachable | Exit::Failed) => {
                Err(fault.context("its bucket does not answer it"))
            }
            // It did look, or does not let us in.
            _ => Ok(()),
        }
    };
    patiently(wait, ask).await
}

/// Asks until the answer is yes.
pub(crate) async fn patiently<A: Future<Output = Result<()>>>(wait: Duration, ask: impl Fn() -> A) -> Result<()> {
    let deadline = Instant::now() + wait;
    let (mut pause, longest) = ASK;
    loop {
        let Err(fault) = ask().await else { return Ok(()) };
        if Instant::now() >= deadline {
            let kind = if fault.kind() == Exit::Conflict { Exit::Conflict } else { Exit::Unreachable };
            let fault = fault.context(format!("it was not ready within {} s", wait.as_secs_f64())).with_kind(kind);
            return Err(if kind == Exit::Unreachable { fault.hint("`--wait 300s` gives it longer") } else { fault });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
}

/// The last lines that the registry wrote in this attempt.
async fn show_log(context: &Context, locked: &Locked, child: &mut Child, since: time::OffsetDateTime) {
    child.drained(LAST_LINES_WITHIN).await;
    let entries = log::read(&locked.log_dir(), None, Some(since)).unwrap_or_default();
    show_last_words(context, &entries.into_iter().map(|entry| entry.line).collect::<Vec<_>>());
}

/// Shows the lines of an attempt's log that tell why it failed.
pub(crate) fn show_last_words(context: &Context, log: &[String]) {
    for line in last_words(log) {
        context.messages.always(format!("log: {line}"));
    }
}

/// The last lines of a log; of one with a panic those before its stack, which is longer than these and tells nobody why. An engine may
/// have begun a container again since, so the first panic counts.
fn last_words(log: &[String]) -> &[String] {
    let panic = log.iter().position(|line| line.starts_with("panic: "));
    let stack = panic.and_then(|at| Some(at + log[at..].iter().position(|line| line.starts_with("goroutine "))?));
    let words = &log[..stack.unwrap_or(log.len())];
    let end = words.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    &words[end.saturating_sub(LAST_LINES)..end]
}

#[cfg(test)]
mod tests {
    use super::{LAST_LINES, last_words};

    fn log(text: &str) -> Vec<String> {
        text.lines().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn the_last_lines_are_shown() {
        let many: Vec<_> = (0..=LAST_LINES).map(|line| line.to_string()).collect();
        assert_eq!(last_words(&many), &many[1..]);
        assert_eq!(last_words(&[]), log(""));
        assert_eq!(last_words(&log("one\n\n")), log("one"));
    }

    #[test]
    fn the_reason_of_a_panic_is_shown_and_not_its_stack() {
        let stack = "main.f()\n\tmain.go:1 +0x1\n".repeat(LAST_LINES);
        let panicked = format!("begins\npanic: no such driver\ncaused by: a name\n\ngoroutine 1 [running]:\n{stack}");
        assert_eq!(last_words(&log(&panicked)), log("begins\npanic: no such driver\ncaused by: a name"));
        let again = format!("{panicked}panic: no such driver\n");
        assert_eq!(last_words(&log(&again)), last_words(&log(&panicked)));
        // Nothing was said of a panic: a stack that was asked for.
        let asked = "goroutine 1 [running]:\nmain.f()";
        assert_eq!(last_words(&log(asked)), log(asked));
    }
}
