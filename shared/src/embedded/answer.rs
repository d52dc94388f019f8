//! What the server answers: bodies that are bytes or files, and refusals in the protocol's error format.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use http_body::{Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

use super::files::Content;
use crate::name::Digest;
use crate::oci::code::{self, Code};
use crate::oci::endpoint::Invalid;

/// An answer on its way out.
pub(super) type Answer = Response<Body>;

/// How much of a file is read at once: large enough that the hop to a thread does not count.
const STRETCH: usize = 256 << 10;

/// The body of an answer.
#[derive(Debug)]
pub(super) enum Body {
    /// Bytes in memory.
    Whole(Bytes),
    /// A stretch of a file.
    File(Reading),
}

/// A file being sent: while one stretch is on the wire the next is read.
#[derive(Debug)]
pub(super) struct Reading {
    content: Arc<Content>,
    at: u64,
    end: u64,
    ahead: Option<JoinHandle<io::Result<Bytes>>>,
}

impl Body {
    /// Nothing.
    pub(super) fn empty() -> Self {
        Self::Whole(Bytes::new())
    }

    /// The bytes from `start` to before `end` of a file.
    pub(super) fn file(content: Content, start: u64, end: u64) -> Self {
        Self::File(Reading { content: Arc::new(content), at: start, end, ahead: None })
    }
}

impl Reading {
    fn poll_stretch(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.at == self.end {
            return Poll::Ready(None);
        }
        let mut read = self.ahead.take().unwrap_or_else(|| self.read(self.at));
        let Poll::Ready(done) = Pin::new(&mut read).poll(cx) else {
            self.ahead = Some(read);
            return Poll::Pending;
        };
        let bytes = done.map_err(io::Error::other)??;
        self.at += bytes.len() as u64;
        if self.at < self.end {
            self.ahead = Some(self.read(self.at));
        }
        Poll::Ready(Some(Ok(bytes)))
    }

    fn read(&self, at: u64) -> JoinHandle<io::Result<Bytes>> {
        let content = Arc::clone(&self.content);
        let length = usize::try_from(self.end - at).map_or(STRETCH, |rest| rest.min(STRETCH));
        // Made here, not there: a buffer from each of many threads would keep memory in as many places.
        let room = Vec::with_capacity(length);
        spawn_blocking(move || content.read_at(at, length, room))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::File(reading) => Poll::Ready(ready!(reading.poll_stretch(cx)).map(|bytes| bytes.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.size_hint().exact() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Whole(bytes) => bytes.len() as u64,
            Self::File(reading) => reading.end - reading.at,
        })
    }
}

/// Why a request is not done: what the client is told, and what the log is.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    body: code::Body,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The server's own trouble, in its words, for the log alone.
    pub(super) cause: Option<String>,
}

impl Refusal {
    /// A refusal with the status that belongs to the code.
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { status: code.status(), body: code::Body::new(code, message), headers: Vec::new(), cause: None }
    }

    /// One error for each digest.
    pub(super) fn of_digests(code: Code, message: &str, digests: &[Digest]) -> Self {
        let mut refusal = Self::new(code, message);
        refusal.body.errors.clear();
        for digest in digests {
            let mut body = code::Body::new(code, message);
            body.errors[0].detail = Some(serde_json::json!({ "digest": digest }));
            refusal.body.errors.append(&mut body.errors);
        }
        refusal
    }

    /// With another status than the code's own.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With a header, when its value can be one.
    pub(super) fn with_header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        self.headers.extend(value.try_into().ok().map(|value| (name, value)));
        self
    }

    /// Nobody is logged in.
    pub(super) fn unauthorized() -> Self {
        Self::new(Code::Unauthorized, "authentication required").with_header(WWW_AUTHENTICATE, r#"Basic realm="reg""#)
    }

    /// The answer on the wire.
    pub(super) fn into_answer(self) -> Answer {
        let mut answer = json(self.status, &self.body);
        answer.headers_mut().extend(self.headers);
        answer
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self::new(invalid.code, invalid.message)
    }
}

impl From<io::Error> for Refusal {
    /// Trouble with the storage. Its own words may hold paths, so they go to the log, not to the client.
    fn from(fault: io::Error) -> Self {
        let full = matches!(fault.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge);
        let (status, message) = if full {
            (StatusCode::INSUFFICIENT_STORAGE, "the registry's storage is full")
        } else {
            (StatusCode::INTERNAL_SERVER_ERROR, "the registry cannot use its storage")
        };
        let mut refusal = Self::new(Code::Unknown, message).with_status(status);
        refusal.cause = Some(fault.to_string());
        refusal
    }
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    answer
}

/// An answer that is a JSON document.
pub(super) fn json(status: StatusCode, document: &impl serde::Serialize) -> Answer {
    // Our own structs and texts: serialising them cannot fail.
    let text = serde_json::to_vec(document).unwrap_or_default();
    let mut answer = Response::new(Body::Whole(text.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// An answer that is text.
pub(super) fn text(status: StatusCode, text: String) -> Answer {
    let mut answer = Response::new(Body::Whole(text.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}

/// Sets a header whose value is made of names, numbers and digests.
pub(super) fn set(answer: &mut Answer, name: HeaderName, value: impl ToString) {
    if let Ok(value) = HeaderValue::try_from(value.to_string()) {
        answer.headers_mut().insert(name, value);
    }
}
