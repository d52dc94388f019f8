//! Content to be pushed: bytes with a known digest and size that can be opened again at any offset.
//!
//! An upload that broke reads its source again from where the registry stands, so a source is a way to open, not a stream.

use std::fmt;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;

use crate::error::{Error, Result};
use crate::http::ByteStream;
use crate::name::{Algorithm, Digest, Hasher, quoted};

/// How much of a file is read at once, in bytes. Smaller pieces cost a change of threads more often than they save memory.
const PIECE: usize = 256 << 10;

/// Bytes to be pushed.
#[derive(Clone)]
pub struct Content {
    digest: Digest,
    size: u64,
    open: Arc<dyn Fn(u64) -> ByteStream + Send + Sync>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({}, {} bytes)", self.digest, self.size)
    }
}

impl Content {
    /// Content of any source: `open` gives the bytes from an offset to the end. Digest and size are checked while it is sent.
    pub fn new(digest: Digest, size: u64, open: impl Fn(u64) -> ByteStream + Send + Sync + 'static) -> Self {
        Self { digest, size, open: Arc::new(open) }
    }

    /// Content in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self::new(Digest::sha256(&bytes), bytes.len() as u64, move |offset| {
            let start = usize::try_from(offset).map_or(bytes.len(), |offset| offset.min(bytes.len()));
            stream::iter([Ok(bytes.slice(start..))]).boxed()
        })
    }

    /// The content of a file, which is read once for its digest.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when it is missing, [`crate::exit::Exit::Failed`] when it cannot be read.
    pub async fn file(path: &Path) -> Result<Self> {
        let (mut hasher, mut size) = (Hasher::new(Algorithm::Sha256), 0);
        let mut pieces = read_file(path.to_owned(), 0);
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            hasher.update(&piece);
            size += piece.len() as u64;
        }
        Ok(Self::file_known(path, hasher.finish(), size))
    }

    /// The content of a file whose digest and size are known.
    #[must_use]
    pub fn file_known(path: &Path, digest: Digest, size: u64) -> Self {
        let path = path.to_owned();
        Self::new(digest, size, move |offset| read_file(path.clone(), offset))
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The bytes from `offset` to the end.
    #[must_use]
    pub fn open(&self, offset: u64) -> ByteStream {
        (self.open)(offset)
    }
}

/// Reads a file in pieces, each on a thread that may block.
fn read_file(path: PathBuf, offset: u64) -> ByteStream {
    stream::try_unfold((path, None::<Arc<File>>, offset), |(path, file, offset)| async move {
        let shown = quoted(&path.display().to_string());
        let read = tokio::task::spawn_blocking(move || {
            let file = match file {
                Some(file) => file,
                None => Arc::new(File::open(&path)?),
            };
            let mut piece = vec![0; PIECE];
            let length = file.read_at(&mut piece, offset)?;
            piece.truncate(length);
            Ok::<_, std::io::Error>((path, file, piece))
        });
        let (path, file, piece) = read
            .await
            .unwrap_or_else(|stopped| Err(std::io::Error::other(stopped)))
            .map_err(|fault| Error::io(format!("cannot read {shown}"), fault))?;
        if piece.is_empty() {
            return Ok(None);
        }
        let offset = offset + piece.len() as u64;
        Ok(Some((Bytes::from(piece), (path, Some(file), offset))))
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(content: &Content, offset: u64) -> Vec<u8> {
        content.open(offset).map(|piece| piece.unwrap().to_vec()).concat().await
    }

    #[tokio::test]
    async fn a_file_and_bytes_read_the_same_from_any_offset() {
        let bytes: Vec<u8> = (0..PIECE + 1000).map(|i| (i % 251) as u8).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blob");
        std::fs::write(&path, &bytes).unwrap();
        let (file, memory) = (Content::file(&path).await.unwrap(), Content::bytes(bytes.clone()));
        assert_eq!((file.digest(), file.size()), (memory.digest(), memory.size()));
        for offset in [0, 1, PIECE as u64, bytes.len() as u64, bytes.len() as u64 + 9] {
            let expected = &bytes[bytes.len().min(offset as usize)..];
            assert_eq!(read(&file, offset).await, expected);
            assert_eq!(read(&memory, offset).await, expected);
        }
    }

    #[tokio::test]
    async fn a_missing_file_is_named() {
        let error = Content::file(Path::new("/nowhere/blob")).await.unwrap_err();
        assert_eq!(error.to_string(), "cannot read \"/nowhere/blob\": no such file or directory");
    }
}
