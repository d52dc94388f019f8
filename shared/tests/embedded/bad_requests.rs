//! Requests that are none: names, paths, methods, bodies; the answer says which, and nothing is written.

use http::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{REPO, Running, count_files, noise, on_both};

/// The headers of a request after which the server closes.
const CLOSING: &str = "Host: x\r\nConnection: close\r\n";

/// Sends bytes as they are and returns what comes back until the server closes.
async fn raw(registry: &Running, request: &str) -> String {
    let mut stream = TcpStream::connect(registry.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}

on_both! {
    async fn no_name_leads_out_of_the_folder(registry: Running) {
        let digest = registry.push_blob(REPO, b"blob").await;
        let long = "a".repeat(300);
        for name in [
            "../x", "a/../b", "..", "a/..", ".", "a//b", "A/b", "a\\b", "a%2fb", "a%2Fb", "%2e%2e/x", "a%00b", "_blobs", "a/_blobs/x", &long,
        ] {
            for (method, path) in [
                ("GET", format!("/v2/{name}/tags/list")),
                ("GET", format!("/v2/{name}/blobs/{digest}")),
                ("POST", format!("/v2/{name}/blobs/uploads/")),
                ("PUT", format!("/v2/{name}/manifests/v1")),
                ("DELETE", format!("/v2/{name}/manifests/v1")),
            ] {
                let answer = raw(&registry, &format!("{method} {path} HTTP/1.1\r\n{CLOSING}Content-Length: 0\r\n\r\n")).await;
                assert!(answer.starts_with("HTTP/1.1 400 "), "{method} {path}: {answer}");
                assert!(answer.contains("NAME_INVALID") || answer.contains("DIGEST_INVALID"), "{method} {path}: {answer}");
            }
        }
        for from in ["../x", "A", "a//b"] {
            let mount = format!("/v2/b/blobs/uploads/?mount={digest}&from={from}");
            assert_eq!(registry.send(Method::POST, &mount, &[], "").await.expect(400).code(), "NAME_INVALID");
        }
        if let Some(data) = registry.file("") {
            assert_eq!(count_files(&data.join("repositories")), 1);
        }
    }

    async fn no_digest_tag_or_upload_leads_out_of_the_folder(registry: Running) {
        for digest in ["sha256:..", "sha256:ABC", "sha256:baddigeststring", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:", "x"] {
            assert_eq!(registry.get(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(400).code(), "DIGEST_INVALID");
            let push = format!("/v2/{REPO}/blobs/uploads/?digest={digest}");
            assert_eq!(registry.send(Method::POST, &push, &[], "x").await.expect(400).code(), "DIGEST_INVALID");
            assert_eq!(registry.get(&format!("/v2/{REPO}/referrers/{digest}")).await.expect(400).code(), "DIGEST_INVALID");
        }
        let long = "a".repeat(129);
        for tag in ["-x", ".x", "a%20b", long.as_str(), "%1b[31m"] {
            assert_eq!(registry.get(&format!("/v2/{REPO}/manifests/{tag}")).await.expect(400).code(), "MANIFEST_INVALID");
        }
        for id in ["x", "..", "0123456789abcdef0123456789abcdef0123", "00000000-0000-4000-8000-000000000000"] {
            let head = format!("PATCH /v2/{REPO}/blobs/uploads/{id} HTTP/1.1\r\n{CLOSING}Content-Length: 1\r\n\r\nx");
            let answer = raw(&registry, &head).await;
            assert!(answer.starts_with("HTTP/1.1 404 ") && answer.contains("BLOB_UPLOAD_UNKNOWN"), "{id}: {answer}");
        }
    }

    async fn other_methods_and_paths(registry: Running) {
        for (method, path, allow) in [
            (Method::POST, "/v2/".to_owned(), "GET, HEAD"),
            (Method::PUT, "/v2/_catalog".to_owned(), "GET"),
            (Method::DELETE, format!("/v2/{REPO}/tags/list"), "GET"),
            (Method::PATCH, format!("/v2/{REPO}/manifests/v1"), "GET, HEAD, PUT, DELETE"),
            (Method::GET, format!("/v2/{REPO}/blobs/uploads/"), "POST"),
            (Method::OPTIONS, format!("/v2/{REPO}/blobs/uploads/x"), "GET, PUT, PATCH, DELETE"),
            (Method::PUT, "/healthz".to_owned(), "GET, HEAD"),
            (Method::GET, "/_reg/gc".to_owned(), "POST"),
            (Method::DELETE, "/metrics".to_owned(), "GET, HEAD"),
        ] {
            let refused = registry.send(method.clone(), &path, &[], "").await.expect(405);
            assert_eq!((refused.code().as_str(), refused.header("allow")), ("UNSUPPORTED", allow), "{method} {path}");
        }
        for path in ["/", "/v1/search", "/v2x", "/v2/nothing", "/favicon.ico"] {
            assert_eq!(registry.get(path).await.expect(404).code(), "NAME_UNKNOWN", "{path}");
        }
        for path in ["/v2", "/v2/"] {
            let ping = registry.get(path).await.expect(200);
            assert_eq!(ping.header("docker-distribution-api-version"), "registry/2.0");
        }
    }

    async fn an_answer_gets_through_to_a_client_that_is_still_sending(registry: Running) {
        let large = noise(1, 6 << 20);
        let headers = [("content-type", "application/vnd.oci.image.manifest.v1+json")];
        registry.send(Method::PUT, &format!("/v2/{REPO}/manifests/large"), &headers, large.clone()).await.expect(413);
        registry.send(Method::PATCH, &format!("/v2/{REPO}/blobs/uploads/x"), &[], large.clone()).await.expect(404);
        registry.send(Method::POST, "/v2/UPPER/blobs/uploads/?digest=x", &[], large).await.expect(400);
    }

    async fn a_100_mib_manifest_is_refused_before_it_comes(registry: Running) {
        let length = 100 << 20;
        let head = format!("PUT /v2/{REPO}/manifests/v1 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\
             Content-Type: application/vnd.oci.image.manifest.v1+json\r\n\r\n");
        let answer = raw(&registry, &head).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.contains("MANIFEST_INVALID"), "{answer}");
    }

    async fn who_waits_for_consent_gets_it(registry: Running) {
        let digest = reg_shared::name::Digest::sha256("hello");
        let mut stream = TcpStream::connect(registry.url.trim_start_matches("http://")).await.unwrap();
        let head = format!("POST /v2/{REPO}/blobs/uploads/?digest={digest} HTTP/1.1\r\n{CLOSING}\
             Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 25];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"hello").await.unwrap();
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.unwrap();
        assert!(rest.starts_with("HTTP/1.1 201 "), "{rest}");
    }

    async fn a_body_longer_than_its_length_is_cut_there(registry: Running) {
        let digest = reg_shared::name::Digest::sha256("hello");
        let head = format!("POST /v2/{REPO}/blobs/uploads/?digest={digest} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
        let answer = raw(&registry, &format!("{head}hello, world")).await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        // What follows is no request.
        assert!(answer.contains("HTTP/1.1 400 "), "{answer}");
        assert_eq!(registry.get(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(200).text(), "hello");
    }
}
