//! Distribution with its data in a bucket of a server that speaks S3.

use std::process::Command;

use reg_tests::live::{DISTRIBUTION, DISTRIBUTION3, MOTO, Program};
use reg_tests::port;
use serde_json::Value;

use super::Real;
use super::server::Server;
use crate::sandbox;

const SECRET: &str = "s3cret-of-the-bucket";

fn keeps_its_data_in_the_bucket(program: Program) {
    let (Some(real), Some(moto)) = (Real::find("distribution", program), MOTO.find()) else { return };
    let sandbox = sandbox();
    let port = port::free();
    let server = Server::start(&moto, &sandbox.path(""), port, &["-H", "127.0.0.1", "-p", &port.to_string()]);
    let endpoint = format!("http://127.0.0.1:{}", server.port);
    assert!(
        Command::new("curl").args(["-sfo", "/dev/null", "-X", "PUT", &format!("{endpoint}/images")]).status().unwrap().success()
    );
    sandbox.write("key", format!("{SECRET}\n"));
    let flags = ["--s3-bucket", "images", "--s3-endpoint", &endpoint, "--s3-access-key", "ID", "--s3-secret-key-file", "key"];
    real.start(&sandbox, &flags);
    let report = sandbox.line("reg-test push-pull -r x").code(0).json();
    assert!(report["checks"].as_array().unwrap().iter().all(|check| check["outcome"] == "pass"), "{report}");
    let listed = Command::new("curl").args(["-sf", &format!("{endpoint}/images?list-type=2")]).output().unwrap();
    assert!(String::from_utf8_lossy(&listed.stdout).contains("<Key>docker/registry/v2/blobs/sha256/"), "{listed:?}");
    // The secret is in the instance, for its user alone, and nothing that is printed shows it.
    assert!(std::fs::read_to_string(sandbox.instance("x").join("config.yml")).unwrap().contains(SECRET));
    let mut render = sandbox.command(sandbox.path("bin/reg-up"));
    render.args(["render", "x"]);
    let rendered = sandbox.finish(render, "").code(0);
    assert!(rendered.stdout.contains("accesskey: ID") && !rendered.stdout.contains(SECRET), "{}", rendered.stdout);
    // The file it came from is not needed any more.
    std::fs::remove_file(sandbox.path("key")).unwrap();
    let again: Value = sandbox.line("reg-up restart x -q").code(0).json();
    assert_eq!(again["type"], "distribution");
    let health = sandbox.line("reg-test catalog -r x").code(0).json();
    assert_eq!(health["summary"]["fail"], 0, "{health}");
}

/// One whose bucket is not there, or takes another key, answers all the same as long as nobody asks for an image.
fn is_not_up_without_its_bucket(program: Program) {
    let Some(real) = Real::find("distribution", program) else { return };
    let sandbox = sandbox();
    sandbox.write("key", format!("{SECRET}\n"));
    let endpoint = format!("http://127.0.0.1:{}", port::free());
    let bucket = ["--s3-bucket", "images", "--s3-endpoint", &endpoint, "--s3-access-key", "ID", "--s3-secret-key-file", "key"];
    let ran = sandbox.run("reg-up", real.arguments(&[&bucket[..], &["--wait", "2s", "-q"]].concat()));
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err().contains("cannot start \"x\": it was not ready within 2 s: its bucket does not answer it: "), "{ran:?}");
    assert!(!ran.err().contains(SECRET) && !sandbox.instance("x").exists(), "{ran:?}");
}

#[test]
fn distribution_is_not_up_without_its_bucket() {
    is_not_up_without_its_bucket(DISTRIBUTION);
}

#[test]
fn distribution3_is_not_up_without_its_bucket() {
    is_not_up_without_its_bucket(DISTRIBUTION3);
}

#[test]
fn a_folder_has_no_use_beside_a_bucket() {
    sandbox().line("reg-up start x --type distribution --data here --s3-bucket images").is(
        2,
        "",
        "reg-up: error: cannot start \"x\": its data is in a bucket, so there is no folder for it\n\
         reg-up: hint: leave --data out; `--without s3` takes the bucket back\n",
    );
}

#[test]
fn distribution_keeps_its_data_in_the_bucket() {
    keeps_its_data_in_the_bucket(DISTRIBUTION);
}

#[test]
fn distribution3_keeps_its_data_in_the_bucket() {
    keeps_its_data_in_the_bucket(DISTRIBUTION3);
}
