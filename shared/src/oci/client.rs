//! A registry's client: one registry, one credential.
//!
//! - A name that came from the registry is checked before it is used, content before it is given out as complete.
//! - Every error says what was asked for, where, and why not; the registry's own words are marked as such.
//! - A credential goes to the registry's origin alone.
//!
//! The operations stand in the other files of this module, one kind of object a file.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use ::http::header::{HeaderName, HeaderValue};
use ::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use reqwest::Url;
use tokio::sync::{Mutex, watch};

use super::answer::Refusal;
use super::endpoint;
use crate::auth::{Authenticator, Credential, Scopes};
use crate::error::{Error, Result};
use crate::http::{Client as Http, Origin, Request, Response};
use crate::name::{Repository, Selector, quoted};
use crate::secret::Secret;

/// How large a document of [`Client::fetch`] may be, in bytes.
const DOCUMENT_MAX: usize = 4 << 20;
/// How long [`Client::settle`] waits.
const SETTLE: Duration = Duration::from_secs(10);

/// The choices a caller has.
#[derive(Debug, Clone)]
pub struct Options {
    /// Hosts (`host` or `host:port`) other than the registry's own whose token server may have the credential.
    pub token_hosts: Vec<String>,
    /// Hosts (`host` or `host:port`) other than the registry's own that content may be uploaded to when the registry's `Location`
    /// says so. They never get the credential.
    pub upload_hosts: Vec<String>,
    /// Upload a blob in pieces of so many bytes, for registries behind a proxy that limits a request. Without it a blob goes in one
    /// request.
    pub chunk: Option<u64>,
    /// How many names to ask for at once in a list.
    pub page: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { token_hosts: Vec::new(), upload_hosts: Vec::new(), chunk: None, page: 1000 }
    }
}

/// A client of one registry. Clones share connections, tokens and what was learnt.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    http: Http,
    base: Url,
    auth: Authenticator,
    options: Options,
    /// Abandoned uploads that are still being cancelled.
    cleaning: watch::Sender<usize>,
    /// The repositories that were seen to delete by digest; held by whoever takes a tag away so.
    deleting: Mutex<HashSet<Repository>>,
}

/// What [`Client::ping`] learnt.
#[derive(Debug, Clone)]
pub struct Ping {
    /// `Docker-Distribution-Api-Version`, mostly `registry/2.0`; the OCI spec does not ask for it.
    pub api_version: Option<String>,
    /// The `Server` header.
    pub server: Option<String>,
    /// From the request to the answer, authentication included.
    pub elapsed: Duration,
}

/// A document outside the protocol, from the same origin.
#[derive(Debug, Clone)]
pub struct Document {
    /// The status, whatever it is.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Bytes,
}

impl Client {
    /// A client of the registry at `base`: scheme, host, port, and a path in front of `/v2/` where there is one. The scheme is taken
    /// as meant: a written `http` is consent to send the credential in the clear. Asks nothing yet.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Usage`] when `base` is not an http URL, or carries user info or a query.
    pub fn new(http: Http, base: Url, credential: Credential, options: Options) -> Result<Self> {
        let invalid = |why: &str| Error::usage(format!("{} is not the URL of a registry: {why}", Origin::of(&base)));
        if !matches!(base.scheme(), "http" | "https") {
            return Err(Error::usage(format!("{} is not the URL of a registry: it is not http", quoted(base.scheme()))));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(invalid("it carries user info").hint("give the user with -u and the password with --password-stdin"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(invalid("it carries a query"));
        }
        let auth = Authenticator::new(http.clone(), base.clone(), credential, options.token_hosts.clone());
        Ok(Self(Arc::new(Inner { http, base, auth, options, cleaning: watch::Sender::new(0), deleting: Mutex::default() })))
    }

    /// The registry's URL.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.0.base
    }

    /// Asks whether there is a registry, and whether we are let in (end-1).
    ///
    /// # Errors
    /// [`crate::exit::Exit::Denied`] when it wants (another) credential: there is a registry then;
    /// [`crate::exit::Exit::Unreachable`]; [`crate::exit::Exit::Failed`] when what answers is no registry.
    pub async fn ping(&self) -> Result<Ping> {
        let context = |error: Error| error.context(format!("cannot use the registry at {}", self.place()));
        let started = std::time::Instant::now();
        let url = self.url(&endpoint::Request::Ping).map_err(context)?;
        let request = || Request::new(::http::Method::GET, url.clone()).without_redirects();
        let response = self.send(&Scopes::none(), request).await.map_err(context)?;
        let text = |name: &'static str| response.header(&HeaderName::from_static(name)).map(str::to_owned);
        let ping =
            Ping { api_version: text("docker-distribution-api-version"), server: text("server"), elapsed: started.elapsed() };
        let refused = matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        let page = text("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        if ping.api_version.is_none() && page && !refused {
            let status = response.status().as_u16();
            return Err(context(Error::failed(format!("what answers there is no registry but a web page ({status})"))));
        }
        if response.status() != StatusCode::OK {
            return Err(context(Refusal::read(self, response).await.into_error()));
        }
        Ok(ping)
    }

    /// Gets another document of the registry's server, with the credential: a health or version page of its own API. `path` begins
    /// with a slash and stands behind the base path. Redirects are not followed, and any status is an answer.
    ///
    /// # Errors
    /// Those of [`Http::send`]; [`crate::exit::Exit::Failed`] when the document is larger than 4 MiB.
    pub async fn fetch(&self, path: &str) -> Result<Document> {
        self.fetch_within(path, DOCUMENT_MAX).await
    }

    /// The same for a document of at most `max` bytes.
    ///
    /// # Errors
    /// Those of [`Http::send`]; [`crate::exit::Exit::Failed`] when the document is larger.
    pub async fn fetch_within(&self, path: &str, max: usize) -> Result<Document> {
        let url = self.join(path)?;
        let response = self.send(&Scopes::none(), || Request::new(::http::Method::GET, url.clone()).without_redirects()).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Document { status, headers, bytes: response.bytes(max).await? })
    }

    /// Waits until uploads that were abandoned (their future was dropped, say by a signal) have been cancelled at the registry, for
    /// ten seconds at most.
    pub async fn settle(&self) {
        let mut cleaning = self.0.cleaning.subscribe();
        let _ = tokio::time::timeout(SETTLE, cleaning.wait_for(|count| *count == 0)).await;
    }

    pub(super) fn cleaning(&self) -> &watch::Sender<usize> {
        &self.0.cleaning
    }

    pub(super) fn deleting(&self) -> &Mutex<HashSet<Repository>> {
        &self.0.deleting
    }

    pub(super) fn options(&self) -> &Options {
        &self.0.options
    }

    pub(super) fn http(&self) -> &Http {
        &self.0.http
    }

    pub(super) fn is_anonymous(&self) -> bool {
        self.0.auth.is_anonymous()
    }

    pub(super) fn secrets(&self) -> Vec<Secret> {
        self.0.auth.secrets()
    }

    /// The registry as errors name it.
    pub(super) fn place(&self) -> String {
        format!("{}{}", Origin::of(self.base()), self.base().path().trim_end_matches('/'))
    }

    /// The URL of a request.
    pub(super) fn url(&self, request: &endpoint::Request) -> Result<Url> {
        self.join(&request.path())
    }

    fn join(&self, path: &str) -> Result<Url> {
        format!("{}{path}", self.place()).parse().map_err(|_| Error::failed(format!("{} is not a path of a URL", quoted(path))))
    }

    /// Sends what `build` makes, with what lets us in; after a 401 that says what would have been right, once more. `build` is
    /// called for every try, so a streamed body is opened again.
    pub(super) async fn send(&self, scopes: &Scopes, build: impl Fn() -> Request) -> Result<Response> {
        // A token from before, a fresh one, and another scheme: there is no fourth try.
        let mut tries = 3;
        loop {
            tries -= 1;
            let pass = self.0.auth.authorize(scopes).await?;
            let response = self.0.http.send(build().authorization(pass.header())).await?;
            let asked_here = response.status() == StatusCode::UNAUTHORIZED && self.is_home(response.url());
            if tries == 0 || !asked_here || !self.0.auth.refused(&pass, response.headers(), scopes).await? {
                return Ok(response);
            }
            response.discard().await;
        }
    }

    /// Sends an endpoint's request without a body.
    pub(super) async fn ask(&self, request: &endpoint::Request, scopes: &Scopes, accept: Option<&'static str>) -> Result<Response> {
        let url = self.url(request)?;
        self.send(scopes, || {
            let request = Request::new(request.method(), url.clone());
            match accept {
                Some(accept) => request.header(::http::header::ACCEPT, HeaderValue::from_static(accept)),
                None => request,
            }
        })
        .await
    }

    /// The answer when it is a success, else what it means.
    pub(super) async fn success(&self, response: Response) -> Result<Response, Refusal> {
        if response.status().is_success() { Ok(response) } else { Err(Refusal::read(self, response).await) }
    }

    /// Whether a URL belongs to the registry itself.
    pub(super) fn is_home(&self, url: &Url) -> bool {
        Origin::of(url) == Origin::of(self.base())
    }
}

/// A manifest as people write it: `team/app:v1` or `team/app@sha256:...`.
pub(super) fn reference(repository: &Repository, selector: &Selector) -> String {
    match selector {
        Selector::Tag(tag) => format!("{repository}:{tag}"),
        Selector::Digest(digest) => format!("{repository}@{digest}"),
    }
}
