//! Logins: an htpasswd file that changes while the server runs.

use std::path::Path;

use http::Method;
use reg_shared::embedded::{Data, Options};

use crate::harness::{REPO, Running};

fn line(user: &str, password: &str, cost: u32) -> String {
    let hash = bcrypt::hash_with_result(password, cost).unwrap().format_for_version(bcrypt::Version::TwoY);
    format!("{user}:{hash}\n")
}

fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
}

async fn guarded(htpasswd: &Path) -> Running {
    let mut options = Options::new(([127, 0, 0, 1], 0).into(), Data::Memory);
    options.htpasswd = Some(htpasswd.to_owned());
    Running::with(options).await
}

async fn ping(registry: &Running, authorization: &str) -> u16 {
    registry.send(Method::GET, "/v2/", &[("authorization", authorization)], "").await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_login_there_is_a_challenge() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("htpasswd");
    std::fs::write(&file, line("anna", "pass:word", 4)).unwrap();
    let registry = guarded(&file).await;
    let bearer = basic("anna", "pass:word").replace("Basic", "Bearer");
    for authorization in
        ["", "Basic", "Basic !!!", "Basic YW5uYQ==", &bearer, &basic("anna", "wrong"), &basic("bert", "pass:word"), &basic("", "")]
    {
        for (method, path) in [
            (Method::GET, "/v2/"),
            (Method::GET, "/metrics"),
            (Method::GET, "/v2/UPPER/tags/list"),
            (Method::PUT, "/v2/a/manifests/v1"),
        ] {
            let refused = registry.send(method, path, &[("authorization", authorization)], "").await.expect(401);
            assert_eq!(refused.header("www-authenticate"), "Basic realm=\"reg\"");
            assert_eq!(refused.code(), "UNAUTHORIZED");
        }
    }
    assert_eq!(ping(&registry, &basic("anna", "pass:word")).await, 200);
    assert_eq!(ping(&registry, &basic("anna", "pass:word").replace("Basic", "basic")).await, 200);
    // Whether it is well may be asked by everybody.
    registry.get("/healthz").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_may_change_at_any_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("htpasswd");
    std::fs::write(&file, line("anna", "one", 4)).unwrap();
    let registry = guarded(&file).await;
    let (one, two, bert) = (basic("anna", "one"), basic("anna", "two"), basic("bert", "x"));
    assert_eq!([ping(&registry, &one).await, ping(&registry, &two).await], [200, 401]);
    // In place, in the same moment, with the same length.
    std::fs::write(&file, line("anna", "two", 4)).unwrap();
    assert_eq!([ping(&registry, &one).await, ping(&registry, &two).await], [401, 200]);
    // By another file in its place; a malformed line blocks nobody.
    let other = folder.path().join("other");
    let lines = format!("{}{}", line("anna", "two", 4), line("bert", "x", 4));
    std::fs::write(&other, [&b"broken \xff\n"[..], lines.as_bytes()].concat()).unwrap();
    std::fs::rename(&other, &file).unwrap();
    assert_eq!([ping(&registry, &two).await, ping(&registry, &bert).await], [200, 200]);
    let warned =
        |registry: &Running| registry.lines.lock().unwrap().iter().any(|line| line.contains("line 1 of the htpasswd file"));
    assert!(warned(&registry));
    // A file that is gone lets nobody in, until it is back.
    std::fs::rename(&file, &other).unwrap();
    assert_eq!([ping(&registry, &two).await, ping(&registry, &bert).await], [401, 401]);
    std::fs::rename(&other, &file).unwrap();
    assert_eq!(ping(&registry, &bert).await, 200);
    std::fs::write(&file, "").unwrap();
    assert_eq!(ping(&registry, &bert).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_login_is_remembered_and_a_wrong_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("htpasswd");
    std::fs::write(&file, line("anna", "secret", 4)).unwrap();
    let registry = guarded(&file).await;
    let (right, wrong) = (basic("anna", "secret"), basic("anna", "Secret"));
    let checks = || async {
        let metrics = registry.send(Method::GET, "/metrics", &[("authorization", &right)], "").await.expect(200);
        metrics.text().lines().find_map(|line| line.strip_prefix("reg_password_checks_total ")).unwrap().to_owned()
    };
    for _ in 0..20 {
        assert_eq!(ping(&registry, &right).await, 200);
    }
    assert_eq!(checks().await, "1");
    for _ in 0..3 {
        assert_eq!(ping(&registry, &wrong).await, 401);
    }
    assert_eq!(checks().await, "4");
    // Another file, another truth.
    std::fs::write(&file, format!("{}{}", line("anna", "secret", 4), line("bert", "x", 4))).unwrap();
    assert_eq!(ping(&registry, &right).await, 200);
    assert_eq!(checks().await, "5");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_credential_gets_into_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("htpasswd");
    std::fs::write(&file, line("anna", "hunter2", 4)).unwrap();
    let registry = guarded(&file).await;
    for password in ["hunter2", "hunter3"] {
        let authorization = basic("anna", password);
        let path = format!("/v2/{REPO}/tags/list?n=1&token={password}&{password}");
        registry.send(Method::GET, &path, &[("authorization", &authorization)], "").await;
    }
    let lines = registry.lines.lock().unwrap().join("\n");
    for secret in ["hunter", &basic("anna", "hunter2")[6..20], "$2y$"] {
        assert!(!lines.contains(secret), "{lines}");
    }
    assert!(lines.contains(r#""user":"anna""#), "{lines}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_no_start() {
    let mut options = Options::new(([127, 0, 0, 1], 0).into(), Data::Memory);
    options.htpasswd = Some("no/such/htpasswd".into());
    let fault = reg_shared::embedded::Server::bind(options).await.unwrap_err();
    assert_eq!(fault.to_string(), "cannot read the htpasswd file \"no/such/htpasswd\": no such file or directory");
}
