//! Requests sent exactly as they are written, and answers with all that can be looked at.
//!
//! Follows redirects, logs in where it is asked to, and does nothing else of its own accord: no retry, no cookies, no proxy.

use std::cell::Cell;
use std::io;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use futures_util::stream;
use reg_shared::name::Digest;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;

use super::blob::CHUNK;
use super::login::Login;
use super::options::Options;
use super::report::{Fault, Found, Outcome};

/// What carries the digest of the content an answer is about.
const CONTENT_DIGEST: &str = "docker-content-digest";

/// What is sent with a request.
#[derive(Debug, Clone)]
enum Body {
    None,
    /// With its length announced.
    Sized(Bytes),
    /// In the chunked transfer coding, its length untold.
    Streamed(Bytes),
}

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    headers: HeaderMap,
    body: Body,
}

impl Request {
    pub(super) fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: Body::None }
    }

    /// Adds a header beside those of the same name. A value that cannot stand in one is left out, which no check asks for.
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// Sends a body with its length; one of no bytes is streamed, as the suite's own HTTP client does.
    pub(super) fn sized(mut self, body: Bytes) -> Self {
        self.body = if body.is_empty() { Body::Streamed(body) } else { Body::Sized(body) };
        self
    }

    /// Sends a body without its length.
    pub(super) fn streamed(mut self, body: Bytes) -> Self {
        self.body = Body::Streamed(body);
        self
    }
}

/// The registry under test.
pub(super) struct Registry<'a> {
    pub(super) options: &'a Options,
    base: Url,
    http: reqwest::Client,
    login: Login,
    /// The least size of a chunk that it has asked for, in bytes.
    pub(super) chunk: Cell<usize>,
}

impl<'a> Registry<'a> {
    pub(super) fn new(base_url: &str, options: &'a Options) -> anyhow::Result<Self> {
        let base = Url::parse(base_url).with_context(|| format!("{base_url} is not a URL"))?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(options.trust.config()?)
            .no_proxy()
            .timeout(Duration::from_secs(300))
            .build()?;
        Ok(Self { options, base, http, login: Login::default(), chunk: Cell::new(CHUNK) })
    }

    /// The URL of a path below `/v2/`.
    pub(super) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("/v2/{path}"));
        url
    }

    /// Sends a request, once more with a login when the registry asks for one.
    pub(super) async fn send(&self, request: Request) -> Found<Answer> {
        let answer = self.once(&request, self.login.known(&request)).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        match self.login.obtain(&self.http, &request, &answer, self.options.credentials.as_ref()).await? {
            Some(authorization) => self.once(&request, Some(authorization)).await,
            None => Ok(answer),
        }
    }

    async fn once(&self, request: &Request, authorization: Option<HeaderValue>) -> Found<Answer> {
        let Request { method, url, headers, body } = request;
        let mut outgoing = self.http.request(method.clone(), url.clone()).headers(headers.clone());
        if let Some(value) = authorization {
            outgoing = outgoing.header(reqwest::header::AUTHORIZATION, value);
        }
        outgoing = match body.clone() {
            Body::None if [Method::POST, Method::PUT, Method::PATCH].contains(method) => outgoing.header(CONTENT_LENGTH, 0),
            Body::None => outgoing,
            Body::Sized(bytes) => outgoing.body(bytes),
            Body::Streamed(bytes) => outgoing.body(reqwest::Body::wrap_stream(stream::iter([Ok::<_, io::Error>(bytes)]))),
        };
        let fault = |fault: reqwest::Error| Fault::new(Outcome::Fail, format!("{method} {url}: {:#}", anyhow::Error::from(fault)));
        let answer = outgoing.send().await.map_err(fault)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.map_err(fault)?;
        Ok(Answer { asked: format!("{method} {}", url.path()), url: url.clone(), status, headers, body })
    }
}

/// What a request was answered.
#[derive(Debug)]
pub(super) struct Answer {
    asked: String,
    url: Url,
    pub(super) status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// A fault of this answer.
    pub(super) fn fault(&self, outcome: Outcome, text: impl std::fmt::Display) -> Fault {
        Fault::new(outcome, format!("{}: {text}", self.asked))
    }

    fn failed<T>(&self, text: impl std::fmt::Display) -> Found<T> {
        Err(self.fault(Outcome::Fail, text))
    }

    /// Every value of a header.
    pub(super) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// A header's first value; empty when it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers(name).next().unwrap_or_default()
    }

    /// The status is one of these.
    pub(super) fn status(&self, wanted: &[u16]) -> Found<&Self> {
        match wanted.contains(&self.status) {
            true => Ok(self),
            false => {
                let said: String = String::from_utf8_lossy(&self.body).chars().take(200).collect();
                self.failed(format_args!("status {} instead of {wanted:?}: {said:?}", self.status))
            }
        }
    }

    /// A header has this value.
    pub(super) fn says(&self, name: &str, value: &str) -> Found<&Self> {
        match self.headers(name).any(|said| said == value) {
            true => Ok(self),
            false => self.failed(format_args!("{name} is {:?} instead of {value:?}", self.header(name))),
        }
    }

    /// The `Content-Length` is this.
    pub(super) fn length(&self, length: usize) -> Found<&Self> {
        self.says("content-length", &length.to_string())
    }

    /// The body is these bytes.
    pub(super) fn holds(&self, bytes: &[u8]) -> Found<&Self> {
        match self.body == bytes {
            true => Ok(self),
            false => self.failed(format_args!("a body of {} bytes differs from the {} expected", self.body.len(), bytes.len())),
        }
    }

    /// `Docker-Content-Digest` is this digest, or is not there where it need not be.
    pub(super) fn digest(&self, digest: &Digest, required: bool) -> Found<&Self> {
        match self.headers.contains_key(CONTENT_DIGEST) || required {
            true => self.says(CONTENT_DIGEST, &digest.to_string()),
            false => Ok(self),
        }
    }

    /// Where `Location` points to.
    pub(super) fn location(&self) -> Found<Url> {
        match self.header(LOCATION.as_str()) {
            "" => self.failed("no Location"),
            location => self.url.join(location).or_else(|_| self.failed(format_args!("Location {location:?} is not a URL"))),
        }
    }

    /// Where `Location` points to, or `here` when there is none.
    pub(super) fn location_or(&self, here: Url) -> Found<Url> {
        if self.header(LOCATION.as_str()).is_empty() { Ok(here) } else { self.location() }
    }

    /// The body as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Found<T> {
        serde_json::from_slice(&self.body).or_else(|fault| self.failed(format_args!("not the JSON expected: {fault}")))
    }
}
