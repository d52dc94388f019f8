//! Bytes on their way from a request to a file: written and hashed in batches, while the next batch comes in.

use std::io;

use bytes::Bytes;
use http::StatusCode;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::embedded::answer::Refusal;
use crate::embedded::arrival::Arrival;
use crate::embedded::files::{Flusher, Growing};
use crate::embedded::store::Store;
use crate::name::{Algorithm, Digest, Hasher, Repository};
use crate::oci::code::Code;

/// So much is collected before it is written, while what came before is being written.
const BATCH_BYTES: usize = 256 << 10;
/// So much is written before the disk is told to begin with it.
const FLUSH_BYTES: usize = 8 << 20;
/// So many pieces are collected at most: a client may send single bytes.
const BATCH_PIECES: usize = 1024;

/// Where bytes go: to the end of a file and into a hash.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) file: Growing,
    /// Over all bytes of the file, unless it was lost.
    pub(super) hasher: Option<Hasher>,
}

impl Sink {
    fn take(&mut self, pieces: &[Bytes]) -> io::Result<()> {
        if let Some(hasher) = &mut self.hasher {
            pieces.iter().for_each(|piece| hasher.update(piece));
        }
        let appended = self.file.append(pieces);
        if appended.is_err() {
            self.hasher = None;
        }
        appended
    }

    /// Checks the digest and moves the file to its place; the inner error is the digest it really has.
    pub(super) fn become_blob(
        mut self,
        store: &Store,
        repository: &Repository,
        digest: &Digest,
        path: &str,
    ) -> io::Result<Result<(), Digest>> {
        let hasher = self.hasher.take().filter(|hasher| hasher.algorithm() == digest.algorithm());
        let actual = match hasher {
            Some(hasher) => hasher.finish(),
            None => hash_file(store, path, digest.algorithm())?,
        };
        if actual != *digest {
            return Ok(Err(actual));
        }
        self.file.sync()?;
        store.add_blob(repository, digest, path).map(Ok)
    }
}

fn hash_file(store: &Store, path: &str, algorithm: Algorithm) -> io::Result<Digest> {
    let content = store.files.open(path)?.ok_or(io::ErrorKind::NotFound)?;
    let mut hasher = Hasher::new(algorithm);
    let mut at = 0;
    while at < content.length() {
        let length = (content.length() - at).min(BATCH_BYTES as u64);
        hasher.update(&content.read_at(at, length as usize, Vec::new())?);
        at += length;
    }
    Ok(hasher.finish())
}

/// Lets a body run into a sink: while one batch is written and hashed on a thread, the next one comes in. Ends early when the body
/// breaks off or a newer request wants the upload; what came until then is in the sink. The outer error means the sink is lost.
pub(super) async fn receive(
    body: &mut Arrival,
    sink: Sink,
    newer: Option<&mut watch::Receiver<u64>>,
) -> Result<(Sink, Result<(), Refusal>), Refusal> {
    let superseded = async {
        match newer {
            Some(newer) => drop(newer.changed().await),
            None => std::future::pending().await,
        }
    };
    tokio::pin!(superseded);
    let mut pipe = Pipe::new(sink)?;
    let (mut batch, mut size) = (Vec::new(), 0);
    let ended = loop {
        let next = tokio::select! {
            biased;
            () = &mut superseded => Err(superseded_by_newer()),
            next = body.next() => next,
        };
        match next {
            Ok(Some(piece)) => {
                size += piece.len();
                batch.push(piece);
            }
            Ok(None) => break Ok(()),
            Err(refusal) => break Err(refusal),
        }
        if size >= BATCH_BYTES || batch.len() >= BATCH_PIECES {
            size = 0;
            if let Err(fault) = pipe.push(std::mem::take(&mut batch)).await {
                break Err(fault.into());
            }
        }
    };
    let flushed = match batch.is_empty() {
        true => Ok(()),
        false => pipe.push(batch).await,
    };
    let (sink, settled) = pipe.end().await?;
    // Trouble with the storage comes first: what is in the file then is nothing to go on with.
    Ok((sink, flushed.and(settled).map_err(Refusal::from).and(ended)))
}

/// A sink that works on a thread of its own, one batch at a time.
struct Pipe {
    sink: Option<Sink>,
    writing: Option<JoinHandle<(Sink, io::Result<()>)>>,
    flusher: Option<Flusher>,
    /// Bytes written since the disk was last told.
    unflushed: usize,
    flushing: Option<JoinHandle<io::Result<()>>>,
}

impl Pipe {
    fn new(sink: Sink) -> io::Result<Self> {
        let flusher = sink.file.flusher()?;
        Ok(Self { sink: Some(sink), writing: None, flusher, unflushed: 0, flushing: None })
    }

    /// Waits for the batch before, then starts with this one.
    async fn push(&mut self, batch: Vec<Bytes>) -> io::Result<()> {
        self.settle().await?;
        self.flush().await?;
        self.unflushed += batch.iter().map(Bytes::len).sum::<usize>();
        let mut sink = self.sink.take().ok_or_else(lost)?;
        self.writing = Some(spawn_blocking(move || {
            let taken = sink.take(&batch);
            (sink, taken)
        }));
        Ok(())
    }

    /// Has the disk begin with what is written, so that little is left to wait for at the end.
    async fn flush(&mut self) -> io::Result<()> {
        if self.unflushed < FLUSH_BYTES || self.flushing.as_ref().is_some_and(|flushing| !flushing.is_finished()) {
            return Ok(());
        }
        self.flushed().await?;
        self.unflushed = 0;
        self.flushing = self.flusher.clone().map(|flusher| spawn_blocking(move || flusher.flush()));
        Ok(())
    }

    /// What the flush under way came to. The kernel reports a failed write once: it must not get lost here.
    async fn flushed(&mut self) -> io::Result<()> {
        match self.flushing.take() {
            Some(flushing) => flushing.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }

    async fn settle(&mut self) -> io::Result<()> {
        let Some(writing) = self.writing.take() else {
            return Ok(());
        };
        let (sink, taken) = writing.await.map_err(io::Error::other)?;
        self.sink = Some(sink);
        taken
    }

    async fn end(mut self) -> io::Result<(Sink, io::Result<()>)> {
        let settled = self.settle().await.and(self.flushed().await);
        self.sink.map(|sink| (sink, settled)).ok_or_else(lost)
    }
}

fn superseded_by_newer() -> Refusal {
    Refusal::new(Code::BlobUploadInvalid, "a newer request took this upload over").with_status(StatusCode::CONFLICT)
}

fn lost() -> io::Error {
    io::Error::other("writing an upload broke off")
}
