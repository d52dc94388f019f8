//! `prune`: what the rules do not keep goes, alone, and each tag is told with its reason.

use std::collections::BTreeMap;

use reg_shared::oci::media::OCI_MANIFEST;
use serde_json::{Value, json};

use super::{age, each, with_layout, with_user};
use crate::client::{Client, Image, tag};
use crate::ns::{descriptor, put, put_referrer, tags, with_registry};

const LAYOUT: &str = "
namespaces:
  - name: team
    retention: [{tags: ['v*'], keepLast: 2}, {tags: ['{latest,nightly}'], keepDays: 7}]
    immutableTags: ['v0']
  - {name: free}
";

/// A day older for each tag, from the last one on, which is as new as it is.
fn with_ages(sandbox: &reg_tests::sandbox::Sandbox, client: &Client, repository: &str, names: &[&str]) -> Image {
    let image = Image::new(b"a layer");
    for (at, name) in names.iter().enumerate() {
        client.push(repository, name, &image).unwrap();
        age(sandbox, repository, name, 10 * (names.len() - 1 - at) as u64);
    }
    image
}

#[test]
fn each_tag_goes_or_stays_for_a_reason() {
    let (sandbox, client) = with_layout(LAYOUT);
    let image = with_ages(&sandbox, &client, "team/app", &["v0", "v1", "nightly", "other", "v2", "v3", "latest"]);
    put_referrer(&client, "team/app", (&image.digest, image.size()), "application/x.signature", &image);
    client.push("team/app", &format!("sha256-{}", "0".repeat(64)), &image).unwrap();
    with_ages(&sandbox, &client, "free/app", &["v1", "v2", "v3"]);
    with_ages(&sandbox, &client, "loose/app", &["v1", "v2", "v3"]);
    let gone = "team/app:nightly\nteam/app:other\nteam/app:v1\n";
    let dry = sandbox.line("reg-ns prune -r dev --dry-run -o name").code(0);
    assert_eq!(dry.stdout, gone, "only what goes has a name");
    assert_eq!(tags(&sandbox, "dev", "team/app").len(), 8);

    let ran = sandbox.line("reg-ns prune -r dev").code(0);
    let mut lines: Vec<String> = ran.err().lines().map(ToOwned::to_owned).collect();
    assert_eq!(lines.pop().unwrap(), "reg-ns: deleted 3 of 8 tags in 1 repository");
    lines.sort();
    assert_eq!(
        lines,
        [
            "reg-ns: deleted team/app:nightly, which was sha256:DIGEST: pushed 40 days ago, kept for 7 days",
            "reg-ns: deleted team/app:other, which was sha256:DIGEST: no rule matches it",
            "reg-ns: deleted team/app:v1, which was sha256:DIGEST: number 3, kept are the 2 newest",
        ]
    );
    let report = ran.json();
    let mut row = report["deleted"][2].clone();
    assert!(row.as_object_mut().unwrap().remove("pushedAt").unwrap().is_string());
    assert_eq!(
        row,
        json!({"name": "team/app:v1", "reason": "number 3, kept are the 2 newest", "rule": "namespaces[0].retention[0]",
            "outcome": "deleted", "digest": image.digest})
    );
    let kept: BTreeMap<String, String> = each(&report, "kept", "name").into_iter().zip(each(&report, "kept", "reason")).collect();
    let expected = [
        ("latest".to_owned(), "pushed less than a day ago, kept for 7 days"),
        (format!("sha256-{}", "0".repeat(64)), "it hangs on another manifest"),
        ("v0".to_owned(), "it is immutable"),
        ("v2".to_owned(), "number 2 of the 2 newest"),
        ("v3".to_owned(), "it is the newest"),
    ];
    assert_eq!(kept, expected.into_iter().map(|(tag, why)| (format!("team/app:{tag}"), why.to_owned())).collect());
    // The manifest of all of them is there, and what no rule is about is as it was.
    assert_eq!(client.pull("team/app", &tag("v2")).unwrap(), image.digest);
    assert_eq!(tags(&sandbox, "dev", "free/app").len() + tags(&sandbox, "dev", "loose/app").len(), 6);
    sandbox.line("reg-ns prune -r dev -o name").is(0, "", "reg-ns: deleted 0 of 5 tags in 1 repository\n");
}

#[test]
fn only_the_namespaces_that_were_named() {
    let (sandbox, client) =
        with_layout("namespaces: [{name: a, retention: {keepLast: 1}}, {name: b, retention: {keepLast: 1}}, {name: c}]");
    for repository in ["a/x", "b/x", "c/x"] {
        with_ages(&sandbox, &client, repository, &["v1", "v2"]);
    }
    sandbox.line("reg-ns prune b c -r dev -q -o name").is(0, "b/x:v1\n", "");
    sandbox.line("reg-ns prune nobody -r dev").is(
        8,
        "",
        "reg-ns: error: there is no namespace \"nobody\" at http://127.0.0.1:PORT\n\
         reg-ns: hint: `reg-ns list -r dev` shows what there is\n",
    );
    sandbox.line_with("reg-ns prune - -r dev -q -o name", "").is(0, "", "");
    assert_eq!(tags(&sandbox, "dev", "a/x").len(), 2, "no names are not all names");
    sandbox.sh("reg-ns list -r dev -o name | grep -v a | reg-ns prune - -r dev -q -o name").is(0, "", "");
    sandbox.line("reg-ns prune -r dev -q -o name").is(0, "a/x:v1\n", "");
}

#[test]
fn by_the_time_that_the_image_says() {
    let (sandbox, client) = with_layout("namespaces: [{name: team, retention: {keepDays: 30}}]");
    let image = Image::new(b"a layer");
    client.push("team/app", "silent", &image).unwrap();
    for (name, created) in [("old", "2020-01-02T03:04:05Z"), ("new", "2120-01-02T03:04:05Z")] {
        put(&client, "team/app", Some(name), OCI_MANIFEST, &dated(&image, created));
    }
    let report = sandbox.line("reg-ns prune -r dev --by created -q").code(0).json();
    assert_eq!(each(&report, "deleted", "name"), ["team/app:old"]);
    assert_eq!(report["deleted"][0]["createdAt"], "2020-01-02T03:04:05Z");
    assert_eq!(each(&report, "kept", "name"), ["team/app:new", "team/app:silent"]);
    assert_eq!(report["kept"][1]["reason"], "it is not known when it was created");
    assert_eq!(report["kept"][1]["createdAt"], json!(null));
}

/// A manifest that says when it was made.
fn dated(image: &Image, created: &str) -> Value {
    let [config, layer] = image
        .blobs
        .each_ref()
        .map(|blob| descriptor("application/octet-stream", &reg_shared::name::Digest::sha256(blob), blob.len()));
    let annotations = json!({"org.opencontainers.image.created": created});
    json!({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [layer], "annotations": annotations})
}

#[test]
fn rules_may_come_with_the_command() {
    let (sandbox, client) = with_registry();
    with_ages(&sandbox, &client, "team/app", &["v1", "v2"]);
    sandbox.line("reg-ns prune -r dev").is(
        2,
        "",
        "reg-ns: error: no layout is known of embedded at http://127.0.0.1:PORT, and rules stand in one\n\
         reg-ns: hint: --layout FILE names one; `reg-init layout` prints one to begin with\n",
    );
    sandbox.write("rules.yaml", "namespaces: [{name: team, retention: {keepLast: 1}}]");
    sandbox.line("reg-ns prune -r dev --layout rules.yaml -q -o name").is(0, "team/app:v1\n", "");
    // It was not set up with them.
    sandbox.line("reg-ns list -r dev -o jsonl").is(
        0,
        "{\"name\":\"team\",\"inLayout\":false,\"description\":null,\"public\":null,\"repositories\":1,\"keepLast\":null,\
         \"keepDays\":null,\"quota\":null}\n",
        "",
    );
}

#[test]
fn who_may_not_delete_is_told_of_each() {
    let access = "access: [{subjects: [authenticated], actions: [read]}]";
    let (sandbox, client) = with_layout(&format!("namespaces: [{{name: team, retention: {{keepLast: 1}}, {access}}}]"));
    with_ages(&sandbox, &client, "team/app", &["v1", "v2"]);
    with_user(&sandbox, "dora");
    let ran = sandbox.line("reg-ns prune -r @dora.json -q").code(7);
    let report = ran.json();
    assert_eq!(each(&report, "deleted", "outcome"), ["failed"]);
    assert_eq!(ran.stderr, format!("reg-ns: {}\n", report["deleted"][0]["detail"].as_str().unwrap()));
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["v1", "v2"]);
}
