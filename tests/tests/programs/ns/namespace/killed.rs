//! Killed at any moment: the next run ends what the one before began.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use reg_tests::sandbox::Sandbox;

use super::with_layout;
use crate::client::{Client, Image};
use crate::ns::with_registry;
use crate::random::Random;

/// How long the rounds of a test may take together; a slow machine makes fewer.
const ROUNDS: Duration = Duration::from_secs(8);

fn begin(sandbox: &Sandbox, args: &[&str]) -> Child {
    let mut command = sandbox.command(sandbox.path("bin/reg-ns"));
    command.args(args).args(["-r", "dev", "-q"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Begins something and kills it at some moment of the time that it takes; whether it was killed before its end.
fn kill(sandbox: &Sandbox, random: &mut Random, whole: Duration, args: &[&str]) -> bool {
    let mut child = begin(sandbox, args);
    std::thread::sleep(whole.mul_f64(1.1 * random.fraction()));
    let _ = child.kill();
    !child.wait().unwrap().success()
}

#[test]
fn a_namespace_that_was_half_made_is_made() {
    let (sandbox, _) = with_layout("namespaces: []");
    let mut random = Random::new();
    let begun = Instant::now();
    sandbox.line("reg-ns create first --keep-last 3 -r dev -q -o name").code(0);
    let whole = begun.elapsed();
    let (mut round, mut killed) = (0, 0);
    while begun.elapsed() < ROUNDS || killed == 0 {
        round += 1;
        let name = format!("n{round}");
        killed += usize::from(kill(&sandbox, &mut random, whole, &["create", &name, "--keep-last", "3"]));
        sandbox.line(&format!("reg-ns create {name} --keep-last 3 --exist-ok -r dev -q -o name")).is(0, &format!("{name}\n"), "");
        let info = sandbox.line(&format!("reg-ns info {name} -r dev")).code(0).json();
        assert_eq!(info["namespaces"][0]["retention"][0]["keepLast"], 3, "{random}");
    }
    let listed = sandbox.line("reg-ns list -r dev -o name").code(0).stdout.lines().count();
    assert_eq!(listed, round + 1, "{random}");
}

#[test]
fn a_registry_whose_layout_had_half_begun_asks_for_a_login() {
    let mut random = Random::new();
    let begun = Instant::now();
    while begun.elapsed() < ROUNDS {
        let (sandbox, stranger) = with_registry();
        kill(&sandbox, &mut random, Duration::from_millis(600), &["create", "team"]);
        sandbox.line("reg-ns create team --exist-ok -r dev -q -o name").code(0);
        stranger.push("team/app", "v1", &Image::new(b"a layer")).expect_err(&random.to_string());
        let registry = sandbox.line("reg-up info dev").code(0).json();
        Client::of(&registry).push("team/app", "v1", &Image::new(b"a layer")).unwrap();
        sandbox.line("reg-ns list -r dev -o name").is(0, "team\n", "");
    }
}

#[test]
fn a_namespace_that_was_half_deleted_goes() {
    let (sandbox, client) = with_layout("namespaces: [{name: other}]");
    client.push("other/app", "v1", &Image::new(b"a layer")).unwrap();
    let mut random = Random::new();
    let begun = Instant::now();
    let mut whole = Duration::from_millis(500);
    let mut killed = 0;
    while begun.elapsed() < ROUNDS || killed == 0 {
        sandbox.line("reg-ns create team -r dev -q -o name").code(0);
        for number in 0..12 {
            let image = Image::new(format!("layer {number}").as_bytes());
            client.push(&format!("team/r{}", number % 3), &format!("v{number}"), &image).unwrap();
        }
        killed += usize::from(kill(&sandbox, &mut random, whole, &["delete", "team", "--force"]));
        let again = Instant::now();
        sandbox.line("reg-ns delete team --force --missing-ok -r dev -q -o name").is(0, "team\n", "");
        whole = whole.min(again.elapsed()).max(Duration::from_millis(50));
        sandbox.line("reg-ns repos -r dev -o name").is(0, "other/app\n", "");
        sandbox.line("reg-ns list -r dev -o name").is(0, "other\n", "");
    }
}
