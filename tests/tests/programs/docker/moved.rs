//! An instance that changes between a container and a process, or between a volume and a folder: its data does not go with it.

use reg_tests::live;

use super::Contained;

/// What the last command warned of.
fn warned(ran: &reg_tests::sandbox::Ran) -> Vec<&str> {
    ran.stderr.lines().filter_map(|line| line.strip_prefix("reg-up: warning: ")).collect()
}

#[test]
fn data_that_is_left_behind_is_told_with_its_place() {
    let Some(of) = Contained::distribution() else { return };
    let Some(binary) = live::DISTRIBUTION.find() else { return };
    let binary = binary.display().to_string();
    let volume = format!("the volume {}-data", of.container());
    let own = of.docker.instance(&of.name).join("data/distribution").display().to_string();
    let mine = of.docker.path("mine").display().to_string();
    let stays = |from: &str, to: &str| format!("its data stays in {from}, and it goes on with what is in {to}");

    // What was never there is not left behind.
    let fresh = of.docker.run("reg-up", of.words(&[])).code(0);
    assert_eq!(warned(&fresh), [""; 0]);
    of.docker.run("reg-test", ["push", "-r", &of.name]).code(0);
    let process = of.reg_up("configure", &["--backend", "process", "--binary", &binary]).code(0);
    assert_eq!(warned(&process), [stays(&volume, &own)]);
    of.docker.run("reg-test", ["push", "-r", &of.name]).code(0);
    of.reg_up("stop", &[]).code(0);
    let contained = of.reg_up("configure", &["--backend", "docker", "--image", &of.image]).code(0);
    assert_eq!(warned(&contained), [stays(&own, &volume)]);
    // Told once, when it is asked for.
    let started = of.reg_up("start", &[]).code(0);
    assert_eq!(warned(&started), [""; 0]);
    let folder = of.reg_up("start", &["--data", "mine", "--replace"]).code(0);
    assert_eq!(warned(&folder), [stays(&volume, &mine)]);
}

#[test]
fn an_address_that_is_another_place_in_a_container_is_told() {
    let Some(of) = Contained::distribution() else { return };
    let started = of.docker.run("reg-up", of.words(&["--webhook", "http://localhost:1/events"])).code(0);
    let told =
        "--webhook leads to its own container: from there this machine is the gateway of its network (`docker network inspect`)";
    assert_eq!(warned(&started), [told]);
}
