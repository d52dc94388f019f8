//! Clients are killed again and again in the middle of what they do: the server takes no harm.

use std::process::Stdio;
use std::time::{Duration, Instant};

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{everything, has_skopeo, honest_contents, skopeo_push};
use crate::client::{Client, Image, tag};
use crate::live::layout::Layout;
use crate::process::pid;
use crate::random::Random;
use crate::sandbox;

/// How long the killing goes on.
const LONG: Duration = Duration::from_secs(5);

/// Starts one of the clients at its work.
fn client(sandbox: &Sandbox, registry: &Value, number: usize, skopeo: bool) -> std::process::Child {
    let url = registry["url"].as_str().unwrap();
    let mut command = if skopeo && number % 2 == 1 {
        let folder = format!("layout-{number}");
        Layout::make(&sandbox.path(&folder), &folder);
        let mut command = sandbox.command("skopeo");
        command.args(skopeo_push(&folder, url.trim_start_matches("http://"), &format!("n{number}")));
        command
    } else {
        let mut command = sandbox.command(sandbox.path("bin/reg-test"));
        command.args(["push-pull", "--repository", "crash/probe", "-r", url]);
        command
    };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn the_server_stays_clean() {
    let sandbox = sandbox();
    let registry = sandbox.run("reg-up", ["start", "x", "--port", "0"]).code(0).json();
    let kept = Image::new(b"was there before");
    Client::of(&registry).push("crash/kept", "v1", &kept).unwrap();
    let server = pid(&sandbox, "x");
    let mut random = Random::new();
    println!("{random}");
    let skopeo = has_skopeo();
    let begun = Instant::now();
    // As long as one takes that is let be.
    let longest = (0..2).map(|number| {
        let begun = Instant::now();
        client(&sandbox, &registry, number, skopeo).wait().unwrap();
        begun.elapsed()
    });
    let longest = longest.max().unwrap();
    let mut clients = 2;
    while begun.elapsed() < LONG {
        let mut running = client(&sandbox, &registry, clients, skopeo);
        std::thread::sleep(longest.mul_f64(random.fraction()));
        running.kill().unwrap();
        running.wait().unwrap();
        clients += 1;
    }
    assert!(clients > 5, "{clients} clients: too few to tell anything");
    assert_eq!(pid(&sandbox, "x"), server, "the server did not live through it");
    let there = everything(&registry);
    assert!(there.iter().any(|(repository, _, digest)| repository == "crash/kept" && *digest == kept.digest));
    honest_contents(&sandbox, "x");
    let temporary = std::fs::read_dir(sandbox.instance("x").join("data/embedded/temporary")).unwrap().count();
    assert_eq!(temporary, 0, "half-written files are left");
    sandbox.run("reg-up", ["gc", "x", "--grace", "0s"]).code(0);
    assert_eq!(Client::of(&registry).pull("crash/kept", &tag("v1")).unwrap(), kept.digest);
    assert_eq!(everything(&registry).len(), there.len());
    sandbox.run_with("reg-test", ["all", "--write", "-r", "-"], &registry.to_string()).code(0);
}
