//! Killed between any two writes: the next run ends what was begun, and the registry is what a run in peace makes it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use reg_tests::live;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{Http, effect, logins};
use crate::live::Real;
use crate::process::runs;
use crate::random::Random;
use crate::sandbox;

/// What a program does to files: killed when it is about to do each of these for the first time, then for the second, and so on.
const WRITES: [&str; 13] = [
    "mkdir",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fchmod",
    "fallocate",
    "renameat",
    "renameat2",
    "rename",
    "unlink",
    "unlinkat",
];

const BEFORE: &str = "namespaces: [{name: a, public: true}, {name: gone}]\nusers: [{name: anna, passwordEnv: P}]\n";
const AFTER: &str = "namespaces:
  - {name: a, access: [{subjects: ['user:bert'], actions: [read, create, update]}]}
  - {name: b, public: true}
users: [{name: bert}, {name: carl, passwordEnv: P}]
";

/// What of an instance must be the same as after a run in peace: everything but hashes, passwords, ports and what names the process.
fn result(sandbox: &Sandbox) -> Value {
    let mut exported = sandbox.line("reg-init export -r x").code(0).json();
    exported.as_object_mut().unwrap().remove("registry");
    exported
}

/// Runs reg-init under strace, which kills it when it is about to do one of [`WRITES`] for the `at`th time; whether it was killed.
fn killed(sandbox: &Sandbox, write: &str, at: usize) -> bool {
    let mut command = sandbox.command("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={write}"), "-e"]);
    command.arg(format!("inject={write}:signal=KILL:when={at}"));
    command.args(["reg-init", "apply", "-r", "x", "--layout", "after.yaml", "--prune", "-q", "--no-test-image"]);
    command.env("P", super::PASSWORD);
    let ran = sandbox.finish(command, "");
    match ran.code {
        0 => false,
        137 => true,
        _ => panic!("{ran:?}"),
    }
}

/// Sets the registry up as it was before, and everything that a run leaves there is gone.
fn back(sandbox: &Sandbox) {
    for user in ["bert", "carl", "anna"] {
        let _ = std::fs::remove_file(sandbox.instance("x").join(format!("{user}.password")));
    }
    sandbox.sh(&format!("P='{}' reg-init apply -r x --layout before.yaml --prune -q -o name > /dev/null", super::PASSWORD)).code(0);
}

/// What is seen from outside: who may read what.
fn seen(http: &Http) -> Vec<u16> {
    let mut all = Vec::new();
    for login in [None, Some(("carl", super::PASSWORD)), Some(("anna", super::PASSWORD))] {
        all.extend(["a", "b", "gone"].map(|name| http.status(login, "GET", &format!("/v2/{name}/x/tags/list"))));
    }
    all
}

/// Every `step`th moment, from one by chance.
fn the_next_run_ends_what_was_begun(real: &Real, step: usize) {
    let sandbox = sandbox();
    if sandbox.sh("strace -qq -o /dev/null true").code != 0 {
        return live::skip("strace", "no `strace` is on PATH, or it may not trace");
    }
    sandbox.write("htpasswd", logins(&["root"]));
    sandbox.write("before.yaml", BEFORE);
    sandbox.write("after.yaml", AFTER);
    let registry = real.start(&sandbox, &["--htpasswd", "htpasswd", "--layout", "before.yaml", "-q"]);
    let http = Http::of(&registry);
    back(&sandbox);
    let apply = format!("P='{}' reg-init apply -r x --layout after.yaml --prune -q --no-test-image", super::PASSWORD);
    sandbox.sh(&apply).code(0);
    let (wanted, wanted_seen) = (result(&sandbox), seen(&http));
    let mut rounds = 0;
    let mut random = Random::new();
    for write in WRITES {
        let first = 1 + usize::try_from(random.number() >> 33).unwrap() % step;
        for at in (first..).step_by(step) {
            back(&sandbox);
            assert_ne!(seen(&http), wanted_seen);
            if !killed(&sandbox, write, at) {
                break;
            }
            let place = format!("{random}: killed at {write} {at}");
            let next = sandbox.sh(&apply).code(0);
            assert_eq!(result(&sandbox), wanted, "{place}: {next:?}");
            assert_eq!(seen(&http), wanted_seen, "{place}: {next:?}");
            // The password that is kept is the one that logs in.
            let bert = super::generated(&sandbox, "x", "bert");
            assert_ne!(http.status(Some(("bert", &bert)), "GET", "/v2/b/x/tags/list"), 401, "{place}");
            let again = sandbox.sh(&apply).code(0);
            assert_eq!(effect(&again), "nothing had to change", "{place}");
            leftovers(&sandbox.instance("x"), &place);
            rounds += 1;
        }
    }
    assert!(rounds > 2, "{rounds} rounds: too few to tell anything");
    let status = sandbox.line("reg-up status x").code(0).json();
    assert!(runs(u32::try_from(status["pid"].as_u64().unwrap()).unwrap()));
}

/// Nothing half-written is left, and no mark.
fn leftovers(folder: &Path, place: &str) {
    let names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let left: Vec<_> = names
        .iter()
        .filter(|name| name.contains(".new-") || name.contains("unfinished") || name.ends_with(".restart") || *name == "undo.json")
        .collect();
    assert!(left.is_empty(), "{place}: {left:?}");
    let config = std::fs::read_to_string(folder.join("zot.json")).unwrap_or_default();
    assert!(!config.contains("reg-mark-"), "{place}: {config}");
}

/// Killed when everything is written, and the restart that its first layout needs is not made.
fn the_next_run_restarts(real: &Real) {
    let sandbox = sandbox();
    let http = Http::of(&real.start(&sandbox, &["-q"]));
    sandbox.write("layout.yaml", "namespaces: [{name: a}]\nusers: [{name: anna}]\n");
    let reg_up = sandbox.write("killer/reg-up", "#!/bin/sh\nkill -9 $PPID\n");
    std::fs::set_permissions(reg_up, std::fs::Permissions::from_mode(0o700)).unwrap();
    let apply = "reg-init apply -r x --layout layout.yaml -q --no-test-image";
    sandbox.sh(&format!("PATH=\"$PWD/killer:$PATH\" {apply}")).code(137);
    assert_eq!(http.status(None, "GET", "/v2/"), 200);
    let plan = sandbox.line("reg-init plan -r x --layout layout.yaml --detailed-exitcode").code(7).json();
    assert_eq!((&plan["changes"], &plan["restart"]), (&serde_json::json!([]), &serde_json::json!("nobody had to log in before")));
    let next = sandbox.line(apply).code(0);
    assert_eq!(effect(&next), "0 changes: it was restarted: nobody had to log in before");
    assert_eq!(http.status(None, "GET", "/v2/"), 401);
    assert_eq!(http.status(Some(("anna", &super::generated(&sandbox, "x", "anna"))), "GET", "/v2/"), 200);
    assert_eq!(effect(&sandbox.line(apply).code(0)), "nothing had to change");
    leftovers(&sandbox.instance("x"), "killed before the restart");
}

/// Ended by a signal that reaches reg-up, too, when that has stopped the registry and not started it yet.
fn the_next_run_starts(real: &Real) {
    let sandbox = sandbox();
    let http = Http::of(&real.start(&sandbox, &["-q"]));
    sandbox.write("layout.yaml", "namespaces: [{name: a}]\nusers: [{name: anna}]\n");
    let reg_up = sandbox
        .write("killer/reg-up", "#!/bin/sh\nPATH=${PATH#*:}\nreg-up stop x -q > /dev/null\nkill -TERM $PPID\nsleep 1\nexit 143\n");
    std::fs::set_permissions(reg_up, std::fs::Permissions::from_mode(0o700)).unwrap();
    let apply = "reg-init apply -r x --layout layout.yaml -q --no-test-image";
    let ended = sandbox.sh(&format!("PATH=\"$PWD/killer:$PATH\" {apply}")).code(143);
    assert!(!ended.stderr.contains("as it was before"), "{ended:?}");
    let next = sandbox.line(&format!("{apply} --wait 1s")).code(0);
    assert_eq!(effect(&next), "0 changes: it was restarted: nobody had to log in before");
    assert_eq!(http.status(None, "GET", "/v2/"), 401);
    assert_eq!(effect(&sandbox.line(apply).code(0)), "nothing had to change");
    leftovers(&sandbox.instance("x"), "ended in the restart");
}

#[test]
fn in_the_restart_of_an_embedded() {
    the_next_run_starts(&Real::embedded());
}

#[test]
fn in_the_restart_of_a_zot() {
    Real::find("zot", live::ZOT).iter().for_each(the_next_run_starts);
}

#[test]
fn before_the_restart_of_an_embedded() {
    the_next_run_restarts(&Real::embedded());
}

#[test]
fn before_the_restart_of_a_zot() {
    Real::find("zot", live::ZOT).iter().for_each(the_next_run_restarts);
}

#[test]
fn before_the_restart_of_a_distribution() {
    Real::find("distribution", live::DISTRIBUTION).iter().for_each(the_next_run_restarts);
}

#[test]
fn embedded() {
    the_next_run_ends_what_was_begun(&Real::embedded(), 6);
}

#[test]
fn zot() {
    Real::find("zot", live::ZOT).iter().for_each(|real| the_next_run_ends_what_was_begun(real, 12));
}
