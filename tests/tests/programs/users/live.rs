//! Apache's htpasswd and the real registries: what we write they take, what they write we take, and a running registry sees each change.

use std::path::Path;
use std::process::Command;

use reg_tests::live::{self, Program};
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{PASSWORD, read, verifies, with_file};
use crate::live::Real;
use crate::{eventually, sandbox};

pub(super) const HTPASSWD: Program = Program { name: "htpasswd", variable: "REG_LIVE_HTPASSWD", files: &["htpasswd"] };

/// Whether Apache lets a user in.
pub(super) fn apache_verifies(program: &Path, file: &Path, user: &str, password: &str) -> bool {
    let mut command = Command::new(program);
    command.args(["-vb"]).arg(file).args([user, password]);
    command.output().unwrap().status.success()
}

#[test]
fn what_we_write_apache_verifies_and_the_other_way_round() {
    let Some(htpasswd) = HTPASSWD.find() else { return };
    let sandbox = with_file(&[]);
    for (at, password) in ["secret", " with: spaces ", "ä€😀", "$2y$10$", &"x".repeat(72), &"ä".repeat(36)].iter().enumerate()
    {
        let name = format!("user{at}");
        let add = format!("reg-users add {name} --file htpasswd --password-stdin --cost 4 -q -o name");
        sandbox.line_with(&add, password).is(0, &format!("{name}\n"), "");
        assert!(apache_verifies(&htpasswd, &sandbox.path("htpasswd"), &name, password), "{password}");
        assert!(!apache_verifies(&htpasswd, &sandbox.path("htpasswd"), &name, "wrong"), "{password}");
        let mut command = Command::new(&htpasswd);
        command.args(["-bB", "-C", "4"]).arg(sandbox.path("htpasswd")).args([&format!("apache{at}"), *password]);
        assert!(command.output().unwrap().status.success());
        assert!(verifies(&sandbox, "htpasswd", &format!("apache{at}"), password), "{password}");
        assert!(!verifies(&sandbox, "htpasswd", &format!("apache{at}"), "wrong"), "{password}");
    }
    let check = sandbox.line("reg-users check htpasswd -q").code(0).json();
    assert_eq!((&check["summary"]["pass"], &check["summary"]["fail"]), (&12.into(), &0.into()), "{check}");
}

/// What a registry answers to a login.
fn login(sandbox: &Sandbox, user: &str, password: &str) -> String {
    let url = sandbox.line("reg-up info x").code(0).json()["url"].as_str().unwrap().to_owned();
    let mut command = sandbox.command("curl");
    command.args(["-s", "-o", "/dev/null", "-w", "%{http_code}", "-u", &format!("{user}:{password}"), &format!("{url}/v2/")]);
    sandbox.finish(command, "").code(0).stdout
}

/// Waits for an answer: a registry may look at its file now and then only.
fn answers(sandbox: &Sandbox, user: &str, password: &str, expected: &str) {
    eventually(|| (login(sandbox, user, password) == expected).then_some(()));
}

fn users_come_and_go_while_it_runs(real: &Real) {
    let sandbox = with_file(&["anna"]);
    let started: Value = real.start(&sandbox, &["--htpasswd", "htpasswd"]);
    let own = Path::new("state/reg/instances/x/htpasswd");
    let inode = || std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(sandbox.path(own)).unwrap());
    let before = inode();
    answers(&sandbox, "anna", PASSWORD, "200");
    assert_eq!(login(&sandbox, "bert", "one"), "401");
    let run = |line: &str, input: &str| sandbox.line_with(&format!("reg-users {line} -r x --cost 4 -q"), input).code(0);
    run("add bert --password-stdin", "one");
    // zot watches the inode. Later on a number that was given back may be in use again.
    assert_eq!(inode() == before, started["type"] == "zot");
    answers(&sandbox, "bert", "one", "200");
    run("passwd bert --password-stdin", "two");
    answers(&sandbox, "bert", "two", "200");
    assert_eq!(login(&sandbox, "bert", "one"), "401");
    assert_eq!(login(&sandbox, "anna", PASSWORD), "200");
    sandbox.line("reg-users remove bert -r x -q").code(0);
    answers(&sandbox, "bert", "two", "401");
    // By its document from a pipe, and many at once.
    sandbox.write("people.csv", "name,password\ncarl,three\ndora,four\n");
    sandbox.sh("reg-up info x | reg-users import people.csv -r - --cost 4 -q | reg-up info -r - -q -o name").is(0, "x\n", "");
    answers(&sandbox, "carl", "three", "200");
    answers(&sandbox, "dora", "four", "200");
    sandbox.write("password", "four\n");
    sandbox.line("reg-test push-pull -r x -u dora --password-file password -q").code(0);
}

mod users_come_and_go {
    use super::super::super::live::Real;
    use reg_tests::live;

    #[test]
    fn embedded() {
        super::users_come_and_go_while_it_runs(&Real::embedded());
    }

    #[test]
    fn distribution() {
        Real::find("distribution", live::DISTRIBUTION).iter().for_each(super::users_come_and_go_while_it_runs);
    }

    #[test]
    fn distribution3() {
        Real::find("distribution", live::DISTRIBUTION3).iter().for_each(super::users_come_and_go_while_it_runs);
    }

    #[test]
    fn zot() {
        Real::find("zot", live::ZOT).iter().for_each(super::users_come_and_go_while_it_runs);
    }
}

#[test]
fn an_old_zot_wants_a_restart_and_the_tool_says_so() {
    let Some(real) = Real::find("zot", live::ZOT_OLD) else { return };
    let sandbox = with_file(&["anna"]);
    let started = real.start(&sandbox, &["--htpasswd", "htpasswd"]);
    answers(&sandbox, "anna", PASSWORD, "200");
    let version = started["version"].as_str().unwrap();
    assert!(version.starts_with("2.0."), "REG_LIVE_ZOT_OLD is {version}");
    let added = sandbox.line("reg-users add bert -r x --password-file password --cost 4 -q -o name").code(0);
    assert_eq!(
        added.err(),
        "reg-users: warning: zot at http://127.0.0.1:PORT reads its users only when it starts: `reg-up restart x`\n"
    );
    assert_eq!(login(&sandbox, "bert", PASSWORD), "401");
    sandbox.line("reg-up restart x -q").code(0);
    answers(&sandbox, "bert", PASSWORD, "200");
}

#[test]
fn a_rename_would_not_do_for_zot() {
    // What the writing in place is for: should zot learn to see another file, this test says so.
    let Some(real) = Real::find("zot", live::ZOT) else { return };
    let sandbox = with_file(&["anna"]);
    real.start(&sandbox, &["--htpasswd", "htpasswd"]);
    answers(&sandbox, "anna", PASSWORD, "200");
    let file = sandbox.instance("x").join("htpasswd").display().to_string();
    let add = |name: &str, how: &str| format!("reg-users add {name} --file {file} --password-file password --cost 4 -q{how}");
    sandbox.line(&add("bert", " --in-place")).code(0);
    answers(&sandbox, "bert", PASSWORD, "200");
    sandbox.line(&add("carl", "")).code(0);
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(login(&sandbox, "carl", PASSWORD), "401");
}

#[test]
fn one_who_is_unknown_takes_as_long_as_one_whose_password_is_wrong() {
    let sandbox = sandbox();
    let hash = bcrypt::hash_with_result(PASSWORD, 12).unwrap().format_for_version(bcrypt::Version::TwoY);
    sandbox.write("htpasswd", format!("anna:{hash}\n"));
    // The processor's time, which is the same however busy the machine is; a check that was left out would take a hundredth.
    let seconds = |user: &str| {
        let script = format!("TIMEFORMAT=%U; time reg-users verify {user} --file htpasswd --password-stdin -q <<< wrong || true");
        let ran = sandbox.sh(&script).code(0);
        ran.stderr.trim().parse::<f64>().unwrap()
    };
    let (known, unknown) = (seconds("anna"), seconds("nobody"));
    assert!(unknown > known / 3.0 && known > unknown / 3.0, "{known} s and {unknown} s");
    assert!(!read(&sandbox, "htpasswd").contains("nobody"));
}
