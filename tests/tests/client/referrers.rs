//! Referrers, by the API and by the tag that stands in for it.

use reg_shared::name::Digest;
use reg_shared::oci::manifest::Manifest;
use reg_tests::hostile::{Hostile, image};
use serde_json::json;

use super::{anonymous, fault};

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn about(subject: &Digest, kind: &str) -> Manifest {
    let config = Digest::sha256("{}");
    let manifest = json!({
        "schemaVersion": 2, "mediaType": OCI_MANIFEST, "artifactType": kind,
        "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": config.to_string(), "size": 2 }, "layers": [],
        "subject": { "mediaType": OCI_MANIFEST, "digest": subject.to_string(), "size": 1 },
    });
    let bytes = manifest.to_string();
    Manifest { digest: Digest::sha256(&bytes), media_type: OCI_MANIFEST.to_owned(), bytes: bytes.into() }
}

#[tokio::test]
async fn without_the_api_the_fallback_tag_is_kept_and_read() {
    let hostile = Hostile::start();
    let (client, repository, subject) = (anonymous(&hostile), fault("none"), image().digest());
    assert!(client.referrers(&repository, &subject, None).await.unwrap().is_empty());
    let (sbom, signature) = (about(&subject, "a/sbom"), about(&subject, "a/signature"));
    for manifest in [&sbom, &signature, &sbom] {
        client.manifest_put(&repository, &manifest.digest.clone().into(), manifest).await.unwrap();
    }
    assert_eq!(client.referrers(&repository, &subject, None).await.unwrap().len(), 2);
    let sboms = client.referrers(&repository, &subject, Some("a/sbom")).await.unwrap();
    assert_eq!((sboms.len(), &sboms[0].digest, sboms[0].size), (1, &sbom.digest, sbom.bytes.len() as u64));
    assert_eq!(hostile.tags_put("fault/none"), vec![format!("sha256-{}", subject.hex()); 2]);
}

#[tokio::test]
async fn a_registry_that_does_not_filter_is_filtered_for() {
    let hostile = Hostile::start();
    let client = anonymous(&hostile);
    let found = client.referrers(&fault("referrers-unfiltered"), &image().digest(), Some("a/sbom")).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(hostile.seen()[0].target.ends_with("?artifactType=a/sbom"));
    assert_eq!(client.referrers(&fault("referrers-unfiltered"), &image().digest(), None).await.unwrap().len(), 2);
}

#[tokio::test]
async fn referrers_that_do_not_advance_end_in_an_error() {
    let hostile = Hostile::start();
    let error = anonymous(&hostile).referrers(&fault("referrers-loop"), &image().digest(), None).await.unwrap_err();
    assert!(error.to_string().contains("pagination does not advance"), "{error}");
    assert!(hostile.seen().len() < 10);
}
