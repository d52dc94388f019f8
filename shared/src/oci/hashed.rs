//! A part of a content as it is sent, hashed on the way.
//!
//! The digest is over all bytes, an upload may go on in the middle: the hasher's state is kept every few MiB, so taking up again
//! reads at most so much twice.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use futures_util::{StreamExt, stream};

use super::content::Content;
use crate::error::{Error, Result};
use crate::http::ByteStream;
use crate::name::Hasher;

/// How far apart the kept states are, in bytes. A state has about 110 bytes.
const APART: u64 = 8 << 20;

/// The states of a content's hasher, by position; the first one is at 0.
#[derive(Debug, Clone)]
pub(super) struct Marks(Arc<Mutex<Vec<(u64, Hasher)>>>);

impl Marks {
    pub(super) fn new(content: &Content) -> Self {
        Self(Arc::new(Mutex::new(vec![(0, Hasher::new(content.digest().algorithm()))])))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<(u64, Hasher)>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The last state at or before `offset`.
    fn before(&self, offset: u64) -> Option<(u64, Hasher)> {
        self.with(|marks| marks.iter().rev().find(|(position, _)| *position <= offset).cloned())
    }

    fn keep(&self, position: u64, hasher: &Hasher, apart: u64) {
        self.with(|marks| {
            if marks.last().is_none_or(|(last, _)| position >= last + apart) {
                marks.push((position, hasher.clone()));
            }
        });
    }
}

/// The bytes from `start` to `end` of a content. The part that holds the content's last byte fails at its end when digest or size
/// are not those promised.
pub(super) fn part(content: &Content, start: u64, end: u64, marks: &Marks) -> ByteStream {
    let Some((position, hasher)) = marks.before(start) else {
        return stream::iter([Err(Error::failed("no state to go on hashing from"))]).boxed();
    };
    let part =
        Part { source: content.open(position), content: content.clone(), hasher, position, start, end, marks: marks.clone() };
    stream::try_unfold(part, |mut part| async { Ok(part.next().await?.map(|piece| (piece, part))) }).boxed()
}

struct Part {
    source: ByteStream,
    content: Content,
    hasher: Hasher,
    position: u64,
    start: u64,
    end: u64,
    marks: Marks,
}

impl Part {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        while self.position < self.end {
            let Some(piece) = self.source.next().await else {
                return Err(self.wrong(&format!("it ends after {} bytes", self.position)));
            };
            let mut piece = piece?;
            let left = usize::try_from(self.end - self.position).unwrap_or(usize::MAX);
            if piece.len() > left {
                if self.end == self.content.size() {
                    return Err(self.wrong("it goes on"));
                }
                piece.truncate(left);
            }
            self.hasher.update(&piece);
            let before = self.position;
            self.position += piece.len() as u64;
            // The next part begins at this one's end.
            self.marks.keep(self.position, &self.hasher, if self.position == self.end { 1 } else { APART });
            let old = self.start.saturating_sub(before).min(piece.len() as u64);
            piece.advance(usize::try_from(old).unwrap_or(piece.len()));
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
        self.check_end().await.map(|()| None)
    }

    async fn check_end(&mut self) -> Result<()> {
        if self.end != self.content.size() {
            return Ok(());
        }
        while let Some(piece) = self.source.next().await {
            if !piece?.is_empty() {
                return Err(self.wrong("it goes on"));
            }
        }
        let digest = self.hasher.clone().finish();
        if digest == *self.content.digest() { Ok(()) } else { Err(self.wrong(&format!("it has the digest {digest}"))) }
    }

    fn wrong(&self, what: &str) -> Error {
        let (digest, size) = (self.content.digest(), self.content.size());
        Error::integrity(format!("the content to send is not {digest} of {size} bytes: {what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Digest;

    async fn read(stream: ByteStream) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let mut stream = stream;
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.map_err(|error| error.to_string())?);
        }
        Ok(bytes)
    }

    fn in_pieces(bytes: &'static [u8], digest: Digest, size: u64) -> Content {
        Content::new(digest, size, move |offset| {
            let rest = &bytes[bytes.len().min(offset as usize)..];
            stream::iter(rest.chunks(3).map(|piece| Ok(Bytes::from_static(piece)))).boxed()
        })
    }

    #[tokio::test]
    async fn parts_together_are_the_whole_whatever_the_cut() {
        let bytes = b"0123456789abcdef";
        for cut in 0..=bytes.len() as u64 {
            let content = in_pieces(bytes, Digest::sha256(bytes), 16);
            let marks = Marks::new(&content);
            let mut whole = read(part(&content, 0, cut, &marks)).await.unwrap();
            // Once more, from a place without a state of its own.
            assert_eq!(read(part(&content, cut / 2, cut, &marks)).await.unwrap(), &bytes[cut as usize / 2..cut as usize]);
            whole.extend(read(part(&content, cut, 16, &marks)).await.unwrap());
            assert_eq!(whole, bytes, "{cut}");
        }
    }

    #[tokio::test]
    async fn content_that_is_not_what_it_was_said_to_be_fails_at_its_end() {
        let bytes = b"0123456789";
        for (digest, size, fault) in [
            (Digest::sha256("x"), 10, "it has the digest"),
            (Digest::sha256(bytes), 9, "it goes on"),
            (Digest::sha256(bytes), 11, "it ends after 10 bytes"),
        ] {
            let content = in_pieces(bytes, digest, size);
            let error = read(part(&content, 0, size, &Marks::new(&content))).await.unwrap_err();
            assert!(error.contains(fault), "{error}");
        }
    }
}
