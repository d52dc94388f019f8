//! `reg-up start`: what it leaves running, what it refuses, and what is left when it fails or is killed.

mod again;
mod failing;
mod folder;
mod killed;
mod port;
mod refused;
mod replace;
mod signals;
mod together;

use std::path::PathBuf;

use reg_tests::sandbox::{Ran, Sandbox};

/// A program that says it is Distribution and then does what the script says.
pub(crate) fn pretender(sandbox: &Sandbox, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let version = "case $1 in --version) echo '/usr/bin/registry github.com/docker/distribution v2.8.2'; exit;; esac";
    let path = sandbox.write("registry", format!("#!/bin/sh\n{version}\n{script}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Whether there is nothing of an instance: no folder, no process.
fn nothing_of(sandbox: &Sandbox, name: &str) -> bool {
    !sandbox.instance(name).exists() && crate::process::inside(sandbox).is_empty()
}

/// Starts an instance on any free port; its document.
fn start(sandbox: &Sandbox, name: &str) -> serde_json::Value {
    sandbox.run("reg-up", ["start", name, "--port", "0"]).code(0).json()
}

/// An error and its hint as they stand at the end of standard error.
fn fails(ran: Ran, code: i32, text: &str) {
    let ran = ran.code(code);
    assert_eq!(ran.stdout, "", "a command that fails prints no document");
    let last = ran.stderr.find("reg-up: error: ").map_or("", |at| &ran.stderr[at..]);
    assert_eq!(last, text, "{ran:#?}");
}
