//! Each fault that `reg-test push-pull` can meet: it is got over, or a row fails and says why; in bounded time and memory, and without
//! a credential to anybody else.

use reg_tests::hostile::{Hostile, PASSWORD, USERNAME};
use reg_tests::sandbox::{Ran, Sandbox};

use crate::sandbox;

/// A file whose only line is the password.
fn with_password() -> Sandbox {
    let sandbox = sandbox();
    sandbox.write("password", format!("{PASSWORD}\n"));
    sandbox
}

/// Pushes and pulls in the repository of a fault, logged in and telling everything.
fn push_pull(sandbox: &Sandbox, hostile: &Hostile, fault: &str) -> Ran {
    let (url, repository) = (hostile.url(), format!("fault/{fault}"));
    let login = ["-u", USERNAME, "--password-file", "password", "-vv"];
    sandbox.run("reg-test", ["push-pull", "-r", &url, "--repository", &repository].iter().chain(&login))
}

/// The rows that failed: names and details.
fn failed(ran: &Ran) -> Vec<(String, String)> {
    let report = ran.json();
    let rows = report["checks"].as_array().unwrap().iter().filter(|row| row["outcome"] == "fail");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["name"]), text(&row["detail"]))).collect()
}

/// Nothing secret in what was said, and nobody else was sent any of it.
fn told_nobody(ran: &Ran, hostile: &Hostile) {
    use base64::Engine as _;
    assert!(hostile.leaks().is_empty(), "{:#?}", hostile.leaks());
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{USERNAME}:{PASSWORD}"));
    for secret in [PASSWORD, &pair, "secret-state", "secret-signature"] {
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(secret), "{secret}: {ran:?}");
    }
}

#[test]
fn what_passes_is_got_over() {
    let sandbox = with_password();
    let hostile = Hostile::start();
    for fault in [
        "none",
        "basic",
        "token",
        "token-short",
        "token-revoked",
        "realm-or-basic",
        "put-cut-once",
        "put-cut-lost",
        "put-503-once",
        "status-500-once",
        "status-503-once",
        "eof-once",
        "reset-once",
        "429-seconds",
        "429-date",
        "429-garbage",
        "mount-accepted",
        "mount-denied",
    ] {
        let ran = push_pull(&sandbox, &hostile, fault);
        assert_eq!((ran.code, failed(&ran)), (0, Vec::new()), "{fault}: {ran:?}");
        told_nobody(&ran, &hostile);
    }
    assert_eq!(hostile.open_uploads(), 0);
}

/// The fault, the row that fails first, and why.
const BROKEN: &[(&str, &str, &str)] = &[
    ("manifest-endless", "pull-by-tag", "sent more than the 4194304 bytes that are read of such an answer"),
    ("manifest-large", "pull-by-tag", "sent more than the 4194304 bytes that are read of such an answer"),
    ("manifest-other", "pull-by-tag", "came back as another manifest, sha256:"),
    ("manifest-digest-lies", "pull-by-tag", "the registry names the digest sha256:"),
    (
        "manifest-ambiguous",
        "pull-by-tag",
        "the manifest is refused: it has both manifests and layers, so it could be read two ways",
    ),
    ("manifest-twice", "pull-by-tag", "the manifest is refused: the key \"Layers\" stands in it twice"),
    (
        "manifest-type",
        "pull-by-tag",
        "it says mediaType \"application/vnd.oci.image.manifest.v1+json\" but came as \"application/vnd.oci.image.index.v1+json\"",
    ),
    ("manifest-immutable", "push-manifest", "the registry says \"the tag is immutable\" (409 DENIED)"),
    ("error-endless", "pull-by-tag", "the registry answered 404"),
    ("error-echo", "pull-by-tag", "the registry says \"you sent Basic …, which is me:…\" (403 DENIED)"),
    ("error-escape", "pull-by-tag", r#"the registry says "\u{1b}[2J\u{1b}[31mgone  reg: all is well" (404 MANIFEST_UNKNOWN)"#),
    (
        "token-refused",
        "push-blobs",
        "answered 401, it says \"incorrect username or password\" (check the user name and the password)",
    ),
    ("token-endless", "push-blobs", "sent more than the 1048576 bytes that are read of such an answer"),
    ("token-redirect", "push-blobs", "redirects, which is not followed"),
    ("realm-elsewhere", "push-blobs", "(if that token server may have the password: --token-host 127.0.0.2)"),
    ("realm-metadata", "push-blobs", "http://169.254.169.254 is not an address that a registry may point to"),
    ("realm-user-info", "push-blobs", "sends us to a token server that is not asked: its realm carries user info"),
    ("location-elsewhere", "push-blobs", "another host, which is not done"),
    ("put-cut-always", "push-blobs", "broke"),
    ("put-digest-lies", "push-blobs", "the registry took it for sha256:"),
    ("status-400", "push-blobs", "the registry says \"not now\" (400 UNKNOWN)"),
    ("status-401", "push-blobs", "the registry says \"not now\" (401 UNKNOWN) (check the user name and the password)"),
    ("status-403", "push-blobs", "the registry says \"not now\" (403 UNKNOWN)"),
    ("status-404", "push-blobs", "the registry says \"not now\" (404 UNKNOWN)"),
    ("status-405", "push-blobs", "the registry says \"not now\" (405 UNKNOWN)"),
    ("status-413", "push-blobs", "the registry says \"not now\" (413 UNKNOWN) (a proxy in front of the registry may limit"),
    ("headers-endless", "push-blobs", "sent more headers than are read"),
    ("headers-many", "push-blobs", "sent more headers than are read"),
];

#[test]
fn what_does_not_pass_fails_a_row_and_says_why() {
    let sandbox = with_password();
    let hostile = Hostile::start();
    for (fault, row, why) in BROKEN {
        let ran = push_pull(&sandbox, &hostile, fault);
        let failed = failed(&ran);
        assert_eq!(ran.code, 7, "{fault}: {ran:?}");
        assert_eq!(&failed[0].0, row, "{fault}: {ran:?}");
        assert!(failed[0].1.contains(why), "{fault}: {}", failed[0].1);
        assert!(!ran.stderr.contains('\u{1b}'), "{fault}: an escape sequence reached the terminal");
        told_nobody(&ran, &hostile);
    }
}

#[test]
fn a_server_that_stays_broken_is_not_asked_for_ever() {
    let sandbox = with_password();
    let hostile = Hostile::start();
    let ran = push_pull(&sandbox, &hostile, "status-503");
    assert_eq!(failed(&ran)[0].0, "push-blobs", "{ran:?}");
    let asked = hostile.seen_with("fault/status-503").len();
    assert!((2..=20).contains(&asked), "asked {asked} times");
}

#[test]
fn bodies_without_end_are_not_kept() {
    let sandbox = with_password();
    let hostile = Hostile::start();
    // Far more address space than the program needs with its threads, and less than what would come.
    let limited = "ulimit -v 1000000; exec reg-test push-pull -u me --password-file password -q";
    let works = sandbox.sh(&format!("{limited} -r {} --repository fault/none", hostile.url()));
    assert_eq!(works.code, 0, "{works:?}");
    for fault in ["manifest-endless", "error-endless", "token-endless", "headers-endless"] {
        let ran = sandbox.sh(&format!("{limited} -r {} --repository fault/{fault}", hostile.url()));
        assert_eq!(ran.code, 7, "{fault}: {ran:?}");
    }
    let sent = hostile.seen().iter().map(|seen| seen.sent).max().unwrap();
    assert!(sent < 64 << 20, "{sent} bytes of one answer were taken");
}

#[test]
fn other_hosts_are_asked_without_the_credential() {
    let sandbox = with_password();
    let hostile = Hostile::start();
    let url = hostile.url();
    // The token server elsewhere gets the password when, and only when, it was named.
    let host = hostile.elsewhere().to_string();
    let allowed = ["push-pull", "-r", &url, "--repository", "fault/realm-elsewhere", "-u", USERNAME, "--password-file", "password"];
    let ran = sandbox.run("reg-test", allowed.iter().chain(&["--token-host", &host]));
    let asked = hostile.seen_with("/token").into_iter().filter(|seen| seen.authorization.is_some()).count();
    assert!(asked > 0, "{ran:?}");
    let wrong = sandbox.run("reg-test", allowed.iter().chain(&["--token-host", "127.0.0.3"]));
    assert_eq!(failed(&wrong)[0].0, "push-blobs", "{wrong:?}");
    let after = hostile.seen_with("/token").into_iter().filter(|seen| seen.authorization.is_some()).count();
    assert_eq!(after, asked);
}
