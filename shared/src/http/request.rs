//! A request before it is sent.

use std::fmt;

use ::http::header::{HeaderName, HeaderValue};
use ::http::{HeaderMap, Method};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use reqwest::Url;

use crate::error::Result;

/// Bytes that arrive in pieces.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// What a request carries.
#[derive(Default)]
pub enum Body {
    /// Nothing; `Content-Length: 0` where the method takes a body.
    #[default]
    Empty,
    /// Bytes at hand, sent again when the request is repeated.
    Bytes(Bytes),
    /// Exactly `length` bytes from a stream; sent once.
    Stream {
        /// The `Content-Length`. A stream that gives more or less fails the request.
        length: u64,
        /// The bytes.
        stream: ByteStream,
    },
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Stream { length, .. } => write!(f, "Stream({length})"),
        }
    }
}

/// One request. What it may do is decided by the method until told otherwise: GET, HEAD, DELETE and a PUT with bytes at hand are
/// repeated after a transient failure; GET and HEAD follow redirects.
#[derive(Debug)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) authorization: Option<HeaderValue>,
    pub(super) body: Body,
    pub(super) repeat: Option<bool>,
    pub(super) follow: bool,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        let follow = matches!(method, Method::GET | Method::HEAD);
        Self { method, url, headers: HeaderMap::new(), authorization: None, body: Body::Empty, repeat: None, follow }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The credential, for the origin of the URL alone: no redirect takes it further.
    #[must_use]
    pub fn authorization(mut self, value: Option<HeaderValue>) -> Self {
        self.authorization = value;
        self
    }

    /// What it carries.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Whether sending it twice is harmless. A stream is never sent twice.
    #[must_use]
    pub fn repeatable(mut self, repeat: bool) -> Self {
        self.repeat = Some(repeat);
        self
    }

    /// Returns a redirect to the caller instead of following it.
    #[must_use]
    pub fn without_redirects(mut self) -> Self {
        self.follow = false;
        self
    }

    pub(super) fn is_repeatable(&self) -> bool {
        if matches!(self.body, Body::Stream { .. }) {
            return false;
        }
        self.repeat.unwrap_or(matches!(self.method, Method::GET | Method::HEAD | Method::DELETE | Method::PUT))
    }
}
