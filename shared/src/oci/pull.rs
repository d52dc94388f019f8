//! Reading a blob: in pieces, checked, and taken up again where the connection broke.

use ::http::header::{CONTENT_RANGE, HeaderValue, RANGE};
use ::http::{Method, StatusCode};
use bytes::{Buf, Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream;

use super::answer::Refusal;
use super::client::Client;
use super::endpoint;
use crate::auth::{Access, Scopes};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::http::{ByteStream, Origin, Request, Response};
use crate::name::{Digest, Hasher, Repository};

/// So often in a row a broken blob is taken up again without getting [`PROGRESS`] further.
const FRUITLESS_MAX: u32 = 3;
/// What counts as getting further, in bytes.
const PROGRESS: u64 = 64 << 10;

/// A blob on its way here. Its pieces are not checked one by one: only the `None` at the end says that all of them together are the
/// blob. Whoever stores them must not let others see them before.
#[derive(Debug)]
pub struct Blob {
    client: Client,
    repository: Repository,
    digest: Digest,
    size: u64,
    response: Response,
    /// Over what was given out.
    hasher: Hasher,
    given: u64,
    /// Bytes that a restarted answer has still to repeat, and a hasher over the repetition.
    repeating: Option<(u64, Hasher)>,
    fruitless: u32,
    /// How far it was when it last broke.
    broke_at: u64,
    done: bool,
}

impl Client {
    /// Opens a blob of `size` bytes, as its descriptor says.
    ///
    /// # Errors
    /// [`Exit::NotFound`]; [`Exit::Integrity`] when the registry's blob has another size.
    pub async fn blob(&self, repository: &Repository, digest: &Digest, size: u64) -> Result<Blob> {
        let response = self.open_blob(repository, digest, size, 0).await;
        let response = response.map_err(|error| error.context(self.blob_context(repository, digest)))?;
        Ok(Blob {
            client: self.clone(),
            repository: repository.clone(),
            digest: digest.clone(),
            size,
            response,
            hasher: Hasher::new(digest.algorithm()),
            given: 0,
            repeating: None,
            fruitless: 0,
            broke_at: 0,
            done: false,
        })
    }

    /// A small blob of `size` bytes, whole.
    ///
    /// # Errors
    /// Those of [`Self::blob`] and of [`Blob::chunk`].
    pub async fn blob_bytes(&self, repository: &Repository, digest: &Digest, size: u64) -> Result<Bytes> {
        let mut pull = self.blob(repository, digest, size).await?;
        let mut bytes = BytesMut::new();
        while let Some(chunk) = pull.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    fn blob_context(&self, repository: &Repository, digest: &Digest) -> String {
        format!("cannot get the blob {digest} of {repository} at {}", self.place())
    }

    /// An answer that begins at `offset`, or at 0 when the registry does not do ranges.
    async fn open_blob(&self, repository: &Repository, digest: &Digest, size: u64, offset: u64) -> Result<Response> {
        let url = self.url(&endpoint::Request::BlobGet(repository.clone(), digest.clone()))?;
        let range = HeaderValue::from_str(&format!("bytes={offset}-")).map_err(|_| Error::failed("no such offset"))?;
        let build = || match Request::new(Method::GET, url.clone()) {
            request if offset > 0 => request.header(RANGE, range.clone()),
            request => request,
        };
        let response = self.send(&Scopes::repository(repository, Access::Pull), build).await?;
        let expected = match response.status() {
            StatusCode::OK => size,
            StatusCode::PARTIAL_CONTENT if offset > 0 => {
                check_range(&response, offset, size)?;
                size - offset
            }
            StatusCode::RANGE_NOT_SATISFIABLE if offset > 0 => {
                return Err(Error::integrity(format!("it ends before byte {offset}, it should have {size} bytes")));
            }
            status if status.is_success() => {
                return Err(Error::failed(format!("the registry answered {} to a plain request", status.as_u16())));
            }
            _ => return Err(Refusal::read(self, response).await.into_error()),
        };
        match response.content_length() {
            Some(length) if length > expected || length < expected && response.status() == StatusCode::OK => {
                let has = size - expected + length;
                Err(Error::integrity(format!("the registry's blob has {has} bytes, it should have {size}")))
            }
            _ => Ok(response),
        }
    }
}

impl Blob {
    /// The size of the whole blob, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The next piece; `None` when all has been given out and is the blob that was asked for.
    ///
    /// # Errors
    /// [`Exit::Integrity`] when size or digest are others; [`Exit::Unreachable`] when the connection breaks again and again without
    /// getting further.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        let piece = self.next_piece().await;
        piece.map_err(|error| error.context(self.client.blob_context(&self.repository, &self.digest)))
    }

    /// The pieces as a stream.
    #[must_use]
    pub fn into_stream(self) -> ByteStream {
        stream::try_unfold(self, |mut blob| async { Ok(blob.chunk().await?.map(|piece| (piece, blob))) }).boxed()
    }

    async fn next_piece(&mut self) -> Result<Option<Bytes>> {
        while !self.done {
            if self.given == self.size && self.repeating.is_none() {
                self.finish().await?;
                break;
            }
            match self.response.chunk().await {
                Ok(Some(piece)) => {
                    if let Some(piece) = self.take(piece)? {
                        return Ok(Some(piece));
                    }
                }
                // The body ended as its sender meant it to, and yet it is not all: a proxy gave up.
                Ok(None) => self.resume(Error::unreachable("the answer ended too early")).await?,
                Err(fault) if fault.kind() == Exit::Unreachable => self.resume(fault).await?,
                Err(fault) => return Err(fault),
            }
        }
        Ok(None)
    }

    /// Counts and hashes a piece; gives back what is new of it.
    fn take(&mut self, mut piece: Bytes) -> Result<Option<Bytes>> {
        if let Some((left, mut again)) = self.repeating.take() {
            let old = piece.split_to(piece.len().min(usize::try_from(left).unwrap_or(usize::MAX)));
            again.update(&old);
            let left = left - old.len() as u64;
            if left > 0 {
                self.repeating = Some((left, again));
            } else if again.finish() != self.hasher.clone().finish() {
                return Err(Error::integrity(format!("its first {} bytes changed between two requests", self.given)));
            }
        }
        if !piece.has_remaining() {
            return Ok(None);
        }
        self.given += piece.len() as u64;
        if self.given > self.size {
            return Err(self.too_long());
        }
        self.hasher.update(&piece);
        Ok(Some(piece))
    }

    /// After the last byte: nothing may follow, and the digest must be right.
    async fn finish(&mut self) -> Result<()> {
        // With a Content-Length the answer cannot be longer than what was checked when it was opened.
        if self.response.content_length().is_none() && matches!(self.response.chunk().await, Ok(Some(_))) {
            return Err(self.too_long());
        }
        let digest = self.hasher.clone().finish();
        if digest != self.digest {
            return Err(Error::integrity(format!("the {} bytes that came have the digest {digest}", self.size)));
        }
        self.done = true;
        Ok(())
    }

    fn too_long(&self) -> Error {
        Error::integrity(format!("the registry's blob goes on behind the {} bytes it should have", self.size))
    }

    async fn resume(&mut self, fault: Error) -> Result<()> {
        let further = self.given - self.broke_at;
        self.broke_at = self.given;
        self.fruitless = if further < PROGRESS { self.fruitless + 1 } else { 1 };
        if self.fruitless > FRUITLESS_MAX {
            return Err(
                fault.context(format!("it broke off again and again, the last time at byte {} of {}", self.given, self.size))
            );
        }
        self.client.http().back_off(&Origin::of(self.response.url()), self.fruitless).await;
        self.response = self.client.open_blob(&self.repository, &self.digest, self.size, self.given).await?;
        let restarted = self.response.status() == StatusCode::OK && self.given > 0;
        self.repeating = restarted.then(|| (self.given, Hasher::new(self.digest.algorithm())));
        Ok(())
    }
}

/// A 206 must begin where we asked and belong to a blob of our size; it may end early.
fn check_range(response: &Response, offset: u64, size: u64) -> Result<()> {
    let text = response.header(&CONTENT_RANGE).unwrap_or_default();
    match parse_range(text) {
        Some((first, last, total))
            if first == offset && last < size && last >= first && total.is_none_or(|total| total == size) =>
        {
            Ok(())
        }
        _ => Err(Error::integrity(format!(
            "asked for what follows byte {offset} of {size}, the registry sent the range {}",
            crate::name::quoted(text)
        ))),
    }
}

/// `bytes 5-9/10` or `bytes 5-9/*` (RFC 9110 §14.4).
fn parse_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let total = if total == "*" { None } else { Some(number(total)?) };
    Some((number(first)?, number(last)?, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read_strictly() {
        assert_eq!(parse_range("bytes 5-9/10"), Some((5, 9, Some(10))));
        assert_eq!(parse_range("bytes 5-9/*"), Some((5, 9, None)));
        for text in ["", "5-9/10", "bytes 5-9", "bytes */10", "bytes -9/10", "bytes 5-+9/10", "bytes 5-9/", "bytes=5-9/10"] {
            assert_eq!(parse_range(text), None, "{text}");
        }
    }
}
