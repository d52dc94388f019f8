//! Manifests: read, looked at, put, deleted. The bytes pass through as they are.

use std::time::SystemTime;

use ::http::Method;
use ::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LAST_MODIFIED};
use serde::Deserialize;

use super::answer::Refusal;
use super::client::{Client, reference};
use super::endpoint;
use super::manifest::{Manifest, SIZE_MAX, View};
use super::media::ACCEPT_MANIFESTS;
use crate::auth::{Access, Scopes};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::http::{Body, Request, Response};
use crate::name::{Algorithm, Digest, Repository, Selector, Tag, quoted};

const DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

/// What a registry tells of a manifest without sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestHead {
    /// `Docker-Content-Digest`; a registry need not send it.
    pub digest: Option<Digest>,
    /// `Content-Type`.
    pub media_type: Option<String>,
    /// `Content-Length`, in bytes.
    pub size: Option<u64>,
    /// `Last-Modified`.
    pub modified: Option<SystemTime>,
}

/// What a tag or a digest stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The digest of the manifest.
    pub digest: Digest,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// `Last-Modified`; what it means is the registry's.
    pub modified: Option<SystemTime>,
}

impl Client {
    /// What a tag or a digest stands for; `None` when there is no such manifest. The manifest itself comes only from a registry that
    /// does not tell without.
    ///
    /// # Errors
    /// Those of [`Self::manifest_head`] and [`Self::manifest`].
    pub async fn resolve(&self, repository: &Repository, selector: &Selector) -> Result<Option<Resolved>> {
        let Some(head) = self.manifest_head(repository, selector).await? else { return Ok(None) };
        let modified = head.modified;
        if let ManifestHead { digest: Some(digest), media_type: Some(media_type), size: Some(size), .. } = head {
            return Ok(Some(Resolved { digest, media_type, size, modified }));
        }
        match self.manifest(repository, selector).await {
            Ok((manifest, _)) => {
                let size = manifest.bytes.len() as u64;
                Ok(Some(Resolved { digest: manifest.digest, media_type: manifest.media_type, size, modified }))
            }
            Err(error) if error.kind() == Exit::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gets a manifest and reads it. Its bytes have the digest it was asked for by, or the one the registry names for the tag.
    ///
    /// # Errors
    /// [`Exit::NotFound`]; [`Exit::Integrity`] when the digest is another; [`Exit::Failed`] when it is larger than 4 MiB or could be
    /// read two ways ([`View::read`]), so that nobody acts on such a document.
    pub async fn manifest(&self, repository: &Repository, selector: &Selector) -> Result<(Manifest, View)> {
        let read = self.read_manifest(repository, selector).await;
        read.map_err(|error| error.context(format!("cannot get {} at {}", reference(repository, selector), self.place())))
    }

    async fn read_manifest(&self, repository: &Repository, selector: &Selector) -> Result<(Manifest, View)> {
        let request = endpoint::Request::ManifestGet(repository.clone(), selector.clone());
        let response = self.ask(&request, &Scopes::repository(repository, Access::Pull), Some(ACCEPT_MANIFESTS)).await?;
        let response = self.success(response).await.map_err(Refusal::into_error)?;
        let named = digest_header(&response)?;
        let came_as = media_type(&response);
        let bytes = response.bytes(SIZE_MAX).await?;
        let algorithm = match (selector, &named) {
            (Selector::Digest(digest), _) => digest.algorithm(),
            (Selector::Tag(_), Some(named)) => named.algorithm(),
            (Selector::Tag(_), None) => Algorithm::Sha256,
        };
        let digest = Digest::of(algorithm, &bytes);
        if let Selector::Digest(asked) = selector
            && *asked != digest
        {
            return Err(Error::integrity(format!("the {} bytes that came have the digest {digest}", bytes.len())));
        }
        if let Some(named) = named
            && Digest::of(named.algorithm(), &bytes) != named
        {
            return Err(Error::integrity(format!("the registry names the digest {named}, the bytes have {digest}")));
        }
        let media_type = came_as.unwrap_or_else(|| own_media_type(&bytes));
        let view = View::read(&bytes, &media_type).map_err(|fault| Error::failed(format!("the manifest is refused: {fault}")))?;
        Ok((Manifest { bytes, media_type, digest }, view))
    }

    /// What the registry tells of a manifest; `None` when it has none.
    ///
    /// # Errors
    /// [`Exit::Integrity`] when it was asked for by digest and the registry names another.
    pub async fn manifest_head(&self, repository: &Repository, selector: &Selector) -> Result<Option<ManifestHead>> {
        let context =
            |error: Error| error.context(format!("cannot look at {} at {}", reference(repository, selector), self.place()));
        let request = endpoint::Request::ManifestHead(repository.clone(), selector.clone());
        let scopes = Scopes::repository(repository, Access::Pull);
        let response = self.ask(&request, &scopes, Some(ACCEPT_MANIFESTS)).await.map_err(context)?;
        let response = match self.success(response).await {
            Ok(response) => response,
            Err(refusal) if refusal.is_not_found() => return Ok(None),
            Err(refusal) => return Err(context(refusal.into_error())),
        };
        let digest = digest_header(&response).map_err(context)?;
        if let (Selector::Digest(asked), Some(named)) = (selector, &digest)
            && asked.algorithm() == named.algorithm()
            && asked != named
        {
            return Err(context(Error::integrity(format!("the registry names the digest {named}"))));
        }
        let modified = response.header(&LAST_MODIFIED).and_then(|text| httpdate::parse_http_date(text).ok());
        Ok(Some(ManifestHead { digest, media_type: media_type(&response), size: response.content_length(), modified }))
    }

    /// Puts a manifest under a tag or its digest, byte for byte. Where the manifest has a subject and the registry keeps no list of
    /// referrers, the list under the fallback tag is brought up to date (distribution spec, "Pushing Manifests with Subject").
    ///
    /// # Errors
    /// [`Exit::Integrity`] when the registry names another digest for what it took; [`Exit::Conflict`] where a tag must not change.
    pub async fn manifest_put(&self, repository: &Repository, selector: &Selector, manifest: &Manifest) -> Result<()> {
        let context = |error: Error| error.context(format!("cannot put {} at {}", reference(repository, selector), self.place()));
        let view = View::read(&manifest.bytes, &manifest.media_type)
            .map_err(|fault| context(Error::failed(format!("the manifest is refused: {fault}"))))?;
        let subject_known = self.put_bytes(repository, selector, manifest).await.map_err(context)?;
        match view.subject.as_ref() {
            Some(subject) if !subject_known => {
                self.add_to_fallback(repository, &subject.digest, manifest, &view).await.map_err(context)
            }
            _ => Ok(()),
        }
    }

    /// Says whether the registry took note of the subject (`OCI-Subject`).
    pub(super) async fn put_bytes(&self, repository: &Repository, selector: &Selector, manifest: &Manifest) -> Result<bool> {
        let url = self.url(&endpoint::Request::ManifestPut(repository.clone(), selector.clone(), Vec::new()))?;
        let kind = HeaderValue::from_str(&manifest.media_type)
            .map_err(|_| Error::failed(format!("{} is no media type", quoted(&manifest.media_type))))?;
        let build =
            || Request::new(Method::PUT, url.clone()).header(CONTENT_TYPE, kind.clone()).body(Body::Bytes(manifest.bytes.clone()));
        let response = self.send(&Scopes::repository(repository, Access::Push), build).await?;
        let response = self.success(response).await.map_err(Refusal::into_error)?;
        if let Some(named) = digest_header(&response)?
            && Digest::of(named.algorithm(), &manifest.bytes) != named
        {
            return Err(Error::integrity(format!("the registry took it for {named}, it is {}", manifest.digest)));
        }
        Ok(response.headers().contains_key("oci-subject"))
    }

    /// Deletes a tag; the manifest stays where the registry keeps untagged ones.
    ///
    /// # Errors
    /// [`Exit::NotFound`]; [`Exit::Unsupported`] when the registry deletes nothing, or by digest only.
    pub async fn tag_delete(&self, repository: &Repository, tag: &Tag) -> Result<()> {
        let selector = Selector::Tag(tag.clone());
        self.delete_manifest(repository, &selector).await.map_err(|error| match error.kind() {
            // Distribution 2.8 takes the tag for a digest, which is invalid then.
            Exit::Unsupported | Exit::Integrity => {
                error.with_kind(Exit::Unsupported).hint("the registry may delete by digest, which takes all tags of that manifest")
            }
            _ => error,
        })
    }

    /// Deletes a manifest, and with it every tag that points to it.
    ///
    /// # Errors
    /// [`Exit::NotFound`]; [`Exit::Unsupported`] when the registry deletes nothing.
    pub async fn manifest_delete(&self, repository: &Repository, digest: &Digest) -> Result<()> {
        self.delete_manifest(repository, &Selector::Digest(digest.clone())).await
    }

    async fn delete_manifest(&self, repository: &Repository, selector: &Selector) -> Result<()> {
        let what = format!("cannot delete {} at {}", reference(repository, selector), self.place());
        let request = endpoint::Request::ManifestDelete(repository.clone(), selector.clone());
        self.delete(&request, repository).await.map_err(|error| error.context(what))
    }

    /// Sends a DELETE. When it had to be repeated, a 404 means that an earlier one arrived.
    pub(super) async fn delete(&self, request: &endpoint::Request, repository: &Repository) -> Result<()> {
        let response = self.ask(request, &Scopes::repository(repository, Access::Delete), None).await?;
        let repeated = response.attempts() > 1;
        match self.success(response).await {
            Ok(_) => Ok(()),
            Err(refusal) if repeated && refusal.is_not_found() => Ok(()),
            Err(refusal) => Err(refusal.into_error()),
        }
    }
}

/// The digest that the registry names.
pub(super) fn digest_header(response: &Response) -> Result<Option<Digest>> {
    let Some(value) = response.headers().get(DIGEST) else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    text.parse().map(Some).map_err(|fault| Error::failed(format!("the registry names a digest that is none: {fault}")))
}

/// What a manifest that came without a `Content-Type` says of itself.
fn own_media_type(bytes: &[u8]) -> String {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Own {
        media_type: String,
    }
    serde_json::from_slice(bytes).map_or_else(|_| String::new(), |own: Own| own.media_type)
}

/// The `Content-Type` without its parameters.
fn media_type(response: &Response) -> Option<String> {
    let text = response.header(&CONTENT_TYPE)?;
    Some(text.split(';').next().unwrap_or_default().trim().to_owned())
}
