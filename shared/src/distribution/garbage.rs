//! Distribution's garbage collection: a command of its own program, for a registry that nobody writes to.
//!
//! Read from `registry/storage/garbagecollect.go` of 2.8.2 and 3.1.1. Blobs that are uploaded while it looks are removed, so it must never
//! run beside a registry that takes writes.

use crate::error::{Error, Result};
use crate::name::Digest;
use crate::version::Version;

/// What a collection removed, or would: gathered from the lines that the command prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Garbage {
    /// Contents that something refers to.
    pub marked: u64,
    /// Contents that nothing refers to.
    pub blobs: Vec<Digest>,
    /// Manifests without a tag, when they were to go.
    pub manifests: u64,
    /// Blobs that a repository no longer shows; 3.x alone removes these.
    pub links: u64,
    summed_up: bool,
}

/// The arguments in front of the configuration's path.
#[must_use]
pub fn collect(dry_run: bool, untagged: bool) -> Vec<&'static str> {
    let mut args = vec!["garbage-collect"];
    args.extend(dry_run.then_some("--dry-run"));
    args.extend(untagged.then_some("--delete-untagged"));
    args
}

/// Whether `--delete-untagged` keeps what a tagged index refers to: since 3.0. Before, it takes the images out of every multi-platform one.
#[must_use]
pub fn spares_indexes(version: Version) -> bool {
    version >= Version::new(3, 0, 0)
}

/// Whether the command fails with this line because nothing was ever stored: it looks into both folders without asking whether they are
/// there yet.
#[must_use]
pub fn nothing_stored(line: &str) -> bool {
    ["repositories", "blobs"].iter().any(|folder| line.ends_with(&format!("Path not found: /docker/registry/v2/{folder}")))
}

impl Garbage {
    /// Takes a line of standard output. There is one for every blob of the registry.
    pub fn line(&mut self, line: &str) {
        if let Some(digest) = line.strip_prefix("blob eligible for deletion: ") {
            self.blobs.extend(digest.parse().ok());
        } else if line.contains(": layer link eligible for deletion: ") {
            self.links += 1;
        } else if let Some((marked, manifests)) = summary(line) {
            (self.marked, self.manifests, self.summed_up) = (marked, manifests, true);
        }
    }

    /// Behind the last line: what it came to.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Failed`] when the command never said.
    pub fn end(self) -> Result<Self> {
        if self.summed_up { Ok(self) } else { Err(Error::failed("its report cannot be read")) }
    }
}

/// `12 blobs marked, 3 blobs and 1 manifests eligible for deletion`.
fn summary(line: &str) -> Option<(u64, u64)> {
    let (marked, rest) = line.split_once(" blobs marked, ")?;
    let (_, manifests) = rest.strip_suffix(" manifests eligible for deletion")?.split_once(" blobs and ")?;
    Some((marked.parse().ok()?, manifests.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_both_releases_are_read() {
        let hex = "1d552dd30bb3a3c6a544c6c2a8f01a007ad3ad257ec9f735ddc3d373a713fe61";
        let printed = format!(
            "team/app\nteam/app: marking manifest sha256:{hex} \n\n5 blobs marked, 1 blobs and 2 manifests eligible for deletion\n\
             blob eligible for deletion: sha256:{hex}\nteam/app: layer link eligible for deletion: sha256:{hex}\n"
        );
        let read = |printed: &str| {
            let mut garbage = Garbage::default();
            printed.lines().for_each(|line| garbage.line(line));
            garbage.end()
        };
        let garbage = read(&printed).unwrap();
        assert_eq!((garbage.marked, garbage.blobs.len(), garbage.manifests, garbage.links), (5, 1, 2, 1));
        assert_eq!(read("team/app\n").unwrap_err().to_string(), "its report cannot be read");
    }

    #[test]
    fn a_storage_without_a_repository_is_told_from_a_broken_one() {
        let failed = |why: &str| nothing_stored(&format!("failed to garbage collect: {why}"));
        assert!(failed("failed to mark: filesystem: Path not found: /docker/registry/v2/repositories"));
        assert!(failed("error enumerating blobs: s3aws: Path not found: /docker/registry/v2/blobs"));
        assert!(!failed("failed to mark: filesystem: Path not found: /docker/registry/v2/repositories/a/_layers"));
        assert!(!failed("failed to mark: s3aws: NoSuchBucket"));
    }
}
