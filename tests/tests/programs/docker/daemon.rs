//! An engine that is stopped and started in between.

use reg_tests::docker::{Daemon, Docker};
use reg_tests::live;

use super::Contained;
use crate::process::LONG;
use crate::sandbox;

#[test]
fn an_engine_that_comes_back_brings_the_registry_with_it() {
    let Some(program) = live::DISTRIBUTION.find() else { return };
    let Some(mut daemon) = Daemon::find() else { return };
    let docker = Docker::on(sandbox(), &daemon.host());
    let of = Contained::of(docker, "distribution", "registry:2.8.2", program);
    let document = of.start(&[]);
    of.docker.run("reg-test", ["push", "-r", &of.name]).code(0);

    daemon.stop();
    let unreachable = format!("cannot reach the container engine at {}: there is no such socket", daemon.host());
    let (state, reason) = of.status();
    assert_ne!(state, "running");
    assert!(reason.starts_with(&format!("{unreachable}; ")), "{reason}");
    let list = of.docker.run("reg-up", ["list"]).code(0).json();
    assert_eq!(list["instances"][0]["name"], *of.name);
    for (command, cannot) in
        [("start", "cannot start \"{}\": "), ("restart", "cannot restart \"{}\": "), ("stop", ""), ("logs", "")]
    {
        let ran = of.reg_up(command, &[]).code(4);
        let error = format!("reg-up: error: {}{unreachable}\n", cannot.replace("{}", &of.name));
        let hint = "reg-up: hint: `docker version` shows whether it runs; DOCKER_HOST says where it listens\n";
        assert_eq!(ran.stderr, format!("{error}{hint}"), "{command}");
    }
    let said = format!(
        "reg-up: error: {unreachable}\nreg-up: hint: start the engine; when it is gone for good, `rm -r {}` forgets the instance\n",
        of.docker.instance(&of.name).display()
    );
    let ran = of.reg_up("remove", &["--purge"]).code(4);
    assert_eq!(ran.stderr, said);
    assert!(of.docker.instance(&of.name).exists(), "nothing is forgotten that still is somewhere");

    daemon.start();
    let deadline = std::time::Instant::now() + LONG;
    while of.status() != ("running".to_owned(), String::new()) {
        assert!(std::time::Instant::now() < deadline, "{:?}", of.status());
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_eq!(of.reg_up("start", &[]).code(0).json(), document, "at the same address");
    of.docker.run("reg-test", ["catalog", "-r", &of.name]).code(0);

    // What is left on an engine that is away is in nobody's way, and not forgotten.
    of.reg_up("stop", &[]).code(0);
    daemon.stop();
    assert_eq!(of.status(), ("stopped".to_owned(), unreachable));
    of.reg_up("start", &["--type", "embedded", "--port", "0"]).code(0);
    of.reg_up("stop", &[]).code(0);
    daemon.start();
    of.reg_up("remove", &["--purge"]).code(0);
    assert_eq!(of.docker.left(), []);
    assert!(!of.docker.instance(&of.name).exists());
    drop(of);
}
