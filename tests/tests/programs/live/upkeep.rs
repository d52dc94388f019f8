//! What real registries count, and how their garbage goes.

use reg_shared::name::{Digest, Selector};
use reg_shared::oci::manifest::Manifest;
use reg_shared::oci::media;
use reg_tests::live::{DISTRIBUTION, DISTRIBUTION3};
use serde_json::{Value, json};

use super::{Real, with_each_registry};
use crate::client::{Client, Image, tag};
use crate::process::{pid, runs};
use crate::sandbox;

with_each_registry!(
    every_type_counts_in_the_same_words,
    what_nobody_refers_to_goes,
    of_nothing_nothing_is_removed,
    what_has_no_tag_goes_only_where_no_index_loses
);

fn every_type_counts_in_the_same_words(real: &Real) {
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &[]);
    if !registry["endpoints"]["metrics"].is_string() {
        // zot-minimal.
        sandbox.line("reg-up metrics x").code(6);
        return;
    }
    Client::of(&registry).push("team/app", "v1", &Image::new(&[7; 100_000])).unwrap();
    let metrics = sandbox.line("reg-up metrics x").code(0).json();
    assert_eq!(metrics["manifestsPushed"], 1, "{metrics}");
    let puts = metrics["requests"].as_array().unwrap().iter().find(|row| row["method"] == "PUT" && row["code"] == 201);
    assert_eq!(puts.unwrap()["count"], 3, "{metrics}");
    // zot's cache of digests is in the folder, too.
    assert!((100_000..500_000).contains(&metrics["bytesStored"].as_u64().unwrap()), "{metrics}");
    assert!(metrics["process"]["memoryBytes"].as_u64().unwrap() > 1 << 20, "{metrics}");
    // What a registry counts for the first time in between is there only for who asks later.
    let types = "types() { grep '^# TYPE' | sort; }; types=$(curl -sf $(reg-up info x | jq -r .endpoints.metrics) | types)";
    sandbox.sh(&format!("{types}; comm -23 <(echo \"$types\") <(reg-up metrics x --raw | types)")).is(0, "", "");
    sandbox.sh("reg-up metrics x --raw | grep -c '^# TYPE'").code(0);
}

fn what_nobody_refers_to_goes(real: &Real) {
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &[]);
    let client = Client::of(&registry);
    let (kept, gone) = (Image::new(b"kept"), Image::new(&[7; 100_000]));
    client.push("team/app", "kept", &kept).unwrap();
    client.push("team/app", "gone", &gone).unwrap();
    client.delete("team/app", &gone);
    let gc = |more: &[&str]| sandbox.run("reg-up", ["gc", "x"].iter().chain(more)).code(0).json();
    if real.kind == "zot" {
        let report = gc(&[]);
        let schedule = json!({ "enabled": true, "intervalSeconds": 86400.0, "delaySeconds": 3600.0 });
        assert_eq!((&report["schedule"], &report["blobsRemoved"]), (&schedule, &Value::Null));
        return;
    }
    let server = pid(&sandbox, "x");
    let dry = gc(&["--dry-run", "--grace", "0s"]);
    assert!(runs(server) && client.has_blob("team/app", &gone.blobs[1]));
    let done = gc(&["--grace", "0s"]);
    for field in ["blobsRemoved", "bytesRemoved", "blobsKept", "bytesKept"] {
        assert_eq!(dry[field], done[field], "{field}: {dry} {done}");
    }
    assert!(done["bytesRemoved"].as_u64().unwrap() >= 100_000, "{done}");
    assert_eq!(done["blobsKept"], 3, "{done}");
    assert_eq!(runs(server), real.kind == "embedded");
    // The same port, the same data, and what is gone can be pushed again.
    let client = Client::of(&registry);
    assert_eq!(client.pull("team/app", &tag("kept")).unwrap(), kept.digest);
    assert!(!client.has_blob("team/app", &gone.blobs[1]));
    client.push("team/app", "gone", &gone).unwrap();
    assert_eq!(client.pull("team/app", &tag("gone")).unwrap(), gone.digest);
    sandbox.line("reg-up stop x").code(0);
    assert_eq!(gc(&["--grace", "0s"])["blobsRemoved"], 0);
    assert_eq!(sandbox.line("reg-up status x").json()["state"], "stopped");
}

fn of_nothing_nothing_is_removed(real: &Real) {
    if real.kind == "zot" {
        return;
    }
    let sandbox = sandbox();
    real.start(&sandbox, &[]);
    let gc = |more: &[&str]| sandbox.run("reg-up", ["gc", "x"].iter().chain(more)).code(0).json();
    let zeros = |report: &Value| {
        let counts = ["blobsRemoved", "bytesRemoved", "blobsKept", "bytesKept"].map(|field| report[field].as_u64().unwrap());
        assert_eq!(counts, [0; 4], "{report}");
    };
    zeros(&gc(&["--dry-run"]));
    zeros(&gc(&[]));
    // An upload that never ended makes a repository, and no content.
    sandbox.sh("curl -sf -o /dev/null -X POST $(reg-up info x | jq -r .url)/v2/team/app/blobs/uploads/").code(0);
    zeros(&gc(&["--dry-run"]));
    zeros(&gc(&[]));
    assert_eq!(sandbox.line("reg-up status x").json()["state"], "running");
}

fn what_has_no_tag_goes_only_where_no_index_loses(real: &Real) {
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &[]);
    if real.kind != "distribution" {
        let title = if real.kind == "zot" { "zot" } else { "embedded" };
        let said = format!(
            "reg-up: error: {title} at http://127.0.0.1:PORT cannot remove manifests for having no tag\n\
             reg-up: hint: Distribution can; elsewhere delete them by digest, or have the registry's retention do it\n"
        );
        sandbox.line("reg-up gc x --untagged").is(6, "", &said);
        return;
    }
    let client = Client::of(&registry);
    let (first, second) = (Image::new(b"first"), Image::new(b"second"));
    client.push("team/app", "v1", &first).unwrap();
    client.push("team/app", "v1", &second).unwrap();
    let done = sandbox.line("reg-up gc x --untagged").code(0).json();
    assert_eq!(done["manifestsRemoved"], 1, "{done}");
    let client = Client::of(&registry);
    assert_eq!(client.pull("team/app", &tag("v1")).unwrap(), second.digest);

    // An index whose only image has no tag of its own.
    let index = push_index(&client, &second);
    client.push("team/app", "v1", &first).unwrap();
    let asked = sandbox.line("reg-up gc x --untagged");
    if registry["version"].as_str().unwrap().starts_with("2.") {
        asked.is(6, "", WOULD_LOSE);
    } else {
        asked.code(0);
    }
    let client = Client::of(&registry);
    assert_eq!(client.pull_all("team/app", &tag("all")).unwrap(), index);
}

const WOULD_LOSE: &str = "reg-up: error: cannot collect the garbage of \"x\": Distribution 2.8.2 would remove the images of team/app@sha256:DIGEST, too\n\
     reg-up: hint: Distribution 3.0 and newer keep what an index refers to\n";

/// Pushes an index of this one image as `all`; its digest.
fn push_index(client: &Client, image: &Image) -> Digest {
    let repository = "team/app".parse().unwrap();
    let child = Selector::Digest(image.digest.clone());
    let (manifest, _) = client.run(async |oci| oci.manifest(&repository, &child).await).unwrap();
    let listed = json!({ "mediaType": media::OCI_MANIFEST, "digest": manifest.digest, "size": manifest.bytes.len() });
    let index = json!({ "schemaVersion": 2, "mediaType": media::OCI_INDEX, "manifests": [listed] }).to_string();
    let digest = Digest::sha256(index.as_bytes());
    let index = Manifest { digest, media_type: media::OCI_INDEX.to_owned(), bytes: index.into() };
    client.run(async |oci| oci.manifest_put(&repository, &tag("all"), &index).await).unwrap();
    index.digest
}

#[test]
fn the_program_that_is_there_now_decides_whether_what_has_no_tag_may_go() {
    let (Some(old), Some(new)) = (DISTRIBUTION.find(), DISTRIBUTION3.find()) else { return };
    let sandbox = sandbox();
    let link = sandbox.path("registry");
    std::os::unix::fs::symlink(new, &link).unwrap();
    let registry = Real { kind: "distribution", binary: Some(link.clone()) }.start(&sandbox, &[]);
    assert!(registry["version"].as_str().unwrap().starts_with("3."), "{registry}");
    let client = Client::of(&registry);
    let image = Image::new(b"in an index only");
    client.push("team/app", "v1", &image).unwrap();
    let index = push_index(&client, &image);
    client.push("team/app", "v1", &Image::new(b"another")).unwrap();
    // An older one in its place, as after a step back of a package.
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(old, &link).unwrap();
    let server = pid(&sandbox, "x");
    sandbox.line("reg-up gc x --untagged").is(6, "", WOULD_LOSE);
    assert!(runs(server), "it was not stopped");
    assert_eq!(client.pull_all("team/app", &tag("all")).unwrap(), index);
}
