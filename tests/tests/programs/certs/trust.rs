//! An authority is put only where it was asked for, and taken away again.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::sandbox::Sandbox;
use serde_json::json;

use super::{detail, has};
use crate::sandbox;

/// A folder that looks like a Debian.
fn debian(sandbox: &Sandbox) {
    for folder in ["usr/local/share/ca-certificates", "usr/share/ca-certificates", "etc/ssl/certs", "etc/ca-certificates/update.d"]
    {
        std::fs::create_dir_all(sandbox.path("root").join(folder)).unwrap();
    }
    sandbox.write("root/etc/ca-certificates.conf", "");
}

/// The command that a detail of a row advises.
fn command(detail: &str) -> String {
    detail.split('`').nth(1).unwrap_or_else(|| panic!("no command: {detail}")).to_owned()
}

#[test]
fn docker_and_podman_read_it_beside_the_registrys_name() {
    let sandbox = sandbox();
    sandbox.run("reg-certs", ["ca", "--name", "Team", "-q"]).code(0);
    let file = "root/etc/docker/certs.d/localhost:5000/ca.crt";
    let trust = |more: &str| sandbox.line(format!("reg-certs trust --docker --host localhost:5000 --root root {more}").trim_end());
    let dry = trust("--dry-run").code(0);
    assert_eq!(dry.err(), "reg-certs: docker would believe it: SANDBOX/root/etc/docker/certs.d/localhost:PORT/ca.crt\n");
    let place = dry.json()["places"][0].clone();
    let command =
        format!("install -D -m 644 {} {}", sandbox.path("home/.local/share/reg/ca/ca.pem").display(), sandbox.path(file).display());
    assert_eq!(place, json!({"store": "docker", "file": sandbox.path(file), "outcome": "added", "command": command}));
    assert!(!sandbox.path("root").exists(), "a dry run wrote");
    let added = trust("").code(0);
    assert_eq!(added.err(), "reg-certs: docker believes it now: SANDBOX/root/etc/docker/certs.d/localhost:PORT/ca.crt\n");
    assert_eq!(std::fs::read(sandbox.path(file)).unwrap(), std::fs::read(sandbox.path("home/.local/share/reg/ca/ca.pem")).unwrap());
    assert_eq!(std::fs::metadata(sandbox.path(file)).unwrap().permissions().mode() & 0o444, 0o444);
    assert_eq!(trust("").code(0).json()["places"][0]["outcome"], "present");
    // The command of a dry run does the same.
    std::fs::remove_dir_all(sandbox.path("root")).unwrap();
    sandbox.sh(&command).code(0);
    assert_eq!(trust("").code(0).json()["places"][0]["outcome"], "present");

    let untrust = |more: &str| sandbox.line(format!("reg-certs untrust --docker --root root {more}").trim_end());
    assert_eq!(untrust("--dry-run").code(0).json()["places"][0]["outcome"], "removed");
    let removed = untrust("").code(0);
    assert_eq!(
        removed.err(),
        "reg-certs: docker believes it no more: SANDBOX/root/etc/docker/certs.d/localhost:PORT/ca.crt is gone\n"
    );
    assert!(!sandbox.path("root/etc/docker/certs.d/localhost:5000").exists());
    assert_eq!(untrust("").code(0).json()["places"], json!([]));
    assert_eq!(untrust("--host localhost:5000").code(0).json()["places"][0]["outcome"], "absent");
}

#[test]
fn another_authoritys_file_is_left_alone() {
    let sandbox = sandbox();
    sandbox.line("reg-certs ca -q").code(0);
    sandbox.line("reg-certs ca --dir other -q").code(0);
    let file = sandbox.path("home/.config/containers/certs.d/r:1/ca.crt");
    sandbox.line("reg-certs trust --containers --user --host r:1 --ca other -q").code(0);
    let before = std::fs::read(&file).unwrap();
    for verb in ["trust", "untrust"] {
        let shown = "SANDBOX/home/.config/containers/certs.d/r:1/ca.crt";
        let text = format!(
            "reg-certs: error: {shown} is another authority's\n\
             reg-certs: hint: `reg-certs show {shown}` shows whose; remove it first if it is not needed\n"
        );
        sandbox.line(&format!("reg-certs {verb} --containers --user --host r:1")).is(9, "", &text);
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
    // Not named, it is not ours, so it is not among those to take away.
    assert_eq!(sandbox.line("reg-certs untrust --containers --user -q").code(0).json()["places"], json!([]));
}

#[test]
fn the_systems_bundle_is_made_by_its_own_command() {
    let sandbox = sandbox();
    if !has(&sandbox, "update-ca-certificates") {
        return;
    }
    debian(&sandbox);
    sandbox.line("reg-certs ca -q").code(0);
    // A bundle that would be empty is not made.
    sandbox.line("reg-certs ca --dir other -q").code(0);
    sandbox.sh("cp other/ca.pem root/usr/local/share/ca-certificates/other.crt").code(0);
    let bundle = sandbox.path("root/etc/ssl/certs/ca-certificates.crt");
    let first = sandbox.line("reg-certs trust --system --root root -q").code(0).json();
    assert_eq!(first["places"][0]["outcome"], "added");
    let pem = std::fs::read_to_string(sandbox.path("home/.local/share/reg/ca/ca.pem")).unwrap();
    assert!(std::fs::read_to_string(&bundle).unwrap().contains(pem.trim()));
    assert_eq!(sandbox.line("reg-certs trust --system --root root -q").code(0).json()["places"][0]["outcome"], "present");
    sandbox.line("reg-certs untrust --system --root root -q").code(0);
    assert!(!std::fs::read_to_string(&bundle).unwrap().contains(pem.trim()));
    let left: Vec<_> = std::fs::read_dir(sandbox.path("root/usr/local/share/ca-certificates")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn nothing_is_done_that_was_not_asked_for() {
    let sandbox = sandbox();
    let is = |line: &str, code: i32, text: &str| sandbox.line(line).is(code, "", text);
    is(
        "reg-certs trust --docker --host r:1",
        8,
        "reg-certs: error: there is no authority yet\nreg-certs: hint: `reg-certs ca` makes one; --ca names one\n",
    );
    sandbox.line("reg-certs ca -q").code(0);
    is(
        "reg-certs trust",
        2,
        "reg-certs: error: it was not said who is to believe it\n\
         reg-certs: hint: --docker, --containers and --system say who; more than one may be given\n",
    );
    is(
        "reg-certs trust --docker",
        2,
        "reg-certs: error: docker trusts an authority for one registry, and none was named\n\
         reg-certs: hint: name it with --host HOST:PORT, or with -r; --system trusts it for all\n",
    );
    is(
        "reg-certs trust --docker --host https://r:1",
        2,
        "reg-certs: error: \"https://r:1\" is not how an image names a registry\n\
         reg-certs: hint: write host:port, like registry.example:5000\n",
    );
    std::fs::create_dir(sandbox.path("root")).unwrap();
    is(
        "reg-certs trust --system --root root",
        6,
        "reg-certs: error: it is not known how this system keeps its authorities\n\
         reg-certs: hint: Debian's, Fedora's and Arch's ca-certificates are known; --docker and --containers need none of them\n",
    );
    sandbox.line("reg-certs issue localhost -q").code(0);
    assert!(!sandbox.path("home/.config").exists() && std::fs::read_dir(sandbox.path("root")).unwrap().next().is_none());
}

#[test]
fn verify_tells_who_believes_a_running_registry() {
    let sandbox = sandbox();
    debian(&sandbox);
    sandbox.sh("reg-certs issue localhost -q | reg-up start x --port 0 --tls - -q > /dev/null").code(0);
    let url = sandbox.line("reg-up info x").code(0).json()["url"].as_str().unwrap().to_owned();
    let place = url.trim_start_matches("https://").to_owned();
    let verify = || sandbox.line("reg-certs verify -r x --root root -q");
    let before = verify().code(0).json();
    assert_eq!(before["registry"]["name"], "x");
    assert_eq!(
        detail(&before, "docker"),
        format!(
            "docker was not told of its authority; `reg-certs trust --docker --host {place} --ca {} --root {}` does",
            sandbox.instance("x").join("ca.crt").display(),
            sandbox.path("root").display()
        )
    );
    for program in ["docker", "containers"] {
        sandbox.sh(&command(&detail(&before, program))).code(0);
    }
    let after = verify().code(0).json();
    assert_eq!(
        detail(&after, "docker"),
        format!("docker believes it: {}", sandbox.path("root/etc/docker/certs.d").join(&place).display())
    );
    assert!(detail(&after, "containers").starts_with("containers believes it: "), "{after:#}");
    // One that was told of another authority refuses it.
    sandbox.line("reg-certs ca --dir other -q").code(0);
    std::fs::copy(sandbox.path("other/ca.pem"), sandbox.path("root/etc/docker/certs.d").join(&place).join("ca.crt")).unwrap();
    let wrong = verify().code(7).json();
    let docker = detail(&wrong, "docker");
    assert!(
        docker.starts_with("docker was told of another authority in ") && docker.ends_with("puts this one in its place"),
        "{docker}"
    );
    sandbox.sh(&command(&docker)).code(0);
    assert_eq!(detail(&verify().code(0).json(), "docker"), detail(&after, "docker"));
}

#[test]
fn what_is_advised_names_what_was_named() {
    let sandbox = sandbox();
    debian(&sandbox);
    sandbox.line("reg-certs ca --dir own -q").code(0);
    sandbox
        .sh("mv own 'our own'; reg-certs issue localhost --ca 'our own' -q | reg-up start x --port 0 --tls - -q > /dev/null")
        .code(0);
    let url = sandbox.line("reg-up info x").code(0).json()["url"].as_str().unwrap().to_owned();
    // Nobody knows its authority: whoever is told of another one believes the wrong one.
    sandbox.line("reg-certs ca -q").code(0);
    let unknown = sandbox.sh(&format!("XDG_STATE_HOME=$PWD reg-certs verify -r {url} --root root -q || [ $? = 7 ]")).code(0).json();
    assert_eq!(detail(&unknown, "docker"), "docker was not told of its authority, which is not known here; --ca FILE names it");
    let known = sandbox.sh(&format!("XDG_STATE_HOME=$PWD reg-certs verify -r {url} --ca 'our own' --root root -q")).code(0).json();
    for program in ["docker", "containers", "system"] {
        sandbox.sh(&command(&detail(&known, program))).code(0);
    }
    let after = sandbox.sh(&format!("XDG_STATE_HOME=$PWD reg-certs verify -r {url} --ca 'our own' --root root -q")).code(0).json();
    assert_eq!(after["summary"]["skip"], 0, "{after:#}");
}

#[test]
fn verify_tells_how_a_registry_gets_the_file_that_it_does_not_serve() {
    let sandbox = sandbox();
    sandbox.sh("reg-certs issue localhost -q | reg-up start x --port 0 --tls - -q > /dev/null").code(0);
    super::issue(&sandbox, "localhost");
    let verify = |code| sandbox.line("reg-certs verify localhost.pem -r x -q").code(code).json();
    let served = detail(&verify(7), "served");
    assert!(served.contains(" serves another one, which expires on "), "{served}");
    sandbox.sh(&command(&served)).code(0);
    assert!(detail(&verify(0), "served").ends_with(" serves it"));
}

#[test]
fn one_that_is_impossible_leaves_all_as_they_were() {
    let sandbox = sandbox();
    sandbox.line("reg-certs ca -q").code(0);
    std::fs::create_dir(sandbox.path("bare")).unwrap();
    let ran = sandbox.line("reg-certs trust --docker --system --host localhost:5000 --root bare -q").code(6);
    assert!(ran.stderr.contains("it is not known how this system keeps its authorities"), "{ran:?}");
    assert!(std::fs::read_dir(sandbox.path("bare")).unwrap().next().is_none(), "{ran:?}");
}
