//! `manifest` and `referrers`: read, byte for byte, for a platform, and what is about it.

use std::collections::BTreeMap;

use reg_shared::name::Digest;
use reg_tests::sandbox::Sandbox;
use serde_json::json;

use super::{put_index, put_referrer, with_tags};
use crate::client::Image;

/// What a manifest is printed as, which is no document of ours.
fn raw(sandbox: &Sandbox, words: &str) -> String {
    let mut command = sandbox.command(sandbox.path("bin/reg-ns"));
    command.args(["manifest", "-r", "dev"]).args(words.split(' '));
    sandbox.finish(command, "").code(0).stdout
}

#[test]
fn a_manifest_is_a_document_or_its_bytes() {
    let (sandbox, _, image) = with_tags(&["v1"]);
    let document = sandbox.line("reg-ns manifest team/app:v1 -r dev").code(0).json();
    assert_eq!(document["digest"], image.digest.to_string());
    assert_eq!(document["name"], format!("team/app@{}", image.digest));
    assert_eq!((&document["tag"], &document["size"]), (&json!("v1"), &json!(image.size())));
    assert_eq!(document["content"]["layers"][0]["size"], image.blobs[1].len());
    let raw = raw(&sandbox, "team/app:v1 --raw");
    assert_eq!(Digest::sha256(&raw), image.digest, "the bytes are those that were pushed");
    let by_digest = sandbox.line(&format!("reg-ns manifest team/app@{} -r dev -o name", image.digest));
    by_digest.is(0, "team/app@sha256:DIGEST\n", "");
    sandbox.line("reg-ns manifest team/app:v1 -r dev --raw -o json").is(
        2,
        "",
        "{\"schema\":\"reg/v1\",\"kind\":\"error\",\"code\":\"usage\",\"message\":\"--raw prints the bytes of the manifest, and -o a \
         document\",\"hint\":\"leave one of them away; without --raw the manifest stands in the document's `content`\"}\n",
    );
    sandbox.line("reg-ns manifest team/app:none -r dev").is(
        8,
        "",
        "reg-ns: error: cannot get team/app:none at http://127.0.0.1:PORT: the registry says \"the repository has no tag 'none'\" \
         (404 MANIFEST_UNKNOWN)\n",
    );
}

#[test]
fn of_an_index_the_image_for_a_platform() {
    let (sandbox, client, image) = with_tags(&["single"]);
    let arm = Image::new(b"for arm");
    client.push("team/app", "arm", &arm).unwrap();
    put_index(&client, "team/app", "v1", &BTreeMap::from([("linux/amd64", &image), ("linux/arm64", &arm)]));
    let index = sandbox.line("reg-ns manifest team/app:v1 -r dev").code(0).json();
    assert_eq!(index["platforms"], json!(["linux/amd64", "linux/arm64"]));
    let chosen = sandbox.line("reg-ns manifest team/app:v1 -r dev --platform linux/arm64/v8").code(0).json();
    assert_eq!((&chosen["digest"], &chosen["platform"]), (&json!(arm.digest), &json!("linux/arm64")));
    let raw = raw(&sandbox, "team/app:v1 --platform linux/arm64 --raw");
    assert_eq!(Digest::sha256(&raw), arm.digest);
    sandbox.line("reg-ns manifest team/app:v1 -r dev --platform linux/s390x").is(
        8,
        "",
        "reg-ns: error: team/app:v1 is no image for linux/s390x\nreg-ns: hint: it has linux/amd64, linux/arm64\n",
    );
    // An image alone says in its configuration what it is for.
    sandbox.line("reg-ns manifest team/app:single -r dev --platform linux/amd64 -o name").is(0, "team/app@sha256:DIGEST\n", "");
    sandbox.line("reg-ns manifest team/app:single -r dev --platform linux/arm64").is(
        8,
        "",
        "reg-ns: error: team/app:single is no image for linux/arm64\nreg-ns: hint: it has linux/amd64\n",
    );
    let ran = sandbox.line("reg-ns manifest team/app:v1 -r dev --platform arm64").code(2);
    assert!(ran.err().contains("\"arm64\" is not a platform: one is written like linux/amd64 or linux/arm/v7"), "{ran:?}");
}

#[test]
fn what_is_about_a_manifest_is_listed() {
    let (sandbox, client, image) = with_tags(&["v1"]);
    sandbox.line("reg-ns referrers team/app:v1 -r dev -o name").is(0, "", "");
    let subject = (&image.digest, image.size());
    let signature = put_referrer(&client, "team/app", subject, "application/x.signature", &image);
    let sbom = put_referrer(&client, "team/app", subject, "application/x.sbom", &image);
    let all = sandbox.line("reg-ns referrers team/app:v1 -r dev").code(0).json();
    assert_eq!(all["subject"], json!(image.digest));
    let mut digests = [signature.to_string(), sbom.to_string()];
    digests.sort_unstable();
    let listed: Vec<_> = all["referrers"].as_array().unwrap().iter().map(|row| row["digest"].as_str().unwrap()).collect();
    assert_eq!(listed, digests);
    assert_eq!(all["referrers"][0]["annotations"], json!({"org.example.by": "a test"}));
    let one =
        sandbox.line(&format!("reg-ns referrers team/app@{} -r dev --artifact-type application/x.sbom -o name", image.digest));
    assert_eq!(one.code(0).stdout, format!("{sbom}\n"));
    sandbox.line("reg-ns referrers team/app:none -r dev").is(
        8,
        "",
        "reg-ns: error: there is no tag \"none\" in team/app at http://127.0.0.1:PORT\n\
         reg-ns: hint: `reg-ns tags team/app -r dev` lists its tags\n",
    );
}
