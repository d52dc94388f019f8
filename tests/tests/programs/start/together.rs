//! Several `start` at once: they take turns, one registry is what comes of it, and everybody is told the truth.

use std::fs::File;
use std::time::Duration;

use reg_tests::port;
use serde_json::Value;

use super::fails;
use crate::process::{ended, inside, pid, port_of, spawn, until};
use crate::sandbox;

const MANY: usize = 8;

/// The pids of the servers of a sandbox.
fn servers(sandbox: &reg_tests::sandbox::Sandbox) -> Vec<u32> {
    let serves = |pid: &u32| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split(|&byte| byte == 0).nth(1) == Some(b"serve")
    };
    inside(sandbox).into_iter().filter(serves).collect()
}

#[test]
fn the_same_settings_make_one_process_and_one_document() {
    let sandbox = sandbox();
    let many: Vec<_> = (0..MANY).map(|_| spawn(&sandbox, "reg-up", &["start", "x", "--port", "0"])).collect();
    let documents: Vec<Value> = many.into_iter().map(|child| ended(&sandbox, child).code(0).json()).collect();
    assert!(documents.iter().all(|document| *document == documents[0]), "{documents:#?}");
    assert_eq!(servers(&sandbox), [pid(&sandbox, "x")]);
}

#[test]
fn different_settings_leave_the_first_and_tell_the_others() {
    let sandbox = sandbox();
    let ports: Vec<String> = (0..MANY).map(|_| port::free().to_string()).collect();
    let many: Vec<_> = ports.iter().map(|port| spawn(&sandbox, "reg-up", &["start", "x", "--port", port])).collect();
    let all: Vec<_> = many.into_iter().map(|child| ended(&sandbox, child)).collect();
    let won: Vec<_> = all.iter().filter(|ran| ran.code == 0).collect();
    assert_eq!(won.len(), 1, "{all:#?}");
    let winner = won[0].json();
    for (ran, port) in all.iter().zip(&ports).filter(|(ran, _)| ran.code != 0) {
        let now = port_of(&winner);
        let text = format!(
            "reg-up: error: cannot start \"x\": it already runs with other settings: its port is {now}, not {port}\n\
             reg-up: hint: `reg-up start x … --replace` starts it with the new ones, `reg-up info x` shows what runs\n"
        );
        fails(ran.clone(), 9, &text);
    }
    assert_eq!(servers(&sandbox), [pid(&sandbox, "x")]);
    assert_eq!(sandbox.run("reg-up", ["info", "x"]).json(), winner);
}

#[test]
fn replacements_take_turns() {
    let sandbox = sandbox();
    let ports: Vec<String> = (0..4).map(|_| port::free().to_string()).collect();
    let many: Vec<_> = ports.iter().map(|port| spawn(&sandbox, "reg-up", &["start", "x", "--replace", "--port", port])).collect();
    let documents: Vec<Value> = many.into_iter().map(|child| ended(&sandbox, child).code(0).json()).collect();
    let last = sandbox.run("reg-up", ["info", "x"]).json();
    assert!(documents.contains(&last), "{last}");
    assert_eq!(servers(&sandbox), [pid(&sandbox, "x")]);
}

#[test]
fn a_race_for_a_port_has_one_winner_and_clear_losers() {
    let sandbox = sandbox();
    let port = port::free().to_string();
    let names = ["a", "b", "c", "d"];
    let many: Vec<_> = names.iter().map(|name| spawn(&sandbox, "reg-up", &["start", name, "--port", &port])).collect();
    let all: Vec<_> = many.into_iter().map(|child| ended(&sandbox, child)).collect();
    let winner = all.iter().position(|ran| ran.code == 0).unwrap_or_else(|| panic!("nobody won: {all:#?}"));
    for (name, ran) in names.iter().zip(&all).filter(|(name, _)| **name != names[winner]) {
        // Who looked before the winner listened is told by its own registry.
        let clear = ran.code == 9 && ran.stderr.contains(&format!("port {port} is taken"))
            || ran.code == 1 && ran.stderr.contains(&format!("port {port} of 127.0.0.1 is taken"));
        assert!(clear, "{name}: {ran:#?}");
        assert!(!sandbox.instance(name).exists(), "{name}");
    }
    assert_eq!(servers(&sandbox), [pid(&sandbox, names[winner])]);
}

#[test]
fn a_second_one_waits_for_the_first() {
    let sandbox = sandbox();
    std::fs::create_dir_all(sandbox.instance("x")).unwrap();
    let first = File::open(sandbox.instance("x")).unwrap();
    first.lock().unwrap();
    let mut second = spawn(&sandbox, "reg-up", &["start", "x", "--port", "0"]);
    std::thread::sleep(Duration::from_millis(300));
    assert!(second.try_wait().unwrap().is_none(), "it did not wait");
    assert!(!sandbox.instance("x").join("settings.json").exists());
    drop(first);
    ended(&sandbox, second).code(0);
}

#[test]
fn whoever_waits_can_be_interrupted_and_leaves_the_other_alone() {
    let sandbox = sandbox();
    std::fs::create_dir_all(sandbox.instance("x")).unwrap();
    let first = File::open(sandbox.instance("x")).unwrap();
    first.lock().unwrap();
    let second = spawn(&sandbox, "reg-up", &["start", "x", "--port", "0"]);
    let waits = format!("/proc/{}/fd", second.id());
    let folder = sandbox.instance("x");
    // It has looked at the folder when it has begun to handle signals, too.
    until("it is at the folder", || {
        let files = std::fs::read_dir(&waits).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|target| target == folder) || {
            let status = std::fs::read_to_string(format!("/proc/{}/status", second.id())).unwrap();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0");
            u64::from_str_radix(caught.trim(), 16).unwrap_or(0) & 0b10 != 0
        }
    });
    crate::process::signal(second.id(), "INT");
    let ran = ended(&sandbox, second).code(130);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "reg-up: error: interrupted\n"));
    assert!(sandbox.instance("x").exists());
}
