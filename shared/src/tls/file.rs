//! Files of certificates, keys and requests: read, but not without end.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::error::{Error, Result};

/// The largest file, in bytes: the largest bundle of a system has some 300 KiB.
pub const MAX: u64 = 1 << 20;

/// Reads a file or a pipe. `what` is what messages call it.
///
/// # Errors
/// [`crate::exit::Exit::Input`] when it is missing or has more than [`MAX`] bytes.
pub fn read(path: &Path, what: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX + 1).read_to_end(&mut bytes));
    let size = read.map_err(|fault| Error::io(format!("cannot read {what}"), fault))?;
    if u64::try_from(size).is_ok_and(|size| size <= MAX) {
        return Ok(bytes);
    }
    Err(Error::input(format!("cannot read {what}: it has more than 1 MiB")))
}
