//! `rm --digest`: a manifest goes with what hangs on it, and not before somebody said so.

use std::collections::BTreeMap;

use serde_json::json;

use super::{put_index, put_referrer, tags, with_tags};
use crate::client::{Image, tag};

#[test]
fn other_tags_are_in_the_way() {
    let (sandbox, client, image) = with_tags(&["v1", "v2", "v3"]);
    sandbox.line("reg-ns rm team/app:v1 -r dev --digest").is(
        9,
        "",
        "reg-ns: error: cannot delete the manifest team/app:v1: the tags v2, v3 would go with it\n\
         reg-ns: hint: --force deletes it all the same; --force --dry-run shows what would go; without --digest a tag goes alone\n",
    );
    let shown = sandbox.line("reg-ns rm team/app:v1 -r dev --digest --force --dry-run").code(0);
    assert_eq!(shown.err(), "reg-ns: would delete team/app:v1, which is sha256:DIGEST, with 3 tags\n");
    assert_eq!(
        shown.json()["deleted"],
        json!([{"name": "team/app:v1", "outcome": "deleted", "digest": image.digest, "tags": ["v1", "v2", "v3"]}])
    );
    assert_eq!(tags(&sandbox, "dev", "team/app").len(), 3, "nothing was deleted");
    // Who names them all has said so.
    let all = sandbox.line("reg-ns rm team/app:v1 team/app:v2 team/app:v3 -r dev --digest -q").code(0);
    assert_eq!(all.json()["deleted"].as_array().unwrap().len(), 3);
    assert!(tags(&sandbox, "dev", "team/app").is_empty());
    assert!(client.pull("team/app", &image.digest.into()).is_err());
}

#[test]
fn what_is_about_a_manifest_goes_with_it() {
    let (sandbox, client, image) = with_tags(&["v1"]);
    let signature = put_referrer(&client, "team/app", (&image.digest, image.size()), "application/x.signature", &image);
    let about_it = put_referrer(&client, "team/app", (&signature, 100), "application/x.attestation", &image);
    let other = Image::new(b"another");
    client.push("team/app", "v2", &other).unwrap();
    let kept = put_referrer(&client, "team/app", (&other.digest, other.size()), "application/x.signature", &other);
    let reference = format!("team/app@{}", image.digest);
    let ran = sandbox.line(&format!("reg-ns rm {reference} -r dev --digest")).code(9);
    assert!(ran.err().contains("the tag v1 would go with it, 2 manifests are about it\n"), "{ran:?}");
    let ran = sandbox.line(&format!("reg-ns rm {reference} -r dev --digest --force")).code(0);
    assert_eq!(ran.err(), "reg-ns: deleted team/app@sha256:DIGEST, with 1 tag and 2 manifests about it\n");
    assert_eq!(ran.json()["deleted"][0]["referrers"], json!([signature, about_it]));
    for (digest, there) in [(&image.digest, false), (&signature, false), (&about_it, false), (&other.digest, true), (&kept, true)] {
        let found = sandbox.line(&format!("reg-ns manifest team/app@{digest} -r dev"));
        assert_eq!(found.code == 0, there, "{found:?}");
    }
}

#[test]
fn an_index_that_lists_it_is_in_the_way() {
    let (sandbox, client, image) = with_tags(&["amd64"]);
    let arm = Image::new(b"for arm");
    client.push("team/app", "arm64", &arm).unwrap();
    let index = put_index(&client, "team/app", "v1", &BTreeMap::from([("linux/amd64", &image), ("linux/arm64", &arm)]));
    sandbox.line("reg-ns rm team/app:amd64 -r dev --digest").is(
        9,
        "",
        "reg-ns: error: cannot delete the manifest team/app:amd64: 1 index lists it\n\
         reg-ns: hint: --force deletes it all the same; --force --dry-run shows what would go; without --digest a tag goes alone\n",
    );
    let shown = sandbox.line("reg-ns rm team/app:amd64 -r dev --digest --force --dry-run -q").code(0);
    assert_eq!(shown.json()["deleted"][0]["indexes"], json!([index]));
    // With the index itself it may go, in whichever order they are named.
    sandbox.line("reg-ns rm team/app:amd64 team/app:v1 -r dev --digest -q").code(0);
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["arm64"]);
    assert_eq!(client.pull("team/app", &tag("arm64")).unwrap(), arm.digest);
}
