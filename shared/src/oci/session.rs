//! An upload session at a registry: where to send to, how far it is, and that it is not left behind.

use std::time::Duration;

use ::http::Method;
use ::http::header::{HeaderName, RANGE};
use reqwest::Url;

use super::client::Client;
use crate::auth::{Access, Scopes};
use crate::error::{Error, Result};
use crate::http::{Origin, Request, Response, target};
use crate::name::{Digest, Repository};

/// How long cancelling may take.
const CANCEL_LIMIT: Duration = Duration::from_secs(5);

/// An open upload. Dropped before it is finished, it is cancelled.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    scopes: Scopes,
    /// `None` when finished or cancelled.
    open: bool,
    url: Url,
    /// `OCI-Chunk-Min-Length`, in bytes.
    chunk_min: u64,
}

impl Session {
    /// The session that an answer with 202 opened.
    pub(super) fn open(client: &Client, repository: &Repository, response: &Response) -> Result<Self> {
        let chunk_min = response.header(&HeaderName::from_static("oci-chunk-min-length")).and_then(|text| text.parse().ok());
        Ok(Self {
            client: client.clone(),
            scopes: Scopes::repository(repository, Access::Push),
            open: true,
            url: location(client, response)?,
            chunk_min: chunk_min.unwrap_or_default(),
        })
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) fn chunk_min(&self) -> u64 {
        self.chunk_min
    }

    /// The URL that ends the upload: what is in the query stays as the registry wrote it.
    pub(super) fn finish_url(&self, digest: &Digest) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("digest", &digest.to_string());
        url
    }

    /// The registry has what it needs; nothing is left to cancel.
    pub(super) fn finished(&mut self) {
        self.open = false;
    }

    /// Takes the `Location` of an answer, where there is one.
    pub(super) fn moved(&mut self, response: &Response) -> Result<()> {
        if response.headers().contains_key(::http::header::LOCATION) {
            self.url = location(&self.client, response)?;
        }
        Ok(())
    }

    /// Sends to the session's host: with the credential when that is the registry itself.
    pub(super) async fn send(&self, build: impl Fn() -> Request) -> Result<Response> {
        if self.client.is_home(&self.url) {
            self.client.send(&self.scopes, build).await
        } else {
            self.client.http().send(build()).await
        }
    }

    /// How many bytes the registry has (end-13); `None` when it cannot tell, or tells in a way that leaves doubts.
    pub(super) async fn status(&mut self) -> Option<u64> {
        let url = self.url.clone();
        let response = self.send(|| Request::new(Method::GET, url.clone()).without_redirects()).await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        self.moved(&response).ok()?;
        // Distribution says `0-0` for nothing and for one byte.
        response.header(&RANGE).and_then(range_end).filter(|end| *end > 1)
    }

    /// Cancels (end-14). A registry that cannot cancel will throw the upload away some day; that is its answer.
    pub(super) async fn cancel(&mut self) {
        if std::mem::take(&mut self.open) {
            let request = self.send(|| Request::new(Method::DELETE, self.url.clone()).repeatable(false));
            let _ = tokio::time::timeout(CANCEL_LIMIT, request).await;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !std::mem::take(&mut self.open) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (client, scopes, url) = (self.client.clone(), self.scopes.clone(), self.url.clone());
        let mut session = Self { client, scopes, url, open: true, chunk_min: 0 };
        session.client.cleaning().send_modify(|count| *count += 1);
        runtime.spawn(async move {
            session.cancel().await;
            session.client.cleaning().send_modify(|count| *count -= 1);
        });
    }
}

/// Where an upload goes on: the registry itself, or a host that the caller allowed.
fn location(client: &Client, response: &Response) -> Result<Url> {
    let url = target(response.url(), response.headers())?;
    if client.is_home(&url) {
        return Ok(url);
    }
    let (host, there) = (url.host_str().unwrap_or_default(), Origin::of(&url));
    let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
    let allowed = &client.options().upload_hosts;
    if allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(host) || allowed.eq_ignore_ascii_case(&with_port)) {
        return Ok(url);
    }
    Err(Error::denied(format!("the registry wants the content sent to {there}, another host, which is not done"))
        .hint("a proxy in front of the registry mostly fails to pass the Host header or X-Forwarded-Proto to it"))
}

/// The number of bytes behind `0-N` or `bytes=0-N`.
pub(super) fn range_end(text: &str) -> Option<u64> {
    let (first, last) = text.trim().trim_start_matches("bytes=").split_once('-')?;
    let last: u64 = last.parse().ok()?;
    (first == "0").then(|| last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_uploads_range_is_read() {
        for (text, end) in
            [("0-9", Some(10)), ("bytes=0-9", Some(10)), ("0-0", Some(1)), ("5-9", None), ("0", None), ("0--1", None), ("", None)]
        {
            assert_eq!(range_end(text), end, "{text}");
        }
    }
}
