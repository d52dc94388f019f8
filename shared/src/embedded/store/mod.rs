//! The registry's contents: which repository shows which blobs, manifests, tags and referrers.
//!
//! All rules of the registry live here, over [`Files`], without HTTP. One lock keeps them: whatever adds holds it shared, whatever
//! takes away holds it alone. So a manifest is accepted only while every blob it names stays put, and garbage collection's last
//! look at a file and its removal are one step. Everything blocks: callers stand on a thread that may.

mod list;
mod manifest;

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, SystemTime};

use super::files::{Content, Files, Stat};
use super::layout;
use crate::name::{Digest, Repository};

pub(super) use list::Listed;
pub(super) use manifest::{Accepted, Found, Put};

/// The contents of one registry.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) files: Files,
    lock: RwLock<()>,
    /// The repositories that have a manifest, once somebody asked.
    catalog: Mutex<Option<BTreeSet<Repository>>>,
    /// How long garbage collection leaves alone what a client was told about.
    pub(super) grace: Duration,
    /// Set while garbage is collected: every promise freshens, however fresh the file is.
    pub(super) collecting: AtomicBool,
}

impl Store {
    pub(super) fn new(files: Files, grace: Duration) -> Self {
        let (lock, catalog, collecting) = (RwLock::default(), Mutex::default(), AtomicBool::new(false));
        Self { files, lock, catalog, grace, collecting }
    }

    /// Held by whatever adds, or tells a client that something is there.
    pub(super) fn adding(&self) -> RwLockReadGuard<'_, ()> {
        // It guards no value that a panic could leave half-changed.
        self.lock.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held by whatever takes away.
    pub(super) fn removing(&self) -> RwLockWriteGuard<'_, ()> {
        self.lock.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The length of a blob that the repository shows. Telling a client so is a promise: garbage collection keeps the blob for the
    /// grace period from now, so that the manifest which follows finds it.
    pub(super) fn promise_blob(&self, repository: &Repository, digest: &Digest) -> io::Result<Option<u64>> {
        let _adding = self.adding();
        if !self.freshen(&layout::blob(repository, digest))? {
            return Ok(None);
        }
        Ok(self.files.stat(&layout::content(digest))?.map(|content| content.length))
    }

    /// Opens a blob that the repository shows.
    pub(super) fn open_blob(&self, repository: &Repository, digest: &Digest) -> io::Result<Option<Content>> {
        if self.files.stat(&layout::blob(repository, digest))?.is_none() {
            return Ok(None);
        }
        self.files.open(&layout::content(digest))
    }

    /// Takes a synced file over as content, and shows it in the repository.
    pub(super) fn add_blob(&self, repository: &Repository, digest: &Digest, file: &str) -> io::Result<()> {
        let _adding = self.adding();
        // The file may be hours old; as content it is new.
        self.files.touch(file)?;
        self.files.place(file, &layout::content(digest))?;
        self.files.ensure(&layout::blob(repository, digest))
    }

    /// Shows a blob of another repository, or of any when none is named; false when it is not there.
    pub(super) fn mount(&self, repository: &Repository, digest: &Digest, from: Option<&Repository>) -> io::Result<bool> {
        let _adding = self.adding();
        let shown = match from {
            Some(from) => self.shows(from, digest)?,
            None => self.shows(repository, digest)? || self.shown_anywhere(digest)?,
        };
        if !shown || !self.files.touch(&layout::content(digest))? {
            return Ok(false);
        }
        self.files.ensure(&layout::blob(repository, digest))?;
        Ok(true)
    }

    fn shows(&self, repository: &Repository, digest: &Digest) -> io::Result<bool> {
        Ok(self.files.stat(&layout::blob(repository, digest))?.is_some())
    }

    fn shown_anywhere(&self, digest: &Digest) -> io::Result<bool> {
        if self.files.stat(&layout::content(digest))?.is_none() {
            return Ok(false);
        }
        for repository in self.repositories()? {
            if self.shows(&repository, digest)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Stops showing a blob in a repository; false when it did not. The content stays until garbage is collected.
    pub(super) fn remove_blob(&self, repository: &Repository, digest: &Digest) -> io::Result<bool> {
        let _removing = self.removing();
        let removed = self.files.remove(&layout::blob(repository, digest))?;
        self.files.settle(&layout::blobs(repository, digest.algorithm()))?;
        Ok(removed)
    }

    /// Makes a link fresh when it is not; false when it is not there.
    fn freshen(&self, link: &str) -> io::Result<bool> {
        match self.files.stat(link)? {
            None => Ok(false),
            Some(stat) if self.is_fresh(stat) => Ok(true),
            Some(_) => self.files.touch(link),
        }
    }

    fn is_fresh(&self, stat: Stat) -> bool {
        let age = SystemTime::now().duration_since(stat.modified).unwrap_or_default();
        age < self.grace / 2 && !self.collecting.load(Ordering::Acquire)
    }
}
