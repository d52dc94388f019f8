//! The client: sends a request, follows its redirects, tries again where that may help, and tells an observer.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use ::http::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderValue, LOCATION};
use ::http::{HeaderMap, Method, StatusCode};
use reqwest::Url;
use tokio::time::Instant;

use super::fault::{Cure, Fault, explain};
use super::options::{Event, Options};
use super::origin::{Origin, is_loopback, redacted};
use super::outgoing::{Watch, watched};
use super::redirect::{HOPS_MAX, target};
use super::request::{Body, Request};
use super::response::Response;
use super::retry::is_transient;
use crate::error::{Error, Result};
use crate::tls::trust::Trust;

/// An HTTP client by the rules of this module. Clones share connections and what is known of hosts.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    /// Made when first needed: `https` needs the roots read, this machine is never asked through a proxy.
    transports: Mutex<HashMap<Kind, reqwest::Client>>,
    hosts: Mutex<HashMap<Origin, Host>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Kind {
    secure: bool,
    local: bool,
}

/// What is known of an origin.
#[derive(Debug, Default, Clone, Copy)]
struct Host {
    answered: bool,
    /// After a 429 nobody asks it anything before this.
    paused: Option<Instant>,
}

impl Client {
    /// A client that has connected to nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self(Arc::new(Inner { options, transports: Mutex::default(), hosts: Mutex::default() }))
    }

    /// Which certificates this client believes.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.0.options.trust
    }

    /// Sends a request. Any status is an answer, also a transient one that outlasted all tries.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unreachable`] when there is no answer; [`crate::exit::Exit::Failed`] for a redirect that is not
    /// followed; whatever the source of a streamed body failed with.
    pub async fn send(&self, mut request: Request) -> Result<Response> {
        let origin = Origin::of(&request.url);
        let tries = if request.is_repeatable() { self.0.options.retry.tries } else { 1 };
        let mut attempt = 1;
        loop {
            self.wait_for(&origin).await;
            match self.follow(&mut request, attempt).await {
                Ok(response) if attempt < tries && is_transient(response.status()) => {
                    let paused = self.note_pause(&response, attempt);
                    response.discard().await;
                    if !paused {
                        self.back_off(&origin, attempt).await;
                    }
                }
                Ok(response) => {
                    self.note_pause(&response, attempt);
                    return Ok(response);
                }
                Err(fault) if attempt < tries && self.may_cure(&origin, fault.cure) => self.back_off(&origin, attempt).await,
                Err(fault) => return Err(fault.error),
            }
            attempt += 1;
        }
    }

    /// Waits before a further try of something that [`Self::send`] cannot repeat, like a streamed body.
    pub async fn back_off(&self, origin: &Origin, attempt: u32) {
        let wait = self.0.options.retry.backoff(attempt);
        self.tell(&Event::Waiting { origin: origin.to_string(), wait });
        tokio::time::sleep(wait).await;
    }

    async fn follow(&self, request: &mut Request, attempt: u32) -> Result<Response, Fault> {
        let origin = Origin::of(&request.url);
        let mut authorization = request.authorization.as_ref();
        let mut url = request.url.clone();
        let mut seen = HashSet::from([url.clone()]);
        loop {
            let body = match &mut request.body {
                Body::Stream { .. } => std::mem::take(&mut request.body),
                Body::Bytes(bytes) => Body::Bytes(bytes.clone()),
                Body::Empty => Body::Empty,
            };
            let answer = self.exchange(&request.method, &url, &request.headers, authorization, body).await?;
            let response = Response::new(answer, url.clone(), attempt, &self.0.options.timeouts);
            if !(request.follow && response.status().is_redirection() && response.headers().contains_key(LOCATION)) {
                return Ok(response);
            }
            url = target(&url, response.headers())?;
            response.discard().await;
            if Origin::of(&url) != origin {
                authorization = None;
            }
            if !seen.insert(url.clone()) {
                return Err(Error::failed(format!("{origin} redirects in a circle")).into());
            }
            if seen.len() > HOPS_MAX + 1 {
                return Err(Error::failed(format!("{origin} redirects more than {HOPS_MAX} times")).into());
            }
        }
    }

    /// One request, one answer.
    async fn exchange(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        authorization: Option<&HeaderValue>,
        body: Body,
    ) -> Result<reqwest::Response, Fault> {
        let mut request = reqwest::Request::new(method.clone(), url.clone());
        *request.headers_mut() = headers.clone();
        if let Some(authorization) = authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization.clone());
        }
        let changes = !matches!(*method, Method::GET | Method::HEAD);
        let watch = Watch::new(matches!(body, Body::Stream { .. }));
        match body {
            // Some proxies answer 411 to a request that could carry a body and does not say how long it is.
            Body::Empty if matches!(*method, Method::POST | Method::PUT | Method::PATCH) => {
                request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            Body::Empty => {}
            Body::Bytes(bytes) => *request.body_mut() = Some(bytes.into()),
            Body::Stream { length, stream } => {
                request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
                *request.body_mut() = Some(reqwest::Body::wrap_stream(watched(stream, length, watch.clone())));
            }
        }
        let timeouts = &self.0.options.timeouts;
        let answer_limit = if changes { timeouts.commit } else { timeouts.answer };
        let transport = self.transport(url)?;
        let started = Instant::now();
        let outcome = tokio::select! {
            answer = transport.execute(request) => answer.map_err(|error| explain(&error, url)),
            what = watch.standstill(timeouts.idle, answer_limit) => {
                let limit = started.elapsed().as_secs();
                Err(Error::unreachable(format!("{} {what}, given up after {limit} s", Origin::of(url))).into())
            }
        };
        // When the source of the body failed, the broken connection is only the consequence.
        let outcome = outcome.map_err(|fault| watch.fault().map_or(fault, Fault::from));
        self.note(method, url, started.elapsed(), &outcome);
        outcome
    }

    fn note(&self, method: &Method, url: &Url, elapsed: Duration, outcome: &Result<reqwest::Response, Fault>) {
        let (method, shown) = (method.clone(), redacted(url));
        match outcome {
            Ok(answer) => {
                self.host(&Origin::of(url), |host| host.answered = true);
                self.tell(&Event::Answered { method, url: shown, status: answer.status(), elapsed });
            }
            Err(fault) => self.tell(&Event::Failed { method, url: shown, reason: fault.error.to_string(), elapsed }),
        }
    }

    fn tell(&self, event: &Event) {
        if let Some(observer) = &self.0.options.observer {
            observer(event);
        }
    }

    /// Leaves the whole host alone when it asked for that; says whether it did.
    fn note_pause(&self, response: &Response, attempt: u32) -> bool {
        let limited = response.status() == StatusCode::TOO_MANY_REQUESTS;
        if !is_transient(response.status()) {
            return false;
        }
        let retry = &self.0.options.retry;
        let asked = retry.asked(response.headers(), SystemTime::now());
        let Some(wait) = asked.or_else(|| limited.then(|| retry.backoff(attempt))) else {
            return false;
        };
        let until = Instant::now() + wait;
        self.host(&Origin::of(response.url()), |host| host.paused = host.paused.max(Some(until)));
        true
    }

    async fn wait_for(&self, origin: &Origin) {
        // Meanwhile another request may have been told to wait longer.
        while let Some(until) = self.host(origin, |host| host.paused).filter(|until| *until > Instant::now()) {
            self.tell(&Event::Waiting { origin: origin.to_string(), wait: until - Instant::now() });
            tokio::time::sleep_until(until).await;
        }
    }

    fn may_cure(&self, origin: &Origin, cure: Cure) -> bool {
        match cure {
            Cure::Again => true,
            Cure::IfItEverAnswered => self.host(origin, |host| host.answered),
            Cure::None => false,
        }
    }

    fn host<T>(&self, origin: &Origin, change: impl FnOnce(&mut Host) -> T) -> T {
        let mut hosts = self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        change(hosts.entry(origin.clone()).or_default())
    }

    fn transport(&self, url: &Url) -> Result<reqwest::Client> {
        let kind = Kind { secure: url.scheme() == "https", local: is_loopback(url) };
        let mut transports = self.0.transports.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(transport) = transports.get(&kind) {
            return Ok(transport.clone());
        }
        let transport = self.build(kind)?;
        transports.insert(kind, transport.clone());
        Ok(transport)
    }

    fn build(&self, kind: Kind) -> Result<reqwest::Client> {
        // A plain connection to this machine meets neither a certificate nor a proxy that has one.
        let tls = if kind.secure || !kind.local { self.0.options.trust.config()? } else { Trust::nobody()? };
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.0.options.timeouts.connect)
            .user_agent(concat!("reg/", env!("CARGO_PKG_VERSION")));
        let builder = if kind.local { builder.no_proxy() } else { builder };
        builder.build().map_err(|fault| Error::failed("cannot set up the HTTP client").caused_by(fault))
    }
}
