//! What there is: repositories, tags, manifests, in the order of their bytes.

use std::collections::BTreeSet;
use std::io;
use std::sync::{MutexGuard, PoisonError};

use super::Store;
use crate::embedded::layout;
use crate::name::{Digest, Repository, Tag};

/// A page of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::embedded) struct Listed<T> {
    pub(in crate::embedded) items: Vec<T>,
    /// There is more behind the last one.
    pub(in crate::embedded) more: bool,
}

impl<T> Listed<T> {
    /// The first `n` of what is sorted already.
    pub(in crate::embedded) fn first(n: usize, mut items: impl Iterator<Item = T>) -> Self {
        let page: Vec<T> = items.by_ref().take(n).collect();
        let more = n > 0 && items.next().is_some();
        Self { items: page, more }
    }
}

impl Store {
    /// The tags of a repository.
    pub(in crate::embedded) fn tags(&self, repository: &Repository) -> io::Result<BTreeSet<Tag>> {
        let entries = self.files.list(&layout::tags(repository))?;
        Ok(entries.iter().filter_map(|entry| layout::read_tag(&entry.name)).collect())
    }

    /// The digests of a repository's manifests.
    pub(in crate::embedded) fn manifests(&self, repository: &Repository) -> io::Result<Vec<Digest>> {
        self.digests(|algorithm| layout::manifests(repository, algorithm))
    }

    /// The digests of the blobs that a repository shows.
    pub(in crate::embedded) fn blobs(&self, repository: &Repository) -> io::Result<Vec<Digest>> {
        self.digests(|algorithm| layout::blobs(repository, algorithm))
    }

    fn digests(&self, folder: impl Fn(crate::name::Algorithm) -> String) -> io::Result<Vec<Digest>> {
        let mut digests = Vec::new();
        for algorithm in layout::ALGORITHMS {
            let entries = self.files.list(&folder(algorithm))?;
            digests.extend(entries.iter().filter_map(|entry| layout::read_digest(algorithm, &entry.name)));
        }
        Ok(digests)
    }

    /// All repositories that have anything at all, an upload for one.
    pub(in crate::embedded) fn repositories(&self) -> io::Result<BTreeSet<Repository>> {
        let mut repositories = BTreeSet::new();
        let mut folders = vec![String::new()];
        while let Some(name) = folders.pop() {
            for entry in self.files.list(&format!("{}{name}", layout::REPOSITORIES))? {
                if !entry.is_folder {
                    continue;
                }
                if entry.name.starts_with('_') {
                    repositories.extend(name.trim_start_matches('/').parse::<Repository>());
                } else {
                    folders.push(format!("{name}/{}", entry.name));
                }
            }
        }
        Ok(repositories)
    }

    /// A page of the repositories that have a manifest and may be shown.
    pub(in crate::embedded) fn catalog(
        &self,
        n: usize,
        last: Option<&str>,
        shown: impl Fn(&str) -> bool,
    ) -> io::Result<Listed<String>> {
        let mut catalog = self.entered();
        if catalog.is_none() {
            // Whoever adds or removes meanwhile waits to enter or leave what is read here.
            let mut with_manifests = self.repositories()?;
            let mut fault = Ok(());
            with_manifests.retain(|repository| match self.manifests(repository) {
                Ok(manifests) => !manifests.is_empty(),
                Err(found) => {
                    fault = Err(found);
                    false
                }
            });
            fault?;
            *catalog = Some(with_manifests);
        }
        let names = catalog.iter().flatten().map(Repository::as_str);
        Ok(Listed::first(n, names.filter(|name| last.is_none_or(|last| *name > last) && shown(name)).map(str::to_owned)))
    }

    /// The repository has a manifest now.
    pub(super) fn enter(&self, repository: &Repository) {
        if let Some(catalog) = self.entered().as_mut() {
            catalog.insert(repository.clone());
        }
    }

    /// The repository has a manifest less now.
    pub(super) fn leave(&self, repository: &Repository) -> io::Result<()> {
        let mut catalog = self.entered();
        if let Some(catalog) = catalog.as_mut()
            && self.manifests(repository)?.is_empty()
        {
            catalog.remove(repository);
        }
        Ok(())
    }

    fn entered(&self) -> MutexGuard<'_, Option<BTreeSet<Repository>>> {
        // It is replaced or changed by one name, never left half-done.
        self.catalog.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
