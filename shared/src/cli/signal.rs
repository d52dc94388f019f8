//! SIGINT and SIGTERM: the work hears of the first one and cleans up; the second one ends the program at once, and so does the first while
//! a read waits for somebody else and nothing has been begun.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::exit::Exit;

/// How long the work may take to clean up after a signal.
const CLEAN_UP: Duration = Duration::from_secs(15);

/// Whether a signal asked to stop.
#[derive(Debug, Clone)]
pub struct Interrupt {
    signals: watch::Receiver<Signals>,
    /// Whether the work ends by itself after the first one, however long that takes.
    drains: Arc<AtomicBool>,
    /// Whether a read waits, which nothing but the end of the program interrupts.
    reads: Arc<AtomicBool>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Signals {
    first: Option<Exit>,
    count: usize,
}

impl Interrupt {
    /// Begins to listen. `end` ends the program with an error that tells of the signal.
    pub(super) fn listen(end: impl Fn(&Error) + Send + 'static) -> Result<Self> {
        let cannot = |fault| Error::failed("cannot listen for signals").caused_by(fault);
        let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        let (sender, signals) = watch::channel(Signals::default());
        let listening = Self { signals, drains: Arc::default(), reads: Arc::default() };
        let reads = Arc::clone(&listening.reads);
        tokio::spawn(async move {
            loop {
                let exit = tokio::select! {
                    Some(()) = interrupt.recv() => Exit::Interrupted,
                    Some(()) = terminate.recv() => Exit::Terminated,
                    else => return,
                };
                sender.send_modify(|signals| {
                    signals.first.get_or_insert(exit);
                    signals.count += 1;
                });
                if reads.load(Ordering::Relaxed) {
                    end(&Error::new(exit, "interrupted"));
                }
            }
        });
        Ok(listening)
    }

    /// Reads what somebody else may be long in writing: a pipe, a terminal. A signal meanwhile ends the program.
    pub fn reading<T>(&self, read: impl FnOnce() -> T) -> T {
        self.reads.store(true, Ordering::Relaxed);
        let outcome = read();
        self.reads.store(false, Ordering::Relaxed);
        outcome
    }

    /// From here on the work ends by itself after the first signal and is given the time: a server lets its requests end. The second
    /// signal still ends it at once.
    pub fn drains(&self) {
        self.drains.store(true, Ordering::Relaxed);
    }

    /// Waits for the first signal.
    pub async fn received(&self) {
        self.at_least(1).await;
    }

    /// Runs `work`; a signal drops it and is the error that ends the program, so that the caller can clean up with `?`.
    ///
    /// # Errors
    /// The work's own, or [`Exit::Interrupted`] or [`Exit::Terminated`].
    pub async fn or<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            biased;
            () = self.received() => Err(self.error()),
            outcome = work => outcome,
        }
    }

    /// Runs a whole program: after a signal it has some time to end by itself, after a second one none.
    pub(super) async fn guard(&self, work: impl Future<Output = Result<Exit>>) -> Result<Exit> {
        tokio::pin!(work);
        tokio::select! {
            outcome = &mut work => return outcome,
            () = self.received() => {}
        }
        tokio::select! {
            outcome = &mut work => outcome,
            () = self.at_least(2) => Err(self.error()),
            () = tokio::time::sleep(CLEAN_UP), if !self.drains.load(Ordering::Relaxed) => Err(self.error()),
        }
    }

    async fn at_least(&self, count: usize) {
        let mut receiver = self.signals.clone();
        if receiver.wait_for(|signals| signals.count >= count).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn error(&self) -> Error {
        let exit = self.signals.borrow().first.unwrap_or(Exit::Interrupted);
        Error::new(exit, "interrupted")
    }
}
