//! A folder under a lock, in which files land whole, and keys never readable by others.
//!
//! A file is written under another name, with its final mode from the first moment, flushed to disk and then given its name. What it
//! replaces keeps its owner and mode; a link stays one, and what it leads to is replaced. A new key takes a name only when nobody has it. Whoever is killed leaves at most a file whose
//! name says that it is unfinished; the next one takes it away.

use std::fs::{self, DirBuilder, DirEntry, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::error::{Error, Result};
use reg_shared::file::Lock;
use reg_shared::secret::Secret;

/// What the name of a file begins with until it is whole.
const UNFINISHED: &str = ".reg-certs-";
/// How many random letters and digits it ends with.
const RANDOM: usize = 6;

/// The mode of a private key.
pub(crate) const KEY: u32 = 0o600;
/// The mode of an authority's private key: written once.
pub(crate) const AUTHORITY_KEY: u32 = 0o400;
/// The mode of a certificate.
const PUBLIC: u32 = 0o644;

/// What stands behind the name of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    /// Nothing may: another key is never lost.
    Nothing,
    /// Whatever is there is replaced.
    Anything,
}

/// A folder that nobody else changes meanwhile.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    lock: Lock,
}

impl Folder {
    /// Takes a folder, waiting for whoever else has it; makes it (0700) when it is not there.
    ///
    /// # Errors
    /// When it cannot be made or opened, when somebody else has it for too long, and after a signal.
    pub(crate) async fn take(context: &Context, path: &Path) -> Result<Self> {
        Self::take_with(context, path, 0o700).await
    }

    /// The same for a folder that others are to read: 0755 when it is made.
    ///
    /// # Errors
    /// Those of [`Self::take`].
    pub(crate) async fn take_open(context: &Context, path: &Path) -> Result<Self> {
        Self::take_with(context, path, 0o755).await
    }

    async fn take_with(context: &Context, path: &Path, mode: u32) -> Result<Self> {
        let cannot = |fault| Error::output(format!("cannot use the folder {}", path.display()), fault);
        DirBuilder::new().recursive(true).mode(mode).create(path).map_err(cannot)?;
        let folder = Self { path: path.to_owned(), lock: context.lock_folder(path).await? };
        for entry in fs::read_dir(path).map_err(cannot)?.flatten() {
            if is_unfinished(&entry) {
                fs::remove_file(entry.path()).map_err(cannot)?;
            }
        }
        Ok(folder)
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a private key.
    ///
    /// # Errors
    /// [`reg_shared::exit::Exit::Conflict`] when there is one and nothing may be replaced.
    pub(crate) async fn write_key(&self, context: &Context, name: &str, key: &Secret, mode: u32, over: Over) -> Result<()> {
        self.write(context, name, key.expose().as_bytes(), mode, over).await
    }

    /// Writes what everybody may read.
    pub(crate) async fn write_public(&self, context: &Context, name: &str, bytes: impl AsRef<[u8]>) -> Result<()> {
        self.write(context, name, bytes.as_ref(), PUBLIC, Over::Anything).await
    }

    /// Takes a file away, if it is there.
    pub(crate) fn remove(&self, name: &str) -> Result<()> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => Err(Error::io(format!("cannot remove {}", path.display()), fault)),
            _ => Ok(()),
        }
    }

    /// Writes a file, or what its link leads to, which may lie in a folder of its own.
    async fn write(&self, context: &Context, name: &str, bytes: &[u8], mode: u32, over: Over) -> Result<()> {
        let path = self.path(name);
        let cannot = |fault| Error::output(format!("cannot write {}", path.display()), fault);
        if !path.is_symlink() || !path.exists() {
            return self.put(&path, bytes, mode, over);
        }
        let target = fs::canonicalize(&path).map_err(cannot)?;
        match target.parent() {
            Some(other) if other != fs::canonicalize(&self.path).map_err(cannot)? => {
                Self::take(context, other).await?.put(&target, bytes, mode, over)
            }
            _ => self.put(&target, bytes, mode, over),
        }
    }

    /// Writes a file of this folder under its lock.
    fn put(&self, path: &Path, bytes: &[u8], mode: u32, over: Over) -> Result<()> {
        let cannot = |fault| Error::output(format!("cannot write {}", path.display()), fault);
        let before = fs::metadata(path).ok();
        // What a key replaces may have been open to others; it is not from now on.
        let kept = if mode & 0o077 == 0 { 0o770 } else { 0o777 };
        let last = before.as_ref().map_or(mode, |before| before.mode() & kept);
        let mut new = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .rand_bytes(RANDOM)
            .permissions(Permissions::from_mode(mode))
            .tempfile_in(path.parent().unwrap_or(&self.path))
            .map_err(cannot)?;
        if let Some(before) = before {
            let own = new.as_file().metadata().map_err(cannot)?;
            if (own.uid(), own.gid()) != (before.uid(), before.gid()) {
                fchown(new.as_file(), Some(before.uid()), Some(before.gid())).map_err(cannot)?;
            }
            new.as_file().set_permissions(Permissions::from_mode(last)).map_err(cannot)?;
        }
        new.write_all(bytes).map_err(cannot)?;
        new.as_file().sync_all().map_err(cannot)?;
        match over {
            Over::Anything => new.persist(path).map(drop).map_err(|fault| cannot(fault.error))?,
            Over::Nothing => match new.persist_noclobber(path) {
                Ok(_) => {}
                Err(fault) if fault.error.kind() == ErrorKind::AlreadyExists => {
                    return Err(Error::conflict(format!("{} is there already", path.display())));
                }
                Err(fault) => return Err(cannot(fault.error)),
            },
        }
        self.lock.sync().map_err(cannot)
    }
}

/// Whether a file has a name as only [`Folder::put`] gives it; whatever else begins so is somebody's own.
fn is_unfinished(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let random = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED)).unwrap_or_default();
    let fits = random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits && entry.file_type().is_ok_and(|kind| kind.is_file())
}
