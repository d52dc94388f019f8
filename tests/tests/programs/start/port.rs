//! The port: who has it when it is taken, and which one is taken when any will do.

use std::net::TcpListener;

use super::{fails, nothing_of, pretender, start};
use crate::process::{pid, port_of};
use crate::sandbox;

#[test]
fn a_taken_port_is_refused_with_its_holder() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let (port, holder) = (port_of(&first), pid(&sandbox, "x"));
    // The name that the system knows the process by is its file's.
    let comm = std::fs::read_to_string(format!("/proc/{holder}/comm")).unwrap();
    fails(
        sandbox.run("reg-up", ["start", "y", "--port", &port.to_string()]),
        9,
        &format!(
            "reg-up: error: cannot start \"y\": port {port} is taken by {} (pid {holder})\n\
             reg-up: hint: take another with --port, or --port 0 for any free one\n",
            comm.trim_end()
        ),
    );
    assert!(!sandbox.instance("y").exists());
}

#[test]
fn the_last_port_is_given_up_when_somebody_else_has_it_now() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let _taken = TcpListener::bind(("127.0.0.1", port_of(&first))).unwrap();
    let second = sandbox.run("reg-up", ["start", "x"]).code(0).json();
    assert_ne!(port_of(&second), port_of(&first));
}

#[test]
fn another_port_is_taken_when_somebody_was_faster() {
    let Some(program) = reg_tests::live::DISTRIBUTION.find() else { return };
    let sandbox = sandbox();
    let (once, reg_up) = (sandbox.path("once"), sandbox.path("bin/reg-up"));
    // The first time somebody has the port before it does.
    let script = format!(
        "[ ! -e {once} ] || exec {} \"$@\"\ntouch {once}\n\
         port=$(sed -n '/^http:/,$ s/.*addr: *127.0.0.1:\\([0-9]*\\).*/\\1/p' \"$2\" | head -n 1)\n\
         {} start other --port \"$port\" > /dev/null 2>&1\nexit 1",
        program.display(),
        reg_up.display(),
        once = once.display()
    );
    let binary = pretender(&sandbox, &script);
    let ran = sandbox.run("reg-up", ["start", "x", "--type", "distribution", "--binary", binary.to_str().unwrap(), "--port", "0"]);
    let (taken, own) = (port_of(&sandbox.line("reg-up info other").code(0).json()), port_of(&ran.clone().code(0).json()));
    assert_ne!(taken, own);
    let note = format!("reg-up: somebody else took port {taken} meanwhile; taking another\n");
    assert!(ran.stderr.contains(&note), "{ran:#?}");
    assert!(!ran.stderr.contains("error:"), "{ran:#?}");
}

#[test]
fn the_metrics_of_a_distribution_stay_where_they_were() {
    let Some(program) = reg_tests::live::DISTRIBUTION.find() else { return };
    let sandbox = sandbox();
    let binary = program.display();
    let line = format!("reg-up start x --type distribution --backend process --binary {binary} --port 0 -q");
    let first = sandbox.line(&line).code(0).json();
    let metrics = first["endpoints"]["metrics"].as_str().unwrap().to_owned();
    let again = |line: &str| sandbox.line(line).code(0).json()["endpoints"]["metrics"].as_str().unwrap().to_owned();
    sandbox.line("reg-up stop x -q").code(0);
    assert_eq!(again("reg-up start x -q"), metrics);
    // While it runs the port is its own.
    assert_eq!(again("reg-up configure x -q --set log.level=debug"), metrics);
    sandbox.line("reg-up render x --target prometheus --output prom -q").code(0);
    let scraped = std::fs::read_to_string(sandbox.path("prom/prometheus.yml")).unwrap();
    let target = metrics.trim_start_matches("http://").trim_end_matches("/metrics");
    assert!(scraped.contains(&format!("- {target}\n")), "{scraped}");
    sandbox.line("reg-up stop x -q").code(0);
    let _taken = TcpListener::bind(target).unwrap();
    assert_ne!(again("reg-up start x -q"), metrics);
}

#[test]
fn an_address_of_another_machine_is_refused() {
    let sandbox = sandbox();
    // TEST-NET-1: of no machine (RFC 5737).
    fails(
        sandbox.run("reg-up", ["start", "x", "--bind", "192.0.2.1", "--open"]),
        1,
        "reg-up: error: cannot start \"x\": cannot listen on 192.0.2.1: cannot assign requested address\n",
    );
    assert!(nothing_of(&sandbox, "x"));
}

#[test]
fn another_loopback_address_and_version_six_work() {
    let sandbox = sandbox();
    for (name, bind, host) in [("two", "127.0.0.2", "http://127.0.0.2:"), ("six", "::1", "http://[::1]:")] {
        if TcpListener::bind((bind, 0)).is_err() {
            reg_tests::live::skip(bind, "this machine has no such address");
            continue;
        }
        let registry = sandbox.run("reg-up", ["start", name, "--bind", bind, "--port", "0"]).code(0).json();
        assert!(registry["url"].as_str().unwrap().starts_with(host), "{registry}");
        sandbox.run_with("reg-test", ["push-pull", "-r", "-"], &registry.to_string()).code(0);
    }
}
