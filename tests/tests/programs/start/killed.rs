//! reg-up killed with -9 at any moment: the next command finds its way, whatever was half-done.

use std::time::{Duration, Instant};

use reg_tests::sandbox::Sandbox;

use crate::process::{ended, inside, runs, signal, spawn, until};
use crate::random::Random;
use crate::sandbox;

/// How long the rounds may take together; a slow machine makes fewer.
const ROUNDS: Duration = Duration::from_secs(10);

/// The pids of the servers and of what may become one.
fn servers(sandbox: &Sandbox) -> Vec<u32> {
    let word = |pid: u32| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split(|&byte| byte == 0).nth(1).map(<[u8]>::to_vec).unwrap_or_default()
    };
    inside(sandbox).into_iter().filter(|&pid| [&b"serve"[..], b"gate"].contains(&&*word(pid))).collect()
}

#[test]
fn the_next_command_converges() {
    let sandbox = sandbox();
    for name in ["one", "two"] {
        let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        sandbox.write(&format!("{name}.crt"), pair.cert.pem());
        sandbox.write(&format!("{name}.key"), pair.signing_key.serialize_pem());
    }
    let one = ["start", "x", "--port", "0", "--replace", "--cert", "one.crt", "--key", "one.key", "--ca-file", "one.crt"];
    let two = ["start", "x", "--port", "0", "--replace", "--cert", "two.crt", "--key", "two.key", "--ca-file", "two.crt"];
    let commands: [&[&str]; 8] =
        [&one, &two, &one, &two, &["stop", "x"], &["restart", "x"], &["remove", "x"], &["remove", "x", "--purge"]];
    let mut random = Random::new();
    let begun = Instant::now();
    // As long as an undisturbed start takes here, and a little longer.
    sandbox.run("reg-up", ["start", "x", "--port", "0"]).code(0);
    let longest = begun.elapsed() * 5 / 4;
    let mut rounds = 0;
    // A machine that is slow gets through some, too.
    while rounds < 4 || begun.elapsed() < ROUNDS && rounds < 60 {
        let command = random.pick(&commands);
        let wait = longest.mul_f64(random.fraction());
        let told = format!("{random}: round {rounds}: {command:?} killed after {wait:?}");
        let child = spawn(&sandbox, "reg-up", command);
        std::thread::sleep(wait);
        signal(child.id(), "KILL");
        ended(&sandbox, child);
        let status = sandbox.run("reg-up", ["status", "x"]);
        assert!([0, 8].contains(&status.code), "{told}: {status:#?}");
        let started = sandbox.run("reg-up", ["start", "x", "--port", "0"]);
        assert_eq!(started.code, 0, "{told}: {started:#?}");
        let health = sandbox.run("reg-test", ["health", "-r", "x"]);
        assert_eq!(health.code, 0, "{told}: {health:#?}");
        until("one server is left", || servers(&sandbox).len() == 1);
        rounds += 1;
    }
    sandbox.run("reg-up", ["remove", "x", "--purge"]).code(0);
    assert!(!sandbox.instance("x").exists());
    until("nothing is left", || inside(&sandbox).is_empty());
}

#[test]
fn a_removal_that_was_cut_off_can_be_finished() {
    let sandbox = sandbox();
    sandbox.run("reg-up", ["start", "x", "--port", "0"]).code(0);
    let server = servers(&sandbox)[0];
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    assert!(!runs(server));
    // What a kill right behind the first step leaves.
    std::fs::remove_file(sandbox.instance("x").join("settings.json")).unwrap();
    assert_eq!(sandbox.run("reg-up", ["status", "x"]).code, 8);
    sandbox.run("reg-up", ["remove", "x", "--purge"]).code(0);
    assert!(!sandbox.instance("x").exists());
}

#[test]
fn files_that_cannot_be_read_do_not_stand_in_the_way_of_a_removal() {
    let sandbox = sandbox();
    sandbox.run("reg-up", ["start", "x", "--port", "0"]).code(0);
    let server = servers(&sandbox)[0];
    for file in ["settings.json", "registry.json"] {
        std::fs::write(sandbox.instance("x").join(file), "{").unwrap();
    }
    let info = sandbox.run("reg-up", ["info", "x"]).code(3);
    let path = sandbox.instance("x").join("registry.json");
    let text =
        format!("reg-up: error: {}: not what reg-up wrote: EOF while parsing an object at line 1 column 1\n", path.display());
    assert_eq!(info.stderr, text);
    sandbox.run("reg-up", ["remove", "x", "--purge"]).code(0);
    assert!(!runs(server));
    assert!(!sandbox.instance("x").exists());
}
