//! Garbage collection: gives back the space of what nothing shows any more, while the registry works.
//!
//! What goes: blob links that no manifest of their repository names, referrers entries without their manifest, uploads that nobody
//! touched for a day, and then contents without a link. Manifests stay until they are deleted, tagged or not.
//!
//! Why nothing goes that somebody needs: a file is removed only when it is older than the grace period at the *start* of the run,
//! and everything that is added or promised to a client freshens what it relies on. From the start on every promise freshens, and
//! the run begins only when all changes that began before it are done. So a file that looks old was promised to nobody within the
//! grace period, and its last look and its removal are one step under the store's lock. Times are the file system's own on both
//! sides of the comparison.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::files::{Directory, Files};
use super::layout;
use super::store::Store;
use crate::document::Swept;
use crate::error::{Error, Result};
use crate::name::{Digest, Repository, quoted};

/// An upload that nobody touched for so long is given up.
const UPLOAD_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How to collect.
#[derive(Debug, Clone, Copy)]
pub struct CollectOptions {
    /// How long what a client was told about is left alone.
    pub grace: Duration,
    /// Only say what would go.
    pub dry_run: bool,
}

/// Collects the garbage of a folder that no server works on.
///
/// # Errors
/// [`Exit::Conflict`](crate::exit::Exit::Conflict) when a server has the folder, [`Exit::Input`](crate::exit::Exit::Input) when it
/// holds no registry.
pub async fn collect_garbage(directory: &Path, options: CollectOptions) -> Result<Swept> {
    let directory = directory.to_owned();
    let collected = tokio::task::spawn_blocking(move || {
        let shown = quoted(&directory.display().to_string());
        if !directory.join(layout::VERSION).exists() {
            return Err(Error::input(format!("the folder {shown} holds no registry")));
        }
        let store = Store::new(Files::Directory(Directory::open(&directory)?), options.grace);
        let collected =
            store.collect(options).map_err(|fault| Error::io(format!("cannot collect the garbage of {shown}"), fault))?;
        Ok(collected.unwrap_or_default())
    });
    collected.await.map_err(|fault| Error::failed("garbage collection broke off").caused_by(fault))?
}

impl Store {
    /// Collects garbage; nothing when that is being done already.
    pub(super) fn collect(&self, options: CollectOptions) -> io::Result<Option<Swept>> {
        if self.collecting.swap(true, Ordering::AcqRel) {
            return Ok(None);
        }
        let _ended = Ended(&self.collecting);
        // Whoever did not see that yet is done when this lock was had.
        drop(self.removing());
        let begun = Instant::now();
        let now = self.now()?;
        let before = |age: Duration| now.checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut run = Run {
            store: self,
            dry: options.dry_run,
            cutoff: before(options.grace),
            upload_cutoff: before(UPLOAD_AGE),
            held: HashSet::new(),
            collected: Swept { dry_run: options.dry_run, ..Swept::default() },
        };
        for repository in self.repositories()? {
            run.repository(&repository)?;
        }
        run.contents()?;
        let mut collected = run.collected;
        collected.seconds = begun.elapsed().as_secs_f64();
        Ok(Some(collected))
    }

    /// The time by the clock that files get theirs from.
    fn now(&self) -> io::Result<SystemTime> {
        let path = self.files.temporary();
        self.files.write(&path, b"")?;
        let stat = self.files.stat(&path)?;
        self.files.remove(&path)?;
        stat.map(|stat| stat.modified).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// One garbage collection under way.
struct Run<'a> {
    store: &'a Store,
    dry: bool,
    cutoff: SystemTime,
    upload_cutoff: SystemTime,
    /// What some repository shows.
    held: HashSet<Digest>,
    collected: Swept,
}

impl Run<'_> {
    fn repository(&mut self, repository: &Repository) -> io::Result<()> {
        let manifests = self.store.manifests(repository)?;
        let named = self.named_by(&manifests)?;
        self.held.extend(manifests);
        for digest in self.store.blobs(repository)? {
            if !named.contains(&digest) && self.remove_old(&layout::blob(repository, &digest), self.cutoff)? {
                self.collected.links_removed += 1;
            } else {
                self.held.insert(digest);
            }
        }
        self.referrers(repository)?;
        let uploads = layout::uploads(repository);
        for entry in self.store.files.list(&uploads)? {
            if self.remove_old(&format!("{uploads}/{}", entry.name), self.upload_cutoff)? {
                self.collected.uploads_removed += 1;
            }
        }
        self.tidy(repository)
    }

    /// Whatever the manifests point to. An index may list blobs too (BuildKit's cache does), so its entries count as well.
    fn named_by(&self, manifests: &[Digest]) -> io::Result<HashSet<Digest>> {
        let mut named = HashSet::new();
        for digest in manifests {
            let Some(view) = self.store.view(digest)? else { continue };
            let parts = [view.layers, view.manifests, view.config.map(|config| vec![config])];
            named.extend(parts.into_iter().flatten().flatten().map(|descriptor| descriptor.digest));
        }
        Ok(named)
    }

    /// Entries that a killed server left behind: their manifest is not there.
    fn referrers(&mut self, repository: &Repository) -> io::Result<()> {
        let files = &self.store.files;
        for algorithm in layout::ALGORITHMS {
            let subjects = layout::subjects(repository, algorithm);
            for subject in files.list(&subjects)? {
                for entry in files.list(&format!("{subjects}/{}", subject.name))? {
                    let Some(digest) = layout::read_referrer(&entry.name) else { continue };
                    let _removing = self.store.removing();
                    if files.stat(&layout::manifest(repository, &digest))?.is_some() {
                        continue;
                    }
                    self.collected.links_removed += 1;
                    if !self.dry {
                        files.remove(&format!("{subjects}/{}/{}", subject.name, entry.name))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Makes the removals of a repository durable before its contents go, and removes its empty folders.
    fn tidy(&self, repository: &Repository) -> io::Result<()> {
        if self.dry {
            return Ok(());
        }
        let files = &self.store.files;
        let mut folders = vec![layout::uploads(repository), layout::tags(repository)];
        for algorithm in layout::ALGORITHMS {
            let subjects = layout::subjects(repository, algorithm);
            folders.extend(files.list(&subjects)?.iter().map(|entry| format!("{subjects}/{}", entry.name)));
            folders.extend([layout::blobs(repository, algorithm), layout::manifests(repository, algorithm), subjects]);
        }
        for folder in folders {
            let _removing = self.store.removing();
            files.settle(&folder)?;
            files.prune(&folder, layout::REPOSITORIES)?;
        }
        Ok(())
    }

    fn contents(&mut self) -> io::Result<()> {
        for algorithm in layout::ALGORITHMS {
            let top = layout::contents(algorithm);
            for part in self.store.files.list(&top)? {
                let folder = format!("{top}/{}", part.name);
                for entry in self.store.files.list(&folder)? {
                    if let Some(digest) = layout::read_digest(algorithm, &entry.name) {
                        self.content(&digest)?;
                    }
                }
                if !self.dry {
                    self.store.files.settle(&folder)?;
                }
            }
        }
        Ok(())
    }

    fn content(&mut self, digest: &Digest) -> io::Result<()> {
        let path = layout::content(digest);
        let Some(stat) = self.store.files.stat(&path)? else {
            return Ok(());
        };
        let (count, bytes) = if !self.held.contains(digest) && self.remove_old(&path, self.cutoff)? {
            (&mut self.collected.blobs_removed, &mut self.collected.bytes_removed)
        } else {
            (&mut self.collected.blobs_kept, &mut self.collected.bytes_kept)
        };
        *count += 1;
        *bytes += stat.length;
        Ok(())
    }

    /// Removes a file that is still old now that nobody can freshen it.
    fn remove_old(&self, path: &str, cutoff: SystemTime) -> io::Result<bool> {
        let _removing = self.store.removing();
        let old = self.store.files.stat(path)?.is_some_and(|stat| stat.modified < cutoff);
        if old && !self.dry {
            self.store.files.remove(path)?;
        }
        Ok(old)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::embedded::files::Memory;

    #[test]
    fn a_collection_begins_when_the_changes_before_it_are_done() {
        let store = Store::new(Files::Memory(Memory::default()), Duration::ZERO);
        let (ended, end) = mpsc::channel();
        std::thread::scope(|scope| {
            let adding = store.adding();
            scope.spawn(|| ended.send(store.collect(CollectOptions { grace: Duration::ZERO, dry_run: false })));
            assert!(end.recv_timeout(Duration::from_millis(100)).is_err());
            // A second one does not wait: it is told that there is one.
            let second = store.collect(CollectOptions { grace: Duration::ZERO, dry_run: false });
            assert!(second.unwrap().is_none());
            drop(adding);
            assert!(end.recv().unwrap().unwrap().is_some());
        });
    }
}
