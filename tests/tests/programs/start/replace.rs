//! `start --replace`: the new settings take over whole, or the old registry runs on with its old files.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;

use reg_tests::port;
use reg_tests::sandbox::{Ran, Sandbox};
use serde_json::Value;

use super::{fails, pretender, start};
use crate::process::{pid, port_of, runs};
use crate::sandbox;

/// The small files of an instance, but for the one that says which process runs.
fn files(sandbox: &Sandbox, name: &str) -> BTreeMap<String, Vec<u8>> {
    let read = |path: &Path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap());
    let entries = std::fs::read_dir(sandbox.instance(name)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file() && !path.ends_with("process.json")).map(|path| read(&path)).collect()
}

/// Replaces with flags that cannot work; afterwards all is as before. Tells whether the process is still the same.
fn keeps_the_old_one(sandbox: &Sandbox, flags: &[&str], check: impl Fn(&Value, Ran)) -> bool {
    let before = (sandbox.run("reg-up", ["info", "x"]).code(0).json(), files(sandbox, "x"), pid(sandbox, "x"));
    let ran = sandbox.run("reg-up", ["start", "x", "--replace"].iter().chain(flags));
    check(&before.0, ran);
    let status = sandbox.run("reg-up", ["status", "x"]).code(0).json();
    assert_eq!(status["state"], "running");
    assert_eq!(sandbox.run("reg-up", ["info", "x"]).code(0).json(), before.0);
    assert_eq!(files(sandbox, "x"), before.1);
    pid(sandbox, "x") == before.2
}

#[test]
fn new_settings_take_over() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let old = pid(&sandbox, "x");
    let port = port::free();
    let replaced = sandbox.run("reg-up", ["start", "x", "--port", &port.to_string(), "--replace"]).code(0);
    let url = format!("http://127.0.0.1:{port}");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(replaced.stderr, format!("reg-up: stopping \"x\"\nreg-up: starting \"x\" (embedded {version}) at {url}\n"));
    assert_eq!(replaced.json()["url"], url.as_str());
    assert_ne!(replaced.json()["url"], first["url"]);
    assert!(!runs(old));
    assert!(runs(pid(&sandbox, "x")));
    assert_eq!(sandbox.run("reg-up", ["start", "x"]).code(0).json(), replaced.json());
}

#[test]
fn the_own_port_is_not_taken() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let port = port_of(&first).to_string();
    let replaced = sandbox.run("reg-up", ["start", "x", "--port", &port, "--replace"]).code(0).json();
    assert_eq!(replaced, first);
}

#[test]
fn what_can_be_seen_beforehand_does_not_even_stop_the_old_one() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let broken = sandbox.write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let key = sandbox.write("key.pem", rcgen::KeyPair::generate().unwrap().serialize_pem());
    for flags in [
        vec!["--port", &port],
        vec!["--cert", broken.to_str().unwrap(), "--key", key.to_str().unwrap()],
        vec!["--htpasswd", "missing"],
        vec!["--type", "zot", "--binary", "/bin/true"],
        vec!["--bind", "0.0.0.0"],
    ] {
        let same = keeps_the_old_one(&sandbox, &flags, |_, ran| {
            assert!(ran.code > 0 && !ran.stderr.contains("stopping"), "{ran:#?}");
        });
        assert!(same, "{flags:?} restarted the old one");
    }
}

#[test]
fn what_shows_only_when_it_runs_brings_the_old_one_back() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let other = sandbox.run("reg-up", ["start", "y", "--port", "0", "--data", "theirs"]).code(0).json();
    let holder = pid(&sandbox, "y");
    let data = other["instance"]["data"].as_str().unwrap();
    let htpasswd = sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    let flags = ["--data", data, "--htpasswd", htpasswd.to_str().unwrap()];
    let same = keeps_the_old_one(&sandbox, &flags, |old, ran| {
        let url = old["url"].as_str().unwrap();
        let version = env!("CARGO_PKG_VERSION");
        let starting = format!("reg-up: starting \"x\" (embedded {version}) at {url}\n");
        let reason = format!("reg-up: error: the data folder \"{data}\" is in use by another server (process {holder})");
        assert_eq!(
            ran.stderr,
            format!(
                "reg-up: stopping \"x\"\n{starting}reg-up: log: {reason}\n{starting}reg-up: \"x\" runs as before\n\
                 reg-up: error: cannot start \"x\": the registry ended with exit code 9\n"
            )
        );
        assert_eq!(ran.code, 1);
    });
    assert!(!same);
}

#[test]
fn another_type_that_does_not_answer_brings_the_old_one_back() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let silent = pretender(&sandbox, "exec sleep 1000");
    let flags = ["--type", "distribution", "--binary", silent.to_str().unwrap(), "--wait", "300ms"];
    keeps_the_old_one(&sandbox, &flags, |old, ran| {
        let url = old["url"].as_str().unwrap();
        fails(
            ran,
            4,
            &format!(
                "reg-up: error: cannot start \"x\": it was not ready within 0.3 s: cannot reach {url}: connection refused\n\
                 reg-up: hint: `--wait 300s` gives it longer\n"
            ),
        );
    });
    // The data folder of the other type went with it.
    assert!(!sandbox.instance("x").join("data/distribution").exists());
}
