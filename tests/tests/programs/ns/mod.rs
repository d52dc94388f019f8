//! reg-ns: what it lists, what it changes, what it refuses, and that nothing goes which nobody named.

mod listing;
mod manifest;
mod names;
pub(crate) mod namespace;
mod pipelines;
mod rm;
mod rm_digest;
mod stats;
mod stranger;
mod tag;

use std::collections::BTreeMap;

use reg_shared::name::{Digest, Repository};
use reg_shared::oci::manifest::Manifest;
use reg_shared::oci::media::{OCI_INDEX, OCI_MANIFEST};
use reg_tests::sandbox::Sandbox;
use serde_json::{Value, json};

use crate::client::{Client, Image};
use crate::with_instance;

/// A sandbox with the embedded registry `dev`, and a client of it.
fn with_registry() -> (Sandbox, Client) {
    let sandbox = with_instance("dev");
    let client = Client::of(&sandbox.line("reg-up info dev").code(0).json());
    (sandbox, client)
}

/// The same with an image in `team/app` under these tags.
fn with_tags(tags: &[&str]) -> (Sandbox, Client, Image) {
    let (sandbox, client) = with_registry();
    let image = Image::new(b"a layer");
    tags.iter().for_each(|tag| client.push("team/app", tag, &image).unwrap());
    (sandbox, client, image)
}

/// The tags of a repository, as reg-ns lists them.
pub(crate) fn tags(sandbox: &Sandbox, registry: &str, repository: &str) -> Vec<String> {
    let listed = sandbox.run("reg-ns", ["tags", repository, "-r", registry, "-q", "-o", "name"]).code(0);
    listed.stdout.lines().map(ToOwned::to_owned).collect()
}

/// A manifest of these fields, whose blobs are those of an image that is there.
fn put(client: &Client, repository: &str, tag: Option<&str>, media_type: &str, content: &Value) -> Digest {
    let repository: Repository = repository.parse().unwrap();
    let bytes: bytes::Bytes = content.to_string().into();
    let digest = Digest::sha256(&bytes);
    let selector = tag.map_or_else(|| digest.clone().into(), |tag| tag.parse().unwrap());
    let manifest = Manifest { digest: digest.clone(), media_type: media_type.to_owned(), bytes };
    client.run(async |oci| oci.manifest_put(&repository, &selector, &manifest).await).unwrap();
    digest
}

/// A manifest's descriptor.
fn descriptor(media_type: &str, digest: &Digest, size: usize) -> Value {
    json!({"mediaType": media_type, "digest": digest, "size": size})
}

/// An index of images with their platforms, under a tag.
pub(crate) fn put_index(client: &Client, repository: &str, tag: &str, images: &BTreeMap<&str, &Image>) -> Digest {
    let entry = |(platform, image): (&&str, &&Image)| {
        let (os, architecture) = platform.split_once('/').unwrap();
        let mut entry = descriptor(OCI_MANIFEST, &image.digest, image.size());
        entry["platform"] = json!({"os": os, "architecture": architecture});
        entry
    };
    let entries: Vec<Value> = images.iter().map(entry).collect();
    put(client, repository, Some(tag), OCI_INDEX, &json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}))
}

/// A manifest about another one, of an artifact type.
pub(crate) fn put_referrer(client: &Client, repository: &str, subject: (&Digest, usize), kind: &str, blobs: &Image) -> Digest {
    let [config, layer] =
        blobs.blobs.each_ref().map(|blob| descriptor("application/octet-stream", &Digest::sha256(blob), blob.len()));
    let content = json!({
        "schemaVersion": 2, "mediaType": OCI_MANIFEST, "artifactType": kind, "config": config, "layers": [layer],
        "subject": descriptor(OCI_MANIFEST, subject.0, subject.1),
        "annotations": {"org.example.by": "a test"},
    });
    put(client, repository, None, OCI_MANIFEST, &content)
}
