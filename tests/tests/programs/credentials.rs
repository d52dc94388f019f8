//! Logging in: where the user and the password come from, what comes before what, and what a refusal says.

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reg_tests::sandbox::Sandbox;
use serde_json::{Value, json};

use crate::{eventually, sandbox};

/// The passwords of the users `alice` and `bob`.
const ALICE: &str = "alices-tops3cret";
const BOB: &str = "bobs-tops3cret";

/// A sandbox with the instance `team`, which lets `alice` and `bob` in, and their passwords in files.
fn with_users() -> Sandbox {
    let sandbox = sandbox();
    let line = |user: &str, password: &str| format!("{user}:{}\n", bcrypt::hash(password, 4).unwrap());
    sandbox.write("htpasswd", line("alice", ALICE) + &line("bob", BOB));
    sandbox.write("alice.password", format!("{ALICE}\n"));
    sandbox.write("bob.password", format!("{BOB}\r\n"));
    sandbox.write("wrong.password", "wrong\n");
    sandbox.line("reg-up start team --port 0 --htpasswd htpasswd -q").code(0);
    sandbox
}

/// Runs `reg-test push` with these variables in front and flags behind; the registry's own log says that it came from this user.
#[track_caller]
fn pushes_as(sandbox: &Sandbox, user: &str, variables: &str, flags: &str) -> Value {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let repository = format!("check/run-{}", RUNS.fetch_add(1, Ordering::Relaxed));
    let report = sandbox.sh(&format!("{variables} reg-test push -q --repository {repository} {flags}")).code(0).json();
    let put = format!("\"method\":\"PUT\",\"path\":\"/v2/{repository}/manifests/probe\"");
    let line = eventually(|| {
        let log = sandbox.line("reg-up logs team");
        let lines =
            log.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].as_str().unwrap().to_owned());
        lines.into_iter().find(|line| line.contains(&put))
    });
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["user"], user, "{line}");
    report
}

/// The same for nobody: the push is refused, with advice how to log in.
#[track_caller]
fn pushes_as_nobody(sandbox: &Sandbox, variables: &str, flags: &str) {
    let ran = sandbox.sh(&format!("{variables} reg-test push -o name {flags}")).code(7);
    assert!(ran.stderr.ends_with("the registry answered 401 (log in: -u USER with --password-stdin)\n"), "{ran:?}");
}

/// Host and port of `team`.
fn address(sandbox: &Sandbox) -> String {
    let url = sandbox.line("reg-up info team").json()["url"].as_str().unwrap().to_owned();
    url.trim_start_matches("http://").to_owned()
}

/// A Docker auth file that lets a user in.
fn auth_file(address: &str, user: &str, password: &str) -> String {
    let auth = STANDARD.encode(format!("{user}:{password}"));
    json!({"auths": {address: {"auth": auth}}}).to_string()
}

#[test]
fn a_password_comes_from_a_file_a_variable_or_standard_input() {
    let sandbox = with_users();
    for (user, variables, flags) in [
        ("alice", "", "--password-file alice.password"),
        // The line end of another system is not part of the password, either.
        ("bob", "", "--password-file bob.password"),
        ("alice", &format!("SECRET={ALICE}"), "--password-env SECRET"),
        ("alice", "", "--password-stdin < alice.password"),
        ("bob", &format!("printf %s {BOB} |"), "--password-stdin"),
    ] {
        pushes_as(&sandbox, user, variables, &format!("-r team -u {user} {flags}"));
    }
    pushes_as_nobody(&sandbox, "", "-r team");
}

#[test]
fn a_document_or_a_mode_refers_to_one() {
    let sandbox = with_users();
    let mut document = sandbox.line("reg-up info team").json();
    for (user, reference) in [
        ("alice", json!({"username": "alice", "passwordFile": "alice.password"})),
        ("bob", json!({"username": "bob", "passwordEnv": "SECRET"})),
    ] {
        document["credential"] = reference;
        sandbox.write("document.json", document.to_string());
        pushes_as(&sandbox, user, &format!("SECRET={BOB}"), "-r @document.json");
    }
    let mode = format!(
        "[modes.prod.registry]\nurl = \"http://{}\"\ncredential = {{ username = \"alice\", passwordFile = \"{}\" }}\n",
        address(&sandbox),
        sandbox.path("alice.password").display()
    );
    sandbox.write("config/reg/config.toml", mode);
    pushes_as(&sandbox, "alice", "", "-r prod");
    // Flags say more than the mode.
    pushes_as(&sandbox, "bob", "", "-r prod -u bob --password-file bob.password");
    pushes_as_nobody(&sandbox, "", "-r prod --anonymous");
}

#[test]
fn the_next_program_of_a_pipe_logs_in_as_the_one_before() {
    let sandbox = with_users();
    // The file is named relative to one folder, and the next program runs in another.
    let before = "reg-test catalog -r team -u alice --password-file alice.password -q | (cd home;";
    let report = pushes_as(&sandbox, "alice", before, "-r -)");
    let expected = json!({"username": "alice", "passwordFile": sandbox.path("alice.password")});
    assert_eq!(report["registry"]["credential"], expected);
    // A password from standard input is gone: who comes next must be told anew, and does not take another's.
    sandbox.write("report.json", report.to_string());
    let report = pushes_as(&sandbox, "bob", "", "-r @report.json -u bob --password-stdin < bob.password");
    assert_eq!(report["registry"].get("credential"), None);
}

#[test]
fn docker_and_podman_logins_are_taken() {
    let sandbox = with_users();
    let address = address(&sandbox);
    let r = format!("-r http://{address}");
    let [alice, bob] = [("alice", ALICE), ("bob", BOB)].map(|(user, password)| auth_file(&address, user, password));
    pushes_as_nobody(&sandbox, "", &r);
    // The later ones come before the earlier ones.
    for (file, content, variables, user) in [
        ("home/.docker/config.json", &alice, "", "alice"),
        ("docker/config.json", &bob, "DOCKER_CONFIG=docker", "bob"),
        ("config/containers/auth.json", &bob, "", "bob"),
        ("run/containers/auth.json", &alice, "DOCKER_CONFIG=docker", "alice"),
        ("auth.json", &bob, "REGISTRY_AUTH_FILE=auth.json", "bob"),
    ] {
        sandbox.write(file, content);
        pushes_as(&sandbox, user, variables, &r);
    }
    // What is asked for by name comes before what lies around.
    pushes_as(&sandbox, "alice", "REGISTRY_AUTH_FILE=auth.json", "-r team -u alice --password-file alice.password");
    pushes_as_nobody(&sandbox, "REGISTRY_AUTH_FILE=auth.json", "-r team --anonymous");
}

#[test]
fn a_credential_helper_is_asked() {
    let sandbox = with_users();
    let address = address(&sandbox);
    let helper = sandbox.write(
        "bin/docker-credential-vault",
        format!("#!/bin/sh\ncat > asked; echo '{{\"Username\":\"alice\",\"Secret\":\"{ALICE}\"}}'\n"),
    );
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.write("home/.docker/config.json", format!("{{\"credHelpers\":{{\"{address}\":\"vault\"}}}}"));
    pushes_as(&sandbox, "alice", "", "-r team");
    assert_eq!(std::fs::read_to_string(sandbox.path("asked")).unwrap().trim(), address);
}

#[test]
fn a_refused_login_fails_its_checks_and_says_why() {
    let sandbox = with_users();
    let refused = "the registry says \"authentication required\" (401 UNAUTHORIZED) (check the user name and the password)";
    for flags in ["-u alice --password-file wrong.password", "-u nobody --password-file alice.password"] {
        sandbox.line(&format!("reg-test catalog -r team -o name {flags}")).is(
            7,
            "api\ncatalog\n",
            &format!(
                "reg-test: pass api: http://127.0.0.1:PORT answers\n\
                 reg-test: FAIL catalog: cannot list the repositories at http://127.0.0.1:PORT: {refused}\n"
            ),
        );
        let health = sandbox.line(&format!("reg-test health -r team -q {flags}")).code(7).json();
        assert_eq!((&health["checks"][1]["name"], &health["checks"][1]["outcome"]), (&"auth".into(), &"fail".into()));
    }
    // Without any login it says how to bring one.
    sandbox.line("reg-test catalog -r team -o name -q").code(7);
    let health = sandbox.line("reg-test health -r team -o name").code(0).err();
    let skipped =
        "reg-test: skip auth: it wants a login, and none is known: -u with --password-file, --password-env or --password-stdin\n";
    assert!(health.contains(skipped), "{health}");
    let push = sandbox.line("reg-test push -r team -o name").code(7).err();
    let fails = "reg-test: FAIL push-tag: cannot look at reg-test/reg-probe:probe at http://127.0.0.1:PORT: the registry answered 401 \
                 (log in: -u USER with --password-stdin)\n";
    assert!(push.ends_with(fails), "{push}");
    // What only looks whether it runs needs no login.
    sandbox.line("reg-up status team -o name").is(0, "team\n", "");
    assert_eq!(sandbox.line("reg-up status team").json()["state"], "running");
}

#[test]
fn a_password_that_cannot_be_read_is_an_error_of_its_own() {
    let sandbox = with_users();
    sandbox.write("empty.password", "\n");
    for (flags, code, what) in [
        ("--password-file none.password", 3, "cannot read the password file SANDBOX/none.password: no such file or directory"),
        ("--password-file empty.password", 3, "the password file SANDBOX/empty.password holds nothing but white space"),
        ("--password-env NONE", 3, "the environment variable NONE, where the password of \"alice\" should be, is not set"),
    ] {
        sandbox.line(&format!("reg-test catalog -r team -u alice {flags}")).is(code, "", &format!("reg-test: error: {what}\n"));
    }
    sandbox.line("reg-test catalog -r team -u a:b --password-file alice.password").is(
        3,
        "",
        "reg-test: error: the user name \"a:b\" has a colon or a control character\n",
    );
    sandbox.write("auth.json", "{\"auths\": [");
    let broken = sandbox.sh("REGISTRY_AUTH_FILE=auth.json reg-test catalog -r team").code(3);
    assert_eq!((broken.stdout.as_str(), broken.stderr.lines().count()), ("", 1), "{broken:?}");
}
