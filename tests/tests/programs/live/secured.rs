//! Every real registry with TLS and a login: who has the password gets in, nobody else, and no password is told to anybody.

use base64::Engine as _;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::layout::{Layout, digest};
use super::{Real, with_each_registry};
use crate::sandbox;

with_each_registry!(only_with_tls_and_a_login);

/// A password that would be seen in any log.
const PASSWORD: &str = "never-seen-in-a-log";

/// All rows of a report with this outcome, by name.
fn rows(report: &Value, outcome: &str) -> Vec<String> {
    let rows = report["checks"].as_array().unwrap().iter().filter(|row| row["outcome"] == outcome);
    rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

/// Runs reg-test as a user.
fn as_user(sandbox: &Sandbox, what: &[&str], user: &str, file: &str) -> reg_tests::sandbox::Ran {
    sandbox.run("reg-test", what.iter().chain(&["-r", "x", "-u", user, "--password-file", file]))
}

/// skopeo, too, gets in with the password alone.
fn skopeo_with_a_login(sandbox: &Sandbox, place: &str) {
    if std::process::Command::new("skopeo").arg("--version").output().is_err() {
        return reg_tests::live::skip("skopeo", "no `skopeo` is on PATH");
    }
    let layout = Layout::make(&sandbox.path("there"), "one");
    std::fs::create_dir(sandbox.path("certs")).unwrap();
    std::fs::copy(sandbox.path("cert.pem"), sandbox.path("certs/ca.crt")).unwrap();
    let copy = "skopeo --insecure-policy copy --all --preserve-digests --quiet";
    let refused = format!("{copy} --dest-cert-dir certs oci:there:app docker://{place}/team/app:v1");
    assert_ne!(sandbox.sh(&refused).code, 0);
    let push = format!("{copy} --dest-cert-dir certs --dest-creds alice:{PASSWORD} oci:there:app docker://{place}/team/app:v1");
    sandbox.sh(&push).code(0);
    let pull = format!("{copy} --src-cert-dir certs --src-creds alice:{PASSWORD} docker://{place}/team/app:v1 oci:back:v1");
    sandbox.sh(&pull).code(0);
    assert_eq!(digest(&sandbox.path("back")), layout.index["digest"]);
}

fn only_with_tls_and_a_login(real: &Real) {
    let sandbox = sandbox();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    sandbox.write("cert.pem", pair.cert.pem());
    sandbox.write("key.pem", pair.signing_key.serialize_pem());
    let htpasswd = format!("alice:{}\n", bcrypt::hash(PASSWORD, 5).unwrap());
    sandbox.write("htpasswd", &htpasswd);
    sandbox.write("password", format!("{PASSWORD}\n"));
    sandbox.write("wrong", "wrong\n");
    let flags = ["--cert", "cert.pem", "--key", "key.pem", "--ca-file", "cert.pem", "--htpasswd", "htpasswd"];
    let started = sandbox.run("reg-up", real.arguments(&flags)).code(0);
    assert!(!started.stderr.contains("warning"), "{started:?}");
    let registry = started.json();
    assert!(registry["url"].as_str().unwrap().starts_with("https://localhost:"), "{registry}");

    let all = as_user(&sandbox, &["all", "--write"], "alice", "password").code(0);
    assert!(rows(&all.json(), "pass").contains(&"tls".to_owned()), "{all:?}");
    let wrong = as_user(&sandbox, &["push-pull"], "alice", "wrong").code(7);
    assert_eq!(rows(&wrong.json(), "fail"), ["push-blobs"], "{wrong:?}");
    let unknown = as_user(&sandbox, &["health"], "docker", "password").code(7);
    assert_eq!(rows(&unknown.json(), "fail")[0], "auth", "{unknown:?}");
    let anonymous = sandbox.run("reg-test", ["all", "-r", "x"]).code(0).json();
    assert!(rows(&anonymous, "skip").contains(&"auth".to_owned()), "{anonymous:#}");
    assert_eq!(sandbox.run("reg-test", ["push", "-r", "x"]).code, 7);
    skopeo_with_a_login(&sandbox, registry["url"].as_str().unwrap().trim_start_matches("https://"));
    // Plain http on the same port gets nothing out of it.
    let plain = registry["url"].as_str().unwrap().replace("https", "http");
    let mut command = sandbox.command(sandbox.path("bin/reg-test"));
    command.env("XDG_STATE_HOME", sandbox.path("other")).args(["health", "-r", &plain]);
    assert_eq!(sandbox.finish(command, "").code, 4);

    // The users are those that were given, and the log holds neither a password nor another user's.
    let copy = sandbox.instance("x").join("htpasswd");
    assert_eq!(std::fs::read_to_string(copy).unwrap(), htpasswd);
    let log = sandbox.run("reg-up", ["logs", "x"]).code(0).stdout;
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("alice:{PASSWORD}"));
    for secret in [PASSWORD, &pair, "password=", "\\\"docker\\\""] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
}
