//! One registry at work: what all requests share, and the way of a request through it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue, SERVER, USER_AGENT};
use http::{HeaderMap, Method, Response, StatusCode};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tokio::sync::Semaphore;

use super::admin::{self, Token};
use super::answer::{Answer, Body, Refusal};
use super::api;
use super::arrival::{Arrival, Pace};
use super::log::{Log, Served, shown_path};
use super::login::{self, Logins};
use super::metrics::Metrics;
use super::policy::{Policy, Rights};
use super::store::Store;
use super::uploads::{Uploads, on_thread};
use crate::oci::endpoint;

/// By this a client may know what it talks to.
pub const SERVER_NAME: &str = concat!("reg-embedded/", env!("CARGO_PKG_VERSION"));

/// So much of large manifests is read at once, in KiB: a hundred clients with 4 MiB each must not fill the memory.
const MANIFEST_MEMORY: usize = 16 << 10;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Registry {
    pub(super) store: Arc<Store>,
    pub(super) uploads: Uploads,
    pub(super) logins: Option<Logins>,
    pub(super) policy: Option<Policy>,
    pub(super) token: Token,
    pub(super) metrics: Metrics,
    pub(super) log: Log,
    pub(super) pace: Pace,
    pub(super) manifest_memory: Semaphore,
    /// When the storage was last found to work.
    pub(super) last_well: tokio::sync::Mutex<Option<Instant>>,
}

impl Registry {
    pub(super) fn new(store: Store, logins: Option<Logins>, policy: Option<Policy>, token: Token, log: Log, pace: Pace) -> Self {
        let store = Arc::new(store);
        let uploads = Uploads::new(Arc::clone(&store));
        let manifest_memory = Semaphore::new(MANIFEST_MEMORY);
        let last_well = tokio::sync::Mutex::default();
        Self { store, uploads, logins, policy, token, metrics: Metrics::new(), log, pace, manifest_memory, last_well }
    }

    /// Asks the store, where that may block.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Store) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let store = Arc::clone(&self.store);
        Ok(on_thread(move || question(&store)).await?)
    }

    /// Answers one request.
    pub(super) async fn serve(
        self: Arc<Self>,
        remote: SocketAddr,
        request: http::Request<Incoming>,
    ) -> Result<Response<Counted>, Infallible> {
        let began = Instant::now();
        let (head, body) = request.into_parts();
        let arrival = Arrival::new(body, &head.headers, self.pace);
        let mut record = Record {
            registry: Arc::clone(&self),
            path: shown_path(head.uri.path(), head.uri.query()),
            agent: head.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned),
            method: head.method.clone(),
            began,
            remote,
            user: None,
            status: StatusCode::OK,
            error: None,
            bytes: 0,
        };
        let is_api = is_api(head.uri.path());
        let asked = Asked { method: head.method, uri: head.uri, headers: head.headers };
        let (result, user) = if matches!(asked.method, Method::GET | Method::HEAD) {
            Arc::clone(&self).answer(asked, arrival).await
        } else {
            // A change that was begun is brought to its end even when the client goes and its connection with it.
            let answered = tokio::spawn(Arc::clone(&self).answer(asked, arrival)).await;
            answered.unwrap_or_else(|fault| (Err(io::Error::other(fault).into()), None))
        };
        let mut answer = result.unwrap_or_else(|refusal| {
            record.error = refusal.cause.clone();
            refusal.into_answer()
        });
        record.user = user;
        record.status = answer.status();
        let headers = answer.headers_mut();
        headers.insert(SERVER, HeaderValue::from_static(SERVER_NAME));
        if is_api {
            headers.insert(HeaderName::from_static("docker-distribution-api-version"), HeaderValue::from_static("registry/2.0"));
        }
        Ok(answer.map(|body| Counted { body, record }))
    }

    /// The answer, and who was logged in.
    async fn answer(self: Arc<Self>, asked: Asked, mut arrival: Arrival) -> (Result<Answer, Refusal>, Option<String>) {
        let mut user = None;
        let result = self.route(&asked, &mut arrival, &mut user).await;
        arrival.drain();
        (result, user)
    }

    async fn route(&self, asked: &Asked, arrival: &mut Arrival, user: &mut Option<String>) -> Result<Answer, Refusal> {
        let path = asked.uri.path();
        if let Some(answer) = admin::answer_open(self, asked).await? {
            return Ok(answer);
        }
        if let Some(logins) = &self.logins {
            let anonymous = self.policy.is_some() && login::is_anonymous(&asked.headers);
            *user = if anonymous { None } else { Some(logins.user(&asked.headers).await?) };
        }
        if path == admin::METRICS_PATH {
            if self.policy.is_some() && user.is_none() {
                return Err(Refusal::unauthorized());
            }
            return admin::metrics(self, asked);
        }
        let request = endpoint::Request::parse(&asked.method, path, asked.uri.query())
            .map_err(|invalid| api::refuse(&asked.method, path, asked.uri.query(), invalid))?;
        let access = match &self.policy {
            Some(policy) => Some(policy.access().await),
            None => None,
        };
        let rights = Rights::new(access, user.clone());
        rights.request(&request)?;
        api::answer(self, request, &asked.headers, arrival, rights).await
    }
}

fn is_api(path: &str) -> bool {
    path.strip_prefix("/v2").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The head of a request.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) uri: http::Uri,
    pub(super) headers: HeaderMap,
}

/// A body on its way out, which is counted, and logged when the connection is done with it.
#[derive(Debug)]
pub(super) struct Counted {
    body: Body,
    record: Record,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => self.record.bytes += frame.data_ref().map_or(0, |bytes| bytes.len() as u64),
            Poll::Ready(Some(Err(fault))) => self.record.error = Some(fault.to_string()),
            _ => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What the log and the counters will say of a request.
#[derive(Debug)]
struct Record {
    registry: Arc<Registry>,
    method: Method,
    path: String,
    agent: Option<String>,
    remote: SocketAddr,
    user: Option<String>,
    began: Instant,
    status: StatusCode,
    error: Option<String>,
    bytes: u64,
}

impl Drop for Record {
    fn drop(&mut self) {
        let time = self.began.elapsed();
        self.registry.metrics.count(&self.method, self.status, time);
        self.registry.log.served(&Served {
            method: &self.method,
            path: &self.path,
            status: self.status,
            bytes: self.bytes,
            ms: time.as_secs_f64() * 1000.0,
            remote: self.remote.to_string(),
            user: self.user.as_deref(),
            agent: self.agent.as_deref(),
            error: self.error.as_deref(),
        });
    }
}

/// Counts connections as long as it lives.
#[derive(Debug)]
pub(super) struct Connected(Arc<Registry>);

impl Connected {
    pub(super) fn new(registry: Arc<Registry>) -> Self {
        registry.metrics.connections.fetch_add(1, Relaxed);
        Self(registry)
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.metrics.connections.fetch_sub(1, Relaxed);
    }
}
