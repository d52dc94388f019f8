//! Files in a folder on disk: whole, durable, and one process's own.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW};

use super::super::layout::{ADMIN_TOKEN, EDITION, LOCK, TEMPORARY, VERSION};
use super::{Entry, Stat};
use crate::error::{Error, Result};
use crate::name::quoted;

/// A folder that this process has for itself.
#[derive(Debug)]
pub(in super::super) struct Directory {
    root: PathBuf,
    /// Locked as long as this lives.
    _lock: File,
}

impl Directory {
    /// Takes a folder over, making it when it is not there, and throws away what an earlier process left half-written.
    ///
    /// # Errors
    /// [`Exit::Conflict`](crate::exit::Exit::Conflict) when another process has it, [`Exit::Input`](crate::exit::Exit::Input) when
    /// it holds something else or comes from a newer version.
    pub(in super::super) fn open(root: &Path) -> Result<Self> {
        let shown = quoted(&root.display().to_string());
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(root)
            .map_err(|fault| Error::io(format!("cannot make the data folder {shown}"), fault))?;
        check_edition(root, &shown)?;
        let lock = lock(root, &shown)?;
        let directory = Self { root: root.to_owned(), _lock: lock };
        directory.prepare().map_err(|fault| Error::io(format!("cannot write to the data folder {shown}"), fault))?;
        Ok(directory)
    }

    fn prepare(&self) -> io::Result<()> {
        let temporary = self.root.join(TEMPORARY);
        match fs::remove_dir_all(&temporary) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
            _ => {}
        }
        fs::create_dir(&temporary)?;
        if !self.root.join(VERSION).exists() {
            self.write(VERSION, format!("{EDITION}\n").as_bytes())?;
        }
        Ok(())
    }

    /// Writes the token that admits to the admin path, readable by the owner alone.
    pub(in super::super) fn write_token(&self, token: &str) -> io::Result<()> {
        let temporary = self.temporary();
        let mut file = File::options().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(token.as_bytes())?;
        fs::rename(&temporary, self.root.join(ADMIN_TOKEN))
    }

    fn temporary(&self) -> PathBuf {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        self.root.join(TEMPORARY).join(format!("w{:016x}", NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(super) fn read(&self, path: &str) -> io::Result<Bytes> {
        fs::read(self.path(path)).map(Bytes::from)
    }

    pub(super) fn stat(&self, path: &str) -> io::Result<Stat> {
        let metadata = fs::metadata(self.path(path))?;
        Ok(Stat { length: metadata.len(), modified: metadata.modified()? })
    }

    pub(super) fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.temporary();
        let written = in_folder(&temporary, || File::create_new(&temporary))
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| put_in_place(&temporary, &self.path(path)));
        if written.is_err() {
            // Best effort: the next start sweeps the folder.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    pub(super) fn create(&self, path: &str) -> io::Result<()> {
        let path = self.path(path);
        let open = || File::options().write(true).create(true).truncate(false).open(&path);
        in_folder(&path, open)?;
        sync_folder(parent(&path))
    }

    pub(super) fn touch(&self, path: &str) -> io::Result<()> {
        // The kernel's own clock, as for writes: what comes later never looks older.
        let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let times = Timestamps { last_access: now, last_modification: now };
        Ok(rustix::fs::utimensat(CWD, self.path(path), &times, AtFlags::empty())?)
    }

    pub(super) fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.path(path))
    }

    pub(super) fn settle(&self, folder: &str) -> io::Result<()> {
        sync_folder(&self.path(folder))
    }

    pub(super) fn list(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.path(folder))? {
            let entry = entry?;
            // A name that is no text is none of ours.
            if let Ok(name) = entry.file_name().into_string() {
                entries.push(Entry { name, is_folder: entry.file_type()?.is_dir() });
            }
        }
        Ok(entries)
    }

    pub(super) fn prune(&self, folder: &str, top: &str) -> io::Result<()> {
        let (mut folder, top) = (self.path(folder), self.path(top));
        while folder.starts_with(&top) && folder != top {
            match fs::remove_dir(&folder) {
                Ok(()) => {}
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
                Err(fault) if fault.kind() == io::ErrorKind::DirectoryNotEmpty => return Ok(()),
                Err(fault) => return Err(fault),
            }
            folder.pop();
        }
        Ok(())
    }

    pub(super) fn open_content(&self, path: &str) -> io::Result<Content> {
        let file = File::open(self.path(path))?;
        let length = file.metadata()?.len();
        Ok(Content { file, length })
    }

    pub(super) fn grow_new(&self, path: &str) -> io::Result<Growing> {
        let path = self.path(path);
        let file = in_folder(&path, || File::options().write(true).create_new(true).open(&path))?;
        Ok(Growing { file, length: 0 })
    }

    pub(super) fn grow(&self, path: &str) -> io::Result<Growing> {
        let mut file = File::options().write(true).open(self.path(path))?;
        let length = io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
        Ok(Growing { file, length })
    }

    pub(super) fn place(&self, from: &str, to: &str) -> io::Result<()> {
        put_in_place(&self.path(from), &self.path(to))
    }
}

/// Renames a synced file and makes that durable.
fn put_in_place(from: &Path, to: &Path) -> io::Result<()> {
    in_folder(to, || fs::rename(from, to))?;
    sync_folder(parent(to))
}

/// Runs what needs the folder around `path`, and when that is missing makes it and runs again.
fn in_folder<T>(path: &Path, run: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match run() {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            make_folder(parent(path))?;
            run()
        }
        result => result,
    }
}

/// Makes a folder and those around it, each durably.
fn make_folder(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            make_folder(parent(folder))?;
            match fs::create_dir(folder) {
                Err(fault) if fault.kind() != io::ErrorKind::AlreadyExists => return Err(fault),
                _ => {}
            }
        }
        result => result?,
    }
    sync_folder(parent(folder))
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

/// An empty folder, one of ours, or a refusal: nobody's home directory becomes a registry by mistake.
fn check_edition(root: &Path, shown: &str) -> Result<()> {
    match fs::read_to_string(root.join(VERSION)) {
        Ok(text) if text.trim() == EDITION => Ok(()),
        Ok(text) => Err(Error::input(format!(
            "the data folder {shown} is of edition {}, and this version knows only edition {EDITION}",
            quoted(text.trim())
        ))),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            let entries = fs::read_dir(root).map_err(|fault| Error::io(format!("cannot read the data folder {shown}"), fault))?;
            // A first start that was cut short leaves two of these, a fresh file system the third.
            let known = [LOCK, TEMPORARY, "lost+found"];
            let foreign = entries.flatten().find(|entry| !known.iter().any(|name| entry.file_name() == *name));
            match foreign {
                None => Ok(()),
                Some(_) => Err(Error::input(format!("the folder {shown} is not empty and holds no registry"))
                    .hint("give an empty or a new folder")),
            }
        }
        Err(fault) => Err(Error::io(format!("cannot read the data folder {shown}"), fault)),
    }
}

fn lock(root: &Path, shown: &str) -> Result<File> {
    let path = root.join(LOCK);
    let failed = |fault| Error::io(format!("cannot lock the data folder {shown}"), fault);
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Only for the message.
            let _ = file.read_to_string(&mut holder);
            let holder = holder.trim();
            let holder = if holder.is_empty() { String::new() } else { format!(" (process {holder})") };
            return Err(Error::conflict(format!("the data folder {shown} is in use by another server{holder}")));
        }
        Err(TryLockError::Error(fault)) => return Err(failed(fault)),
    }
    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(failed)?;
    Ok(file)
}

/// A file opened for reading.
#[derive(Debug)]
pub(in super::super) struct Content {
    file: File,
    length: u64,
}

impl Content {
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn read_at(&self, offset: u64, length: usize, room: Vec<u8>) -> io::Result<Bytes> {
        let mut bytes = room;
        bytes.clear();
        bytes.reserve_exact(length);
        while bytes.len() < length {
            let at = offset + bytes.len() as u64;
            // The spare capacity is never zeroed first, which would cost as much as the read.
            match rustix::io::pread(&self.file, rustix::buffer::spare_capacity(&mut bytes), at) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        bytes.truncate(length);
        Ok(bytes.into())
    }
}

/// A file opened to grow.
#[derive(Debug)]
pub(in super::super) struct Growing {
    file: File,
    length: u64,
}

impl Growing {
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn append(&mut self, pieces: &[Bytes]) -> io::Result<()> {
        for piece in pieces {
            self.file.write_all(piece)?;
            self.length += piece.len() as u64;
        }
        Ok(())
    }

    pub(super) fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.length = io::Seek::seek(&mut self.file, io::SeekFrom::End(0))?;
        Ok(())
    }

    pub(super) fn flusher(&self) -> io::Result<Flusher> {
        Ok(Flusher(Arc::new(self.file.try_clone()?)))
    }

    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.file.sync_all()
    }
}

/// Has the disk write what a growing file has so far.
#[derive(Debug, Clone)]
pub(in super::super) struct Flusher(Arc<File>);

impl Flusher {
    pub(in super::super) fn flush(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}
