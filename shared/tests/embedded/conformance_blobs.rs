//! The blob checks of the OCI conformance suite (distribution-spec, `conformance/`, July 2026), for both algorithms, under its
//! names.
//!
//! A failing test shows the name of the check that failed as the last line of its output.

use http::Method;
use reg_shared::name::{Algorithm, Digest};

use crate::harness::{ALGORITHMS, Answer, Running, noise, on_both};

const REPO1: &str = "conformance/repo1";
const REPO2: &str = "conformance/repo2";

/// One algorithm's checks, each with bytes of its own.
struct Checks<'a> {
    registry: &'a Running,
    algorithm: Algorithm,
    seed: u64,
}

impl Checks<'_> {
    /// Begins a check: its bytes and their digest.
    fn begin(&mut self, name: &str, length: usize) -> (Vec<u8>, Digest) {
        println!("OCI Conformance Test/{} blobs/{name}", self.algorithm.as_str());
        self.seed += 1;
        let bytes = noise(self.seed, length);
        let digest = Digest::of(self.algorithm, &bytes);
        (bytes, digest)
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.registry.send(method, path, headers, body.to_vec()).await
    }

    /// What follows every push: the location, blob-head, blob-get, blob-delete.
    async fn created(&self, pushed: Answer, repository: &str, bytes: &[u8], digest: &Digest) {
        let pushed = pushed.expect(201);
        assert_eq!(pushed.header("docker-content-digest"), digest.to_string());
        assert!(self.registry.get(pushed.header("location")).await.expect(200).body == bytes);
        let path = format!("/v2/{repository}/blobs/{digest}");
        let head = self.registry.head(&path).await.expect(200);
        assert_eq!(head.header("content-length"), bytes.len().to_string());
        assert_eq!(head.header("docker-content-digest"), digest.to_string());
        assert!(self.registry.get(&path).await.expect(200).body == bytes);
        self.registry.delete(&path).await.expect(202);
        self.registry.head(&path).await.expect(404);
    }

    async fn post_put(&self, repository: &str, bytes: &[u8], digest: &Digest) -> Answer {
        let location = self.registry.start_upload(repository).await;
        self.send(Method::PUT, &format!("{location}?digest={digest}"), &[], bytes).await
    }

    /// Chunks of a third each, the last one with the PUT or before it; each after one that is out of order, if asked for.
    async fn chunked(&self, bytes: &[u8], digest: &Digest, put_last: bool, out_of_order: bool) -> Answer {
        let location = self.registry.start_upload(REPO1).await;
        let finish = format!("{location}?digest={digest}");
        let size = bytes.len() / 3 + 1;
        let request = |start: usize| {
            let end = (start + size).min(bytes.len());
            let last = put_last && end == bytes.len();
            let (method, path) = if last { (Method::PUT, &finish) } else { (Method::PATCH, &location) };
            (method, path.as_str(), format!("{start}-{}", end - 1), &bytes[start..end])
        };
        let mut start = 0;
        while start < bytes.len() {
            if out_of_order {
                let wrong = if start + size < bytes.len() { start + size } else { 0 };
                let (method, path, range, chunk) = request(wrong);
                self.send(method, path, &[("content-range", &range)], chunk).await.expect(416);
                let stands = self.registry.get(&location).await.expect(204).header("range").to_owned();
                assert_eq!(stands, format!("0-{}", start.saturating_sub(1)));
            }
            let (method, path, range, chunk) = request(start);
            let answer = self.send(method.clone(), path, &[("content-range", &range)], chunk).await;
            if method == Method::PUT {
                return answer;
            }
            answer.expect(202);
            start += size;
        }
        self.send(Method::PUT, &finish, &[], b"").await
    }

    async fn stream(&self, bytes: &[u8], digest: &Digest) -> Answer {
        let location = self.registry.start_upload(REPO1).await;
        self.send(Method::PATCH, &location, &[], bytes).await.expect(202);
        self.send(Method::PUT, &format!("{location}?digest={digest}"), &[], b"").await
    }

    async fn mount(&self, digest: &Digest, from: Option<&str>) -> Answer {
        let from = from.map_or(String::new(), |from| format!("&from={from}"));
        self.send(Method::POST, &format!("/v2/{REPO1}/blobs/uploads/?mount={digest}{from}"), &[], b"").await
    }

    async fn pushes(&mut self) {
        let (_, digest) = self.begin("get-missing", 512);
        self.registry.get(&format!("/v2/{REPO1}/blobs/{digest}")).await.expect(404);

        let (bytes, digest) = self.begin("post only", 512);
        let pushed = self.send(Method::POST, &format!("/v2/{REPO1}/blobs/uploads/?digest={digest}"), &[], &bytes).await;
        self.created(pushed, REPO1, &bytes, &digest).await;

        let (bytes, digest) = self.begin("post+put", 512);
        self.created(self.post_put(REPO1, &bytes, &digest).await, REPO1, &bytes, &digest).await;

        for (name, length, put_last, out_of_order) in [
            ("chunked single", 1, false, false),
            ("chunked multi", 3067, false, false),
            ("chunked multi and put chunk", 3067, true, false),
            ("chunked out-of-order", 3067, false, true),
            ("chunked out-of-order and put chunk", 3067, true, true),
        ] {
            let (bytes, digest) = self.begin(name, length);
            self.created(self.chunked(&bytes, &digest, put_last, out_of_order).await, REPO1, &bytes, &digest).await;
        }

        let (bytes, digest) = self.begin("stream", 512);
        self.created(self.stream(&bytes, &digest).await, REPO1, &bytes, &digest).await;

        self.begin("post cancel", 512);
        let location = self.registry.start_upload(REPO1).await;
        self.registry.delete(&location).await.expect(204);

        for (name, bytes) in [("empty", b"".as_slice()), ("emptyJSON", b"{}")] {
            self.begin(name, 0);
            let digest = Digest::of(self.algorithm, bytes);
            self.created(self.post_put(REPO1, bytes, &digest).await, REPO1, bytes, &digest).await;
        }
    }

    async fn mounts(&mut self) {
        for (name, from) in [("mount", Some(REPO2)), ("mount anonymous", None)] {
            let (bytes, digest) = self.begin(name, 512);
            self.post_put(REPO2, &bytes, &digest).await.expect(201);
            self.created(self.mount(&digest, from).await, REPO1, &bytes, &digest).await;
            self.registry.delete(&format!("/v2/{REPO2}/blobs/{digest}")).await.expect(202);
        }
        let (bytes, digest) = self.begin("mount missing", 512);
        let begun = self.mount(&digest, Some(REPO2)).await.expect(202);
        let finish = format!("{}?digest={digest}", begun.header("location"));
        let pushed = self.send(Method::PUT, &finish, &[], &bytes).await;
        self.created(pushed, REPO1, &bytes, &digest).await;
    }

    async fn ranges(&mut self) {
        let (bytes, digest) = self.begin("range requests", 2048);
        self.post_put(REPO1, &bytes, &digest).await.expect(201);
        let path = format!("/v2/{REPO1}/blobs/{digest}");
        for (name, expected) in [
            ("500-1499", Some(500..1500)),
            ("500-", Some(500..2048)),
            ("-500", Some(1548..2048)),
            ("2000-5000", Some(2000..2048)),
            ("500-0", None),
            ("5000-10000", None),
        ] {
            println!("OCI Conformance Test/{} blobs/range requests/range {name}", self.algorithm.as_str());
            let answer = self.send(Method::GET, &path, &[("range", &format!("bytes={name}"))], b"").await;
            match expected {
                None => drop(answer.expect(416)),
                Some(range) => {
                    let part = answer.expect(206);
                    assert!(part.body == bytes[range.clone()]);
                    assert_eq!(part.header("content-range"), format!("bytes {}-{}/2048", range.start, range.end - 1));
                }
            }
        }
        self.registry.delete(&path).await.expect(202);
    }

    async fn bad_digests(&mut self) {
        for name in ["post only", "post+put", "chunked", "chunked and put chunk", "stream"] {
            let (mut bytes, digest) = self.begin(&format!("bad digest {name}"), 3067);
            bytes.extend_from_slice(b"oh no");
            let answer = match name {
                "post only" => self.send(Method::POST, &format!("/v2/{REPO1}/blobs/uploads/?digest={digest}"), &[], &bytes).await,
                "post+put" => self.post_put(REPO1, &bytes, &digest).await,
                "chunked" => self.chunked(&bytes, &digest, false, false).await,
                "chunked and put chunk" => self.chunked(&bytes, &digest, true, false).await,
                _ => self.stream(&bytes, &digest).await,
            };
            assert_eq!(answer.expect(400).code(), "DIGEST_INVALID");
            self.registry.head(&format!("/v2/{REPO1}/blobs/{digest}")).await.expect(404);
        }
    }
}

on_both! {
    async fn blob_checks(registry: Running) {
        for algorithm in ALGORITHMS {
            let mut checks = Checks { registry: &registry, algorithm, seed: 0 };
            checks.pushes().await;
            checks.mounts().await;
            checks.ranges().await;
            checks.bad_digests().await;
        }
    }
}
