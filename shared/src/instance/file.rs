//! The files of an instance: read, and written whole or not at all.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use super::change::UNFINISHED;
use crate::error::{Error, Result};

pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(Error::io(format!("cannot read {}", path.display()), fault)),
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|fault| Error::input(format!("{}: not what reg-up wrote", path.display())).caused_by(fault))
}

pub(super) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let text = serde_json::to_vec_pretty(value).map_err(|fault| Error::failed("cannot write JSON").caused_by(fault))?;
    write(path, &text)
}

/// Temporary file beside it, flushed to disk, then renamed over it; 0600 from its first moment.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let cannot = |fault| Error::io(format!("cannot write {}", path.display()), fault);
    let file = unfinished(path.parent().unwrap_or(Path::new(".")), "", bytes).map_err(cannot)?;
    file.as_file().sync_all().map_err(cannot)?;
    file.persist(path).map_err(|fault| cannot(fault.error))?;
    Ok(())
}

/// A file that goes again unless it is kept.
pub(super) fn unfinished(dir: &Path, suffix: &str, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file =
        tempfile::Builder::new().prefix(UNFINISHED).suffix(suffix).permissions(Permissions::from_mode(0o600)).tempfile_in(dir)?;
    file.write_all(bytes)?;
    Ok(file)
}

pub(super) fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() != ErrorKind::NotFound => Err(Error::io(format!("cannot remove {}", path.display()), fault)),
        _ => Ok(()),
    }
}
