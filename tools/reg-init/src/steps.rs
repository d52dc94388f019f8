//! The rows of a run: what was done, how it ended, how long it took.

use std::time::Instant;

use reg_shared::cli::Context;
use reg_shared::document::{Check, Outcome, Summary};
use reg_shared::error::{Error, Result};

/// The steps so far.
pub(crate) struct Steps<'a> {
    context: &'a Context,
    rows: Vec<Check>,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(context: &'a Context) -> Self {
        Self { context, rows: Vec::new() }
    }

    /// Does a step and keeps its row; a fault ends the run.
    pub(crate) async fn step<T>(&mut self, name: &str, work: impl Future<Output = Result<(T, String)>>) -> Result<T> {
        let started = Instant::now();
        let (value, detail) = work.await?;
        self.row(name, Outcome::Pass, started, detail);
        Ok(value)
    }

    /// Does a step whose fault is a row: what was changed before must still be told.
    pub(crate) async fn check(&mut self, name: &str, work: impl Future<Output = Result<String>>) -> Option<Error> {
        let started = Instant::now();
        match work.await {
            Ok(detail) => {
                self.row(name, Outcome::Pass, started, detail);
                None
            }
            Err(fault) => {
                self.row(name, Outcome::Fail, started, fault.to_string());
                Some(fault)
            }
        }
    }

    /// A row for a step that is not taken.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        self.row(name, Outcome::Skip, Instant::now(), why.to_owned());
    }

    fn row(&mut self, name: &str, outcome: Outcome, started: Instant, detail: String) {
        let word = match outcome {
            Outcome::Pass => "done",
            Outcome::Fail => "FAIL",
            Outcome::Skip => "skip",
        };
        self.context.messages.note(format!("{word} {name}: {detail}"));
        self.rows.push(Check { name: name.to_owned(), outcome, seconds: started.elapsed().as_secs_f64(), detail });
    }

    /// The rows, counted.
    pub(crate) fn finish(self) -> (Vec<Check>, Summary) {
        let count = |outcome| self.rows.iter().filter(|row| row.outcome == outcome).count();
        let summary = Summary { pass: count(Outcome::Pass), fail: count(Outcome::Fail), skip: count(Outcome::Skip) };
        (self.rows, summary)
    }
}
