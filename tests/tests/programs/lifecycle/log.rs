//! `logs`: what a registry wrote, in whole lines with their times.

use serde_json::Value;

use super::start;
use crate::process::{ended, spawn, until};
use crate::sandbox;

/// The lines of a log as a stream of documents.
fn lines(text: &str) -> Vec<String> {
    let line = |text: &str| serde_json::from_str::<Value>(text).unwrap()["line"].as_str().unwrap().to_owned();
    text.lines().map(line).collect()
}

#[test]
fn the_log_is_a_stream_of_documents_and_text_for_people() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let first = sandbox.run("reg-up", ["logs", "x"]).code(0);
    first.clone().is(0, &first.out(), "");
    assert_eq!(
        first.out().lines().next(),
        Some(
            "{\"schema\":\"reg/v1\",\"kind\":\"log\",\"time\":\"TIME\",\"name\":\"x\",\
              \"line\":\"reg-up: serving http://127.0.0.1:PORT; Ctrl-C stops it\"}"
        )
    );
    let table = sandbox.run("reg-up", ["logs", "x", "-o", "table"]).code(0);
    assert_eq!(table.out().lines().next(), Some("TIME  reg-up: serving http://127.0.0.1:PORT; Ctrl-C stops it"));
    // Every line of the access log is JSON itself, and the last one is the look that start took.
    let request: Value = serde_json::from_str(lines(&first.stdout).last().unwrap()).unwrap();
    assert_eq!((&request["method"], &request["path"], &request["status"]), (&"GET".into(), &"/v2/".into(), &200.into()));
}

#[test]
fn tail_and_since_choose_the_last_ones() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let all = sandbox.run("reg-up", ["logs", "x"]).code(0).stdout;
    let count = all.lines().count();
    assert!(count >= 2, "{all}");
    let last = all.lines().last().unwrap();
    let logs = |more: &[&str]| sandbox.run("reg-up", ["logs", "x"].iter().chain(more)).code(0).stdout;
    assert_eq!(logs(&["--tail", "1"]), format!("{last}\n"));
    assert_eq!(logs(&["--tail", "0"]), "");
    assert_eq!(logs(&["--tail", "1000"]), all);
    assert_eq!(logs(&["--since", "1h"]), all);
    assert_eq!(logs(&["--since", "2000-01-01T00:00:00Z"]), all);
    assert_eq!(logs(&["--since", "2000-01-01T00:00:00+02:00"]), all);
    assert_eq!(logs(&["--since", "2999-01-01T00:00:00Z"]), "");
    let time = serde_json::from_str::<Value>(last).unwrap()["time"].as_str().unwrap().to_owned();
    let since = logs(&["--since", &time]);
    assert!(since.ends_with(&format!("{last}\n")) && since.lines().count() <= count, "{since}");
    for wrong in ["yesterday", "", "10:00", "-1h"] {
        let refused = sandbox.run("reg-up", ["logs", "x", &format!("--since={wrong}")]);
        refused.is(2, "", &format!("reg-up: error: --since: {wrong:?} is neither a time like TIME nor how long ago, like 15m\n"));
    }
}

#[test]
fn following_shows_what_comes_and_ends_with_the_registry() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    let follow = spawn(&sandbox, "reg-up", &["logs", "x", "--follow", "--tail", "0"]);
    // It is at the log when it has opened it.
    let files = format!("/proc/{}/fd", follow.id());
    until("it reads the log", || {
        let files = std::fs::read_dir(&files).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|path| path.ends_with("log/log"))
    });
    sandbox.run_with("reg-test", ["catalog", "-r", "-"], &registry.to_string()).code(0);
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let ran = ended(&sandbox, follow).code(0);
    assert!(lines(&ran.stdout).iter().any(|line| line.contains("/v2/_catalog")), "{ran:?}");
    assert!(!ran.stdout.contains("serving"), "{ran:?}");
    // The log of a stopped one ends at once.
    let again = sandbox.run("reg-up", ["logs", "x", "--follow"]).code(0);
    assert!(again.stdout.contains("serving") && again.stdout.contains("/v2/_catalog"));
}

#[test]
fn following_goes_on_over_restarts() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    let follow = spawn(&sandbox, "reg-up", &["logs", "x", "--follow"]);
    // However often it looks, it looks while there is none.
    for _ in 0..5 {
        sandbox.run("reg-up", ["restart", "x"]).code(0);
    }
    sandbox.run_with("reg-test", ["catalog", "-r", "-"], &registry.to_string()).code(0);
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let ran = ended(&sandbox, follow).code(0);
    assert!(lines(&ran.stdout).iter().any(|line| line.contains("/v2/_catalog")), "{ran:?}");
}

#[test]
fn following_ends_quietly_with_its_reader_and_loudly_with_a_signal() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let head = sandbox.sh("reg-up logs x --follow | head -n 1 > first & reader=$!; sleep 0.3; \
                           curl -s -o /dev/null \"$(reg-up info x | sed 's/.*\"url\":\"\\([^\"]*\\)\".*/\\1/')/v2/\"; wait $reader");
    head.is(0, "", "");
    let follow = spawn(&sandbox, "reg-up", &["logs", "x", "--follow"]);
    let files = format!("/proc/{}/fd", follow.id());
    until("it reads the log", || {
        let files = std::fs::read_dir(&files).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|path| path.ends_with("log/log"))
    });
    crate::process::signal(follow.id(), "INT");
    let ran = ended(&sandbox, follow).code(130);
    assert_eq!(ran.stderr, "reg-up: error: interrupted\n");
}

#[test]
fn the_log_goes_on_over_restarts() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    sandbox.run("reg-up", ["restart", "x"]).code(0);
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let all = lines(&sandbox.run("reg-up", ["logs", "x"]).code(0).stdout);
    assert_eq!(all.iter().filter(|line| line.contains("serving")).count(), 2, "{all:#?}");
}
