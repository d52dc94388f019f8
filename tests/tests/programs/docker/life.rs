//! The whole life of an instance in a container, with TLS and a login, as its users see it.

use reg_tests::docker::login;
use reg_tests::live;
use serde_json::json;

use super::Contained;
use crate::live::layout::{Layout, digest};

/// A password that would be seen in any log.
const PASSWORD: &str = "never-seen-in-a-log";

#[test]
fn distribution() {
    Contained::distribution().iter().for_each(whole_life);
}

#[test]
fn distribution3() {
    Contained::find("distribution", "registry:3.1.1", live::DISTRIBUTION3).iter().for_each(whole_life);
}

#[test]
fn zot() {
    Contained::find("zot", "zot-minimal:v2.1.20", live::ZOT).iter().for_each(whole_life);
}

/// The docker command pushes the image that the registry itself runs, and skopeo one of two platforms.
fn pushed(of: &Contained, place: &str) -> Layout {
    let docker = &of.docker;
    let layout = Layout::make(&docker.path("there"), "one");
    std::fs::create_dir(docker.path("certs")).unwrap();
    std::fs::copy(docker.path("cert.pem"), docker.path("certs/ca.crt")).unwrap();
    let copy = "skopeo --insecure-policy copy --all --preserve-digests --quiet --dest-cert-dir certs";
    assert_ne!(docker.sh(&format!("{copy} oci:there:app docker://{place}/team/app:v1")).code, 0, "nobody may push without a login");
    docker.sh(&format!("{copy} --dest-creds alice:{PASSWORD} oci:there:app docker://{place}/team/app:v1")).code(0);
    login(docker, place, "alice", PASSWORD);
    docker.docker(&format!("tag {} {place}/team/own:v1", of.image));
    docker.docker(&format!("push --quiet {place}/team/own:v1"));
    docker.docker(&format!("rmi {place}/team/own:v1"));
    layout
}

/// What was pushed comes back.
fn still_there(of: &Contained, place: &str, layout: &Layout) {
    let _ = std::fs::remove_dir_all(of.docker.path("back"));
    let copy = "skopeo --insecure-policy copy --all --preserve-digests --quiet --src-cert-dir certs";
    of.docker.sh(&format!("{copy} --src-creds alice:{PASSWORD} docker://{place}/team/app:v1 oci:back:v1")).code(0);
    assert_eq!(digest(&of.docker.path("back")), layout.index["digest"]);
    of.docker.docker(&format!("pull --quiet {place}/team/own:v1"));
    of.docker.docker(&format!("rmi {place}/team/own:v1"));
}

#[test]
fn a_full_disk_does_not_keep_it_from_being_stopped_and_removed() {
    let Some(of) = Contained::distribution() else { return };
    let Some(disk) = crate::disk::small_disk(&of.docker) else { return };
    let reg_up = |words: &[&str]| {
        let mut command = of.docker.command(of.docker.path("bin/reg-up"));
        command.args(words).env("XDG_STATE_HOME", of.docker.path("disk"));
        of.docker.finish(command, "")
    };
    reg_up(&of.words(&[])).code(0);
    of.docker.sh("cat /dev/zero > disk/full || true");
    let stopped = reg_up(&["stop", &of.name]).code(1);
    let file = of.docker.path("disk/reg/instances").join(&of.name).join("container.json");
    let error = format!(
        "reg-up: error: \"{}\" is stopped, but that cannot be written down: cannot write {}: no space left on device\n",
        of.name,
        file.display()
    );
    assert!(stopped.stderr.ends_with(&error), "{stopped:?}");
    assert_eq!(of.docker.inspect(&of.container(), "{{.State.Status}}"), "exited");
    of.docker.docker(&format!("start {}", of.container()));
    reg_up(&["remove", &of.name, "--purge"]).code(0);
    assert_eq!(of.docker.left(), []);
    assert!(!file.exists());
    drop(disk);
}

fn whole_life(of: &Contained) {
    if std::process::Command::new("skopeo").arg("--version").output().is_err() {
        return live::skip("skopeo", "no `skopeo` is on PATH");
    }
    let docker = &of.docker;
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    docker.write("cert.pem", pair.cert.pem());
    docker.write("key.pem", pair.signing_key.serialize_pem());
    docker.write("htpasswd", format!("alice:{}\n", bcrypt::hash(PASSWORD, 5).unwrap()));
    docker.write("password", PASSWORD);
    let flags = ["--cert", "cert.pem", "--key", "key.pem", "--ca-file", "cert.pem", "--htpasswd", "htpasswd"];
    let document = of.start(&flags);
    assert_eq!(document["instance"]["backend"], "docker");
    assert_eq!(document["instance"]["containers"], json!([of.container()]));
    assert_eq!(document["instance"]["data"], json!(null), "a volume has no path");
    let place = document["url"].as_str().unwrap().trim_start_matches("https://").to_owned();

    // The same again changes nothing.
    let id = docker.inspect(&of.container(), "{{.Id}}");
    assert_eq!(of.start(&flags), document);
    assert_eq!(of.reg_up("start", &[]).code(0).json(), document);
    assert_eq!(docker.inspect(&of.container(), "{{.Id}}"), id);

    let layout = pushed(of, &place);
    let all = ["all", "--write", "-r", &*of.name, "-u", "alice", "--password-file", "password"];
    docker.run("reg-test", all).code(0);
    still_there(of, &place, &layout);

    // A file that is replaced in the instance's folder is seen inside: the users are the live ones.
    let users = docker.instance(&of.name).join("htpasswd");
    let bob = format!("{}bob:{}\n", std::fs::read_to_string(&users).unwrap(), bcrypt::hash("other", 5).unwrap());
    docker.write("new-users", bob);
    docker.write("other", "other");
    if of.kind == "zot" {
        // It watches the file itself and not its name (`pkg/api/htpasswd.go`).
        std::fs::copy(docker.path("new-users"), &users).unwrap();
    } else {
        std::fs::rename(docker.path("new-users"), &users).unwrap();
    }
    let as_bob = ["push-pull", "-r", &*of.name, "-u", "bob", "--password-file", "other"];
    crate::process::until("the new user gets in", || docker.run("reg-test", as_bob).code == 0);

    // Killed from outside, it is told so, comes back at the same address, and has lost nothing.
    docker.docker(&format!("kill {}", of.container()));
    assert_eq!(of.status(), ("stopped".to_owned(), "it was killed by signal 9, by itself or from outside".to_owned()));
    of.reg_up("start", &[]).code(0);
    still_there(of, &place, &layout);
    of.reg_up("restart", &[]).code(0);
    of.reg_up("stop", &[]).code(0);
    assert_eq!(of.status(), ("stopped".to_owned(), String::new()));
    // What it wrote before is kept, over all containers it has had.
    let log = of.reg_up("logs", &[]).code(0).stdout;
    assert!(log.lines().filter(|line| line.contains("/v2/team/app/manifests/v1")).count() > 1, "{log}");
    of.reg_up("start", &[]).code(0);
    still_there(of, &place, &layout);

    // No secret is where the engine shows it, and none is in the log.
    let seen = docker.docker(&format!("inspect {}", of.container()));
    for text in [&seen, &log] {
        assert!(!text.contains(PASSWORD) && !text.contains("$2b$") && !text.contains("PRIVATE KEY"), "{text}");
    }

    // Removed without --purge the data stays, and a new start finds it.
    let removed = of.reg_up("remove", &[]).code(0);
    let note = format!("reg-up: the data stays in the volume reg-{}-data; --purge removes it, too\n", of.name);
    assert!(removed.stderr.ends_with(&note), "{removed:?}");
    assert_eq!(docker.left(), [("volume", format!("reg-{}-data", of.name))]);
    of.reg_up("status", &[]).code(8);
    let document = of.start(&flags);
    let place = document["url"].as_str().unwrap().trim_start_matches("https://");
    login(docker, place, "alice", PASSWORD);
    still_there(of, place, &layout);
    of.reg_up("remove", &["--purge"]).code(0);
    assert_eq!(docker.left(), []);
    assert!(!docker.instance(&of.name).exists());
}
