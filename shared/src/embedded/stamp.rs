//! What tells one version of a file from another: its time, size and inode.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// A file that changed so recently may change again without its time telling.
const UNSETTLED: Duration = Duration::from_secs(2);

/// A version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: SystemTime,
    length: u64,
    inode: u64,
}

impl Stamp {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
        Ok(Self { modified: metadata.modified()?, length: metadata.len(), inode })
    }

    /// Whether the same stamp tells the same content.
    pub(super) fn is_settled(&self) -> bool {
        SystemTime::now().duration_since(self.modified).is_ok_and(|age| age > UNSETTLED)
    }
}
