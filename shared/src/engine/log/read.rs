//! Reading a log folder back: across its files in order, and on as it grows.
//!
//! Files may rotate while they are read: they are opened newest first and told apart by their inode, so no line comes twice and
//! none is missed that has not been rotated away. A line that is no entry (torn by a kill) is left out.

use std::collections::VecDeque;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::{Stream, stream};
use time::OffsetDateTime;

use super::{Entry, KEPT, file_name};
use crate::error::{Error, Result};

/// How often a followed log is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// The entries of the log in `directory`, oldest first: those received at or after `since`, and of these the last `tail`.
/// A log that does not exist is empty.
///
/// # Errors
/// [`crate::exit::Exit::Failed`] when a file cannot be read.
pub fn read(directory: &Path, tail: Option<usize>, since: Option<OffsetDateTime>) -> Result<Vec<Entry>> {
    let lines = Files::new(directory).more()?;
    Ok(entries(&lines, tail, since).into())
}

/// Like [`read`], then every new entry as it is written. The stream ends soon after `ended` says that nothing more will come
/// (the process is gone); with `|| false` it never does. A log that does not exist yet is waited for. Needs a tokio runtime.
pub fn follow(
    directory: &Path,
    tail: Option<usize>,
    since: Option<OffsetDateTime>,
    ended: impl Fn() -> bool,
) -> impl Stream<Item = Result<Entry>> {
    let following = Following { files: Files::new(directory), tail, since, entries: VecDeque::new(), ended, last: false };
    stream::try_unfold(following, |mut following| async {
        let entry = following.next().await?;
        Ok(entry.map(|entry| (entry, following)))
    })
}

struct Following<E> {
    files: Files,
    /// For what is there at the beginning only.
    tail: Option<usize>,
    since: Option<OffsetDateTime>,
    entries: VecDeque<Entry>,
    ended: E,
    last: bool,
}

impl<E: Fn() -> bool> Following<E> {
    async fn next(&mut self) -> Result<Option<Entry>> {
        loop {
            if let Some(entry) = self.entries.pop_front() {
                return Ok(Some(entry));
            }
            let lines = self.files.more()?;
            self.entries = entries(&lines, self.tail.take(), self.since);
            if !self.entries.is_empty() {
                continue;
            }
            if self.last {
                return Ok(None);
            }
            // What the process wrote at its end may still be on its way through the pump: it is looked for once more.
            self.last = (self.ended)();
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// The entries in whole lines, read from the end so that the last few of many are found at once.
fn entries(lines: &[u8], tail: Option<usize>, since: Option<OffsetDateTime>) -> VecDeque<Entry> {
    let mut found = VecDeque::new();
    let newest_first = lines.rsplit(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice::<Entry>(line).ok());
    for entry in newest_first.filter(|entry| since.is_none_or(|since| entry.time >= since)).take(tail.unwrap_or(usize::MAX)) {
        found.push_front(entry);
    }
    found
}

/// The files of a log and how far they have been read.
struct Files {
    directory: PathBuf,
    /// The newest file that has been read, and up to where: the end of its last whole line.
    newest: Option<File>,
    offset: u64,
}

impl Files {
    fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), newest: None, offset: 0 }
    }

    /// The whole lines written since the last call; on the first call, all.
    fn more(&mut self) -> Result<Vec<u8>> {
        let cannot = |error| Error::io(format!("cannot read the log in {}", self.directory.display()), error);
        // Before the rest of the newest known file is read: once there is a newer one, it does not grow any more.
        let newer = self.newer().map_err(cannot)?;
        let mut lines = Vec::new();
        if let Some(file) = &mut self.newest {
            self.offset += whole_lines(file, self.offset, &mut lines).map_err(cannot)?;
        }
        for mut file in newer {
            self.offset = whole_lines(&mut file, 0, &mut lines).map_err(cannot)?;
            self.newest = Some(file);
        }
        Ok(lines)
    }

    /// The files that are newer than the newest known one, oldest first.
    fn newer(&self) -> io::Result<VecDeque<File>> {
        let known = self.newest.as_ref().map(File::metadata).transpose()?.map(identity);
        let mut newer: VecDeque<File> = VecDeque::new();
        let mut last = None;
        for generation in 0..=KEPT {
            let file = match File::open(self.directory.join(file_name(generation))) {
                Ok(file) => file,
                // Not there yet, or moved in this moment: then it is the next.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let this = Some(identity(file.metadata()?));
            if this == known {
                break;
            }
            if this != last {
                newer.push_front(file);
            }
            last = this;
        }
        Ok(newer)
    }
}

fn identity(metadata: Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// Adds the whole lines that begin at `offset` to `lines`, and tells their length.
fn whole_lines(file: &mut File, offset: u64, lines: &mut Vec<u8>) -> io::Result<u64> {
    let before = lines.len();
    file.seek(SeekFrom::Start(offset))?;
    file.read_to_end(lines)?;
    let whole = lines[before..].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    lines.truncate(before + whole);
    Ok(whole as u64)
}
