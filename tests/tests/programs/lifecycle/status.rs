//! `status` and `list` tell what is true now, whatever the files say.

use serde_json::json;

use super::{carried, start, status};
use crate::process::{runs, signal, until};
use crate::sandbox;

#[test]
fn running_stopped_and_missing() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    let running = status(&sandbox, "x");
    assert_eq!((&running["state"], &running["reason"]), (&json!("running"), &json!(null)));
    assert!(running["pid"].is_u64() && running["startedAt"].is_string(), "{running}");
    assert_eq!(running["registry"], carried(&registry));

    let stopped = sandbox.run("reg-up", ["stop", "x"]).code(0);
    assert_eq!(stopped.stderr, "reg-up: stopping \"x\"\n");
    let expected = json!({
        "schema": "reg/v1", "kind": "status", "name": "x", "state": "stopped", "reason": null, "pid": null, "startedAt": null,
        "registry": carried(&registry),
    });
    assert_eq!(stopped.json(), expected);
    assert_eq!(status(&sandbox, "x"), expected);
    let again = sandbox.run("reg-up", ["stop", "x"]).code(0);
    assert_eq!((again.json(), again.stderr.as_str()), (expected, "reg-up: \"x\" is not running\n"));

    let missing = sandbox.run("reg-up", ["status", "y"]);
    missing.is(
        8,
        "{\"schema\":\"reg/v1\",\"kind\":\"status\",\"name\":\"y\",\"state\":\"missing\",\"reason\":\"there is no such instance\",\
         \"pid\":null,\"startedAt\":null,\"registry\":null}\n",
        "reg-up: error: there is no instance \"y\"\nreg-up: hint: there are: x\n",
    );
}

#[test]
fn killed_behind_our_back() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let pid = u32::try_from(status(&sandbox, "x")["pid"].as_u64().unwrap()).unwrap();
    signal(pid, "KILL");
    until("it is dead", || !runs(pid));
    let killed = status(&sandbox, "x");
    assert_eq!(killed["state"], "stopped");
    assert_eq!(killed["reason"], "its process is gone: it ended by itself or was killed");
    assert_eq!(killed["pid"], json!(null));
    // Starting it again is all it takes.
    sandbox.run("reg-up", ["start", "x"]).code(0);
    let again = status(&sandbox, "x");
    assert_eq!((&again["state"], &again["reason"]), (&json!("running"), &json!(null)));
}

#[test]
fn one_that_does_not_answer_is_starting_at_first_and_unhealthy_later() {
    let sandbox = sandbox();
    let url = start(&sandbox, "x")["url"].as_str().unwrap().to_owned();
    let pid = u32::try_from(status(&sandbox, "x")["pid"].as_u64().unwrap()).unwrap();
    signal(pid, "STOP");
    let why = format!("{url} does not answer, given up after 5 s");
    let young = status(&sandbox, "x");
    assert_eq!((&young["state"], &young["reason"], &young["pid"]), (&json!("starting"), &json!(why), &json!(pid)));
    // Two minutes later.
    sandbox.sh("touch -d '-2 minutes' state/reg/instances/x/process.json").code(0);
    let old = status(&sandbox, "x");
    assert_eq!((&old["state"], &old["reason"], &old["pid"]), (&json!("unhealthy"), &json!(why), &json!(pid)));
    signal(pid, "CONT");
    assert_eq!(status(&sandbox, "x")["state"], "running");
    // A halted one is stopped all the same, and by itself.
    signal(pid, "STOP");
    let stopped = sandbox.run("reg-up", ["stop", "x"]).code(0);
    assert_eq!(stopped.stderr, "reg-up: stopping \"x\"\n");
    assert!(!runs(pid));
}

#[test]
fn the_list_has_them_all_by_name() {
    let sandbox = sandbox();
    let empty = sandbox.run("reg-up", ["list"]).code(0);
    assert_eq!(empty.stdout, "{\"schema\":\"reg/v1\",\"kind\":\"instances\",\"instances\":[]}\n");
    assert_eq!(sandbox.run("reg-up", ["list", "-o", "table"]).code(0).stdout, "NAME  STATE  TYPE  VERSION  URL\n");
    for name in ["two", "one"] {
        start(&sandbox, name);
    }
    sandbox.run("reg-up", ["stop", "two"]).code(0);
    let list = sandbox.run("reg-up", ["list"]).code(0).json();
    assert_eq!(list["instances"][0]["registry"], carried(&sandbox.run("reg-up", ["info", "one"]).code(0).json()));
    let of = |field: &str| list["instances"].as_array().unwrap().iter().map(|one| one[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("name"), ["one", "two"]);
    assert_eq!(of("state"), ["running", "stopped"]);
    assert_eq!(sandbox.run("reg-up", ["list", "-o", "name"]).stdout, "one\ntwo\n");
    assert_eq!(
        sandbox.run("reg-up", ["list", "-o", "table"]).out(),
        "NAME  STATE    TYPE      VERSION  URL\n\
         one   running  embedded  VERSION    http://127.0.0.1:PORT\n\
         two   stopped  embedded  VERSION    http://127.0.0.1:PORT\n"
    );
    let lines = sandbox.run("reg-up", ["list", "-o", "jsonl"]).code(0).stdout;
    assert_eq!(lines.lines().count(), 2);
}

#[test]
fn a_registry_of_somebody_else_has_a_status_too() {
    let sandbox = sandbox();
    let url = start(&sandbox, "x")["url"].as_str().unwrap().to_owned();
    // Without its folder it is any registry.
    let asked = |url: &str| {
        let mut command = sandbox.command(sandbox.path("bin/reg-up"));
        command.env("XDG_STATE_HOME", sandbox.path("other")).args(["status", "-r", url]);
        sandbox.finish(command, "").code(0).json()
    };
    let running = asked(&url);
    assert_eq!((&running["name"], &running["state"], &running["pid"]), (&json!(url), &json!("running"), &json!(null)));
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let gone = asked(&url);
    assert_eq!(gone["state"], "unhealthy");
    assert_eq!(gone["reason"], format!("cannot reach {url}: connection refused"));
    let mut command = sandbox.command(sandbox.path("bin/reg-up"));
    command.env("XDG_STATE_HOME", sandbox.path("other")).args(["stop", "-r", &url]);
    let stop = sandbox.finish(command, "").code(6);
    assert_eq!(
        stop.stderr,
        format!("reg-up: error: cannot stop {url}: reg-up did not start it\nreg-up: hint: `reg-up list` shows what it started\n")
    );
}
