//! What a start in a container refuses, and one that does not come up: the words, the code, and nothing left.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;

use reg_tests::port;
use reg_tests::sandbox::{Ran, Sandbox};

use super::Contained;
use crate::sandbox;

/// How it ends: the code and the last two lines.
fn ends(ran: Ran, code: i32, error: &str, hint: &str) {
    let ran = ran.code(code);
    assert_eq!(ran.stdout, "", "{ran:?}");
    let expected = format!("reg-up: error: {error}\nreg-up: hint: {hint}\n");
    let last = ran.stderr.find("reg-up: error: ").map_or("", |at| &ran.stderr[at..]);
    assert_eq!(last, expected, "{ran:?}");
}

#[test]
fn without_an_engine_it_says_what_needs_none() {
    let sandbox = sandbox();
    let ran = sandbox.line("reg-up start x --type distribution --backend docker");
    let error = format!(
        "cannot start \"x\": cannot reach the container engine at unix://{}: there is no such socket",
        sandbox.path("no-engine").display()
    );
    ends(ran, 4, &error, "start Docker or Podman, or take --type embedded or --backend process, which need neither");
    assert!(!sandbox.instance("x").exists());
}

#[test]
fn an_engine_that_is_somebody_elses_says_how_to_get_in() {
    let sandbox = sandbox();
    let socket = sandbox.path("socket");
    let _listener = UnixListener::bind(&socket).unwrap();
    std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o000)).unwrap();
    let host = format!("unix://{}", socket.display());
    let mut command = sandbox.command("setpriv");
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let root = sandbox.sh("id -u").stdout.trim() == "0";
    if root {
        // The programs, and a home that another user may write.
        std::fs::set_permissions(sandbox.path(""), std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::copy(env!("CARGO_BIN_EXE_reg-multicall"), sandbox.path("reg-up")).unwrap();
        std::fs::create_dir(sandbox.path("theirs")).unwrap();
        std::os::unix::fs::chown(sandbox.path("theirs"), Some(65534), Some(65534)).unwrap();
        command.args(nobody).arg(sandbox.path("reg-up")).env("XDG_STATE_HOME", sandbox.path("theirs"));
    } else {
        command = sandbox.command(sandbox.path("bin/reg-up"));
    }
    command.env("DOCKER_HOST", &host).args(["start", "x", "--type", "zot", "--backend", "docker"]);
    let error = format!("cannot start \"x\": you may not use the container engine at {host}: permission denied");
    ends(sandbox.finish(command, ""), 5, &error, "`sudo usermod -aG docker $USER` lets you, from the next login on");
}

#[test]
fn flags_that_do_not_go_together_are_told() {
    let sandbox = sandbox();
    for (line, error) in [
        ("start x --image a", "--image is for containers, and reg-up runs embedded as a process"),
        ("start x --backend docker", "--backend docker is for containers, and reg-up runs embedded as a process"),
        ("start x --type zot --backend process --memory 1GiB", "--memory is for containers, and --backend process starts none"),
        ("start x --type zot --backend process --pull never", "--pull is for containers, and --backend process starts none"),
    ] {
        let ran = sandbox.line(&format!("reg-up {line}")).code(2);
        assert_eq!(ran.stderr, format!("reg-up: error: cannot start \"x\": {error}\n"));
    }
    for (flags, why) in [
        ("--image a?b", "an image is named like registry:3.1.1 or ghcr.io/project-zot/zot:v2.1.20"),
        ("--memory 1.5GiB", "a size is a whole number with KiB, MiB, GiB or TiB behind it, like 512MiB"),
        ("--cpus half", "a number of processors is like 2 or 0.5, with at most three digits behind the point"),
    ] {
        let ran = sandbox.line(&format!("reg-up start x --type zot {flags}")).code(2);
        assert!(ran.stderr.contains(why), "{ran:?}");
    }
    let ran = sandbox.line("reg-up start x --type zot --binary /bin/true --image a").code(2);
    assert!(ran.stderr.contains("cannot be used with"), "{ran:?}");
}

#[test]
fn an_image_of_something_else_is_refused() {
    let Some(of) = Contained::distribution() else { return };
    let ran = of.docker.run("reg-up", ["start", &*of.name, "--type", "zot", "--port", "0", "--image", &*of.image]).code(3);
    let begin = format!("reg-up: error: cannot start \"{}\": {} is no image of zot: ", of.name, of.image);
    assert!(ran.stderr.starts_with(&begin), "{ran:?}");
    assert_eq!(of.docker.left(), []);
    assert!(!of.docker.instance(&of.name).exists());
}

#[test]
fn a_setting_that_is_wrong_is_not_held_against_the_image() {
    let Some(of) = Contained::distribution() else { return };
    let ran = of.docker.run("reg-up", of.words(&["--set", "http.relm=x"])).code(3);
    let why = "the configuration is not right: http.relm: Distribution knows no such key, and ignores it without a word";
    let error = format!("reg-up: error: cannot start \"{}\": {why}\n", of.name);
    assert!(ran.stderr.starts_with(&error), "{ran:?}");
    came_to_nothing(&of, &of.docker);
}

#[test]
fn an_image_that_changes_the_configuration_is_refused() {
    let Some(mut of) = Contained::distribution() else { return };
    of.docker.write("htpasswd", "alice:$2y$05$abcdefghijklmnopqrstuuLAhbvYJ8pRzm7eiLNXDp9yu6sSqcDPe\n");
    let image = of.docker.altered(&of.image, "ENV REGISTRY_AUTH=none");
    let ran = of.docker.run("reg-up", of.words(&["--image", &image, "--htpasswd", "htpasswd"]));
    let error = format!("cannot start \"{}\": {image} sets REGISTRY_AUTH, which changes the configuration", of.name);
    ends(ran, 3, &error, "take an image without it; --set and --config-base say such things to reg-up");
    came_to_nothing(&of, &of.docker);
}

#[test]
fn an_image_that_cannot_run_here_is_told_in_its_own_words() {
    let Some(mut of) = Contained::distribution() else { return };
    let broken = of.docker.write("registry", "no program of this machine");
    std::fs::set_permissions(&broken, std::fs::Permissions::from_mode(0o755)).unwrap();
    let image = of.docker.image_of("broken:1", &[(broken, "usr/bin/registry".to_owned())], "[\"/usr/bin/registry\"]");
    let ran = of.docker.run("reg-up", of.words(&["--image", &image])).code(3);
    let begin = format!(
        "reg-up: error: cannot start \"{}\": {image} is no image of distribution: its program ended with exit code ",
        of.name
    );
    let end = format!(
        "exec format error\nreg-up: hint: it may be for another processor: `docker image inspect --format '{{{{.Architecture}}}}' {image}` \
         tells for which\n"
    );
    assert!(ran.stderr.starts_with(&begin) && ran.stderr.ends_with(&end), "{ran:?}");
    came_to_nothing(&of, &of.docker);
}

#[test]
fn a_configuration_that_zot_does_not_take_is_refused_before_anything_is_stopped() {
    let Some(of) = Contained::find("zot", "zot-minimal:v2.1.20", reg_tests::live::ZOT) else { return };
    of.start(&[]);
    let wrong = ["--set", "storage.gcDelay=-2h"];
    let words = "zot does not take the configuration: ";
    let begin = |what: &str| format!("reg-up: error: cannot {what} \"{}\": {words}", of.name);
    let id = of.docker.inspect(&of.container(), "{{.Id}}");
    let refused = of.reg_up("configure", &wrong).code(3);
    assert!(refused.stderr.starts_with(&begin("configure")) && refused.stderr.contains("delay"), "{refused:?}");
    assert_eq!(of.docker.inspect(&of.container(), "{{.Id}}"), id);
    of.reg_up("stop", &[]).code(0);
    for (what, words) in [("configure", &[][..]), ("start", &[])] {
        let refused = of.reg_up(what, &[&wrong, words].concat()).code(3);
        assert!(refused.stderr.starts_with(&begin(what)), "{refused:?}");
    }
    // One that it takes is taken, and nothing is left of the looking.
    of.reg_up("configure", &["--set", "storage.gcDelay=2h"]).code(0);
    of.reg_up("start", &[]).code(0);
    let kinds: Vec<_> = of.docker.left().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["container", "network", "volume"]);
    let files = std::fs::read_dir(of.docker.instance(&of.name)).unwrap().flatten();
    let drafts: Vec<_> = files.map(|file| file.file_name()).filter(|name| name.to_string_lossy().starts_with('.')).collect();
    assert!(drafts.is_empty(), "{drafts:?}");
}

#[test]
fn an_image_that_runs_nothing_is_refused() {
    let Some(mut of) = Contained::distribution() else { return };
    let image = of.docker.altered(&of.image, "ENTRYPOINT [\"/nothing\"]");
    let ran = of.docker.run("reg-up", of.words(&["--image", &image])).code(2);
    let begin = format!("reg-up: error: cannot start \"{}\": cannot run the image {image}: the engine says: ", of.name);
    assert!(ran.stderr.starts_with(&begin) && ran.stderr.contains("no such file or directory"), "{ran:?}");
    assert_eq!(of.docker.left(), []);
}

#[test]
fn a_port_that_is_taken_is_told_with_its_holder() {
    let Some(of) = Contained::distribution() else { return };
    let document = of.start(&[]);
    let port = crate::process::port_of(&document).to_string();
    let words = ["start", "other", "--type", "distribution", "--image", &*of.image, "--port", &*port];
    let hint = "take another with --port, or --port 0 for any free one";
    let error = format!("cannot start \"other\": port {port} is taken by the container {}", of.container());
    ends(of.docker.run("reg-up", words), 9, &error, hint);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let words = ["start", "other", "--type", "distribution", "--image", &*of.image, "--port", &*port];
    let ran = of.docker.run("reg-up", words).code(9);
    assert!(
        ran.stderr.contains(&format!("port {port} is taken by ")) && ran.stderr.contains(&format!("(pid {})", std::process::id()))
    );
    assert!(!of.docker.instance("other").exists());
}

#[test]
fn limits_that_the_engine_refuses_are_told_in_its_words() {
    let Some(of) = Contained::distribution() else { return };
    let ran = of.docker.run("reg-up", of.words(&["--memory", "1MiB"])).code(2);
    assert!(ran.stderr.contains(&format!("cannot start \"{}\": the engine says: Minimum memory limit", of.name)), "{ran:?}");
    assert_eq!(of.docker.left(), []);
    assert!(!of.docker.instance(&of.name).exists());
}

/// What a start that came to nothing leaves: nothing.
fn came_to_nothing(of: &Contained, sandbox: &Sandbox) {
    assert_eq!(of.docker.left(), []);
    assert!(!sandbox.instance(&of.name).exists());
}

#[test]
fn one_that_ends_at_once_is_told_with_its_last_lines() {
    let Some(of) = Contained::distribution() else { return };
    let port = port::free().to_string();
    // A part that it does not have.
    let flags = ["--set", "middleware.registry=[{\"name\":\"nothing\"}]", "--port", &port];
    let ran = of.docker.run("reg-up", of.words(&flags)).code(1);
    let starting = format!("reg-up: starting \"{}\" (distribution 2.8.2) at http://127.0.0.1:{port}\nreg-up: log: ", of.name);
    assert!(ran.stderr.starts_with(&starting), "{ran:?}");
    // Its reason, and not the stack behind it.
    assert!(ran.stderr.contains("\nreg-up: log: panic: "), "{ran:?}");
    assert!(!ran.stderr.contains("main.main()"), "{ran:?}");
    let end = format!("\nreg-up: error: cannot start \"{}\": the registry ended with exit code 2\n", of.name);
    assert!(ran.stderr.ends_with(&end), "{ran:?}");
    came_to_nothing(&of, &of.docker);
}

#[test]
fn one_that_has_too_little_memory_is_told_so() {
    let Some(of) = Contained::distribution() else { return };
    let ran = of.docker.run("reg-up", of.words(&["--memory", "6MiB"]));
    let error = format!("cannot start \"{}\": the registry was killed for want of memory", of.name);
    ends(ran, 1, &error, "--memory gives it more");
    came_to_nothing(&of, &of.docker);
}

#[test]
fn one_that_does_not_answer_in_time_is_removed() {
    let Some(of) = Contained::distribution() else { return };
    // It listens, and nobody gets there.
    let ran = of.docker.run("reg-up", of.words(&["--set", "http.net=unix", "--wait", "1s"])).code(4);
    assert!(
        ran.stderr
            .contains(&format!("cannot start \"{}\": it was not ready within 1 s: the connection to http://127.0.0.1:", of.name)),
        "{ran:?}"
    );
    assert!(ran.stderr.ends_with("\nreg-up: hint: `--wait 300s` gives it longer\n"), "{ran:?}");
    came_to_nothing(&of, &of.docker);
}

#[test]
fn a_replacement_that_does_not_come_up_leaves_what_ran() {
    let Some(of) = Contained::distribution() else { return };
    let document = of.start(&[]);
    of.docker.run("reg-test", ["push", "-r", &of.name]).code(0);
    let ran = of.reg_up("start", &["--memory", "6MiB", "--replace"]).code(1);
    assert!(ran.stderr.contains(&format!("reg-up: \"{}\" runs as before\n", of.name)), "{ran:?}");
    assert_eq!(of.status(), ("running".to_owned(), String::new()));
    assert_eq!(of.docker.inspect(&of.container(), "{{.HostConfig.Memory}}"), "0");
    assert_eq!(of.reg_up("info", &[]).json()["url"], document["url"]);
    of.docker.run("reg-test", ["catalog", "-r", &of.name]).code(0);
}
