//! Sending a blob: mounted, or uploaded in one request or in chunks, and taken up again where the registry stands.
//!
//! - The last bytes are sent only when all of them together have the digest, so a source that went bad completes nothing.
//! - After a broken connection the registry is asked how far it got; where it cannot tell, a new upload begins. Three tries in a row
//!   without getting further are the end.
//! - An upload that is given up is cancelled (DELETE), also when its future is dropped; [`Client::settle`] waits for that.
//! - The registry's `Location` is followed on its own origin. To another host content goes only when the caller allows that host
//!   ([`super::client::Options::upload_hosts`]), and never with the credential.

use ::http::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderValue, RANGE};
use ::http::{Method, StatusCode};
use reqwest::Url;

use super::answer::Refusal;
use super::client::Client;
use super::code::Code;
use super::content::Content;
use super::endpoint;
use super::hashed::{Marks, part};
use super::manifests::digest_header;
use super::session::Session;
use crate::auth::{Access, Scopes};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::http::{Body, Origin, Request, Response, is_transient};
use crate::name::{Digest, Repository};

/// So many tries in a row without getting [`PROGRESS`] further end an upload.
const FRUITLESS_MAX: u32 = 3;
/// What counts as getting further, in bytes.
const PROGRESS: u64 = 64 << 10;

/// How a blob came to be where it was to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The registry took it from another of its repositories.
    Mounted,
    /// It was sent.
    Uploaded,
}

/// Why one try to send did not do.
enum Fault {
    /// Go on from where the registry stands.
    Resume(Error),
    /// The upload is lost or cannot be trusted: begin another.
    Restart(Error),
    /// Nothing helps.
    Stop(Error),
}

impl Client {
    /// Sends a blob, or has it mounted from another repository of the same registry where `from` names one. Does not look whether
    /// it is there already.
    ///
    /// # Errors
    /// [`Exit::Integrity`] when the content is not what it was said to be or the registry names another digest;
    /// [`Exit::Unreachable`] when three tries in a row do not get further.
    pub async fn blob_put(&self, repository: &Repository, content: &Content, from: Option<&Repository>) -> Result<Put> {
        let put = self.put_blob(repository, content, from).await;
        put.map_err(|error| error.context(format!("cannot send the blob {} to {repository} at {}", content.digest(), self.place())))
    }

    async fn put_blob(&self, repository: &Repository, content: &Content, from: Option<&Repository>) -> Result<Put> {
        let session = match from {
            Some(from) => match self.mount(repository, content.digest(), from).await? {
                Mount::Done => return Ok(Put::Mounted),
                Mount::Upload(session) => Some(session),
                Mount::Refused => None,
            },
            None => None,
        };
        let session = match session {
            Some(session) => session,
            None => self.start_upload(repository, content.digest()).await?,
        };
        let mut upload = Upload { client: self, repository, content, marks: Marks::new(content), session, at: 0, resumed: false };
        upload.run().await?;
        Ok(Put::Uploaded)
    }

    /// Asks for a blob of another repository (end-11).
    async fn mount(&self, repository: &Repository, digest: &Digest, from: &Repository) -> Result<Mount> {
        let scopes = Scopes::repository(repository, Access::Push).and(&Scopes::repository(from, Access::Pull));
        let request = endpoint::Request::UploadMount(repository.clone(), digest.clone(), Some(from.clone()));
        let response = match self.post(&request, &scopes).await {
            Ok(response) => response,
            // Who may not read the source may still upload.
            Err(error) if error.kind() == Exit::Denied => return Ok(Mount::Refused),
            Err(error) => return Err(error),
        };
        match response.status() {
            StatusCode::CREATED => Ok(Mount::Done),
            StatusCode::ACCEPTED => Session::open(self, repository, &response).map(Mount::Upload),
            _ => Ok(Mount::Refused),
        }
    }

    /// Begins an upload (end-4a).
    async fn start_upload(&self, repository: &Repository, digest: &Digest) -> Result<Session> {
        let algorithm = digest.algorithm();
        let unusual = (algorithm != crate::name::Algorithm::Sha256).then_some(algorithm);
        let request = endpoint::Request::UploadStart(repository.clone(), unusual);
        let response = self.post(&request, &Scopes::repository(repository, Access::Push)).await?;
        let response = self.success(response).await.map_err(Refusal::into_error)?;
        Session::open(self, repository, &response)
    }

    /// A POST that begins an upload; one more of those is harmless.
    async fn post(&self, request: &endpoint::Request, scopes: &Scopes) -> Result<Response> {
        let url = self.url(request)?;
        self.send(scopes, || Request::new(Method::POST, url.clone()).repeatable(true)).await
    }
}

enum Mount {
    Done,
    /// The registry does not mount, and opened an upload instead.
    Upload(Session),
    Refused,
}

struct Upload<'a> {
    client: &'a Client,
    repository: &'a Repository,
    content: &'a Content,
    marks: Marks,
    session: Session,
    /// How far the registry is, in bytes.
    at: u64,
    /// Whether it was taken up again in the middle, where a registry may have lost or doubled bytes.
    resumed: bool,
}

impl Upload<'_> {
    async fn run(&mut self) -> Result<()> {
        let (mut fruitless, mut furthest) = (0, 0);
        loop {
            let fault = match self.send_rest().await {
                Ok(()) => {
                    self.session.finished();
                    return Ok(());
                }
                Err(Fault::Stop(error)) => return self.give_up(error).await,
                Err(fault) => fault,
            };
            let (error, resume) = match fault {
                Fault::Resume(error) => (error, true),
                Fault::Restart(error) | Fault::Stop(error) => (error, false),
            };
            fruitless += 1;
            if fruitless >= FRUITLESS_MAX {
                return self.give_up(error).await;
            }
            self.client.http().back_off(&Origin::of(self.client.base()), fruitless).await;
            self.find_place(resume).await?;
            if self.at >= furthest + PROGRESS {
                (fruitless, furthest) = (0, self.at);
            }
        }
    }

    /// Cancels before the error is told, so that nothing of it is left when the caller hears.
    async fn give_up(&mut self, error: Error) -> Result<()> {
        self.session.cancel().await;
        Err(error)
    }

    /// Asks the registry how far it got; begins another upload where it cannot tell.
    async fn find_place(&mut self, resume: bool) -> Result<()> {
        let at = if resume { self.session.status().await.filter(|at| *at <= self.content.size()) } else { None };
        match at {
            Some(at) => (self.at, self.resumed) = (at, true),
            None => {
                self.session.cancel().await;
                self.session = self.client.start_upload(self.repository, self.content.digest()).await?;
                (self.at, self.resumed) = (0, false);
            }
        }
        Ok(())
    }

    /// Sends what the registry does not have yet: chunks while there is more than one left, then the rest with the digest.
    async fn send_rest(&mut self) -> Result<(), Fault> {
        let size = self.content.size();
        if let Some(chunk) = self.client.options().chunk {
            let chunk = chunk.max(self.session.chunk_min()).max(1);
            while size - self.at > chunk {
                self.send_chunk(self.at + chunk).await?;
            }
        }
        let url = self.session.finish_url(self.content.digest());
        let response = self.transfer(Method::PUT, &url, size).await?;
        let response = self.judge(response).await?;
        match digest_header(&response).map_err(Fault::Stop)? {
            Some(named) if named.algorithm() == self.content.digest().algorithm() && named != *self.content.digest() => {
                self.session.finished();
                Err(Fault::Stop(Error::integrity(format!("the registry took it for {named}"))))
            }
            _ => Ok(()),
        }
    }

    async fn send_chunk(&mut self, end: u64) -> Result<(), Fault> {
        let url = self.session.url().clone();
        let response = self.transfer(Method::PATCH, &url, end).await?;
        let response = self.judge(response).await?;
        self.session.moved(&response).map_err(Fault::Stop)?;
        let stands = response.header(&RANGE).and_then(super::session::range_end);
        if stands.is_some_and(|stands| stands != end) {
            return Err(Fault::Resume(Error::failed("the registry did not take the whole chunk")));
        }
        self.at = end;
        Ok(())
    }

    /// One request with the bytes up to `end`.
    async fn transfer(&self, method: Method, url: &Url, end: u64) -> Result<Response, Fault> {
        let length = end - self.at;
        let partial = self.at > 0 || method == Method::PATCH;
        let range = HeaderValue::from_str(&format!("{}-{}", self.at, end.saturating_sub(1))).ok().filter(|_| partial && length > 0);
        let build = || {
            let request = Request::new(method.clone(), url.clone())
                .header(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
            let request = match &range {
                Some(range) => request.header(CONTENT_RANGE, range.clone()),
                None => request,
            };
            let stream = part(self.content, self.at, end, &self.marks);
            request.repeatable(false).body(if length == 0 { Body::Empty } else { Body::Stream { length, stream } })
        };
        if length == 0 {
            self.check_empty(end).await?;
        }
        self.session.send(build).await.map_err(|error| match error.kind() {
            Exit::Unreachable => Fault::Resume(error),
            _ => Fault::Stop(error),
        })
    }

    /// A request without a body would never ask the source whether its digest is right.
    async fn check_empty(&self, end: u64) -> Result<(), Fault> {
        use futures_util::StreamExt as _;
        let mut rest = part(self.content, end, end, &self.marks);
        match rest.next().await {
            Some(Err(error)) => Err(Fault::Stop(error)),
            _ => Ok(()),
        }
    }

    async fn judge(&self, response: Response) -> Result<Response, Fault> {
        let refusal = match self.client.success(response).await {
            Ok(response) => return Ok(response),
            Err(refusal) => refusal,
        };
        let (status, code) = (refusal.status, refusal.code);
        let error = refusal.into_error();
        Err(match (status.as_u16(), code) {
            _ if is_transient(status) => Fault::Resume(error),
            (416, _) => Fault::Resume(error),
            (404, _) | (_, Some(Code::BlobUploadUnknown)) => Fault::Restart(error),
            // Bytes of the broken connection may have arrived after the registry told where it stood.
            (400, Some(Code::DigestInvalid | Code::BlobUploadInvalid | Code::SizeInvalid)) if self.resumed => Fault::Restart(error),
            _ => Fault::Stop(error),
        })
    }
}
