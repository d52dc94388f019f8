//! A file that others read while it is changed: locked, read, written whole or not at all.
//!
//! The lock is on the folder, as that of an instance is: a rename gives the file another inode, so a lock on the file itself would be on
//! nothing. A change is written beside the file, flushed, and renamed over it; owner and mode stay. Where a rename would hurt the file is
//! written in its place ([`How::in_place`]): for zot, which watches the inode, for a file that is mounted by itself into a container, and
//! where its owner could not be kept. A symbolic link is followed, except one that anybody could have put there.

use std::ffi::OsString;
use std::fs::{self, Metadata, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::shell;

mod in_place;

/// How long to wait for another program that changes a file of the folder.
const LOCK_WAIT: Duration = Duration::from_secs(90);
/// So many links one behind the other are a circle (`MAXSYMLINKS` of Linux).
const LINKS_MAX: usize = 40;
/// Two changes in one tick of the system's clock would have one time, by which Distribution tells them apart.
const TICK: Duration = Duration::from_millis(10);

/// A file, there or not.
#[derive(Debug, Clone)]
pub struct File {
    path: PathBuf,
}

/// How a change is to be written.
#[derive(Debug, Clone, Copy)]
pub struct How {
    /// Keep the inode; a copy of the file as it was is left beside it.
    pub in_place: bool,
    /// The mode of a file that was not there.
    pub mode: u32,
}

/// Why a file was written in its place although nobody asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusual {
    /// Another file cannot take its place: it is mounted by itself.
    Mounted,
    /// Another file would belong to somebody else.
    Owner,
}

/// The right to change the files of a folder.
#[derive(Debug)]
pub struct Lock {
    folder: fs::File,
}

impl Lock {
    /// Waits until nobody else changes a file of a folder.
    ///
    /// # Errors
    /// [`Exit::Conflict`] when that takes too long; [`Exit::Input`] for a folder that is not there.
    pub async fn take(dir: &Path) -> Result<Self> {
        let cannot = |fault| Error::io(format!("cannot lock the folder {}", dir.display()), fault);
        let folder = fs::File::open(dir).map_err(|fault| match fault.kind() {
            ErrorKind::NotFound => missing_folder(dir),
            _ => cannot(fault),
        })?;
        let deadline = Instant::now() + LOCK_WAIT;
        while let Err(fault) = folder.try_lock() {
            if let fs::TryLockError::Error(fault) = fault {
                return Err(cannot(fault));
            }
            if Instant::now() > deadline {
                let what = format!("another program is still at work in {}", dir.display());
                return Err(Error::conflict(what).hint("wait for it, or stop it with Ctrl-C"));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(Self { folder })
    }

    /// Flushes the names of the folder's files to disk.
    ///
    /// # Errors
    /// When the system cannot.
    pub fn sync(&self) -> io::Result<()> {
        self.folder.sync_all()
    }
}

impl File {
    /// The file behind a path, through symbolic links.
    ///
    /// # Errors
    /// [`Exit::Denied`] for a link in a folder that everybody may write to.
    pub fn find(path: &Path) -> Result<Self> {
        let cannot = |path: &Path, fault| Error::io(format!("cannot look at {}", path.display()), fault);
        let mut path = std::path::absolute(path).map_err(|fault| cannot(path, fault))?;
        for _ in 0..LINKS_MAX {
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_symlink() => {}
                Ok(found) if !found.is_file() => return Err(Error::input(format!("{} is not a file", path.display()))),
                Err(fault) if fault.kind() != ErrorKind::NotFound => return Err(cannot(&path, fault)),
                _ => return Ok(Self { path }),
            }
            let folder = folder_of(&path);
            let open = fs::metadata(folder).map_err(|fault| cannot(folder, fault))?.mode() & 0o002 != 0;
            let target = fs::read_link(&path).map_err(|fault| cannot(&path, fault))?;
            if open {
                let what = format!("{} is a symbolic link in a folder that everybody may write to", path.display());
                return Err(Error::new(Exit::Denied, what).hint(format!("name the file itself: {}", target.display())));
            }
            path = folder.join(target);
        }
        Err(Error::input(format!("{} leads through symbolic links in a circle", path.display())))
    }

    /// The same for who only reads: where the file is looked for may be a pipe, such as that of a `<(…)`.
    ///
    /// # Errors
    /// Those of [`Self::find`].
    pub fn find_to_read(path: &Path) -> Result<Self> {
        if fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo()) {
            return Ok(Self { path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()) });
        }
        Self::find(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its bytes; none when it is not there.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self) -> Result<Option<Vec<u8>>> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(Error::io(format!("cannot read {}", self.path.display()), fault)),
        }
    }

    /// Tells of a folder that is not there, before anything is asked or made for a file in it.
    ///
    /// # Errors
    /// [`Exit::Input`] when it is not there.
    pub fn check_folder(&self) -> Result<()> {
        if self.folder().exists() { Ok(()) } else { Err(missing_folder(self.folder())) }
    }

    /// The folder that it is in, which is locked for a change.
    #[must_use]
    pub fn folder(&self) -> &Path {
        folder_of(&self.path)
    }

    /// Ends what a program that was killed left behind, before the file is read for a change. The folder must be locked. Tells whether a
    /// change was taken back.
    ///
    /// # Errors
    /// When the file cannot be put back.
    pub fn recover(&self) -> Result<bool> {
        let unfinished = self.beside(".new-");
        for entry in fs::read_dir(folder_of(&self.path)).into_iter().flatten().flatten() {
            if entry.file_name().as_encoded_bytes().starts_with(unfinished.as_encoded_bytes()) {
                let _ = fs::remove_file(entry.path());
            }
        }
        in_place::recover(self).map_err(|fault| Error::io(format!("cannot put {} back as it was", self.path.display()), fault))
    }

    /// Writes the file. The folder must be locked, and `before` be what was read since.
    ///
    /// # Errors
    /// When it cannot be written: then it is as it was.
    pub fn write(&self, before: Option<&[u8]>, bytes: &[u8], how: How) -> Result<Option<Unusual>> {
        let cannot = |fault| Error::output(format!("cannot write {}", self.path.display()), fault);
        let Some(before) = before else {
            let file = self.new_file(how.mode).map_err(cannot)?;
            return self.put(file, bytes).map(|()| None).map_err(cannot);
        };
        if how.in_place {
            return in_place::write(self, before, bytes).map(|()| None).map_err(cannot);
        }
        let unusual = self.replace(bytes).map_err(cannot)?;
        if unusual.is_some() {
            in_place::write(self, before, bytes).map_err(cannot)?;
        }
        Ok(unusual)
    }

    /// Puts another file in its place; tells why not where that would hurt.
    fn replace(&self, bytes: &[u8]) -> io::Result<Option<Unusual>> {
        let now = fs::metadata(&self.path)?;
        let file = self.new_file(0o600)?;
        if !own_like(file.as_file(), &now)? {
            return Ok(Some(Unusual::Owner));
        }
        file.as_file().set_permissions(Permissions::from_mode(now.mode() & 0o7777))?;
        match self.put(file, bytes) {
            Err(fault) if fault.kind() == ErrorKind::ResourceBusy => return Ok(Some(Unusual::Mounted)),
            other => other?,
        }
        later_than(&fs::File::open(&self.path)?, &now)?;
        Ok(None)
    }

    /// A new file beside it.
    fn new_file(&self, mode: u32) -> io::Result<tempfile::NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        let prefix = self.beside(".new-");
        let made = builder.prefix(&prefix).permissions(Permissions::from_mode(0o600)).tempfile_in(self.folder());
        let file = made.map_err(|fault| match fault.kind() {
            // The file itself may be open to this user.
            ErrorKind::PermissionDenied => {
                io::Error::new(fault.kind(), format!("no file may be made in the folder {}", self.folder().display()))
            }
            _ => fault,
        })?;
        // Once more, because the umask may have taken something away.
        file.as_file().set_permissions(Permissions::from_mode(mode))?;
        Ok(file)
    }

    fn put(&self, mut file: tempfile::NamedTempFile, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|fault| fault.error)?;
        self.sync_folder()
    }

    /// Writes a file beside this one, whole or not at all, for its owner only.
    pub(super) fn write_beside(&self, suffix: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.new_file(0o600)?;
        own_like(file.as_file(), &fs::metadata(&self.path)?)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(self.path_beside(suffix)).map_err(|fault| fault.error)?;
        Ok(())
    }

    /// A path beside it: hidden, named like it.
    pub(crate) fn path_beside(&self, suffix: &str) -> PathBuf {
        folder_of(&self.path).join(self.beside(suffix))
    }

    fn beside(&self, suffix: &str) -> OsString {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(suffix);
        name
    }

    pub(super) fn sync_folder(&self) -> io::Result<()> {
        fs::File::open(folder_of(&self.path))?.sync_all()
    }
}

fn missing_folder(dir: &Path) -> Error {
    Error::input(format!("the folder {} does not exist", dir.display()))
        .hint(format!("`mkdir -p {}` makes it", shell::word(dir.as_os_str())))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

/// Gives a new file the owner and group of another; false when that is not allowed and would change who it belongs to.
fn own_like(file: &fs::File, other: &Metadata) -> io::Result<bool> {
    let own = file.metadata()?;
    if (own.uid(), own.gid()) == (other.uid(), other.gid()) {
        return Ok(true);
    }
    match fchown(file, Some(other.uid()), Some(other.gid())) {
        Err(fault) if fault.kind() == ErrorKind::PermissionDenied => Ok(false),
        other => other.map(|()| true),
    }
}

/// Sees to it that the file has another time than before.
pub(super) fn later_than(file: &fs::File, before: &Metadata) -> io::Result<()> {
    let before = before.modified()?;
    if file.metadata()?.modified()? == before { file.set_modified(before + TICK) } else { Ok(()) }
}
