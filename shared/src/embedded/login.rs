//! Who asks: HTTP Basic against an htpasswd file that may change at any time.
//!
//! The file is looked at on every request (its time, size and inode) and read again when it changed; when it cannot be read,
//! nobody is let in. A login that was verified is remembered until the file changes, as a salted hash, because bcrypt would allow
//! only some twenty requests a second. Wrong passwords are never remembered, so guessing stays as slow as bcrypt.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::answer::Refusal;
use super::log::Log;
use super::stamp::Stamp;
use super::uploads::on_thread;
use crate::error::{Error, Result};
use crate::htpasswd::{self, Users};
use crate::name::quoted;
use crate::secret::Secret;

/// So many logins are remembered; then they are all forgotten and verified again.
const REMEMBERED: usize = 4096;

/// The logins of a server.
#[derive(Debug)]
pub(super) struct Logins {
    file: PathBuf,
    log: Log,
    salt: [u8; 32],
    state: Mutex<State>,
    /// bcrypt is work for a processor: no more at once than there are.
    places: Arc<Semaphore>,
    checks: AtomicU64,
}

#[derive(Debug)]
struct State {
    stamp: Option<Stamp>,
    text: String,
    users: Arc<Users>,
    verified: HashSet<[u8; 32]>,
}

impl Logins {
    /// Reads the file for the first time.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn new(file: &Path, log: Log) -> Result<Self> {
        let failed = |fault| Error::io(format!("cannot read the htpasswd file {}", quoted(&file.display().to_string())), fault);
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).map_err(|fault| Error::failed("no random numbers to be had").caused_by(fault))?;
        let stamp = Stamp::of(file).map_err(failed)?;
        let text = read(file).map_err(failed)?;
        let state = State { stamp: Some(stamp), users: Arc::new(parse(&text, &log)), text, verified: HashSet::new() };
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let places = Arc::new(Semaphore::new(processors));
        Ok(Self { file: file.to_owned(), log, salt, state: Mutex::new(state), places, checks: AtomicU64::new(0) })
    }

    /// The user that a request's credentials prove.
    pub(super) async fn user(&self, headers: &HeaderMap) -> std::result::Result<String, Refusal> {
        let (user, password) = basic(headers).ok_or_else(Refusal::unauthorized)?;
        self.refresh().await;
        let key = self.key(&user, &password);
        if self.state().verified.contains(&key) {
            return Ok(user);
        }
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(io::Error::other)?;
        let users = {
            let state = self.state();
            // Of many requests that come at once only the first pays.
            if state.verified.contains(&key) {
                return Ok(user);
            }
            Arc::clone(&state.users)
        };
        self.checks.fetch_add(1, Relaxed);
        let (asked, checked) = (Arc::clone(&users), user.clone());
        // The place is held until the check ends, also when the client has gone: checks are what is to be limited.
        let check = move || {
            let _place = place;
            Ok(asked.check(&checked, &password))
        };
        if !on_thread(check).await? {
            return Err(Refusal::unauthorized());
        }
        let mut state = self.state();
        if Arc::ptr_eq(&state.users, &users) {
            if state.verified.len() >= REMEMBERED {
                state.verified.clear();
            }
            state.verified.insert(key);
        }
        Ok(user)
    }

    /// How often bcrypt was asked.
    pub(super) fn checks(&self) -> u64 {
        self.checks.load(Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // It is replaced as a whole or changed by one entry.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, user: &str, password: &Secret) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.salt);
        hasher.update((user.len() as u64).to_le_bytes());
        hasher.update(user);
        hasher.update(password.expose());
        hasher.finalize().into()
    }

    /// Reads the file again if it is another one than before.
    async fn refresh(&self) {
        let stamp = Stamp::of(&self.file).ok();
        {
            let state = self.state();
            if stamp.is_some() && stamp == state.stamp && stamp.as_ref().is_some_and(Stamp::is_settled) {
                return;
            }
        }
        let file = self.file.clone();
        let text = on_thread(move || read(&file)).await;
        let mut state = self.state();
        match text {
            Ok(text) if state.stamp.is_some() && text == state.text => state.stamp = stamp,
            Ok(text) => *state = State { stamp, users: Arc::new(parse(&text, &self.log)), text, verified: HashSet::new() },
            Err(fault) => {
                if state.stamp.is_some() {
                    self.log.say("error", &format!("nobody can log in: cannot read the htpasswd file: {fault}"));
                }
                *state = State { stamp: None, text: String::new(), users: Arc::default(), verified: HashSet::new() };
            }
        }
    }
}

/// A line that is no text must not keep the users of the others out.
fn read(file: &Path) -> io::Result<String> {
    std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn parse(text: &str, log: &Log) -> Users {
    let (users, faults) = htpasswd::parse(text);
    for fault in faults {
        log.say("warning", &format!("line {} of the htpasswd file logs nobody in: {}", fault.line, fault.why));
    }
    users
}

/// Whether a request comes without credentials; empty ones are none: some clients send them to a registry that asked for a login.
pub(super) fn is_anonymous(headers: &HeaderMap) -> bool {
    let empty = |(user, password): (String, Secret)| user.is_empty() && password.expose().is_empty();
    !headers.contains_key(AUTHORIZATION) || basic(headers).is_some_and(empty)
}

/// The credentials of `Authorization: Basic`.
fn basic(headers: &HeaderMap) -> Option<(String, Secret)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let decoded = Secret::new(decoded);
    let (user, password) = decoded.expose().split_once(':')?;
    Some((user.to_owned(), Secret::new(password)))
}
