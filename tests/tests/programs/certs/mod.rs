//! reg-certs: authorities, certificates, what is said of them, their renewal, and who believes them.

mod ca;
mod concurrent;
mod expires;
mod foreign;
mod issue;
mod keys;
mod live;
mod pipelines;
mod refused;
mod renew;
mod request;
mod show;
mod trust;
mod verify;

use reg_tests::live as parts;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

/// Issues a certificate into the sandbox's folder; the document.
fn issue(sandbox: &Sandbox, words: &str) -> Value {
    sandbox.line(&format!("reg-certs issue --out . -q {words}")).code(0).json()
}

/// The rows of a verification: name and outcome, with the detail of what failed.
fn rows(verification: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = verification["checks"].as_array().unwrap().iter();
    rows.map(|row| (text(&row["name"]), if row["outcome"] == "fail" { text(&row["detail"]) } else { text(&row["outcome"]) }))
        .collect()
}

/// The detail of a row.
fn detail(verification: &Value, name: &str) -> String {
    let rows = verification["checks"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{verification:#}"));
    row["detail"].as_str().unwrap().to_owned()
}

/// What failed, by name.
fn failed(verification: &Value) -> Vec<(String, String)> {
    rows(verification).into_iter().filter(|(_, outcome)| outcome != "pass" && outcome != "skip").collect()
}

/// Whether this machine has a program; said aloud when not.
fn has(sandbox: &Sandbox, program: &str) -> bool {
    let there = sandbox.sh(&format!("command -v {program}")).code == 0;
    if !there {
        parts::skip(program, &format!("no `{program}` is on PATH"));
    }
    there
}

/// The day of a time in a document.
fn day(time: &Value) -> String {
    time.as_str().unwrap().split('T').next().unwrap().to_owned()
}
