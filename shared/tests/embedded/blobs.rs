//! Blobs: visible where they were pushed, whole and in ranges, and gone when deleted.

use http::Method;
use reg_shared::name::Digest;

use crate::harness::{ALGORITHMS, REPO, noise, on_both};

on_both! {
    async fn a_blob_comes_back_with_its_headers(registry: Running) {
        for (seed, length) in [(1, 0), (2, 1), (3, 20_000), (4, 128 << 10), (5, (128 << 10) + 1), (6, 3_000_001)] {
            let bytes = noise(seed, length);
            for algorithm in ALGORITHMS {
                let digest = Digest::of(algorithm, &bytes);
                let path = format!("/v2/{REPO}/blobs/{digest}");
                let push = format!("/v2/{REPO}/blobs/uploads/?digest={digest}");
                let pushed = registry.send(Method::POST, &push, &[], bytes.clone()).await.expect(201);
                assert_eq!(pushed.header("location"), path);
                assert_eq!(pushed.header("docker-content-digest"), digest.to_string());
                let got = registry.get(&path).await.expect(200);
                assert!(got.body == bytes, "{length} bytes");
                let head = registry.head(&path).await.expect(200);
                assert!(head.body.is_empty());
                for answer in [got, head] {
                    assert_eq!(answer.header("content-length"), length.to_string());
                    assert_eq!(answer.header("content-type"), "application/octet-stream");
                    assert_eq!(answer.header("docker-content-digest"), digest.to_string());
                    assert_eq!(answer.header("etag"), format!("\"{digest}\""));
                    assert_eq!(answer.header("accept-ranges"), "bytes");
                    assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
                    assert!(answer.header("server").starts_with("reg-embedded/"));
                }
            }
        }
    }

    async fn a_blob_is_visible_only_where_it_was_pushed(registry: Running) {
        let digest = registry.push_blob(REPO, b"mine").await;
        let elsewhere = format!("/v2/team/other/blobs/{digest}");
        assert_eq!(registry.get(&elsewhere).await.expect(404).code(), "BLOB_UNKNOWN");
        registry.head(&elsewhere).await.expect(404);
        registry.delete(&elsewhere).await.expect(404);
        registry.head(&format!("/v2/team/blobs/{digest}")).await.expect(404);
        registry.get(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(200);
    }

    async fn ranges_of_a_blob(registry: Running) {
        let bytes = noise(7, 700_000);
        let digest = registry.push_blob(REPO, &bytes).await;
        let path = format!("/v2/{REPO}/blobs/{digest}");
        for (range, expected) in [
            ("bytes=500-1499", 500..1500),
            ("bytes=500-", 500..700_000),
            ("bytes=-500", 699_500..700_000),
            ("bytes=-800000", 0..700_000),
            ("bytes=699999-900000", 699_999..700_000),
            ("bytes=0-0", 0..1),
            ("bytes=100000-600000", 100_000..600_001),
        ] {
            let part = registry.send(Method::GET, &path, &[("range", range)], "").await.expect(206);
            assert!(part.body == bytes[expected.clone()], "{range}");
            assert_eq!(part.header("content-range"), format!("bytes {}-{}/700000", expected.start, expected.end - 1));
            assert_eq!(part.header("content-length"), expected.len().to_string());
        }
        for range in ["bytes=700000-", "bytes=900000-900001", "bytes=500-0", "bytes=-0"] {
            let refused = registry.send(Method::GET, &path, &[("range", range)], "").await.expect(416);
            assert_eq!(refused.header("content-range"), "bytes */700000");
            assert_eq!(refused.code(), "RANGE_INVALID");
        }
        for range in ["bytes=1-2,5-6", "bytes=x-y", "furlongs=1-2"] {
            let whole = registry.send(Method::GET, &path, &[("range", range)], "").await.expect(200);
            assert_eq!(whole.body.len(), 700_000, "{range}");
        }
    }

    async fn a_range_and_a_condition(registry: Running) {
        let digest = registry.push_blob(REPO, b"0123456789").await;
        let (path, tag) = (format!("/v2/{REPO}/blobs/{digest}"), format!("\"{digest}\""));
        let range = ("range", "bytes=0-3");
        let same = registry.send(Method::GET, &path, &[range, ("if-range", &tag)], "").await.expect(206);
        assert_eq!(same.text(), "0123");
        registry.send(Method::GET, &path, &[range, ("if-range", "\"other\"")], "").await.expect(200);
        for method in [Method::GET, Method::HEAD] {
            for known in [tag.as_str(), "*", &format!("\"x\", W/{tag}")] {
                let unchanged = registry.send(method.clone(), &path, &[("if-none-match", known)], "").await.expect(304);
                assert!(unchanged.body.is_empty());
            }
            registry.send(method, &path, &[("if-none-match", "\"x\"")], "").await.expect(200);
        }
    }

    async fn a_deleted_blob_is_gone_at_once_and_only_here(registry: Running) {
        let digest = registry.push_blob(REPO, b"bytes").await;
        registry.push_blob("team/other", b"bytes").await;
        let path = format!("/v2/{REPO}/blobs/{digest}");
        registry.delete(&path).await.expect(202);
        registry.head(&path).await.expect(404);
        registry.delete(&path).await.expect(404);
        registry.get(&format!("/v2/team/other/blobs/{digest}")).await.expect(200);
    }

    async fn a_blob_is_mounted_from_where_it_is_visible(registry: Running) {
        let bytes = noise(8, 5000);
        let digest = registry.push_blob(REPO, &bytes).await;
        let mount = |to: &str, rest: &str| format!("/v2/{to}/blobs/uploads/?mount={digest}{rest}");
        let mounted = registry.send(Method::POST, &mount("b", &format!("&from={REPO}")), &[], "").await.expect(201);
        assert_eq!(mounted.header("location"), format!("/v2/b/blobs/{digest}"));
        assert_eq!(mounted.header("docker-content-digest"), digest.to_string());
        assert!(registry.get(&format!("/v2/b/blobs/{digest}")).await.expect(200).body == bytes);
        // Without a source, from anywhere; from itself, it says whether the blob is here.
        registry.send(Method::POST, &mount("c", ""), &[], "").await.expect(201);
        registry.send(Method::POST, &mount("c", "&from=c"), &[], "").await.expect(201);
        // A repository that does not show it is no source, though another one does.
        let refused = registry.send(Method::POST, &mount("d", "&from=nowhere"), &[], "").await.expect(202);
        registry.head(&format!("/v2/d/blobs/{digest}")).await.expect(404);
        // The answer has begun an upload.
        let put = format!("{}?digest={digest}", refused.header("location"));
        registry.send(Method::PUT, &put, &[], bytes.clone()).await.expect(201);
        assert!(registry.get(&format!("/v2/d/blobs/{digest}")).await.expect(200).body == bytes);
    }

    async fn what_no_repository_shows_is_not_mounted(registry: Running) {
        let digest = registry.push_blob(REPO, b"once").await;
        registry.delete(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(202);
        // The content may still be there, but nobody shows it.
        registry.send(Method::POST, &format!("/v2/b/blobs/uploads/?mount={digest}"), &[], "").await.expect(202);
        registry.head(&format!("/v2/b/blobs/{digest}")).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn content_is_kept_once_for_all_repositories() {
    let registry = crate::harness::Running::directory().await;
    for repository in ["a", "b/c", "b/d"] {
        registry.push_blob(repository, b"shared").await;
    }
    assert_eq!(crate::harness::count_files(&registry.data().join("blobs")), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_read_is_read_to_its_end_when_it_is_removed() {
    let registry = crate::harness::Running::directory().await;
    let bytes = noise(9, 8 << 20);
    let digest = registry.push_blob(REPO, &bytes).await;
    let url = format!("{}/v2/{REPO}/blobs/{digest}", registry.url);
    let mut response = crate::harness::client().get(url).send().await.unwrap();
    let mut got = response.chunk().await.unwrap().unwrap().to_vec();
    std::fs::remove_dir_all(registry.data().join("blobs")).unwrap();
    while let Some(chunk) = response.chunk().await.unwrap() {
        got.extend_from_slice(&chunk);
    }
    assert!(got == bytes);
}
