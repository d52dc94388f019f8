//! What an operator relies on: health, counters, the access log, the data folder, an end without loss.

use std::os::unix::fs::PermissionsExt as _;

use http::Method;
use reg_shared::embedded::{Data, Options, Server, token_file};
use reg_shared::exit::Exit;
use reg_shared::name::Digest;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{REPO, Running, noise, on_both};

on_both! {
    async fn health_and_counters(registry: Running) {
        assert_eq!(registry.get("/healthz").await.expect(200).text(), "ok\n");
        registry.head("/healthz").await.expect(200);
        registry.push_blob(REPO, &noise(1, 50_000)).await;
        registry.get("/v2/a/manifests/none").await.expect(404);
        registry.start_upload(REPO).await;
        let metrics = registry.get("/metrics").await.expect(200);
        assert_eq!(metrics.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        let value = |series: &str| {
            let line = metrics.text().lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
            line.unwrap_or_else(|| panic!("no {series} in {}", metrics.text())).parse::<f64>().unwrap()
        };
        assert_eq!(value("reg_requests_total{method=\"POST\",code=\"201\"}"), 1.0);
        assert_eq!(value("reg_requests_total{method=\"GET\",code=\"404\"}"), 1.0);
        assert_eq!(value("reg_request_duration_seconds_count{method=\"GET\",code=\"404\"}"), 1.0);
        assert!(value("reg_request_duration_seconds_sum{method=\"POST\",code=\"201\"}") > 0.0);
        assert!(value("reg_received_bytes_total") > 50_000.0);
        assert!(value("reg_sent_bytes_total") > 0.0);
        assert!(value("reg_connections") >= 1.0);
        assert_eq!(value("reg_uploads"), 1.0);
        assert!(value("process_start_time_seconds") > 1.7e9);
        // Every series has its help and type in front.
        for line in metrics.text().lines().filter(|line| !line.starts_with('#')) {
            let name = line.split(['{', ' ']).next().unwrap().trim_end_matches("_sum").trim_end_matches("_count");
            assert!(metrics.text().contains(&format!("# TYPE {name} ")), "{line}");
        }
    }

    async fn every_request_is_a_line_of_json(registry: Running) {
        let digest = registry.push_blob(REPO, &noise(2, 400_000)).await;
        registry.get(&format!("/v2/{REPO}/blobs/{digest}")).await.expect(200);
        registry.send(Method::GET, "/v2/a/tags/list?n=x\u{7f}", &[("user-agent", "test/1")], "").await.expect(400);
        let lines: Vec<Value> = registry.lines.lock().unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        let got = &lines[1];
        assert_eq!((&got["method"], &got["status"], &got["bytes"]), (&"GET".into(), &200.into(), &400_000.into()));
        assert_eq!(got["path"], format!("/v2/{REPO}/blobs/{digest}"));
        assert_eq!((&got["level"], &got["message"], &got["user"]), (&"info".into(), &"request".into(), &Value::Null));
        assert!(got["remote"].as_str().unwrap().starts_with("127.0.0.1:"));
        assert!(got["ms"].as_f64().unwrap() > 0.0);
        time::OffsetDateTime::parse(got["time"].as_str().unwrap(), &time::format_description::well_known::Rfc3339).unwrap();
        assert_eq!((&lines[2]["status"], &lines[2]["agent"]), (&400.into(), &"test/1".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_cannot_write_is_not_well() {
    let registry = Running::directory().await;
    registry.push_image(REPO, "v1", b"layer").await;
    // Permissions would not keep root from writing; a file where a folder should be does.
    std::fs::remove_dir(registry.data().join("temporary")).unwrap();
    std::fs::write(registry.data().join("temporary"), "").unwrap();
    assert_eq!(registry.get("/healthz").await.expect(503).code(), "UNKNOWN");
    // What is there can still be pulled.
    registry.get(&format!("/v2/{REPO}/manifests/v1")).await.expect(200);
    let refused = registry
        .send(Method::POST, &format!("/v2/{REPO}/blobs/uploads/?digest={}", Digest::sha256("x")), &[], "x")
        .await
        .expect(500);
    // The reason is for the log, not for the client.
    assert_eq!(refused.json()["errors"][0]["message"], "the registry cannot use its storage");
    let lines = registry.lines.lock().unwrap().join("\n");
    assert!(lines.contains(r#""level":"error""#) && lines.contains("Not a directory"), "{lines}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_under_way_end_before_the_server_does() {
    let mut registry = Running::directory().await;
    let bytes = noise(3, 1_000_000);
    let digest = Digest::sha256(&bytes);
    let address = registry.url.trim_start_matches("http://").to_owned();
    let mut pushing = TcpStream::connect(&address).await.unwrap();
    let head = format!("POST /v2/{REPO}/blobs/uploads/?digest={digest} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    pushing.write_all(head.as_bytes()).await.unwrap();
    pushing.write_all(&bytes[..400_000]).await.unwrap();
    // An idle connection holds nothing up.
    let mut idle = TcpStream::connect(&address).await.unwrap();
    idle.write_all(b"GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    idle.read_buf(&mut Vec::new()).await.unwrap();
    let push = async {
        // The listener is closed as the first step of the end.
        while TcpStream::connect(&address).await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        pushing.write_all(&bytes[400_000..]).await.unwrap();
        let mut answer = String::new();
        pushing.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let (answer, ()) = tokio::join!(push, registry.stop());
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_folder_has_one_server() {
    let registry = Running::directory().await;
    let again = || Server::bind(Options::new(([127, 0, 0, 1], 0).into(), Data::Directory(registry.data())));
    let fault = again().await.unwrap_err();
    assert_eq!(fault.kind(), Exit::Conflict);
    assert!(fault.to_string().ends_with(&format!("is in use by another server (process {})", std::process::id())), "{fault}");
    let token = token_file(&registry.data());
    assert_eq!(token.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(registry.data().metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn a_folder_with_something_else_in_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bind = || Server::bind(Options::new(([127, 0, 0, 1], 0).into(), Data::Directory(folder.path().to_owned())));
    std::fs::write(folder.path().join("letter.txt"), "dear").unwrap();
    let fault = bind().await.unwrap_err();
    assert!(fault.to_string().ends_with("is not empty and holds no registry"), "{fault}");
    std::fs::write(folder.path().join("version"), "2\n").unwrap();
    let fault = bind().await.unwrap_err();
    assert!(fault.to_string().ends_with("is of edition \"2\", and this version knows only edition 1"), "{fault}");
    assert_eq!(fault.kind(), Exit::Input);
}

#[tokio::test]
async fn a_port_that_is_taken_is_a_conflict() {
    let first = Server::bind(Options::new(([127, 0, 0, 1], 0).into(), Data::Memory)).await.unwrap();
    let fault = Server::bind(Options::new(first.address(), Data::Memory)).await.unwrap_err();
    assert_eq!(fault.to_string(), format!("port {} of 127.0.0.1 is taken", first.address().port()));
    assert_eq!((fault.kind(), fault.hint_text()), (Exit::Conflict, Some("--port 0 takes a free one")));
}
