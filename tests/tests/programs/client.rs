//! Our own client against a registry of a test: images of any content there and back.

use std::future::Future;
use std::time::Duration;

use reg_shared::auth::Credential;
use reg_shared::error::Result;
use reg_shared::http::{self, Retry};
use reg_shared::name::{Digest, Repository, Selector, Tag};
use reg_shared::oci::manifest::Manifest;
use reg_shared::oci::media::{OCI_CONFIG, OCI_LAYER_TAR, OCI_MANIFEST};
use reg_shared::oci::{self, Content};
use reg_shared::secret::Secret;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// A client with a runtime of its own, for tests that are threads.
#[derive(Debug)]
pub(crate) struct Client {
    runtime: Runtime,
    oci: oci::Client,
}

/// An image: what was pushed.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// The digest of its manifest.
    pub(crate) digest: Digest,
    /// Configuration and layer.
    pub(crate) blobs: [Vec<u8>; 2],
    manifest: Manifest,
}

impl Image {
    /// The image with this layer.
    pub(crate) fn new(layer: &[u8]) -> Self {
        let config = json!({"os": "linux", "architecture": "amd64", "layer": Digest::sha256(layer)}).to_string().into_bytes();
        let of = |kind: &str, bytes: &[u8]| json!({"mediaType": kind, "digest": Digest::sha256(bytes), "size": bytes.len()});
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": of(OCI_CONFIG, &config),
            "layers": [of(OCI_LAYER_TAR, layer)],
        });
        let bytes: bytes::Bytes = manifest.to_string().into();
        let digest = Digest::sha256(&bytes);
        let manifest = Manifest { digest: digest.clone(), media_type: OCI_MANIFEST.to_owned(), bytes };
        Self { digest, blobs: [config, layer.to_vec()], manifest }
    }

    /// The size of its manifest, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.manifest.bytes.len()
    }
}

impl Client {
    /// A client of the registry that a document describes, with its login; it tries once and gives up soon.
    pub(crate) fn of(registry: &Value) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let retry = Retry { tries: 1, first: Duration::from_millis(1), longest: Duration::from_millis(1), ..Retry::default() };
        let options = http::Options { retry, ..http::Options::default() };
        let url = registry["url"].as_str().unwrap().parse().unwrap();
        let credential = match registry["credential"]["passwordFile"].as_str() {
            Some(file) => {
                let password = Secret::from_line(std::fs::read_to_string(file).unwrap());
                Credential::password(registry["credential"]["username"].as_str().unwrap(), password).unwrap()
            }
            None => Credential::Anonymous,
        };
        let oci = runtime
            .block_on(async { oci::Client::new(http::Client::new(options), url, credential, oci::Options::default()).unwrap() });
        Self { runtime, oci }
    }

    /// Does something that the client offers.
    pub(crate) fn run<'a, T, F: Future<Output = T>>(&'a self, work: impl FnOnce(&'a oci::Client) -> F) -> T {
        self.runtime.block_on(work(&self.oci))
    }

    /// Pushes an image.
    pub(crate) fn push(&self, repository: &str, tag: &str, image: &Image) -> Result<()> {
        let (repository, tag): (Repository, Tag) = (repository.parse()?, tag.parse()?);
        self.run(async |oci| {
            for blob in &image.blobs {
                oci.blob_put(&repository, &Content::bytes(blob.clone()), None).await?;
            }
            oci.manifest_put(&repository, &tag.into(), &image.manifest).await
        })
    }

    /// Pulls what a tag or digest names, whole: every digest is checked on the way. The digest of the manifest.
    pub(crate) fn pull(&self, repository: &str, selector: &Selector) -> Result<Digest> {
        let repository: Repository = repository.parse()?;
        self.run(async |oci| {
            let (manifest, view) = oci.manifest(&repository, selector).await?;
            for blob in view.blobs() {
                let mut pull = oci.blob(&repository, &blob.digest, blob.size).await?;
                while pull.chunk().await?.is_some() {}
            }
            Ok(manifest.digest)
        })
    }

    /// The same for an index and all that it lists.
    pub(crate) fn pull_all(&self, repository: &str, selector: &Selector) -> Result<Digest> {
        let parsed: Repository = repository.parse()?;
        let (manifest, view) = self.run(async |oci| oci.manifest(&parsed, selector).await)?;
        for listed in view.manifests.iter().flatten() {
            self.pull(repository, &Selector::Digest(listed.digest.clone()))?;
        }
        self.pull(repository, &Selector::Digest(manifest.digest))
    }

    /// Whether the registry still has something that it was given.
    pub(crate) fn has_blob(&self, repository: &str, bytes: &[u8]) -> bool {
        let repository: Repository = repository.parse().unwrap();
        self.run(async |oci| oci.blob_head(&repository, &Digest::sha256(bytes)).await).unwrap().is_some()
    }

    /// Deletes a manifest.
    pub(crate) fn delete(&self, repository: &str, image: &Image) {
        let repository: Repository = repository.parse().unwrap();
        self.run(async |oci| oci.manifest_delete(&repository, &image.digest).await).unwrap();
    }
}

/// A tag as what a manifest is asked for by.
pub(crate) fn tag(text: &str) -> Selector {
    text.parse::<Tag>().unwrap().into()
}
