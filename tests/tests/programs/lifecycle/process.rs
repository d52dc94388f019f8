//! The process behind an instance: another one with its number is never touched, and a new one takes over on `restart`.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Command, Stdio};

use reg_tests::sandbox::Sandbox;
use serde_json::{Value, json};

use super::{start, status};
use crate::client::{Client, Image, tag};
use crate::process::{ended, pid, runs, signal, spawn, until};
use crate::sandbox;

#[test]
fn a_recycled_pid_is_never_ended() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let mut stranger = Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().unwrap();
    // What was written down is a process of long ago with the same number.
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    let record = json!({"pid": stranger.id(), "started": "1", "boot": boot.trim()});
    std::fs::write(sandbox.instance("x").join("process.json"), record.to_string()).unwrap();
    let seen = status(&sandbox, "x");
    assert_eq!((&seen["state"], &seen["pid"]), (&json!("stopped"), &Value::Null));
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    std::fs::write(sandbox.instance("x").join("process.json"), record.to_string()).unwrap();
    sandbox.run("reg-up", ["start", "x"]).code(0);
    std::fs::write(sandbox.instance("x").join("process.json"), record.to_string()).unwrap();
    sandbox.run("reg-up", ["remove", "x", "--purge"]).code(0);
    assert!(runs(stranger.id()));
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn a_restart_is_a_new_process_with_the_same_settings_and_data() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let client = Client::of(&first);
    let image = Image::new(b"kept over a restart");
    client.push("team/app", "v1", &image).unwrap();
    let before = pid(&sandbox, "x");
    let restarted = sandbox.run("reg-up", ["restart", "x"]).code(0);
    restarted.is(
        0,
        &restarted.out(),
        "reg-up: stopping \"x\"\nreg-up: starting \"x\" (embedded VERSION) at http://127.0.0.1:PORT\n",
    );
    assert_eq!(restarted.json(), first);
    assert_ne!(pid(&sandbox, "x"), before);
    assert!(!runs(before));
    assert_eq!(Client::of(&first).pull("team/app", &tag("v1")).unwrap(), image.digest);
    // A stopped one is started.
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    assert_eq!(sandbox.run("reg-up", ["restart", "x"]).code(0).json(), first);
}

/// An upload under way, which a server lets end before it ends itself.
fn slow_upload(sandbox: &Sandbox, registry: &Value) -> (TcpStream, String) {
    let address = registry["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let mut upload = TcpStream::connect(&address).unwrap();
    upload.write_all(b"POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nhalf").unwrap();
    // Behind this answer the server has the request.
    sandbox.run("reg-test", ["catalog", "-r", "x"]).code(0);
    (upload, address)
}

#[test]
fn one_that_does_not_end_in_time_is_killed() {
    let sandbox = sandbox();
    let _upload = slow_upload(&sandbox, &start(&sandbox, "x"));
    let server = pid(&sandbox, "x");
    let killed = sandbox.run("reg-up", ["stop", "x", "--wait", "500ms"]).code(0);
    let told = "reg-up: stopping \"x\"\nreg-up: warning: \"x\" did not end within 0.5 s and was killed\n";
    assert_eq!(killed.stderr, told);
    assert!(!runs(server));
    assert_eq!(status(&sandbox, "x")["state"], "stopped");
}

#[test]
fn whoever_waits_for_its_end_may_leave_and_a_second_stop_is_at_once() {
    let sandbox = sandbox();
    let (_upload, address) = slow_upload(&sandbox, &start(&sandbox, "x"));
    let server = pid(&sandbox, "x");
    let stopping = spawn(&sandbox, "reg-up", &["stop", "x"]);
    until("it accepts nothing more", || TcpStream::connect(&address).is_err());
    signal(stopping.id(), "INT");
    let left = ended(&sandbox, stopping).code(130);
    assert_eq!(left.stderr, "reg-up: stopping \"x\"\nreg-up: error: interrupted\n");
    assert!(runs(server), "it lets its requests end");
    let stopped = sandbox.run("reg-up", ["stop", "x"]).code(0);
    assert_eq!(stopped.stderr, "reg-up: stopping \"x\"\n");
    assert!(!runs(server));
}

#[test]
fn a_restart_that_fails_says_so_and_can_be_repeated() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let edition = sandbox.instance("x").join("data/embedded/version");
    std::fs::write(&edition, "99\n").unwrap();
    let data = first["instance"]["data"].as_str().unwrap();
    let failed = sandbox.run("reg-up", ["restart", "x"]).code(1);
    assert!(
        failed.stderr.ends_with(&format!(
            "reg-up: log: reg-up: error: the data folder \"{data}\" is of edition \"99\", and this version knows only edition 1\n\
             reg-up: error: cannot restart \"x\": the registry ended with exit code 3\n"
        )),
        "{failed:?}"
    );
    assert_eq!(status(&sandbox, "x")["state"], "stopped");
    std::fs::write(edition, "1\n").unwrap();
    assert_eq!(sandbox.run("reg-up", ["restart", "x"]).code(0).json(), first);
}
