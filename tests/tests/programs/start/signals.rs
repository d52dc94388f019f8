//! Signals while reg-up starts a registry, and the terminal that goes away behind it.

use std::process::Child;

use reg_tests::sandbox::Sandbox;

use super::{nothing_of, pretender, start};
use crate::process::{ended, inside, pid, signal, spawn, until};
use crate::sandbox;

/// A start that waits for a registry that never answers.
fn endless(sandbox: &Sandbox, more: &[&str]) -> Child {
    let silent = pretender(sandbox, "exec tail -n 0 -f \"$0\"");
    let args = ["start", "x", "--type", "distribution", "--binary", silent.to_str().unwrap(), "--port", "0"];
    let starting = spawn(sandbox, "reg-up", &[&args, more].concat());
    until("the registry runs", || inside(sandbox).into_iter().any(|pid| name_of(pid) == "tail"));
    starting
}

fn name_of(pid: u32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim_end().to_owned()
}

#[test]
fn an_interrupted_start_leaves_nothing() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let sandbox = sandbox();
        let starting = endless(&sandbox, &[]);
        signal(starting.id(), name);
        let ran = ended(&sandbox, starting).code(code);
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.ends_with("\nreg-up: error: cannot start \"x\": interrupted\n"), "{ran:#?}");
        until("all is gone", || nothing_of(&sandbox, "x"));
    }
}

#[test]
fn an_interrupted_replacement_leaves_what_ran_before() {
    let sandbox = sandbox();
    let before = start(&sandbox, "x");
    let starting = endless(&sandbox, &["--replace"]);
    signal(starting.id(), "INT");
    let ran = ended(&sandbox, starting).code(130);
    assert!(ran.stderr.ends_with("reg-up: \"x\" runs as before\nreg-up: error: cannot start \"x\": interrupted\n"), "{ran:#?}");
    assert_eq!(sandbox.run("reg-up", ["info", "x"]).json(), before);
    assert_eq!(sandbox.run("reg-up", ["status", "x"]).json()["state"], "running");
}

#[test]
fn a_program_that_does_not_tell_its_version_can_be_interrupted() {
    let sandbox = sandbox();
    use std::os::unix::fs::PermissionsExt as _;
    let mute = sandbox.write("mute", "#!/bin/sh\nexec tail -n 0 -f \"$0\"\n");
    std::fs::set_permissions(&mute, std::fs::Permissions::from_mode(0o755)).unwrap();
    let starting = spawn(&sandbox, "reg-up", &["start", "x", "--type", "zot", "--binary", mute.to_str().unwrap(), "--port", "0"]);
    until("it is asked", || inside(&sandbox).into_iter().any(|pid| name_of(pid) == "tail"));
    signal(starting.id(), "INT");
    ended(&sandbox, starting).code(130);
    until("all is gone", || nothing_of(&sandbox, "x"));
}

#[test]
fn ctrl_c_in_the_terminal_stays_there() {
    let sandbox = sandbox();
    // A shell and reg-up in one process group, as in a terminal; the group gets the signal.
    let script = "reg-up start x --port 0 >/dev/null; kill -INT 0; sleep 60";
    let mut command = sandbox.command("setsid");
    command.args(["--wait", "sh", "-c", script]);
    sandbox.finish(command, "");
    assert_eq!(sandbox.run("reg-up", ["status", "x"]).json()["state"], "running");
}

#[test]
fn a_terminal_that_hangs_up_does_not_take_the_registry_along() {
    let sandbox = sandbox();
    let mut command = sandbox.command("script");
    command.args(["--quiet", "--return", "--command", "reg-up start x --port 0 -o name", "/dev/null"]);
    if std::process::Command::new("script").arg("--version").output().is_err() {
        return reg_tests::live::skip("script", "there is no `script` to make a terminal with");
    }
    let ran = sandbox.finish(command, "").code(0);
    assert!(ran.stdout.contains("x\r\n"), "{ran:#?}");
    let before = pid(&sandbox, "x");
    assert_eq!(sandbox.run("reg-up", ["status", "x"]).json()["state"], "running");
    // Its log goes on, too: the pump outlives the terminal as well.
    sandbox.run("reg-test", ["health", "-r", "x"]).code(0);
    until("its log has the request", || sandbox.run("reg-up", ["logs", "x"]).stdout.contains("healthz"));
    assert_eq!(pid(&sandbox, "x"), before);
}
