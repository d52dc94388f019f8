//! Manifests, the tags that point to them and the referrers they are.

use std::io;
use std::time::SystemTime;

use bytes::Bytes;

use super::Store;
use crate::embedded::layout;
use crate::name::{Digest, Repository, Selector, Tag};
use crate::oci::manifest::{Descriptor, View};

/// A manifest that a repository has.
#[derive(Debug)]
pub(in crate::embedded) struct Found {
    /// By the algorithm it was asked by, or the one its tag says.
    pub(in crate::embedded) digest: Digest,
    pub(in crate::embedded) media_type: String,
    /// Since when the tag that it was asked for by points to it.
    pub(in crate::embedded) since: Option<SystemTime>,
}

/// A manifest that may be stored: its bytes, read and found good.
#[derive(Debug)]
pub(in crate::embedded) struct Accepted {
    pub(in crate::embedded) bytes: Bytes,
    pub(in crate::embedded) media_type: String,
    pub(in crate::embedded) digest: Digest,
    pub(in crate::embedded) view: View,
}

/// What became of it.
#[derive(Debug)]
pub(in crate::embedded) enum Put {
    Done,
    /// Nothing is stored: the repository does not show these blobs.
    Missing(Vec<Digest>),
}

impl Store {
    /// The manifest a selector names.
    pub(in crate::embedded) fn find_manifest(&self, repository: &Repository, selector: &Selector) -> io::Result<Option<Found>> {
        let (digest, since) = match selector {
            Selector::Digest(digest) => (digest.clone(), None),
            Selector::Tag(tag) => match self.pointed_to(repository, tag)? {
                // Its file is written only when it moves. When it does so just now, it is told to be younger, which deletes nothing.
                Some(digest) => (digest, self.files.stat(&layout::tag(repository, tag))?.map(|stat| stat.modified)),
                None => return Ok(None),
            },
        };
        let Some(media_type) = self.files.read(&layout::manifest(repository, &digest))? else {
            return Ok(None);
        };
        let media_type = String::from_utf8(media_type.to_vec()).map_err(io::Error::other)?;
        Ok(Some(Found { digest, media_type, since }))
    }

    /// The bytes of a manifest that was found.
    pub(in crate::embedded) fn read_manifest(&self, digest: &Digest) -> io::Result<Option<Bytes>> {
        self.files.read(&layout::content(digest))
    }

    /// The length of a manifest that was found.
    pub(in crate::embedded) fn measure_manifest(&self, digest: &Digest) -> io::Result<Option<u64>> {
        Ok(self.files.stat(&layout::content(digest))?.map(|stat| stat.length))
    }

    fn pointed_to(&self, repository: &Repository, tag: &Tag) -> io::Result<Option<Digest>> {
        let Some(text) = self.files.read(&layout::tag(repository, tag))? else {
            return Ok(None);
        };
        std::str::from_utf8(&text).map_err(io::Error::other)?.parse().map(Some).map_err(io::Error::other)
    }

    /// Stores a manifest, lists it as a referrer of its subject, and lets the tags point to it. The subject and the manifests of an
    /// index may be missing; the blobs may not.
    pub(in crate::embedded) fn put_manifest(&self, repository: &Repository, manifest: &Accepted, tags: &[Tag]) -> io::Result<Put> {
        let _adding = self.adding();
        let missing = self.missing_blobs(repository, &manifest.view)?;
        if !missing.is_empty() {
            return Ok(Put::Missing(missing));
        }
        let digest = &manifest.digest;
        let content = layout::content(digest);
        if !self.files.touch(&content)? {
            self.files.write(&content, &manifest.bytes)?;
        }
        if let Some(subject) = &manifest.view.subject {
            let descriptor = serde_json::to_vec(&describe(manifest))?;
            self.files.write(&layout::referrer(repository, &subject.digest, digest), &descriptor)?;
        }
        self.write_if_other(&layout::manifest(repository, digest), &manifest.media_type)?;
        self.enter(repository);
        for tag in tags {
            self.write_if_other(&layout::tag(repository, tag), &digest.to_string())?;
        }
        Ok(Put::Done)
    }

    fn missing_blobs(&self, repository: &Repository, view: &View) -> io::Result<Vec<Digest>> {
        let mut missing = Vec::new();
        for blob in view.blobs() {
            if !missing.contains(&blob.digest) && !self.freshen(&layout::blob(repository, &blob.digest))? {
                missing.push(blob.digest.clone());
            }
        }
        Ok(missing)
    }

    fn write_if_other(&self, path: &str, text: &str) -> io::Result<()> {
        match self.files.read(path)? {
            Some(present) if present == text.as_bytes() => Ok(()),
            _ => self.files.write(path, text.as_bytes()),
        }
    }

    /// Removes a tag, or a manifest with the tags that point to it; false when it is not there.
    pub(in crate::embedded) fn remove_manifest(&self, repository: &Repository, selector: &Selector) -> io::Result<bool> {
        let _removing = self.removing();
        match selector {
            Selector::Tag(tag) => {
                let removed = self.files.remove(&layout::tag(repository, tag))?;
                self.files.settle(&layout::tags(repository))?;
                Ok(removed)
            }
            Selector::Digest(digest) => self.remove_by_digest(repository, digest),
        }
    }

    fn remove_by_digest(&self, repository: &Repository, digest: &Digest) -> io::Result<bool> {
        let link = layout::manifest(repository, digest);
        if self.files.stat(&link)?.is_none() {
            return Ok(false);
        }
        for tag in self.tags(repository)? {
            if self.pointed_to(repository, &tag)?.as_ref() == Some(digest) {
                self.files.remove(&layout::tag(repository, &tag))?;
            }
        }
        self.files.settle(&layout::tags(repository))?;
        self.files.remove(&link)?;
        self.files.settle(&layout::manifests(repository, digest.algorithm()))?;
        if let Some(subject) = self.subject(digest)? {
            self.files.remove(&layout::referrer(repository, &subject, digest))?;
        }
        self.leave(repository)?;
        Ok(true)
    }

    fn subject(&self, digest: &Digest) -> io::Result<Option<Digest>> {
        let view = self.view(digest)?;
        Ok(view.and_then(|view| view.subject).map(|subject| subject.digest))
    }

    /// What a stored manifest says; nothing when its content is not there.
    pub(in crate::embedded) fn view(&self, digest: &Digest) -> io::Result<Option<View>> {
        let bytes = self.files.read(&layout::content(digest))?;
        bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(io::Error::other)).transpose()
    }

    /// What refers to a subject, in the order of digests, after `last` and of one type or all. `more` says of each descriptor
    /// whether it still fits; what does not ends the list and is reported.
    pub(in crate::embedded) fn referrers(
        &self,
        repository: &Repository,
        subject: &Digest,
        artifact_type: Option<&str>,
        last: Option<&str>,
        mut fits: impl FnMut(&Descriptor, usize) -> bool,
    ) -> io::Result<(Vec<Descriptor>, bool)> {
        let folder = layout::referrers(repository, subject);
        let mut descriptors = Vec::new();
        for entry in self.files.list(&folder)? {
            let Some(digest) = layout::read_referrer(&entry.name) else { continue };
            if last.is_some_and(|last| digest.to_string().as_str() <= last) {
                continue;
            }
            // An entry counts when its manifest is there: it is written before and removed after it.
            if self.files.stat(&layout::manifest(repository, &digest))?.is_none() {
                continue;
            }
            let Some(bytes) = self.files.read(&format!("{folder}/{}", entry.name))? else { continue };
            let descriptor: Descriptor = serde_json::from_slice(&bytes)?;
            if artifact_type.is_some_and(|wanted| descriptor.artifact_type.as_deref() != Some(wanted)) {
                continue;
            }
            if !fits(&descriptor, bytes.len()) {
                return Ok((descriptors, true));
            }
            descriptors.push(descriptor);
        }
        Ok((descriptors, false))
    }
}

/// How a referrers list shows a manifest.
fn describe(manifest: &Accepted) -> Descriptor {
    Descriptor {
        media_type: manifest.media_type.clone(),
        digest: manifest.digest.clone(),
        size: manifest.bytes.len() as u64,
        artifact_type: manifest.view.effective_artifact_type().map(str::to_owned),
        platform: None,
        annotations: manifest.view.annotations.clone(),
    }
}
