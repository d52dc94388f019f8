//! Manifests that lie, can be read two ways, or may not be replaced.

use reg_shared::exit::Exit;
use reg_shared::name::{Selector, Tag};
use reg_shared::oci::manifest::Manifest;
use reg_tests::hostile::{Hostile, image};

use super::{anonymous, fault};

fn v1() -> Selector {
    "v1".parse::<Tag>().unwrap().into()
}

fn manifest() -> Manifest {
    let image = image();
    Manifest {
        bytes: image.manifest.clone().into(),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        digest: image.digest(),
    }
}

#[tokio::test]
async fn a_manifest_comes_byte_for_byte_by_tag_and_by_digest() {
    let hostile = Hostile::start();
    let client = anonymous(&hostile);
    for selector in [v1(), image().digest().into()] {
        let (got, view) = client.manifest(&fault("none"), &selector).await.unwrap();
        assert_eq!(got, manifest());
        assert_eq!(view.blobs().count(), 2);
        let head = client.manifest_head(&fault("none"), &selector).await.unwrap().unwrap();
        assert_eq!((head.digest, head.size), (Some(image().digest()), Some(image().manifest.len() as u64)));
    }
    let accept = hostile.seen()[0].header("accept").unwrap_or_default().to_owned();
    assert_eq!(accept.matches("application/vnd.").count(), 4, "{accept}");
    let absent: Selector = "absent".parse::<Tag>().unwrap().into();
    assert_eq!(client.manifest_head(&fault("none"), &absent).await.unwrap(), None);
    let error = client.manifest(&fault("none"), &absent).await.unwrap_err();
    assert_eq!(error.kind(), Exit::NotFound);
    let expected =
        format!("cannot get fault/none:absent at {}: the registry says \"manifest unknown\" (404 MANIFEST_UNKNOWN)", hostile.url());
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_manifest_without_a_content_type_is_what_it_says() {
    let (got, _) = anonymous(&Hostile::start()).manifest(&fault("manifest-untyped"), &v1()).await.unwrap();
    assert_eq!(got, manifest());
}

#[tokio::test]
async fn other_bytes_or_another_digest_than_asked_for_are_refused() {
    let hostile = Hostile::start();
    let error = anonymous(&hostile).manifest(&fault("manifest-other"), &image().digest().into()).await.unwrap_err();
    assert!(error.to_string().contains("bytes that came have the digest sha256:"), "{error}");
    assert_eq!(error.kind(), Exit::Integrity);
    for selector in [v1(), image().digest().into()] {
        let error = anonymous(&hostile).manifest(&fault("manifest-digest-lies"), &selector).await.unwrap_err();
        assert!(error.to_string().contains("the registry names the digest sha256:"), "{error}");
        assert_eq!(error.kind(), Exit::Integrity);
    }
    let error = anonymous(&hostile).manifest_head(&fault("manifest-digest-lies"), &image().digest().into()).await.unwrap_err();
    assert_eq!(error.kind(), Exit::Integrity);
}

#[tokio::test]
async fn a_document_that_could_be_read_two_ways_is_refused_before_any_blob() {
    let hostile = Hostile::start();
    for (name, expected) in [
        ("manifest-ambiguous", "it has both manifests and layers"),
        ("manifest-twice", "stands in it twice"),
        ("manifest-type", "but came as \"application/vnd.oci.image.index.v1+json\""),
    ] {
        let error = anonymous(&hostile).manifest(&fault(name), &v1()).await.unwrap_err();
        assert!(error.to_string().contains("the manifest is refused: ") && error.to_string().contains(expected), "{error}");
        assert_eq!(error.kind(), Exit::Failed);
    }
    assert!(hostile.seen_with("/blobs/").is_empty());
}

#[tokio::test]
async fn a_manifest_is_put_and_deleted() {
    let hostile = Hostile::start();
    let client = anonymous(&hostile);
    let tag: Tag = "new".parse().unwrap();
    client.manifest_put(&fault("none"), &tag.clone().into(), &manifest()).await.unwrap();
    assert_eq!(hostile.tags_put("fault/none"), ["new"]);
    let put = &hostile.seen()[0];
    assert_eq!((put.header("content-type"), &put.body), (Some("application/vnd.oci.image.manifest.v1+json"), &image().manifest));
    client.tag_delete(&fault("none"), &tag).await.unwrap();
    assert_eq!(client.tag_delete(&fault("none"), &tag).await.unwrap_err().kind(), Exit::NotFound);
    client.manifest_delete(&fault("none"), &image().digest()).await.unwrap();
    assert_eq!(client.manifest_head(&fault("none"), &v1()).await.unwrap(), None);
    client.blob_delete(&fault("none"), &image().layer_digest()).await.unwrap();
    assert_eq!(client.blob_head(&fault("none"), &image().layer_digest()).await.unwrap(), None);
}

#[tokio::test]
async fn a_tag_that_must_not_change_is_a_conflict() {
    let hostile = Hostile::start();
    let error = anonymous(&hostile).manifest_put(&fault("manifest-immutable"), &v1(), &manifest()).await.unwrap_err();
    assert_eq!(error.kind(), Exit::Conflict);
    assert!(error.to_string().ends_with("the registry says \"the tag is immutable\" (409 DENIED)"), "{error}");
}
