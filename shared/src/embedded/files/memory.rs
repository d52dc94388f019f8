//! Files in memory: the same promises but durability, for tests and throw-away registries.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;

use super::{Entry, Stat};

/// A tree of files, by path.
#[derive(Debug, Default)]
pub(in super::super) struct Memory {
    tree: Arc<Mutex<Tree>>,
}

type Tree = BTreeMap<String, Node>;

#[derive(Debug)]
struct Node {
    pieces: Arc<Pieces>,
    modified: SystemTime,
}

/// Bytes in pieces, so that a file grows without moving what is there.
#[derive(Debug, Default, Clone)]
struct Pieces {
    bytes: Vec<Bytes>,
    /// Where each piece ends.
    ends: Vec<u64>,
}

impl Pieces {
    fn length(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    fn push(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.ends.push(self.length() + piece.len() as u64);
            self.bytes.push(piece);
        }
    }

    /// The bytes from `offset` on, at most `length`.
    fn range(&self, offset: u64, length: usize) -> Bytes {
        let first = self.ends.partition_point(|end| *end <= offset);
        let Some(piece) = self.bytes.get(first) else {
            return Bytes::new();
        };
        let start = (offset - (self.ends[first] - piece.len() as u64)) as usize;
        if piece.len() - start >= length {
            return piece.slice(start..start + length);
        }
        let mut joined = Vec::with_capacity(length);
        joined.extend_from_slice(&piece[start..]);
        for piece in &self.bytes[first + 1..] {
            let rest = length - joined.len();
            joined.extend_from_slice(&piece[..rest.min(piece.len())]);
            if joined.len() == length {
                break;
            }
        }
        joined.into()
    }
}

impl Memory {
    fn tree(&self) -> MutexGuard<'_, Tree> {
        locked(&self.tree)
    }

    pub(super) fn read(&self, path: &str) -> io::Result<Bytes> {
        let tree = self.tree();
        let node = tree.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(node.pieces.range(0, node.pieces.length() as usize))
    }

    pub(super) fn stat(&self, path: &str) -> io::Result<Stat> {
        let tree = self.tree();
        let node = tree.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Stat { length: node.pieces.length(), modified: node.modified })
    }

    pub(super) fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut pieces = Pieces::default();
        pieces.push(Bytes::copy_from_slice(bytes));
        self.tree().insert(path.to_owned(), Node { pieces: Arc::new(pieces), modified: SystemTime::now() });
        Ok(())
    }

    pub(super) fn create(&self, path: &str) -> io::Result<()> {
        self.write(path, b"")
    }

    pub(super) fn touch(&self, path: &str) -> io::Result<()> {
        let mut tree = self.tree();
        tree.get_mut(path).ok_or(io::ErrorKind::NotFound)?.modified = SystemTime::now();
        Ok(())
    }

    pub(super) fn remove(&self, path: &str) -> io::Result<()> {
        self.tree().remove(path).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn settle(&self, _folder: &str) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn list(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let tree = self.tree();
        let top = format!("{folder}/");
        let mut entries = Vec::new();
        let mut from = top.clone();
        while let Some((path, _)) = tree.range(from..).next() {
            let Some(rest) = path.strip_prefix(&top) else {
                break;
            };
            let (name, is_folder) = rest.split_once('/').map_or((rest, false), |(name, _)| (name, true));
            // On past all that lies in a folder: `0` is the character behind `/`.
            from = if is_folder { format!("{top}{name}0") } else { format!("{path}\0") };
            entries.push(Entry { name: name.to_owned(), is_folder });
        }
        Ok(entries)
    }

    pub(super) fn prune(&self, _folder: &str, _top: &str) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn open(&self, path: &str) -> io::Result<Content> {
        let tree = self.tree();
        let node = tree.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Content { pieces: Arc::clone(&node.pieces) })
    }

    pub(super) fn grow_new(&self, path: &str) -> io::Result<Growing> {
        self.write(path, b"")?;
        self.grow(path)
    }

    pub(super) fn grow(&self, path: &str) -> io::Result<Growing> {
        let length = self.stat(path)?.length;
        Ok(Growing { tree: Arc::clone(&self.tree), path: path.to_owned(), length })
    }

    pub(super) fn place(&self, from: &str, to: &str) -> io::Result<()> {
        let mut tree = self.tree();
        let node = tree.remove(from).ok_or(io::ErrorKind::NotFound)?;
        tree.insert(to.to_owned(), node);
        Ok(())
    }
}

fn locked(tree: &Mutex<Tree>) -> MutexGuard<'_, Tree> {
    // Every change to the tree is one step, so a panic elsewhere leaves it whole.
    tree.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The bytes a file had when it was opened.
#[derive(Debug)]
pub(in super::super) struct Content {
    pieces: Arc<Pieces>,
}

impl Content {
    pub(super) fn length(&self) -> u64 {
        self.pieces.length()
    }

    pub(super) fn read_at(&self, offset: u64, length: usize, _room: Vec<u8>) -> io::Result<Bytes> {
        let bytes = self.pieces.range(offset, length);
        if bytes.len() < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(bytes) }
    }
}

/// A file that grows at its end.
#[derive(Debug)]
pub(in super::super) struct Growing {
    tree: Arc<Mutex<Tree>>,
    path: String,
    length: u64,
}

impl Growing {
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn append(&mut self, pieces: &[Bytes]) -> io::Result<()> {
        // One piece of their own: what came from a connection may hold on to a larger buffer.
        self.change(|node| Arc::make_mut(&mut node.pieces).push(pieces.concat().into()))
    }

    pub(super) fn cut(&mut self, length: u64) -> io::Result<()> {
        self.change(|node| {
            let mut kept = Pieces::default();
            kept.push(node.pieces.range(0, length as usize));
            node.pieces = Arc::new(kept);
        })
    }

    pub(super) fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn change(&mut self, change: impl FnOnce(&mut Node)) -> io::Result<()> {
        let mut tree = locked(&self.tree);
        let node = tree.get_mut(&self.path).ok_or(io::ErrorKind::NotFound)?;
        change(node);
        node.modified = SystemTime::now();
        self.length = node.pieces.length();
        Ok(())
    }
}
