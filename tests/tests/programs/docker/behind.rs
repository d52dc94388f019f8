//! What somebody else does to a container behind our back is seen and said, and the next start puts it right.

use std::time::{Duration, Instant};

use super::Contained;

fn is(of: &Contained, state: &str, reason: &str) {
    // Somebody who begins a container does not wait until it answers.
    let deadline = Instant::now() + Duration::from_secs(30);
    while of.status().0 == "starting" && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(of.status(), (state.to_owned(), reason.to_owned()));
}

/// It answers again.
fn starts_again(of: &Contained) {
    of.reg_up("start", &[]).code(0);
    is(of, "running", "");
    of.docker.run("reg-test", ["push-pull", "-r", &of.name]).code(0);
}

#[test]
fn everything_that_was_changed_is_told_and_put_right() {
    let Some(of) = Contained::distribution() else { return };
    let container = of.container();
    let docker = |line: &str| of.docker.docker(&line.replace('@', &container));
    of.start(&[]);

    docker("stop @");
    is(&of, "stopped", "it ended with exit code 0, by itself or from outside");
    docker("start @");
    is(&of, "running", "");
    docker("pause @");
    is(&of, "unhealthy", "its container is paused: somebody halted it");
    of.reg_up("stop", &[]).code(0);
    is(&of, "stopped", "");
    docker("start @");
    is(&of, "running", "somebody began its container");
    starts_again_from_running(&of);

    docker("rm --force @");
    is(&of, "stopped", "its container is gone: somebody removed it");
    docker("network rm @");
    is(&of, "stopped", &format!("its container is gone: somebody removed it; its network {container} is gone"));
    docker("volume rm @-data");
    let gone = format!(
        "its container is gone: somebody removed it; its network {container} is gone; its volume {container}-data is gone, and its data with it"
    );
    is(&of, "stopped", &gone);
    let list = of.docker.run("reg-up", ["list"]).code(0).json();
    assert_eq!(list["instances"][0]["reason"], gone.as_str());
    starts_again(&of);

    docker("network disconnect --force @ @");
    let (state, reason) = of.status();
    assert!(["starting", "unhealthy"].contains(&&*state), "{state}");
    assert!(reason.starts_with(&format!("its container is not in its network {container}; ")), "{reason}");
    of.reg_up("restart", &[]).code(0);
    is(&of, "running", "");

    // Another program made it anew with the same labels, as those do that follow an image.
    let folder = of.docker.instance(&of.name).display().to_string();
    docker("rm --force @");
    docker(&format!(
        "create --name @ --label io.reg.instance={} --label io.reg.folder={folder} --network @ {} --version",
        of.name, of.image
    ));
    is(&of, "stopped", "its container never began; its container is another one: somebody made it anew");
    starts_again(&of);
}

#[test]
fn what_cuts_a_running_one_off_is_put_right_by_a_start() {
    let Some(of) = Contained::distribution() else { return };
    let container = of.container();
    of.start(&[]);
    for (done, seen) in [
        ("pause @", "its container is paused: somebody halted it"),
        ("network disconnect --force @ @", "its container is not in its network @"),
    ] {
        of.docker.docker(&done.replace('@', &container));
        let refused = of.reg_up("start", &["--memory", "96MiB"]).code(9);
        assert!(!refused.stderr.contains("starting anew"), "{refused:?}");
        let again = of.reg_up("start", &[]).code(0);
        let told = format!("reg-up: {}; starting anew\n", seen.replace('@', &container));
        assert!(again.stderr.starts_with(&told), "{again:?}");
        is(&of, "running", "");
    }
}

#[test]
fn a_volume_that_went_while_it_was_stopped_is_missed() {
    let Some(of) = Contained::distribution() else { return };
    let container = of.container();
    let docker = |line: &str| of.docker.docker(&line.replace('@', &container));
    let begins_empty = |ran: &reg_tests::sandbox::Ran| {
        let told = format!(
            "reg-up: warning: its data is gone: somebody removed the volume {container}-data; it begins with an empty one\n"
        );
        ran.stderr.contains(&told)
    };
    let first = of.docker.run("reg-up", of.words(&[])).code(0);
    assert!(!begins_empty(&first), "{first:?}");
    of.reg_up("stop", &[]).code(0);
    docker("rm @");
    docker("network rm @");
    docker("volume rm @-data");
    is(&of, "stopped", &format!("its volume {container}-data is gone, and its data with it"));
    // A start that comes to nothing changes nothing about that.
    of.reg_up("start", &["--image", "reg-tests.invalid/none:1", "--pull", "never"]).code(8);
    is(&of, "stopped", &format!("its volume {container}-data is gone, and its data with it"));
    let again = of.reg_up("start", &[]).code(0);
    assert!(begins_empty(&again), "{again:?}");
    is(&of, "running", "");
    let restarted = of.reg_up("restart", &[]).code(0);
    assert!(!begins_empty(&restarted), "{restarted:?}");
    // The same of one that was removed and should have kept its data.
    of.reg_up("remove", &[]).code(0);
    docker("volume rm @-data");
    let anew = of.docker.run("reg-up", of.words(&[])).code(0);
    assert!(begins_empty(&anew), "{anew:?}");
}

#[test]
fn a_container_that_was_renamed_is_still_its_own() {
    let Some(of) = Contained::distribution() else { return };
    let document = of.start(&[]);
    let other = of.docker.name("renamed");
    of.docker.docker(&format!("rename {} {other}", of.container()));
    is(&of, "running", "");
    assert_eq!(of.reg_up("start", &[]).code(0).json(), document);
    of.reg_up("stop", &[]).code(0);
    assert_eq!(of.docker.inspect(&other, "{{.State.Status}}"), "exited");
    of.reg_up("start", &[]).code(0);
    assert_eq!(of.docker.left().len(), 3, "{:?}", of.docker.left());
    assert_eq!(of.docker.inspect(&of.container(), "{{.State.Status}}"), "running");
}

fn starts_again_from_running(of: &Contained) {
    of.reg_up("start", &[]).code(0);
    of.reg_up("restart", &[]).code(0);
    is(of, "running", "");
}

#[test]
fn an_image_that_went_is_told() {
    let Some(mut of) = Contained::distribution() else { return };
    let image = format!("reg-tests.invalid/once:{}", of.name.to_lowercase());
    of.docker.docker(&format!("tag {} {image}", of.image));
    of.docker.removes(&image);
    of.start(&["--image", &image]);
    of.reg_up("stop", &[]).code(0);
    of.docker.docker(&format!("rmi --force {image}"));
    is(&of, "stopped", &format!("its image {image} is gone: the next start has to pull it"));
    let never = of.reg_up("start", &["--pull", "never"]).code(8);
    assert_eq!(
        never.stderr,
        format!(
            "reg-up: error: cannot start \"{}\": the engine does not have the image {image}, and --pull never gets none\n\
             reg-up: hint: `docker pull {image}` or --pull missing gets it\n",
            of.name
        )
    );
}

#[test]
fn a_container_of_somebody_else_is_never_touched() {
    let Some(of) = Contained::distribution() else { return };
    let container = of.container();
    of.docker.docker(&format!("create --name {container} {} --version", of.image));
    let id = of.docker.inspect(&container, "{{.Id}}");
    let refused = of.docker.run("reg-up", of.words(&[])).code(9);
    let end = format!(
        "reg-up: error: cannot start \"{}\": the container name {container} is taken by somebody else\n\
         reg-up: hint: start it under another name\n",
        of.name
    );
    assert!(refused.stderr.ends_with(&end), "{refused:?}");
    assert!(!of.docker.instance(&of.name).exists());
    assert_eq!(of.docker.inspect(&container, "{{.Id}}"), id);
    assert_eq!(of.docker.left(), []);
    of.docker.docker(&format!("rm {container}"));

    // Another folder's instance of the same name: another user, say.
    let volume = format!("{container}-data");
    of.docker.docker(&format!("volume create --label io.reg.instance={} --label io.reg.folder=/elsewhere {volume}", of.name));
    let refused = of.docker.run("reg-up", of.words(&[])).code(9);
    assert!(
        refused.stderr.contains(&format!("the volume name {volume} is taken by another instance, /elsewhere\n")),
        "{refused:?}"
    );
    of.docker.docker(&format!("volume rm {volume}"));
    assert_eq!(of.docker.left(), []);
}
