//! Uploads under way: bytes are written and hashed as they come, may stop and go on, and become a blob when their digest is right.
//!
//! The file in the repository's folder is the upload: it survives a restart, and its length is how far the upload got. In memory is
//! only what makes it fast (the hash so far) and orderly: one request at a time works on an upload, and the newest one wins, because
//! a client that comes back has given up the connection before.

mod sink;

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;
use tokio::sync::{OwnedMutexGuard, watch};
use tokio::task::spawn_blocking;

use super::answer::Refusal;
use super::arrival::Arrival;
use super::layout;
use super::store::Store;
use crate::name::{Algorithm, Digest, Hasher, Repository};
use crate::oci::code::Code;
use sink::{Sink, receive};

/// How long the newest request waits for the one before it to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// The uploads of a registry.
#[derive(Debug)]
pub(super) struct Uploads {
    store: Arc<Store>,
    sessions: Mutex<Sessions>,
}

type Key = (Repository, String);
type Sessions = HashMap<Key, Arc<Session>>;

#[derive(Debug)]
struct Session {
    /// Counted up by every request that wants to work on the upload.
    comers: watch::Sender<u64>,
    progress: Arc<tokio::sync::Mutex<Progress>>,
}

#[derive(Debug)]
struct Progress {
    algorithm: Algorithm,
    /// The hash of all bytes so far, unless it was lost in a restart.
    hasher: Option<Hasher>,
}

impl Session {
    fn new(algorithm: Algorithm, hasher: Option<Hasher>) -> Arc<Self> {
        let progress = Arc::new(tokio::sync::Mutex::new(Progress { algorithm, hasher }));
        Arc::new(Self { comers: watch::Sender::new(0), progress })
    }
}

impl Uploads {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self { store, sessions: Mutex::default() }
    }

    /// How many are held in memory.
    pub(super) fn count(&self) -> usize {
        self.sessions().len()
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        // Every change is one insertion or removal.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one and returns its id.
    pub(super) async fn start(&self, repository: &Repository, algorithm: Algorithm) -> Result<String, Refusal> {
        let id = random_id()?;
        let path = layout::upload(repository, &id);
        let store = Arc::clone(&self.store);
        on_thread(move || {
            let _adding = store.adding();
            store.files.grow_new(&path).map(|_| ())
        })
        .await?;
        let session = Session::new(algorithm, Some(Hasher::new(algorithm)));
        self.sessions().insert((repository.clone(), id.clone()), session);
        Ok(id)
    }

    /// How many bytes have come.
    pub(super) async fn length(&self, repository: &Repository, id: &str) -> Result<u64, Refusal> {
        let path = checked_path(repository, id)?;
        let store = Arc::clone(&self.store);
        let stat = on_thread(move || store.files.stat(&path)).await?;
        stat.map(|stat| stat.length).ok_or_else(unknown)
    }

    /// Takes the upload over for one request. A request that still works on it stops and keeps what it has got.
    pub(super) async fn take(&self, repository: &Repository, id: &str) -> Result<Turn<'_>, Refusal> {
        let path = checked_path(repository, id)?;
        let key = (repository.clone(), id.to_owned());
        // One that a restart forgot: its hash is made up for when it is finished.
        let session = self.sessions().entry(key.clone()).or_insert_with(|| Session::new(Algorithm::Sha256, None)).clone();
        session.comers.send_modify(|comers| *comers += 1);
        let newer = session.comers.subscribe();
        let Ok(mut progress) = tokio::time::timeout(PATIENCE, Arc::clone(&session.progress).lock_owned()).await else {
            return Err(Refusal::new(Code::BlobUploadInvalid, "another request is at work on this upload")
                .with_status(StatusCode::CONFLICT));
        };
        let (store, opened) = (Arc::clone(&self.store), path.clone());
        let Some(file) = on_thread(move || store.files.grow(&opened)).await? else {
            self.sessions().remove(&key);
            return Err(unknown());
        };
        let hasher = if file.length() == 0 { Some(Hasher::new(progress.algorithm)) } else { progress.hasher.take() };
        Ok(Turn { uploads: self, key, path, sink: Sink { file, hasher }, progress, newer })
    }

    /// Forgets what garbage collection removed.
    pub(super) async fn forget_removed(&self) -> Result<(), Refusal> {
        let mut keys: HashSet<Key> = self.sessions().keys().cloned().collect();
        let store = Arc::clone(&self.store);
        let removed = on_thread(move || {
            let mut fault = Ok(());
            keys.retain(|(repository, id)| match store.files.stat(&layout::upload(repository, id)) {
                Ok(stat) => stat.is_none(),
                Err(found) => {
                    fault = Err(found);
                    false
                }
            });
            fault.map(|()| keys)
        });
        let removed = removed.await?;
        self.sessions().retain(|key, _| !removed.contains(key));
        Ok(())
    }

    /// Receives a blob in one go, without an upload that could be resumed.
    pub(super) async fn receive_whole(&self, repository: &Repository, digest: &Digest, body: &mut Arrival) -> Result<(), Refusal> {
        let (store, path) = (Arc::clone(&self.store), self.store.files.temporary());
        let opened = path.clone();
        let file = on_thread(move || store.files.grow_new(&opened)).await?;
        let sink = Sink { file, hasher: Some(Hasher::new(digest.algorithm())) };
        match receive(body, sink, None).await {
            Ok((sink, Ok(()))) => self.keep(repository, digest, sink, path).await,
            Ok((_, Err(refusal))) | Err(refusal) => {
                let store = Arc::clone(&self.store);
                on_thread(move || store.files.remove(&path)).await?;
                Err(refusal)
            }
        }
    }

    /// Makes a blob of a file, or removes the file.
    async fn keep(&self, repository: &Repository, digest: &Digest, sink: Sink, path: String) -> Result<(), Refusal> {
        let (store, repository, digest) = (Arc::clone(&self.store), repository.clone(), digest.clone());
        let kept = on_thread(move || {
            let kept = sink.become_blob(&store, &repository, &digest, &path);
            if !matches!(kept, Ok(Ok(()))) {
                store.files.remove(&path)?;
            }
            kept
        });
        kept.await?.map_err(|actual| Refusal::new(Code::DigestInvalid, format!("the bytes that came have the digest {actual}")))
    }
}

/// An upload in the hands of one request.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    uploads: &'a Uploads,
    key: Key,
    path: String,
    sink: Sink,
    progress: OwnedMutexGuard<Progress>,
    newer: watch::Receiver<u64>,
}

impl Turn<'_> {
    /// How many bytes have come.
    pub(super) fn length(&self) -> u64 {
        self.sink.file.length()
    }

    /// The bytes to come belong to a digest by this algorithm.
    pub(super) fn expect(&mut self, algorithm: Algorithm) {
        if self.length() == 0 {
            self.sink.hasher = Some(Hasher::new(algorithm));
        }
    }

    /// Adds the body of a request. When the body breaks off, what came is kept; when it is not as long as `expected`, nothing of it
    /// is; when the disk is full, the upload is thrown away to give back its space.
    pub(super) async fn receive(mut self, body: &mut Arrival, expected: Option<u64>) -> Result<Self, Refusal> {
        let before = self.length();
        let (sink, mut received) = receive(body, self.sink, Some(&mut self.newer)).await?;
        self.sink = sink;
        let length = self.length() - before;
        if let (Ok(()), Some(expected)) = (&received, expected)
            && expected != length
        {
            self.sink.file.cut(before)?;
            self.sink.hasher = None;
            received = Err(Refusal::new(Code::SizeInvalid, format!("the range has {expected} bytes and the body {length}")));
        }
        match received {
            Ok(()) => Ok(self),
            Err(refusal) => {
                if refusal.cause.is_some() {
                    self.discard().await?;
                } else {
                    self.pause();
                }
                Err(refusal)
            }
        }
    }

    /// Leaves the upload to the next request.
    pub(super) fn pause(mut self) {
        self.progress.hasher = self.sink.hasher.take();
    }

    /// Makes a blob of the upload if that is what it is; if not, the upload is gone.
    pub(super) async fn finish(self, digest: &Digest) -> Result<(), Refusal> {
        let Self { uploads, key, path, sink, progress, .. } = self;
        let stored = uploads.keep(&key.0, digest, sink, path).await;
        uploads.sessions().remove(&key);
        drop(progress);
        stored
    }

    /// Throws the upload away.
    pub(super) async fn discard(self) -> Result<(), Refusal> {
        let (store, path) = (Arc::clone(&self.uploads.store), self.path);
        on_thread(move || store.files.remove(&path)).await?;
        self.uploads.sessions().remove(&self.key);
        Ok(())
    }
}

fn unknown() -> Refusal {
    Refusal::new(Code::BlobUploadUnknown, "there is no such upload")
}

/// The path of an upload, if its id looks like one of ours.
fn checked_path(repository: &Repository, id: &str) -> Result<String, Refusal> {
    let ours = id.len() == 36 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'));
    if ours { Ok(layout::upload(repository, id)) } else { Err(unknown()) }
}

/// A random UUID, as the spec wants an upload's URL to hold.
fn random_id() -> Result<String, Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = crate::name::hex(&bytes);
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

/// Runs what may block where it may.
pub(super) async fn on_thread<T: Send + 'static>(run: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(run).await.map_err(io::Error::other)?
}
