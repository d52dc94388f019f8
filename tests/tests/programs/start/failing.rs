//! A registry that does not come up: why, its last words, and nothing left of the attempt.

use reg_tests::port;
use reg_tests::sandbox::Sandbox;

use super::{nothing_of, pretender};
use crate::disk::small_disk;
use crate::process::until;
use crate::sandbox;

/// Starts a pretender at this port.
fn start(sandbox: &Sandbox, script: &str, port: u16, more: &[&str]) -> reg_tests::sandbox::Ran {
    let binary = pretender(sandbox, script);
    let port = port.to_string();
    let args = ["start", "x", "--type", "distribution", "--binary", binary.to_str().unwrap(), "--port", &port];
    sandbox.run("reg-up", args.iter().chain(more))
}

#[test]
fn one_that_ends_at_once_is_told_with_its_last_lines() {
    let sandbox = sandbox();
    let port = port::free();
    let script = "for line in 1 2 3 4 5 6 7 8 9 10 11; do echo line $line; done; echo it is no good >&2; exit 3";
    let ran = start(&sandbox, script, port, &[]).code(1);
    assert_eq!(ran.stdout, "");
    let last = (3..=11).map(|line| format!("reg-up: log: line {line}\n")).collect::<String>();
    assert_eq!(
        ran.stderr,
        format!(
            "reg-up: starting \"x\" (distribution 2.8.2) at http://127.0.0.1:{port}\n{last}reg-up: log: it is no good\n\
             reg-up: error: cannot start \"x\": the registry ended with exit code 3\n"
        )
    );
    assert!(nothing_of(&sandbox, "x"));
}

#[test]
fn one_that_is_killed_at_once_is_told_with_the_signal() {
    let sandbox = sandbox();
    let ran = start(&sandbox, "kill -9 $$", port::free(), &[]).code(1);
    assert!(ran.stderr.ends_with("\nreg-up: error: cannot start \"x\": the registry was killed by signal 9\n"), "{ran:#?}");
    assert!(nothing_of(&sandbox, "x"));
}

#[test]
fn one_that_does_not_answer_in_time_is_stopped() {
    let sandbox = sandbox();
    let port = port::free();
    let ran = start(&sandbox, "echo waiting; exec tail -n 0 -f \"$0\"", port, &["--wait", "400ms"]).code(4);
    let url = format!("http://127.0.0.1:{port}");
    assert_eq!(
        ran.stderr,
        format!(
            "reg-up: starting \"x\" (distribution 2.8.2) at {url}\nreg-up: log: waiting\n\
             reg-up: error: cannot start \"x\": it was not ready within 0.4 s: cannot reach {url}: connection refused\n\
             reg-up: hint: `--wait 300s` gives it longer\n"
        )
    );
    until("its pump has ended, too", || nothing_of(&sandbox, "x"));
}

#[test]
fn the_last_words_come_even_with_quiet_and_as_json() {
    let sandbox = sandbox();
    let ran = start(&sandbox, "echo oh; exit 1", port::free(), &["-q"]).code(1);
    assert_eq!(ran.stderr, "reg-up: log: oh\nreg-up: error: cannot start \"x\": the registry ended with exit code 1\n");
    let ran = start(&sandbox, "echo oh; exit 1", port::free(), &["-q", "--log-format", "json"]).code(1);
    let lines: Vec<serde_json::Value> = ran.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["message"], "log: oh");
    assert_eq!(lines[1]["code"], "failed");
    assert_eq!(lines[1]["message"], "cannot start \"x\": the registry ended with exit code 1");
}

#[test]
fn a_data_folder_that_was_made_for_it_goes_with_it_and_one_that_was_there_stays() {
    let sandbox = sandbox();
    start(&sandbox, "touch deep/er/data/file; exit 1", port::free(), &["--data", "deep/er/data"]).code(1);
    assert!(!sandbox.path("deep").exists());
    std::fs::create_dir(sandbox.path("deep")).unwrap();
    start(&sandbox, "exit 1", port::free(), &["--data", "deep/er/data"]).code(1);
    assert!(sandbox.path("deep").exists());
    assert!(!sandbox.path("deep/er").exists());
    std::fs::create_dir_all(sandbox.path("deep/er/data")).unwrap();
    start(&sandbox, "exit 1", port::free(), &["--data", "deep/er/data"]).code(1);
    assert!(sandbox.path("deep/er/data").exists());
}

#[test]
fn data_that_was_kept_outlives_a_failing_start() {
    let sandbox = sandbox();
    let registry = super::start(&sandbox, "x");
    sandbox.run_with("reg-test", ["push", "-r", "-"], &registry.to_string()).code(0);
    sandbox.run("reg-up", ["remove", "x"]).code(0);
    start(&sandbox, "exit 1", port::free(), &[]).code(1);
    let left: Vec<_> = std::fs::read_dir(sandbox.instance("x")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["data"]);
    let registry = super::start(&sandbox, "x");
    sandbox.run_with("reg-test", ["pull", "-r", "-"], &registry.to_string()).code(0);
}

#[test]
fn a_full_disk_is_told_and_nothing_is_left_on_it() {
    let sandbox = sandbox();
    let Some(_disk) = small_disk(&sandbox) else { return };
    sandbox.sh("head -c 57344 /dev/zero > disk/rest").code(0);
    let mut command = sandbox.command(sandbox.path("bin/reg-up"));
    command.args(["start", "x", "--port", "0"]).env("XDG_STATE_HOME", sandbox.path("disk"));
    let ran = sandbox.finish(command, "").code(1);
    assert!(ran.stderr.contains("reg-up: error: cannot start \"x\": cannot "), "{ran:?}");
    assert!(ran.stderr.ends_with(": no space left on device\n"), "{ran:?}");
    assert!(!sandbox.path("disk/reg/instances/x").exists());
    until("nothing runs", || crate::process::inside(&sandbox).is_empty());
}
