//! Filling a log folder: the pump between a process and its files.
//!
//! The process must never wait for its log nor die of it (a Go program that writes into a closed pipe is killed), so the pump
//! reads on whatever happens: lines that cannot be written are dropped and counted, and the next line that can be written is
//! preceded by one that tells the number and the reason. A line is written whole or not at all. Nothing is printed.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use tokio::signal::unix::{SignalKind, signal};

use super::{Entry, KEPT, LINE, SIZE, file_name};
use crate::error::{Error, Result};

/// Lines that arrive together are written together, up to about so many bytes.
const BATCH: usize = 64 << 10;

/// Appends entries to the newest file of a log folder and rotates the files.
#[derive(Debug)]
pub struct Writer {
    directory: PathBuf,
    file: File,
    size: u64,
    /// The size at which the file is put aside; it moves on when that fails.
    full: u64,
    limit: u64,
    /// Whether the file ends in the middle of a line.
    torn: bool,
    lost: u64,
    why: io::ErrorKind,
    batch: Vec<u8>,
    batched: u64,
}

impl Writer {
    /// Opens the log in `directory`, which is made (mode 0700) when it is not there.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Failed`] when the folder or the file cannot be made.
    pub fn open(directory: &Path) -> Result<Self> {
        Self::with_limit(directory, SIZE)
    }

    pub(super) fn with_limit(directory: &Path, limit: u64) -> Result<Self> {
        let cannot = |error| Error::io(format!("cannot write a log in {}", directory.display()), error);
        let made = std::os::unix::fs::DirBuilderExt::mode(std::fs::DirBuilder::new().recursive(true), 0o700).create(directory);
        made.map_err(cannot)?;
        let file = open(directory).map_err(cannot)?;
        let size = file.metadata().map_err(cannot)?.len();
        let torn = ends_torn(&file, size);
        let directory = directory.to_owned();
        let (lost, why, batch, batched) = (0, io::ErrorKind::Other, Vec::new(), 0);
        Ok(Self { directory, file, size, full: limit, limit, torn, lost, why, batch, batched })
    }

    /// Takes one line in; it is written with the next [`Writer::flush`], or when enough have come together.
    fn take(&mut self, line: &[u8], cut: bool) {
        let line = String::from_utf8_lossy(line).into_owned();
        self.keep(&Entry { time: OffsetDateTime::now_utc(), line, cut, lost: 0 });
    }

    /// Takes an entry in that was received by somebody else; it is written when enough have come together, and at the latest when the
    /// writer is dropped.
    pub fn keep(&mut self, entry: &Entry) {
        encode(&mut self.batch, entry);
        self.batched += 1;
        if self.batch.len() >= BATCH {
            self.flush();
        }
    }

    /// Writes what was taken in, or counts it as lost.
    fn flush(&mut self) {
        if self.batch.is_empty() && self.lost == 0 {
            return;
        }
        if self.size >= self.full {
            self.rotate();
        }
        let mut bytes = Vec::with_capacity(self.batch.len() + 256);
        if self.torn {
            bytes.push(b'\n');
        }
        if self.lost > 0 {
            let lines = if self.lost == 1 { "1 line was" } else { &format!("{} lines were", self.lost) };
            let line = format!("{lines} lost here: {}", self.why);
            encode(&mut bytes, &Entry { time: OffsetDateTime::now_utc(), line, cut: false, lost: self.lost });
        }
        bytes.append(&mut self.batch);
        match self.file.write_all(&bytes) {
            Ok(()) => {
                self.size += bytes.len() as u64;
                (self.torn, self.lost) = (false, 0);
            }
            Err(error) => {
                self.lost += self.batched;
                self.why = error.kind();
                // A full disk may have taken a part: what remains ends with a whole line again.
                self.torn |= self.file.set_len(self.size).is_err();
            }
        }
        self.batched = 0;
    }

    /// Puts the file aside and begins a new one. Where that fails, this one grows on.
    fn rotate(&mut self) {
        for generation in (0..KEPT).rev() {
            let [from, to] = [generation, generation + 1].map(|number| self.directory.join(file_name(number)));
            // A generation that is not there yet is no fault; one that cannot be moved is overwritten by the next.
            let _ = std::fs::rename(from, to);
        }
        if let Ok(file) = open(&self.directory) {
            self.size = file.metadata().map_or(0, |metadata| metadata.len());
            self.torn = ends_torn(&file, self.size);
            self.file = file;
        }
        self.full = self.size + self.limit;
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.flush();
    }
}

fn open(directory: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).read(true).create(true).mode(0o600).open(directory.join(file_name(0)))
}

/// Whether the writer before us was killed in the middle of a line.
fn ends_torn(file: &File, size: u64) -> bool {
    let mut last = [b'\n'];
    size > 0 && file.read_exact_at(&mut last, size - 1).is_ok() && last != [b'\n']
}

fn encode(bytes: &mut Vec<u8>, entry: &Entry) {
    let before = bytes.len();
    if serde_json::to_writer(&mut *bytes, entry).is_err() {
        // A clock beyond the year 9999.
        bytes.truncate(before);
        return;
    }
    bytes.push(b'\n');
}

/// Moves lines from `reader` to `writer` until the end of `reader`. This is all that the hidden pump program does; see
/// [`crate::engine::process::Pump`]. Blocks.
pub fn pump(reader: impl Read, mut writer: Writer) {
    let mut reader = BufReader::with_capacity(BATCH, reader);
    let mut line = Vec::new();
    let mut cut = false;
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        if chunk.is_empty() {
            break;
        }
        let end = chunk.iter().position(|&byte| byte == b'\n');
        let piece = &chunk[..end.unwrap_or(chunk.len())];
        let room = LINE - line.len();
        cut |= piece.len() > room;
        line.extend_from_slice(&piece[..piece.len().min(room)]);
        let used = piece.len() + usize::from(end.is_some());
        reader.consume(used);
        if end.is_some() {
            writer.take(&line, cut);
            line.clear();
            cut = false;
        }
        // Nothing more has arrived yet: what has must be readable now.
        if reader.buffer().is_empty() {
            writer.flush();
        }
    }
    if !line.is_empty() {
        writer.take(&line, cut);
    }
}

/// Lets SIGTERM, SIGINT and SIGHUP do nothing from here on: a pump ends when its process has ended, and a process whose pump
/// ends before it dies of its next line. Needs a tokio runtime; holds until the program ends.
///
/// # Errors
/// [`crate::exit::Exit::Failed`] when the system refuses.
pub fn outlive_signals() -> Result<()> {
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        // A handler that tokio has set stays when what it returned is dropped.
        let _handler = signal(kind).map_err(|error| Error::io("cannot handle signals", error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::log::read;

    #[test]
    fn a_full_disk_loses_lines_counts_them_and_says_so_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(dir.path()).unwrap();
        let mended = std::mem::replace(&mut writer.file, OpenOptions::new().append(true).open("/dev/full").unwrap());
        pump_some(&mut writer, &["a", "b"]);
        pump_some(&mut writer, &["c"]);
        let full = std::mem::replace(&mut writer.file, mended);
        pump_some(&mut writer, &["d", "e"]);
        let mended = std::mem::replace(&mut writer.file, full);
        pump_some(&mut writer, &["f"]);
        writer.file = mended;
        drop(writer);
        let entries = read(dir.path(), None, None).unwrap();
        let told: Vec<_> = entries.iter().map(|entry| (entry.line.as_str(), entry.lost)).collect();
        let expected =
            [("3 lines were lost here: no storage space", 3), ("d", 0), ("e", 0), ("1 line was lost here: no storage space", 1)];
        assert_eq!(told, expected);
    }

    fn pump_some(writer: &mut Writer, lines: &[&str]) {
        for line in lines {
            writer.take(line.as_bytes(), false);
        }
        writer.flush();
    }
}
