//! Blobs sent to registries that break, forget, refuse and mount.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use reg_shared::auth::Credential;
use reg_shared::exit::Exit;
use reg_shared::name::{Algorithm, Digest};
use reg_shared::oci::{Content, Options, Put};
use reg_tests::hostile::Hostile;

use super::{anonymous, connect, fault, noise};

fn content() -> (Vec<u8>, Content) {
    let bytes = noise(7, 1 << 20);
    (bytes.clone(), Content::bytes(bytes))
}

fn lines(hostile: &Hostile) -> Vec<String> {
    let shown = |line: String| line.split(['?', '=']).next().unwrap_or_default().replace("/v2/fault/", "");
    hostile.seen().iter().map(|seen| format!("{} {}", shown(seen.line()), seen.status)).collect()
}

#[tokio::test]
async fn a_blob_goes_in_one_request() {
    let hostile = Hostile::start();
    let (bytes, content) = content();
    assert_eq!(anonymous(&hostile).blob_put(&fault("none"), &content, None).await.unwrap(), Put::Uploaded);
    assert_eq!(hostile.blob("fault/none", &content.digest().to_string()), Some(bytes));
    assert_eq!(lines(&hostile), ["POST none/blobs/uploads/ 202", "PUT none/blobs/uploads/upload-1 201"]);
    let seen = hostile.seen();
    assert_eq!((seen[0].header("content-length"), seen[1].header("content-length")), (Some("0"), Some("1048576")));
}

#[tokio::test]
async fn an_empty_blob_is_a_blob() {
    let hostile = Hostile::start();
    let content = Content::bytes(Bytes::new());
    anonymous(&hostile).blob_put(&fault("none"), &content, None).await.unwrap();
    assert_eq!(hostile.blob("fault/none", &content.digest().to_string()), Some(Vec::new()));
}

#[tokio::test]
async fn chunks_have_the_size_asked_for_and_at_least_the_registrys_own() {
    let hostile = Hostile::start();
    let client = connect(&hostile.url(), Credential::Anonymous, Options { chunk: Some(300_000), ..Options::default() });
    let (bytes, content) = content();
    for (name, ranges) in [
        ("none", vec!["0-299999", "300000-599999", "600000-899999", "900000-1048575"]),
        ("chunk-min", vec!["0-399999", "400000-799999", "800000-1048575"]),
    ] {
        client.blob_put(&fault(name), &content, None).await.unwrap();
        let seen = hostile.seen_with(&format!("fault/{name}/blobs/uploads/upload"));
        let sent: Vec<_> = seen.iter().filter_map(|seen| seen.header("content-range")).collect();
        assert_eq!(sent, ranges);
        assert_eq!(hostile.blob(&format!("fault/{name}"), &content.digest().to_string()).as_ref(), Some(&bytes));
    }
}

#[tokio::test]
async fn a_broken_upload_goes_on_where_the_registry_stands() {
    let hostile = Hostile::start();
    let (bytes, content) = content();
    anonymous(&hostile).blob_put(&fault("put-cut-once"), &content, None).await.unwrap();
    assert_eq!(hostile.blob("fault/put-cut-once", &content.digest().to_string()), Some(bytes));
    let seen = hostile.seen();
    assert_eq!(seen[2].line().split('?').next(), Some("GET /v2/fault/put-cut-once/blobs/uploads/upload-1"));
    assert_eq!((seen[3].method.as_str(), seen[3].header("content-range")), ("PUT", Some("524288-1048575")));
    assert_eq!((seen.len(), seen[3].received), (4, 524_288));
}

#[tokio::test]
async fn a_forgotten_upload_begins_again_and_the_content_is_read_again() {
    let hostile = Hostile::start();
    let (bytes, _) = content();
    for name in ["put-cut-lost", "put-503-once"] {
        let opened = Arc::new(AtomicUsize::new(0));
        let (count, source) = (opened.clone(), Bytes::from(bytes.clone()));
        let content = Content::new(Digest::sha256(&bytes), bytes.len() as u64, move |offset| {
            count.fetch_add(1, Ordering::SeqCst);
            let rest = source.slice(usize::try_from(offset).unwrap()..);
            stream::iter(rest.chunks(10_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect::<Vec<_>>()).boxed()
        });
        anonymous(&hostile).blob_put(&fault(name), &content, None).await.unwrap();
        assert_eq!(hostile.blob(&format!("fault/{name}"), &content.digest().to_string()).as_ref(), Some(&bytes), "{name}");
        assert_eq!(opened.load(Ordering::SeqCst), 2, "{name}");
        assert_eq!(hostile.seen_with(&format!("POST /v2/fault/{name}")).len(), 2, "{name}");
    }
    assert_eq!(hostile.open_uploads(), 0);
}

#[tokio::test]
async fn an_upload_that_always_breaks_is_given_up_and_cancelled() {
    let hostile = Hostile::start();
    let (_, content) = content();
    let error = anonymous(&hostile).blob_put(&fault("put-cut-always"), &content, None).await.unwrap_err();
    assert_eq!(error.kind(), Exit::Unreachable);
    let expected = format!(
        "cannot send the blob {} to fault/put-cut-always at {1}: the connection to {1} broke",
        content.digest(),
        hostile.url()
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(hostile.seen_with("PUT ").len(), 3);
    assert_eq!(hostile.seen().last().unwrap().method, "DELETE");
    assert_eq!(hostile.open_uploads(), 0);
}

#[tokio::test]
async fn a_chunk_out_of_order_is_put_in_order() {
    let hostile = Hostile::start();
    let client = connect(&hostile.url(), Credential::Anonymous, Options { chunk: Some(400_000), ..Options::default() });
    let (bytes, content) = content();
    client.blob_put(&fault("patch-416-once"), &content, None).await.unwrap();
    assert_eq!(hostile.blob("fault/patch-416-once", &content.digest().to_string()), Some(bytes));
    assert_eq!(hostile.seen_with("POST ").len(), 1);
}

#[tokio::test]
async fn content_that_is_not_what_it_was_said_to_be_completes_nothing() {
    let hostile = Hostile::start();
    let bytes = Bytes::from(noise(3, 200_000));
    let source = |bytes: Bytes| move |offset: u64| stream::iter([Ok(bytes.slice(usize::try_from(offset).unwrap()..))]).boxed();
    let digest = Digest::sha256(&bytes);
    for (digest, size, expected) in [
        (Digest::sha256("other"), 200_000, "it has the digest sha256:"),
        (digest.clone(), 200_001, "it ends after 200000 bytes"),
        (digest, 199_999, "it goes on"),
        (Digest::sha256("other"), 0, "it goes on"),
    ] {
        let content = Content::new(digest, size, source(bytes.clone()));
        let error = anonymous(&hostile).blob_put(&fault("none"), &content, None).await.unwrap_err();
        assert!(error.to_string().contains("the content to send is not sha256:"), "{error}");
        assert!(error.to_string().ends_with(expected) || error.to_string().contains(expected), "{error}");
        assert_eq!(error.kind(), Exit::Integrity);
    }
    assert!(hostile.seen_with("PUT ").iter().all(|seen| seen.status == 0));
    assert_eq!((hostile.seen_with("DELETE ").len(), hostile.open_uploads()), (4, 0));
}

#[tokio::test]
async fn a_registry_that_took_it_for_something_else_is_not_believed() {
    let hostile = Hostile::start();
    let (_, content) = content();
    let error = anonymous(&hostile).blob_put(&fault("put-digest-lies"), &content, None).await.unwrap_err();
    assert!(error.to_string().contains("the registry took it for sha256:"), "{error}");
    assert_eq!(error.kind(), Exit::Integrity);
}

#[tokio::test]
async fn a_mounted_blob_is_not_sent() {
    let hostile = Hostile::start();
    let (_, content) = content();
    let put = anonymous(&hostile).blob_put(&fault("mount"), &content, Some(&fault("none"))).await.unwrap();
    assert_eq!(put, Put::Mounted);
    let seen = hostile.seen();
    let expected = format!("/v2/fault/mount/blobs/uploads/?mount={}&from=fault/none", content.digest());
    assert_eq!((seen.len(), seen[0].target.as_str()), (1, expected.as_str()));
}

#[tokio::test]
async fn an_upload_opened_instead_of_a_mount_is_used() {
    let hostile = Hostile::start();
    let (bytes, content) = content();
    let put = anonymous(&hostile).blob_put(&fault("mount-accepted"), &content, Some(&fault("none"))).await.unwrap();
    assert_eq!(put, Put::Uploaded);
    assert_eq!(hostile.blob("fault/mount-accepted", &content.digest().to_string()), Some(bytes));
    assert_eq!((hostile.seen_with("POST ").len(), hostile.open_uploads()), (1, 0));
}

#[tokio::test]
async fn who_may_not_mount_may_still_upload() {
    let hostile = Hostile::start();
    let (_, content) = content();
    let put = anonymous(&hostile).blob_put(&fault("mount-denied"), &content, Some(&fault("none"))).await.unwrap();
    assert_eq!((put, hostile.seen_with("POST ").len()), (Put::Uploaded, 2));
}

#[tokio::test]
async fn a_long_digest_is_announced() {
    let hostile = Hostile::start();
    let bytes = Bytes::from_static(b"long");
    let content = Content::new(Digest::of(Algorithm::Sha512, &bytes), 4, move |offset| {
        stream::iter([Ok(bytes.slice(usize::try_from(offset).unwrap()..))]).boxed()
    });
    // The fixture knows sha256 only, so it refuses what was announced.
    let error = anonymous(&hostile).blob_put(&fault("none"), &content, None).await.unwrap_err();
    assert!(hostile.seen()[0].target.ends_with("?digest-algorithm=sha512"));
    assert!(error.to_string().contains("DIGEST_INVALID") && error.kind() == Exit::Integrity, "{error}");
}
