//! An answer, read within limits.

use std::time::Duration;

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName};
use ::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use reqwest::Url;
use tokio::time::Instant;

use super::fault;
use super::options::Timeouts;
use super::origin::Origin;
use crate::error::{Error, Result};

/// So much of an error's body is read, in bytes.
const EXCERPT: usize = 64 << 10;
/// Reading a body only to throw it away takes no longer.
const DISCARD_LIMIT: Duration = Duration::from_secs(1);
/// Fewer bytes than this within the idle limit count as standstill, so that a server cannot keep a client with one byte at a time.
const TRICKLE: usize = 1 << 10;

/// An answer's head, and its body as it arrives.
#[derive(Debug)]
pub struct Response {
    inner: reqwest::Response,
    url: Url,
    attempts: u32,
    idle: Duration,
    whole: Duration,
    /// When standstill is declared, and what has arrived since that was last put off.
    deadline: Instant,
    arrived: usize,
}

impl Response {
    pub(super) fn new(inner: reqwest::Response, url: Url, attempts: u32, limits: &Timeouts) -> Self {
        let (idle, whole) = (limits.idle, limits.document);
        Self { inner, url, attempts, idle, whole, deadline: Instant::now() + idle, arrived: 0 }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.inner.status()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// A header's text, when it is there and is text.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers().get(name)?.to_str().ok()
    }

    /// Where the answer came from: the request's URL or, after redirects, another.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// How many tries it took.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The `Content-Length`.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.header(&CONTENT_LENGTH)?.parse().ok()
    }

    /// The next bytes of the body; `None` at its end.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unreachable`] when the connection broke or stands still: what is missing may be asked for again.
    /// [`crate::exit::Exit::Failed`] when the body comes in a `Content-Encoding`, which nobody asked for and which would not have
    /// the digest.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        self.refuse_encoding()?;
        if self.arrived >= TRICKLE {
            self.deadline = Instant::now() + self.idle;
            self.arrived = 0;
        }
        let piece = tokio::time::timeout_at(self.deadline, self.inner.chunk()).await.map_err(|_| self.standstill())?;
        let piece = piece.map_err(|error| fault::in_body(&error, &self.url))?;
        self.arrived += piece.as_ref().map_or(0, Bytes::len);
        Ok(piece)
    }

    /// The whole body, at most `cap` bytes, within the time limit for documents.
    ///
    /// # Errors
    /// Those of [`Self::chunk`]; [`crate::exit::Exit::Failed`] when the body is longer than `cap`.
    pub async fn bytes(mut self, cap: usize) -> Result<Bytes> {
        let place = Origin::of(&self.url);
        let too_long = || Error::failed(format!("{place} sent more than the {cap} bytes that are read of such an answer"));
        if self.content_length().is_some_and(|length| length > cap as u64) {
            return Err(too_long());
        }
        let whole = self.whole;
        let read = async {
            let mut body = BytesMut::new();
            while let Some(piece) = self.chunk().await? {
                if body.len() + piece.len() > cap {
                    return Err(too_long());
                }
                body.extend_from_slice(&piece);
            }
            Ok(body.freeze())
        };
        tokio::time::timeout(whole, read)
            .await
            .map_err(|_| Error::unreachable(format!("{place} did not finish its answer within {} s", whole.as_secs())))?
    }

    /// What can be read of an error's body: its first 64 KiB, or nothing.
    pub async fn excerpt(mut self) -> Bytes {
        let mut body = BytesMut::new();
        let deadline = Instant::now() + self.idle;
        while body.len() < EXCERPT {
            match tokio::time::timeout_at(deadline, self.chunk()).await {
                Ok(Ok(Some(piece))) => body.extend_from_slice(&piece),
                _ => break,
            }
        }
        body.truncate(EXCERPT);
        body.freeze()
    }

    /// Reads a small body to its end, for its connection's sake: one that is dropped before is closed.
    pub async fn discard(self) {
        if self.content_length().is_some_and(|length| length <= EXCERPT as u64) {
            let _ = tokio::time::timeout(DISCARD_LIMIT, self.excerpt()).await;
        }
    }

    fn refuse_encoding(&self) -> Result<()> {
        match self.headers().get(CONTENT_ENCODING) {
            Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") => Err(Error::failed(format!(
                "{} sent a body with Content-Encoding {}, which was not asked for",
                Origin::of(&self.url),
                crate::name::quoted(&String::from_utf8_lossy(encoding.as_bytes()))
            ))
            .hint("a proxy in front of the registry compresses answers; it must not")),
            _ => Ok(()),
        }
    }

    fn standstill(&self) -> Error {
        Error::unreachable(format!("{} sent too little for {} s", Origin::of(&self.url), self.idle.as_secs()))
    }
}
