//! Files of certificates, keys and requests: read, but not without end, and as if they had been written here.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::error::{Error, Result};

/// The largest file, in bytes: the largest bundle of a system has some 300 KiB.
pub const MAX: u64 = 1 << 20;

/// Reads a file or a pipe. `what` is what messages call it. A byte order mark in front of it is left out.
///
/// # Errors
/// [`crate::exit::Exit::Input`] when it is missing, has more than [`MAX`] bytes, or is a pipe that nobody writes to.
pub fn read(path: &Path, what: &str) -> Result<Vec<u8>> {
    let cannot = |fault| Error::io(format!("cannot read {what}"), fault);
    let file = open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    let size = (&file).take(MAX + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if size == 0 && file.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo()) {
        return Err(Error::input(format!("cannot read {what}: it is a pipe, and nothing was written to it")));
    }
    if u64::try_from(size).is_ok_and(|size| size > MAX) {
        return Err(Error::input(format!("cannot read {what}: it has more than 1 MiB")));
    }
    let mark = bytes.len() - without_mark(&bytes).len();
    bytes.drain(..mark);
    Ok(bytes)
}

/// The bytes without the byte order mark that editors of Windows put in front of a text.
#[must_use]
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

/// Opens a file without waiting for somebody who writes to it; whoever does, like the program of a `<(…)`, is waited for.
fn open(path: &Path) -> io::Result<File> {
    let at_once = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(at_once).open(path)?;
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}
