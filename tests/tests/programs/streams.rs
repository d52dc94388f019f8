//! Pipes that close early, disks that are full, and standard input that is left alone.

use std::process::Stdio;
use std::time::Duration;

use crate::process::{ended, signal};
use crate::{sandbox, with_instance};

/// A script that runs a command when its reader is already gone, and prints its exit code and its errors.
fn into_a_closed_pipe(command: &str) -> String {
    format!(
        "rm -f gone; {{ until [ -e gone ]; do sleep 0.01; done; code=0; {command} || code=$?; echo $code > code; }} 2> errors \
         | {{ exec <&-; touch gone; }}; cat code errors"
    )
}

#[test]
fn a_closed_pipe_ends_a_listing_quietly() {
    let sandbox = with_instance("dev");
    for command in [
        "reg-up list",
        "reg-up list -o jsonl",
        "reg-up info dev -o table",
        "reg-up status dev",
        "reg-up logs dev",
        "reg-up --help",
        "reg-up start --help",
        "reg-up --version",
        "reg-up schema",
        "reg-test schema registry",
        "reg-test health -q -r dev",
    ] {
        sandbox.sh(&into_a_closed_pipe(command)).is(0, "0\n", "");
    }
    sandbox.sh("reg-up list | head -n 1 | cut -c 1-17").is(0, "{\"schema\":\"reg/v1\n", "");
}

#[test]
fn what_does_something_does_it_and_loses_only_its_report() {
    let sandbox = sandbox();
    sandbox.sh(&into_a_closed_pipe("reg-up start dev --port 0 -q")).is(0, "0\n", "");
    sandbox.line("reg-test catalog -r dev -q -o name").is(0, "api\ncatalog\n", "");
    sandbox.sh(&into_a_closed_pipe("reg-up stop dev -q")).is(0, "0\n", "");
    assert_eq!(sandbox.line("reg-up status dev").json()["state"], "stopped");
}

#[test]
fn a_raw_output_that_was_cut_is_an_error() {
    let sandbox = sandbox();
    for command in ["reg-up completions bash", "reg-up render --type embedded"] {
        sandbox.sh(&into_a_closed_pipe(command)).is(
            0,
            "1\nreg-up: error: standard output was closed before everything was written\n",
            "",
        );
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let sandbox = with_instance("dev");
    for command in [
        "reg-up list",
        "reg-up list -o name",
        "reg-up info dev -o table",
        "reg-up logs dev",
        "reg-up render dev",
        "reg-up --help",
        "reg-up schema",
        "reg-up completions fish",
        "reg-test catalog -r dev -q",
    ] {
        let tool = command.split(' ').next().unwrap();
        let expected = format!("{tool}: error: cannot write standard output: no space left on device\n");
        sandbox.sh(&format!("{command} > /dev/full")).is(1, "", &expected);
    }
}

#[test]
fn standard_error_that_is_gone_changes_nothing() {
    let sandbox = sandbox();
    sandbox.sh("reg-up start dev --port 0 -o name 2> /dev/full").is(0, "dev\n", "");
    sandbox.sh("reg-test catalog -v -r dev -o name 2>&-").is(0, "api\ncatalog\n", "");
    sandbox.sh("reg-up info nothing 2> /dev/full || echo $?").is(0, "8\n", "");
}

#[test]
fn standard_input_is_read_only_where_a_dash_stands() {
    let sandbox = sandbox();
    // Every program in the loop could eat the names that are still to come.
    let script = "
        printf 'one\\ntwo\\nthree\\n' | while read -r name; do
            reg-up start \"$name\" --port 0 -q -o name
            reg-test catalog -r \"$name\" -q > /dev/null
            reg-up restart \"$name\" -q > /dev/null
            reg-up info \"$name\" > /dev/null
            reg-up logs \"$name\" > /dev/null
            reg-up gc \"$name\" > /dev/null
            reg-up stop \"$name\" -q > /dev/null
        done";
    sandbox.sh(script).is(0, "one\ntwo\nthree\n", "");
}

#[test]
fn a_registry_lets_go_of_the_pipe_of_the_script_that_started_it() {
    let sandbox = sandbox();
    // `cat` ends when the last writer does: the registry must not be one. The run is bounded, so this ends either way.
    sandbox.sh("reg-up start dev --port 0 -q -o name 2>&1 | cat").is(0, "dev\n", "");
    sandbox.sh("echo $(reg-up restart dev -q -o name 2>&1)").is(0, "dev\n", "");
    assert_eq!(sandbox.line("reg-up status dev").json()["state"], "running");
}

#[test]
fn a_signal_ends_a_program_that_waits_for_its_input() {
    let sandbox = sandbox();
    sandbox.sh("mkfifo password").code(0);
    for (name, args) in [
        ("INT", &["catalog", "-r", "-"][..]),
        ("TERM", &["catalog", "-r", "localhost:1", "-u", "alice", "--password-stdin"]),
        ("TERM", &["catalog", "-r", "localhost:1", "-u", "alice", "--password-file", "password"]),
    ] {
        let mut command = sandbox.command(sandbox.path("bin/reg-test"));
        // Nobody ever writes there.
        let mut child = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Open until the end: an input that ends is another thing.
        let _input = child.stdin.take();
        std::thread::sleep(Duration::from_millis(500));
        signal(child.id(), name);
        ended(&sandbox, child).is(if name == "INT" { 130 } else { 143 }, "", "reg-test: error: interrupted\n");
    }
}
