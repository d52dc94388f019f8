//! A run of checks against one registry: a row per check, and the exit code that the rows add up to.

use std::time::{Duration, Instant};

use reg_shared::cli::{Connection, Context};
use reg_shared::document::{self, Check, Outcome, Summary, TestReport};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::Repository;
use reg_shared::registry;

use crate::cli::CheckArgs;

/// How long cleaning up may take after a signal.
const AFTER_SIGNAL: Duration = Duration::from_secs(10);

/// What a check found: words for a row that passes, or why it was not tried.
pub(crate) enum Found {
    /// It holds.
    Pass(String),
    /// It was not tried.
    Skip(String),
}

/// The checks so far.
pub(crate) struct Suite<'a> {
    pub(crate) context: &'a Context,
    pub(crate) connection: Connection,
    name: &'static str,
    started: Instant,
    started_at: String,
    checks: Vec<Check>,
    /// The exit code of the first thing that went wrong with the run itself, not with a check.
    ended: Option<Error>,
    unreachable: bool,
}

impl<'a> Suite<'a> {
    /// Finds the registry; asks nothing of it yet, except which scheme it speaks.
    pub(crate) async fn open(
        context: &'a Context,
        name: &'static str,
        args: &CheckArgs,
        repository: Option<&Repository>,
    ) -> Result<Self> {
        let target = context.target(&args.registry)?;
        let connection = context.interrupt.or(context.connect(&args.registry, target, repository)).await?;
        Ok(Self {
            context,
            connection,
            name,
            started: Instant::now(),
            started_at: document::now(),
            checks: Vec::new(),
            ended: None,
            unreachable: false,
        })
    }

    /// The first row of every run: there is a registry. Its type and version become known here. False: nothing else can be tried.
    pub(crate) async fn reach(&mut self, wait: Duration) -> bool {
        let deadline = Instant::now() + wait;
        let registry = self.connection.registry.clone();
        let observer = self.context.observer();
        let waiting = async {
            loop {
                match registry::ready(&registry, &observer).await {
                    Ok(()) => return Ok(Found::Pass(format!("{} answers", registry.url))),
                    Err(fault) if Instant::now() >= deadline => return Err(fault),
                    Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
                }
            }
        };
        let before = self.checks.len();
        let reached = self.check("api", waiting).await;
        if !reached {
            self.unreachable = self.checks.get(before).is_some_and(|check| check.outcome == Outcome::Fail);
            return false;
        }
        // What cannot be told is told by the checks.
        let _ = self.context.interrupt.or(self.connection.learn_type()).await;
        true
    }

    /// The type of the registry, as what it can do.
    pub(crate) fn kind(&self) -> registry::Registry {
        self.connection.registry.kind.into()
    }

    /// Runs one check and keeps its row; tells whether it passed. After a signal nothing runs any more.
    pub(crate) async fn check(&mut self, name: &str, work: impl Future<Output = Result<Found>>) -> bool {
        self.check_with(name, async { work.await.map(|found| (found, ())) }).await.is_some()
    }

    /// The same for a check whose result the next ones need.
    pub(crate) async fn check_with<T>(&mut self, name: &str, work: impl Future<Output = Result<(Found, T)>>) -> Option<T> {
        if self.ended.is_some() {
            return None;
        }
        let started = Instant::now();
        let outcome = self.context.interrupt.or(work).await;
        let seconds = started.elapsed().as_secs_f64();
        let (outcome, detail, value) = match outcome {
            Ok((Found::Pass(detail), value)) => (Outcome::Pass, detail, Some(value)),
            Ok((Found::Skip(detail), _)) => (Outcome::Skip, detail, None),
            Err(fault) if matches!(fault.kind(), Exit::Interrupted | Exit::Terminated) => {
                self.ended = Some(fault);
                return None;
            }
            Err(fault) => (Outcome::Fail, with_hint(&fault), None),
        };
        self.row(name, outcome, seconds, detail);
        value
    }

    /// A row for a check that is not tried.
    pub(crate) fn skip(&mut self, name: &str, why: impl Into<String>) {
        if self.ended.is_none() {
            self.row(name, Outcome::Skip, 0.0, why.into());
        }
    }

    /// Runs what must be undone even after a signal, and keeps its row. After one it has less time than the program has to end, so
    /// that the report is still printed.
    pub(crate) async fn clean_up(&mut self, name: &str, work: impl Future<Output = Result<Found>>) {
        let started = Instant::now();
        let limit = if self.ended.is_some() { AFTER_SIGNAL } else { Duration::MAX };
        let late = |_| Err(Error::unreachable(format!("it did not end within {} s", limit.as_secs())));
        let (outcome, detail) = match tokio::time::timeout(limit, work).await.unwrap_or_else(late) {
            Ok(Found::Pass(detail)) => (Outcome::Pass, detail),
            Ok(Found::Skip(detail)) => (Outcome::Skip, detail),
            Err(fault) => (Outcome::Fail, with_hint(&fault)),
        };
        self.row(name, outcome, started.elapsed().as_secs_f64(), detail);
    }

    fn row(&mut self, name: &str, outcome: Outcome, seconds: f64, detail: String) {
        let word = match outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "FAIL",
            Outcome::Skip => "skip",
        };
        self.context.messages.note(format!("{word} {name}: {detail}"));
        self.checks.push(Check { name: name.to_owned(), outcome, seconds, detail });
    }

    /// Prints the report; what it says is the exit code.
    pub(crate) fn finish(self) -> Result<Exit> {
        let count = |outcome| self.checks.iter().filter(|check| check.outcome == outcome).count();
        let summary = Summary { pass: count(Outcome::Pass), fail: count(Outcome::Fail), skip: count(Outcome::Skip) };
        let report = TestReport {
            registry: self.connection.registry,
            suite: self.name.to_owned(),
            started_at: self.started_at,
            seconds: self.started.elapsed().as_secs_f64(),
            checks: self.checks,
            summary,
        };
        self.context.output.print(&report)?;
        match self.ended {
            Some(fault) => Err(fault),
            None if self.unreachable => Ok(Exit::Unreachable),
            None if summary.fail > 0 => Ok(Exit::Negative),
            None => Ok(Exit::Ok),
        }
    }
}

fn with_hint(fault: &Error) -> String {
    match fault.hint_text() {
        Some(hint) => format!("{fault} ({hint})"),
        None => fault.to_string(),
    }
}
