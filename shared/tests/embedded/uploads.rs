//! Uploads in pieces: where they stand, in which order, and what becomes of one that goes wrong.

use http::Method;
use reg_shared::name::{Algorithm, Digest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{ALGORITHMS, REPO, Running, count_files, noise, on_both};

async fn patch(registry: &Running, location: &str, range: &str, bytes: &[u8]) -> crate::harness::Answer {
    registry.send(Method::PATCH, location, &[("content-range", range)], bytes.to_vec()).await
}

/// Sends the head of a request and a part of its body, and goes.
async fn break_off(registry: &Running, request: &str, body: &[u8]) {
    let address = registry.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    stream.shutdown().await.unwrap();
    // Whatever the server says, it has taken note when it closes.
    drop(stream.read_to_end(&mut Vec::new()).await);
}

on_both! {
    async fn chunks_in_order(registry: Running) {
        let bytes = noise(1, 1000);
        for algorithm in ALGORITHMS {
            let digest = Digest::of(algorithm, &bytes);
            let location = registry.start_upload(REPO).await;
            let stands = registry.get(&location).await.expect(204);
            assert_eq!((stands.header("location"), stands.header("range")), (location.as_str(), "0-0"));
            let first = patch(&registry, &location, "0-399", &bytes[..400]).await.expect(202);
            assert_eq!((first.header("location"), first.header("range")), (location.as_str(), "0-399"));
            assert_eq!(registry.get(&location).await.expect(204).header("range"), "0-399");
            let second = patch(&registry, &location, "400-799", &bytes[400..800]).await.expect(202);
            assert_eq!(second.header("range"), "0-799");
            let finish = format!("{location}?digest={digest}");
            let headers = [("content-range", "800-999")];
            let done = registry.send(Method::PUT, &finish, &headers, bytes[800..].to_vec()).await.expect(201);
            assert_eq!(done.header("location"), format!("/v2/{REPO}/blobs/{digest}"));
            assert!(registry.get(done.header("location")).await.expect(200).body == bytes);
            assert_eq!(registry.get(&location).await.expect(404).code(), "BLOB_UPLOAD_UNKNOWN");
        }
    }

    async fn a_chunk_out_of_order_is_told_where_the_upload_stands(registry: Running) {
        let bytes = noise(2, 900);
        let digest = Digest::sha256(&bytes);
        let location = registry.start_upload(REPO).await;
        let finish = format!("{location}?digest={digest}");
        let ahead = patch(&registry, &location, "300-599", &bytes[300..600]).await.expect(416);
        assert_eq!((ahead.code().as_str(), ahead.header("range")), ("RANGE_INVALID", "0-0"));
        patch(&registry, &location, "0-299", &bytes[..300]).await.expect(202);
        let again = patch(&registry, &location, "0-299", &bytes[..300]).await.expect(416);
        assert_eq!((again.header("location"), again.header("range")), (location.as_str(), "0-299"));
        let last = registry.send(Method::PUT, &finish, &[("content-range", "600-899")], bytes[600..].to_vec()).await.expect(416);
        assert_eq!(last.header("range"), "0-299");
        patch(&registry, &location, "300-899", &bytes[300..]).await.expect(202);
        registry.send(Method::PUT, &finish, &[], "").await.expect(201);
        assert!(registry.get(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(200).body == bytes);
    }

    async fn a_chunk_and_its_range_have_the_same_length(registry: Running) {
        let bytes = noise(3, 600);
        let location = registry.start_upload(REPO).await;
        assert_eq!(patch(&registry, &location, "0-99", &bytes).await.expect(400).code(), "SIZE_INVALID");
        // Without a length in front, the bytes are counted.
        for (range, sent) in [("0-99", &bytes[..200]), ("0-99", &bytes[..50])] {
            let stream = reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(sent.to_vec())]));
            let answer = registry.send(Method::PATCH, &location, &[("content-range", range)], stream).await.expect(400);
            assert_eq!(answer.code(), "SIZE_INVALID");
        }
        for range in ["bytes", "9-0", "0", "-"] {
            assert_eq!(patch(&registry, &location, range, &bytes).await.expect(400).code(), "BLOB_UPLOAD_INVALID");
        }
        // Nothing of all that was kept, and the upload goes on.
        assert_eq!(registry.get(&location).await.expect(204).header("range"), "0-0");
        patch(&registry, &location, "0-599", &bytes).await.expect(202);
        registry.send(Method::PUT, &format!("{location}?digest={}", Digest::sha256(&bytes)), &[], "").await.expect(201);
    }

    async fn a_stream_without_a_length(registry: Running) {
        let bytes = noise(4, 2_000_003);
        let digest = Digest::sha256(&bytes);
        let location = registry.start_upload(REPO).await;
        let pieces: Vec<_> = bytes.chunks(77_777).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
        let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
        let sent = registry.send(Method::PATCH, &location, &[], stream).await.expect(202);
        assert_eq!(sent.header("range"), "0-2000002");
        registry.send(Method::PUT, &format!("{location}?digest={digest}"), &[], "").await.expect(201);
        assert!(registry.get(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(200).body == bytes);
    }

    async fn an_upload_by_one_algorithm_may_end_with_the_other(registry: Running) {
        let bytes = noise(5, 70_000);
        for (begun, ended) in [(Algorithm::Sha256, Algorithm::Sha512), (Algorithm::Sha512, Algorithm::Sha256)] {
            let path = format!("/v2/{REPO}/blobs/uploads/?digest-algorithm={}", begun.as_str());
            let location = registry.send(Method::POST, &path, &[], "").await.expect(202).header("location").to_owned();
            patch(&registry, &location, "0-69999", &bytes).await.expect(202);
            let digest = Digest::of(ended, &bytes);
            registry.send(Method::PUT, &format!("{location}?digest={digest}"), &[], "").await.expect(201);
            registry.head(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(200);
        }
    }

    async fn a_wrong_digest_stores_nothing(registry: Running) {
        let (bytes, digest) = (noise(6, 5000), Digest::sha256("something else"));
        let whole = format!("/v2/{REPO}/blobs/uploads/?digest={digest}");
        let refused = registry.send(Method::POST, &whole, &[], bytes.clone()).await.expect(400);
        assert_eq!(refused.code(), "DIGEST_INVALID");
        let location = registry.start_upload(REPO).await;
        let finish = format!("{location}?digest={digest}");
        assert_eq!(registry.send(Method::PUT, &finish, &[], bytes.clone()).await.expect(400).code(), "DIGEST_INVALID");
        // The upload is gone: its bytes are nobody's.
        registry.get(&location).await.expect(404);
        for digest in [digest, Digest::sha256(&bytes)] {
            registry.head(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(404);
        }
        if let Some(data) = registry.file("") {
            assert_eq!(["blobs", "temporary", "repositories"].map(|part| count_files(&data.join(part))), [0, 0, 0]);
        }
    }

    async fn what_came_before_a_break_is_kept(registry: Running) {
        let bytes = noise(7, 400_000);
        let digest = Digest::sha256(&bytes);
        let location = registry.start_upload(REPO).await;
        let head = format!("PATCH {location} HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n");
        break_off(&registry, &head, &bytes[..300_000]).await;
        let stands = registry.get(&location).await.expect(204).header("range").to_owned();
        assert_eq!(stands, "0-299999");
        // A finishing request may break too.
        let finish = format!("{location}?digest={digest}");
        let head = format!("PUT {finish} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nContent-Range: 300000-399999\r\n\r\n");
        break_off(&registry, &head, &bytes[300_000..350_000]).await;
        assert_eq!(registry.get(&location).await.expect(204).header("range"), "0-349999");
        registry.send(Method::PUT, &finish, &[("content-range", "350000-399999")], bytes[350_000..].to_vec()).await.expect(201);
        assert!(registry.get(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(200).body == bytes);
    }

    async fn a_whole_blob_that_breaks_off_leaves_nothing(registry: Running) {
        let digest = Digest::sha256("x");
        let head = format!("POST /v2/{REPO}/blobs/uploads/?digest={digest} HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n");
        break_off(&registry, &head, &noise(8, 500)).await;
        registry.head(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(404);
        if let Some(temporary) = registry.file("temporary") {
            assert_eq!(count_files(&temporary), 0);
        }
    }

    async fn the_newest_request_takes_an_upload_over(registry: Running) {
        let bytes = noise(9, 300_000);
        let location = registry.start_upload(REPO).await;
        // A client that sends a part and then hangs.
        let mut hanging = TcpStream::connect(registry.url.trim_start_matches("http://")).await.unwrap();
        let head = format!("PATCH {location} HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n");
        hanging.write_all(head.as_bytes()).await.unwrap();
        hanging.write_all(&bytes[..100_000]).await.unwrap();
        hanging.flush().await.unwrap();
        // It comes back on another connection and asks for the whole thing to be forgotten.
        registry.delete(&location).await.expect(204);
        let mut answer = Vec::new();
        hanging.read_buf(&mut answer).await.unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
        registry.get(&location).await.expect(404);
    }

    async fn a_cancelled_upload_is_gone(registry: Running) {
        let location = registry.start_upload(REPO).await;
        patch(&registry, &location, "0-3", b"abcd").await.expect(202);
        registry.delete(&location).await.expect(204);
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            assert_eq!(registry.send(method, &location, &[], "").await.expect(404).code(), "BLOB_UPLOAD_UNKNOWN");
        }
        let finish = format!("{location}?digest={}", Digest::sha256("abcd"));
        assert_eq!(registry.send(Method::PUT, &finish, &[], "").await.expect(404).code(), "BLOB_UPLOAD_UNKNOWN");
    }

    async fn an_upload_belongs_to_its_repository(registry: Running) {
        let location = registry.start_upload(REPO).await;
        let elsewhere = location.replace(REPO, "team/other");
        registry.get(&elsewhere).await.expect(404);
        registry.send(Method::PATCH, &elsewhere, &[], "abc").await.expect(404);
        assert_eq!(registry.get(&location).await.expect(204).header("range"), "0-0");
    }

    async fn the_same_blob_pushed_by_many_at_once(registry: Running) {
        let bytes = noise(10, 600_000);
        let pushes = (0..8).map(|number| {
            let (registry, bytes) = (&registry, &bytes);
            async move { registry.push_blob(if number % 2 == 0 { REPO } else { "b" }, bytes).await }
        });
        let digests = futures_util::future::join_all(pushes).await;
        assert!(registry.get(&format!("/v2/{REPO}/blobs/{}", digests[0])).await.expect(200).body == bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_survives_a_restart() {
    let bytes = noise(11, 500_000);
    for algorithm in ALGORITHMS {
        let registry = Running::directory().await;
        let digest = Digest::of(algorithm, &bytes);
        let location = registry.start_upload(REPO).await;
        patch(&registry, &location, "0-199999", &bytes[..200_000]).await.expect(202);
        let registry = registry.restart().await;
        assert_eq!(registry.get(&location).await.expect(204).header("range"), "0-199999");
        patch(&registry, &location, "200000-499999", &bytes[200_000..]).await.expect(202);
        registry.send(Method::PUT, &format!("{location}?digest={digest}"), &[], "").await.expect(201);
        assert!(registry.get(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(200).body == bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_being_written_is_swept_at_the_start() {
    let mut registry = Running::directory().await;
    registry.push_image(REPO, "v1", b"layer").await;
    registry.stop().await;
    std::fs::write(registry.data().join("temporary/left-behind"), "half").unwrap();
    let data = reg_shared::embedded::Data::Directory(registry.data());
    let again = Running::with(reg_shared::embedded::Options::new(([127, 0, 0, 1], 0).into(), data)).await;
    assert_eq!(count_files(&registry.data().join("temporary")), 0);
    again.get(&format!("/v2/{REPO}/manifests/v1")).await.expect(200);
}
