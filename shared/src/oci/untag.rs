//! Taking a tag away from a registry that deletes by digest only, where a digest takes all its tags along.
//!
//! The tag is moved to a manifest that nothing else points to, an index without entries and with a random annotation, and that one is
//! deleted: the tag goes with it, its siblings stay. First the registry must show that it deletes at all, or the tag would be left
//! pointing to nothing of worth; when the last step fails, the tag is put back to where it pointed.

use serde_json::json;

use super::client::Client;
use super::endpoint::Request;
use super::manifest::Manifest;
use super::media::OCI_INDEX;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::name::{Digest, Reference, Repository, Selector, Tag, hex};

/// The annotation that makes a throw-away manifest like no other.
const UNIQUE: &str = "io.reg.deleted-tag";

impl Client {
    /// Takes a tag away by way of a throw-away manifest; also one that points to a manifest that is gone. What is begun must be ended:
    /// do not drop the future half-way.
    ///
    /// # Errors
    /// [`Exit::NotFound`] when there is no such tag; [`Exit::Unsupported`] when the registry deletes nothing, [`Exit::Conflict`]
    /// when it does not let the tag be changed: then it is as it was.
    pub async fn tag_replace_and_delete(&self, repository: &Repository, tag: &Tag) -> Result<()> {
        let context = |error: Error| error.context(format!("cannot take the tag {repository}:{tag} away at {}", self.place()));
        let selector = Selector::Tag(tag.clone());
        // One at a time: Distribution 2.8 looks at all tags when it deletes a digest, and leaves them alone when one goes meanwhile.
        let mut deleting = self.deleting().lock().await;
        let before = match self.manifest(repository, &selector).await {
            Ok((manifest, _)) => Some(manifest),
            Err(fault) if fault.kind() == Exit::NotFound && self.tags(repository).await?.contains(tag) => None,
            Err(fault) => return Err(fault),
        };
        let substitute = throw_away(tag)?;
        if !deleting.contains(repository) {
            self.deletes_at_all(repository, &substitute.digest).await.map_err(context)?;
            deleting.insert(repository.clone());
        }
        self.put_bytes(repository, &selector, &substitute).await.map_err(context)?;
        let Err(fault) = self.delete_by_digest(repository, &substitute.digest).await else { return Ok(()) };
        let Some(before) = before else { return Err(context(fault)) };
        match self.put_bytes(repository, &selector, &before).await {
            Ok(_) => Err(context(fault)),
            Err(_) => {
                let was = Reference::new(repository, before.digest);
                Err(context(fault).hint(format!("the tag points to nothing of worth now; it was {was}")))
            }
        }
    }

    /// Deletes what is not there: who deletes says that there is nothing, who does not says that.
    async fn deletes_at_all(&self, repository: &Repository, absent: &Digest) -> Result<()> {
        match self.delete_by_digest(repository, absent).await {
            Err(fault) if fault.kind() == Exit::Unsupported => {
                Err(fault.hint("its configuration says whether it deletes anything"))
            }
            Err(fault) if fault.kind() != Exit::NotFound => Err(fault),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    async fn delete_by_digest(&self, repository: &Repository, digest: &Digest) -> Result<()> {
        self.delete(&Request::ManifestDelete(repository.clone(), digest.clone().into()), repository).await
    }
}

fn throw_away(tag: &Tag) -> Result<Manifest> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|fault| Error::failed("the system gives no random numbers").caused_by(fault))?;
    let annotations = json!({ UNIQUE: format!("{tag} {}", hex(&random)) });
    let index = json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [], "annotations": annotations });
    let bytes = index.to_string();
    Ok(Manifest { digest: Digest::sha256(&bytes), media_type: OCI_INDEX.to_owned(), bytes: bytes.into() })
}
