//! Blobs that break off, change, or are not what they should be.

use std::time::Duration;

use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::http::{self, Timeouts};
use reg_shared::oci::{Client, Options};
use reg_tests::hostile::{Hostile, Seen, image};

use super::{anonymous, fault, impatient};

async fn pull(client: &Client, name: &str) -> Result<Vec<u8>> {
    let layer = image().layer_digest();
    let mut blob = client.blob(&fault(name), &layer, image().layer.len() as u64).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = blob.chunk().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn ranges(hostile: &Hostile) -> Vec<Option<String>> {
    hostile.seen().iter().map(|seen: &Seen| seen.header("range").map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_blob_comes_whole() {
    let hostile = Hostile::start();
    assert_eq!(pull(&anonymous(&hostile), "none").await.unwrap(), image().layer);
    assert_eq!(ranges(&hostile), [None]);
}

#[tokio::test]
async fn a_blob_that_broke_off_is_taken_up_where_it_was() {
    let hostile = Hostile::start();
    assert_eq!(pull(&anonymous(&hostile), "blob-cut-once").await.unwrap(), image().layer);
    assert_eq!(ranges(&hostile), [None, Some("bytes=150000-".to_owned())]);
}

#[tokio::test]
async fn a_registry_without_ranges_repeats_from_the_start_and_nothing_is_doubled() {
    let hostile = Hostile::start();
    assert_eq!(pull(&anonymous(&hostile), "blob-cut-no-range").await.unwrap(), image().layer);
    let error = pull(&anonymous(&hostile), "blob-cut-changed").await.unwrap_err();
    assert!(error.to_string().ends_with("its first 150000 bytes changed between two requests"), "{error}");
    assert_eq!(error.kind(), Exit::Integrity);
}

#[tokio::test]
async fn a_range_that_begins_elsewhere_is_an_error() {
    let hostile = Hostile::start();
    let error = pull(&anonymous(&hostile), "blob-range-wrong").await.unwrap_err();
    let expected = "asked for what follows byte 150000 of 300000, the registry sent the range \"bytes 149990-299999/300000\"";
    assert!(error.to_string().ends_with(expected), "{error}");
    assert_eq!(error.kind(), Exit::Integrity);
}

#[tokio::test]
async fn a_range_refused_with_a_short_body_does_not_hang() {
    let error = pull(&anonymous(&Hostile::start()), "blob-range-416").await.unwrap_err();
    assert!(error.to_string().ends_with("it ends before byte 150000, it should have 300000 bytes"), "{error}");
}

#[tokio::test]
async fn a_blob_that_breaks_off_again_and_again_is_given_up() {
    let hostile = Hostile::start();
    let error = pull(&anonymous(&hostile), "blob-cut-always").await.unwrap_err();
    let layer = image().layer_digest();
    let expected = format!(
        "cannot get the blob {layer} of fault/blob-cut-always at {0}: it broke off again and again, the last time at byte 400 of \
         300000: the connection to {0} broke",
        hostile.url()
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.kind(), Exit::Unreachable);
    assert_eq!(hostile.seen().len(), 4);
}

#[tokio::test]
async fn other_bytes_another_size_or_an_encoding_are_errors_that_name_the_blob() {
    let hostile = Hostile::start();
    for (name, expected, kind) in [
        ("blob-corrupt", "the 300000 bytes that came have the digest sha256:", Exit::Integrity),
        ("blob-short", "the registry's blob has 299000 bytes, it should have 300000", Exit::Integrity),
        ("blob-long", "the registry's blob has 300001 bytes, it should have 300000", Exit::Integrity),
        ("blob-long-chunked", "the registry's blob goes on behind the 300000 bytes it should have", Exit::Integrity),
        ("blob-gzip", "sent a body with Content-Encoding \"gzip\", which was not asked for", Exit::Failed),
    ] {
        let error = pull(&anonymous(&hostile), name).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{name}: {error}");
        assert!(error.to_string().contains(&format!("{} of fault/{name}", image().layer_digest())), "{error}");
        assert_eq!(error.kind(), kind, "{name}");
    }
}

#[tokio::test]
async fn a_blob_that_stands_still_is_taken_up_and_then_given_up() {
    let hostile = Hostile::start();
    let timeouts = Timeouts { idle: Duration::from_millis(300), ..Timeouts::default() };
    let http = http::Client::new(http::Options { timeouts, ..impatient() });
    let url = hostile.url().parse().unwrap();
    let client = Client::new(http, url, reg_shared::auth::Credential::Anonymous, Options::default()).unwrap();
    let error = pull(&client, "blob-stall").await.unwrap_err();
    assert!(error.to_string().contains("sent too little for 0 s"), "{error}");
    assert_eq!(error.kind(), Exit::Unreachable);
}

#[tokio::test]
async fn a_blob_that_is_not_there_is_not_found() {
    let hostile = Hostile::start();
    let client = anonymous(&hostile);
    let absent = reg_shared::name::Digest::sha256("absent");
    let error = client.blob(&fault("none"), &absent, 6).await.unwrap_err();
    assert_eq!(error.kind(), Exit::NotFound);
    assert_eq!(
        error.to_string(),
        format!(
            "cannot get the blob {absent} of fault/none at {}: the registry says \"blob unknown to registry\" (404 BLOB_UNKNOWN)",
            hostile.url()
        )
    );
    assert_eq!(client.blob_head(&fault("none"), &absent).await.unwrap(), None);
    assert_eq!(client.blob_head(&fault("none"), &image().layer_digest()).await.unwrap().unwrap().size, Some(300_000));
}
