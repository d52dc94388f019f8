//! Whether a registry takes requests, judged from outside and without logging in.

use std::net::SocketAddr;
use std::time::Duration;

use ::http::header::{CONTENT_TYPE, HeaderName, LOCATION, WWW_AUTHENTICATE};
use ::http::{Method, StatusCode};

use super::plan::reached;
use crate::document;
use crate::error::{Error, Result};
use crate::http::{Client, Observer, Options, Request, Retry, Timeouts, Url, redacted};
use crate::tls::handshake::handshake;
use crate::tls::trust::Trust;

/// How long one look may take.
const LOOK: Duration = Duration::from_secs(5);
/// What every implementation of the Docker registry API answers with.
const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// Looks once whether a registry answers `/v2/` like one. A login that is wanted counts as an answer; its certificate is not
/// checked, for which there is [`trusted`].
///
/// # Errors
/// [`crate::exit::Exit::Unreachable`]: nothing answers, or something else does.
pub async fn ready(registry: &document::Registry, observer: &Observer) -> Result<()> {
    let url = base(registry)?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let client = looking(Trust { ca_file: None, insecure: vec![host] }, observer);
    let ping = url.join("/v2/").map_err(|fault| Error::input(format!("{} is not a URL", registry.url)).caused_by(fault))?;
    let response = client
        .send(Request::new(Method::GET, ping).without_redirects())
        .await
        .map_err(|fault| fault.with_kind(crate::exit::Exit::Unreachable))?;
    let says_so = response.header(&API_VERSION).is_some_and(|version| version.starts_with("registry/2"));
    // zot leaves the header out of a refusal; an OCI error is JSON and says how to log in.
    let refuses = response.header(&WWW_AUTHENTICATE).is_some()
        && response.header(&CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
    match response.status() {
        StatusCode::OK if says_so => Ok(()),
        StatusCode::UNAUTHORIZED if says_so || refuses => Ok(()),
        StatusCode::OK | StatusCode::UNAUTHORIZED => {
            Err(Error::unreachable(format!("what answers at {} is not a registry", registry.url))
                .hint("another program has the port; `reg-up start … --port 0` takes a free one"))
        }
        status if status.is_redirection() => {
            let target = response.header(&LOCATION).and_then(|location| url.join(location).ok());
            let target = target.map_or_else(|| "nowhere".to_owned(), |target| redacted(&target));
            Err(Error::unreachable(format!("{} redirects to {target}, so it is no registry itself", registry.url)))
        }
        status => Err(Error::unreachable(format!("{} answers {status}", registry.url))),
    }
}

/// The same at the address itself, whatever name its URL has: that name may mean something on other machines only.
///
/// # Errors
/// Those of [`ready`].
pub async fn ready_at(registry: &document::Registry, address: SocketAddr, observer: &Observer) -> Result<()> {
    let scheme = base(registry)?.scheme().to_owned();
    let url = format!("{scheme}://{}", reached(address));
    ready(&document::Registry { url, ..registry.clone() }, observer).await
}

/// Looks once whether a page for people is there.
///
/// # Errors
/// [`crate::exit::Exit::Unreachable`]: nothing answers, or that it is not.
pub async fn page_answers(address: &str, observer: &Observer) -> Result<()> {
    let url = Url::parse(address).map_err(|fault| Error::input(format!("{address} is not a URL")).caused_by(fault))?;
    let response = looking(Trust::default(), observer).send(Request::new(Method::GET, url)).await;
    let response = response.map_err(|fault| fault.with_kind(crate::exit::Exit::Unreachable))?;
    let status = response.status();
    if status.is_success() { Ok(()) } else { Err(Error::unreachable(format!("{address} answers {status}"))) }
}

/// A client that takes one look.
fn looking(trust: Trust, observer: &Observer) -> Client {
    let timeouts = Timeouts { connect: LOOK, idle: LOOK, answer: LOOK, commit: LOOK, document: LOOK };
    Client::new(Options { trust, timeouts, retry: Retry { tries: 1, ..Retry::default() }, observer: Some(observer.clone()) })
}

/// Whether clients on this machine that keep to the registry's document will reach it and believe its certificate; true for plain http.
///
/// # Errors
/// [`crate::exit::Exit::Unreachable`], with the reason.
pub async fn trusted(registry: &document::Registry) -> Result<()> {
    let url = base(registry)?;
    if url.scheme() != "https" || registry.tls.as_ref().is_some_and(|tls| !tls.verify) {
        return Ok(());
    }
    let trust = Trust { ca_file: registry.tls.as_ref().and_then(|tls| tls.ca_file.clone()), insecure: Vec::new() };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let shown = handshake(host, url.port_or_known_default().unwrap_or(443), &trust, LOOK).await;
    let shown = shown.map_err(|fault| fault.context(format!("clients on this machine do not reach it as {}", registry.url)))?;
    shown.verified.map_err(|fault| fault.context("clients will not believe its certificate"))
}

fn base(registry: &document::Registry) -> Result<Url> {
    Url::parse(&registry.url).map_err(|fault| Error::input(format!("{} is not a URL", registry.url)).caused_by(fault))
}
