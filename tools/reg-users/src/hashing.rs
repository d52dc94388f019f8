//! Hashing on all processors.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reg_shared::cli::Context;
use reg_shared::document::{User, UserOutcome};
use reg_shared::error::{Error, Result};
use reg_shared::htpasswd;
use reg_shared::secret::Secret;

/// How often it is told how far the work is.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// The hash of one password, and how long it took.
pub(crate) async fn one(context: &Context, password: &Secret, cost: u32) -> Result<(String, Duration)> {
    let password = password.clone();
    let work = tokio::task::spawn_blocking(move || {
        let started = Instant::now();
        htpasswd::hash(&password, cost).map(|hash| (hash, started.elapsed()))
    });
    context.interrupt.or(async { work.await.unwrap_or_else(|_| Err(ended())) }).await
}

/// A row about a user with a new hash.
pub(crate) fn row(name: &str, outcome: UserOutcome, cost: u32) -> User {
    User { algorithm: Some("bcrypt".to_owned()), cost: Some(cost), ..User::new(name, Some(outcome)) }
}

/// Does one piece of work for each item, as many at once as there are processors, and gives the results back in the order of the items.
/// The first fault, or a signal, ends it. `what` is what was done, for the progress: "hashed".
pub(crate) async fn all<T, R>(context: &Context, what: &str, items: Vec<T>, work: fn(&T) -> Result<R>) -> Result<Vec<R>>
where
    T: Send + Sync + 'static,
    R: Send + 'static,
{
    let total = items.len();
    let done = Arc::new(AtomicUsize::new(0));
    let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
    let (counted, stopped) = (Arc::clone(&done), Arc::clone(&stop.0));
    let working = tokio::task::spawn_blocking(move || on_all_processors(&items, work, &counted, &stopped));
    let telling = async {
        loop {
            tokio::time::sleep(TELL_EVERY).await;
            context.messages.note(format!("{what} {} of {total}", done.load(Ordering::Relaxed)));
        }
    };
    let finished = async {
        tokio::select! {
            finished = working => finished.unwrap_or_else(|_| Err(ended())),
            () = telling => Err(ended()),
        }
    };
    context.interrupt.or(finished).await
}

fn on_all_processors<T: Sync, R: Send>(
    items: &[T],
    work: fn(&T) -> Result<R>,
    done: &AtomicUsize,
    stop: &AtomicBool,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<R>>> = Mutex::new(items.iter().map(|_| None).collect());
    let fault = Mutex::new(None);
    let worker = || {
        while !stop.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return };
            match work(item) {
                Ok(result) => results.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(result),
                Err(found) => {
                    fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(found);
                    stop.store(true, Ordering::Relaxed);
                }
            }
            done.fetch_add(1, Ordering::Relaxed);
        }
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from).min(items.len().max(1));
    std::thread::scope(|scope| (0..processors).for_each(|_| drop(scope.spawn(worker))));
    if let Some(fault) = fault.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(fault);
    }
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().collect::<Option<Vec<R>>>().ok_or_else(ended)
}

fn ended() -> Error {
    Error::failed("hashing ended before it was done")
}

/// Threads cannot be dropped like a future: they look here.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
