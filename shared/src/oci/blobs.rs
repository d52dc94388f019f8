//! Blobs looked at and deleted. Reading one is `pull`, sending one is `push`.

use super::client::Client;
use super::endpoint::Request;
use super::manifests::digest_header;
use crate::auth::{Access, Scopes};
use crate::error::{Error, Result};
use crate::name::{Digest, Repository};

/// What a registry tells of a blob without sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobHead {
    /// `Content-Length`, in bytes.
    pub size: Option<u64>,
}

impl Client {
    /// What the registry tells of a blob; `None` when the repository has none with this digest.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Integrity`] when the registry names another digest.
    pub async fn blob_head(&self, repository: &Repository, digest: &Digest) -> Result<Option<BlobHead>> {
        let context = |error: Error| error.context(format!("cannot look at the blob {digest} of {repository} at {}", self.place()));
        let request = Request::BlobHead(repository.clone(), digest.clone());
        let response = self.ask(&request, &Scopes::repository(repository, Access::Pull), None).await.map_err(context)?;
        let response = match self.success(response).await {
            Ok(response) => response,
            Err(refusal) if refusal.is_not_found() => return Ok(None),
            Err(refusal) => return Err(context(refusal.into_error())),
        };
        // After a redirect it is the storage that answers, and its headers mean other things.
        let named = if self.is_home(response.url()) { digest_header(&response).map_err(context)? } else { None };
        match named {
            Some(named) if named.algorithm() == digest.algorithm() && named != *digest => {
                Err(context(Error::integrity(format!("the registry names the digest {named}"))))
            }
            _ => Ok(Some(BlobHead { size: response.content_length() })),
        }
    }

    /// Deletes a blob from a repository. A manifest that needs it breaks.
    ///
    /// # Errors
    /// [`crate::exit::Exit::NotFound`]; [`crate::exit::Exit::Unsupported`] when the registry deletes no blobs.
    pub async fn blob_delete(&self, repository: &Repository, digest: &Digest) -> Result<()> {
        let request = Request::BlobDelete(repository.clone(), digest.clone());
        let deleted = self.delete(&request, repository).await;
        deleted.map_err(|error| error.context(format!("cannot delete the blob {digest} of {repository} at {}", self.place())))
    }
}
