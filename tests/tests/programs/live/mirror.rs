//! A mirror: what was pulled through it once is there when the registry behind it is gone.

use std::process::Command;

use reg_shared::name::Digest;
use reg_tests::live::{DISTRIBUTION, DISTRIBUTION3};
use reg_tests::sandbox::Sandbox;
use serde_json::{Value, json};

use super::Real;
use super::extensions::zot_with;
use crate::process::until;
use crate::sandbox;

const LOGIN: [&str; 2] = ["alice", "pass-of-alice"];
const REPOSITORY: &str = "mirrored/app";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// An embedded registry, with a login or without, and an image in it; its URL.
fn upstream(sandbox: &Sandbox, login: bool) -> String {
    sandbox.write("htpasswd", format!("{}:{}\n", LOGIN[0], bcrypt::hash(LOGIN[1], 4).unwrap()));
    sandbox.write("password", format!("{}\n", LOGIN[1]));
    let flags = if login { " --htpasswd htpasswd" } else { "" };
    let up = sandbox.line(&format!("reg-up start up --port 0 -q{flags}")).code(0).json();
    let url = up["url"].as_str().unwrap().to_owned();
    let put = |path: &str, method: &str, kind: &str, body: &str| {
        let mut curl = Command::new("curl");
        curl.args(["-sf", "-u", &LOGIN.join(":"), "-X", method, "-H", &format!("Content-Type: {kind}"), "--data-binary", body]);
        assert!(curl.arg(format!("{url}/v2/{REPOSITORY}/{path}")).status().unwrap().success(), "{path}");
    };
    let config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
    let digest = Digest::sha256(config);
    put(&format!("blobs/uploads/?digest={digest}"), "POST", "application/octet-stream", config);
    let config =
        json!({"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest.to_string(), "size": config.len()});
    let manifest = json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []}).to_string();
    put("manifests/v1", "PUT", MANIFEST, &manifest);
    url
}

/// The manifest of a tag, when the registry has it.
fn pull(registry: &Value) -> Option<Vec<u8>> {
    let url = format!("{}/v2/{REPOSITORY}/manifests/v1", registry["url"].as_str().unwrap());
    let accept = format!("Accept: {MANIFEST}");
    let output = Command::new("curl").args(["-sf", "--max-time", "30", "-H", &accept]).arg(url).output().unwrap();
    output.status.success().then_some(output.stdout)
}

fn fetches_and_keeps(real: &Real, login: bool) {
    let sandbox = sandbox();
    let url = upstream(&sandbox, login);
    let flags = ["--mirror-of", &url, "--mirror-username", LOGIN[0], "--mirror-password-file", "password"];
    let mirror = real.start(&sandbox, &flags[..if login { 6 } else { 2 }]);
    let mut first = None;
    until("the image came through the mirror", || {
        first = pull(&mirror);
        first.is_some()
    });
    // What is fetched is written behind the answer.
    until("the image is kept", || {
        let data = sandbox.instance("x").join("data").join(real.kind);
        let found = Command::new("find").arg(data).args(["-type", "f", "-size", "+0"]).output().unwrap();
        found.stdout.split(|&byte| byte == b'\n').count() > 3
    });
    sandbox.line("reg-up stop up -q").code(0);
    assert_eq!(pull(&mirror), first, "the mirror has no copy of its own");
    assert!(!std::fs::read_to_string(sandbox.instance("x").join("registry.json")).unwrap().contains(LOGIN[1]));
}

#[test]
fn distribution_fetches_and_keeps() {
    // Release 2 has no Basic for those it mirrors.
    Real::find("distribution", DISTRIBUTION).iter().for_each(|real| fetches_and_keeps(real, false));
}

#[test]
fn distribution3_fetches_and_keeps() {
    Real::find("distribution", DISTRIBUTION3).iter().for_each(|real| fetches_and_keeps(real, true));
}

#[test]
fn zot_fetches_and_keeps() {
    zot_with(&["sync"]).iter().for_each(|real| fetches_and_keeps(real, true));
}

#[test]
fn zot_fetches_by_the_clock_without_being_asked() {
    let Some(real) = zot_with(&["sync"]) else { return };
    let sandbox = sandbox();
    let url = upstream(&sandbox, true);
    let login = ["--mirror-username", LOGIN[0], "--mirror-password-file", "password"];
    real.start(&sandbox, &[&["--mirror-of", &url, "--mirror-every", "2h"], &login[..]].concat());
    until("the image came by itself", || sandbox.instance("x").join("data/zot/mirrored/app/index.json").exists());
}
