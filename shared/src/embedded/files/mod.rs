//! Files by relative path, on disk or in memory: all that the registry needs of storage.
//!
//! Two kinds behind one type, so that the registry is written once and the same tests run on both. Paths are built by
//! [`layout`](super::layout) and nothing else. Everything blocks: callers stand on a thread that may.

mod directory;
mod memory;

use std::io;
use std::time::SystemTime;

use bytes::Bytes;

pub(super) use directory::{Directory, Flusher};
pub(super) use memory::Memory;

/// Where the registry keeps its files.
#[derive(Debug)]
pub(super) enum Files {
    /// On disk, durable.
    Directory(Directory),
    /// In memory, gone with the process.
    Memory(Memory),
}

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stat {
    /// In bytes.
    pub(super) length: u64,
    /// When it was last written or touched.
    pub(super) modified: SystemTime,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_folder: bool,
}

/// An opened file: stays readable when it is removed meanwhile.
#[derive(Debug)]
pub(super) enum Content {
    Directory(directory::Content),
    Memory(memory::Content),
}

/// A file that grows at its end.
#[derive(Debug)]
pub(super) enum Growing {
    Directory(directory::Growing),
    Memory(memory::Growing),
}

macro_rules! either {
    ($of:expr, $kind:ident, $it:ident => $do:expr) => {
        match $of {
            $kind::Directory($it) => $do,
            $kind::Memory($it) => $do,
        }
    };
}

impl Files {
    /// The whole file, or nothing when there is none.
    pub(super) fn read(&self, path: &str) -> io::Result<Option<Bytes>> {
        either!(self, Files, files => found(files.read(path)))
    }

    /// Length and time, or nothing when there is no such file.
    pub(super) fn stat(&self, path: &str) -> io::Result<Option<Stat>> {
        either!(self, Files, files => found(files.stat(path)))
    }

    /// Puts a file with these bytes in place of what was there, at once and durably.
    pub(super) fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        either!(self, Files, files => files.write(path, bytes))
    }

    /// Sees to it that an empty file is there, durably, and that it is fresh.
    pub(super) fn ensure(&self, path: &str) -> io::Result<()> {
        if self.touch(path)? {
            return Ok(());
        }
        either!(self, Files, files => files.create(path))
    }

    /// Makes a file fresh; false when there is none.
    pub(super) fn touch(&self, path: &str) -> io::Result<bool> {
        either!(self, Files, files => found(files.touch(path)).map(|done| done.is_some()))
    }

    /// Removes a file; false when there is none. Durable once its folder is [settled](Self::settle).
    pub(super) fn remove(&self, path: &str) -> io::Result<bool> {
        either!(self, Files, files => found(files.remove(path)).map(|done| done.is_some()))
    }

    /// Makes what was removed from a folder stay removed.
    pub(super) fn settle(&self, folder: &str) -> io::Result<()> {
        either!(self, Files, files => found(files.settle(folder)).map(|_| ()))
    }

    /// The names in a folder, sorted; none when there is no such folder.
    pub(super) fn list(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = either!(self, Files, files => found(files.list(folder)))?.unwrap_or_default();
        entries.sort_unstable();
        Ok(entries)
    }

    /// Removes a folder if nothing is in it, and then the ones around it, up to but not including `top`.
    pub(super) fn prune(&self, folder: &str, top: &str) -> io::Result<()> {
        either!(self, Files, files => files.prune(folder, top))
    }

    /// Opens a file for reading; nothing when there is none.
    pub(super) fn open(&self, path: &str) -> io::Result<Option<Content>> {
        Ok(match self {
            Self::Directory(files) => found(files.open_content(path))?.map(Content::Directory),
            Self::Memory(files) => found(files.open(path))?.map(Content::Memory),
        })
    }

    /// A new empty file that grows; the path says where, [`Self::temporary`] is for one that has no place yet.
    pub(super) fn grow_new(&self, path: &str) -> io::Result<Growing> {
        Ok(match self {
            Self::Directory(files) => Growing::Directory(files.grow_new(path)?),
            Self::Memory(files) => Growing::Memory(files.grow_new(path)?),
        })
    }

    /// Opens a file to grow it further; nothing when there is none.
    pub(super) fn grow(&self, path: &str) -> io::Result<Option<Growing>> {
        Ok(match self {
            Self::Directory(files) => found(files.grow(path))?.map(Growing::Directory),
            Self::Memory(files) => found(files.grow(path))?.map(Growing::Memory),
        })
    }

    /// Moves a file that was [synced](Growing::sync) to its place, durably, in place of what was there.
    pub(super) fn place(&self, from: &str, to: &str) -> io::Result<()> {
        either!(self, Files, files => files.place(from, to))
    }

    /// A path that no other file has, for a file that will be moved to its place or removed.
    pub(super) fn temporary(&self) -> String {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        format!("{}/{number:016x}", super::layout::TEMPORARY)
    }
}

impl Content {
    /// In bytes.
    pub(super) fn length(&self) -> u64 {
        either!(self, Content, content => content.length())
    }

    /// Reads `length` bytes at `offset` into `room`; fails when the file ends before that.
    pub(super) fn read_at(&self, offset: u64, length: usize, room: Vec<u8>) -> io::Result<Bytes> {
        either!(self, Content, content => content.read_at(offset, length, room))
    }
}

impl Growing {
    /// In bytes.
    pub(super) fn length(&self) -> u64 {
        either!(self, Growing, growing => growing.length())
    }

    /// Adds pieces at the end.
    pub(super) fn append(&mut self, pieces: &[Bytes]) -> io::Result<()> {
        either!(self, Growing, growing => growing.append(pieces))
    }

    /// Cuts it back to `length` bytes.
    pub(super) fn cut(&mut self, length: u64) -> io::Result<()> {
        either!(self, Growing, growing => growing.cut(length))
    }

    /// What has the disk begin with the bytes so far, beside the growing; nothing when there is no disk.
    pub(super) fn flusher(&self) -> io::Result<Option<Flusher>> {
        match self {
            Self::Directory(growing) => growing.flusher().map(Some),
            Self::Memory(_) => Ok(None),
        }
    }

    /// Makes its bytes durable.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        either!(self, Growing, growing => growing.sync())
    }
}

/// A missing file or folder is an answer, not a fault.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(fault) if matches!(fault.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(fault) => Err(fault),
    }
}
