//! Every real registry with TLS and a login: who has the password gets in, nobody else, and no password is told to anybody.

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

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
    // Plain http on the same port gets nothing out of it.
    let plain = registry["url"].as_str().unwrap().replace("https", "http");
    let mut command = sandbox.command(sandbox.path("bin/reg-test"));
    command.env("XDG_STATE_HOME", sandbox.path("other")).args(["health", "-r", &plain]);
    assert_eq!(sandbox.finish(command, "").code, 4);

    // The users are those that were given, and the log holds neither a password nor another user's.
    let copy = sandbox.instance("x").join("htpasswd");
    assert_eq!(std::fs::read_to_string(copy).unwrap(), htpasswd);
    let log = sandbox.run("reg-up", ["logs", "x"]).code(0).stdout;
    let pair = reg_shared::auth::Credential::password("alice", reg_shared::secret::Secret::new(PASSWORD)).unwrap();
    assert!(!format!("{pair:?}").contains(PASSWORD));
    for secret in [PASSWORD, "YWxpY2U6bmV2ZXItc2Vlbi1pbi1hLWxvZw", "password=", "\"docker\""] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
}
