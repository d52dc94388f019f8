//! Two at once, and one that is killed: one authority, and pairs that fit.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use reg_tests::sandbox::Sandbox;

use crate::sandbox;

/// Starts `count` programs at once and waits for all; their exit codes.
fn together(sandbox: &Sandbox, count: usize, args: impl Fn(usize) -> Vec<String>) -> Vec<i32> {
    let start = |at| {
        let mut command = sandbox.command(sandbox.path("bin/reg-certs"));
        command.args(args(at)).arg("-q").stdout(Stdio::null());
        command.spawn().unwrap()
    };
    let children: Vec<_> = (0..count).map(start).collect();
    children.into_iter().map(|mut child| child.wait().unwrap().code().unwrap()).collect()
}

#[test]
fn many_make_one_authority() {
    let sandbox = sandbox();
    let codes = together(&sandbox, 12, |at| vec!["issue".to_owned(), format!("h{at}")]);
    assert!(codes.iter().all(|code| *code == 0), "{codes:?}");
    let issuers: BTreeSet<String> = (0..12)
        .map(|at| {
            let file = format!("home/.local/share/reg/certs/h{at}.pem");
            sandbox.run("reg-certs", ["verify", &file, "--host", &format!("h{at}"), "-q"]).code(0).json()["certificate"]["issuer"]
                .to_string()
        })
        .collect();
    assert_eq!(issuers.len(), 1, "{issuers:?}");
}

#[test]
fn many_issue_one_certificate() {
    let sandbox = sandbox();
    sandbox.line("reg-certs ca -q").code(0);
    let codes = together(&sandbox, 10, |at| {
        let more = if at % 2 == 0 { "--force" } else { "--both" };
        ["issue", "localhost", "--out", ".", more].map(ToOwned::to_owned).to_vec()
    });
    assert!(codes.iter().all(|code| *code == 0), "{codes:?}");
    sandbox.line("reg-certs verify localhost.pem --host localhost -q -o name").code(0);
}

#[test]
fn whoever_is_killed_leaves_what_the_next_one_mends() {
    let sandbox = sandbox();
    let kill = |child: &mut std::process::Child| {
        let _ = child.kill();
        child.wait().unwrap();
    };
    for at in 0..40 {
        let args: &[&str] = if at % 2 == 0 { &["--force"] } else { &["--force", "--key", "ed25519"] };
        let mut command: Command = sandbox.command(sandbox.path("bin/reg-certs"));
        command.args(["issue", "localhost", "--out", "out", "-q"]).args(args).stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(at));
        kill(&mut child);
        sandbox.run("reg-certs", ["issue", "localhost", "--out", "out", "-q"]).code(0);
        let checks = sandbox.run("reg-certs", ["verify", "out/localhost.pem", "--host", "localhost", "-q"]).code(0).json();
        assert_eq!(checks["summary"]["fail"], 0, "{checks:#}");
    }
    let names: Vec<String> =
        std::fs::read_dir(sandbox.path("out")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}
