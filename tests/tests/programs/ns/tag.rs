//! `tag`: other names for a manifest, byte for byte, and no tag moved that nobody said to move.

use reg_shared::name::Selector;
use serde_json::json;

use super::{tags, with_tags};
use crate::client::{Image, tag};

#[test]
fn tags_are_added_and_nothing_else_is_moved() {
    let (sandbox, client, image) = with_tags(&["v1.0.0"]);
    let ran = sandbox.line("reg-ns tag team/app:v1.0.0 v1 latest -r dev -v").code(0);
    let document = ran.json();
    assert_eq!(document["digest"], json!(image.digest));
    assert_eq!(
        document["tags"],
        json!([
            {"name": "v1", "reference": "team/app:v1", "outcome": "added"},
            {"name": "latest", "reference": "team/app:latest", "outcome": "added"},
        ])
    );
    assert!(!ran.stderr.contains("/blobs/"), "no blob is asked for: {ran:?}");
    assert_eq!(client.pull("team/app", &tag("latest")).unwrap(), image.digest);
    let by_digest = format!("reg-ns tag team/app@{} v2 -r dev -q -o name", image.digest);
    sandbox.line(&by_digest).is(0, "v2\n", "");
    // A second time nothing has to change, and nothing is put.
    let again = sandbox.line(&format!("{by_digest} -v")).code(0);
    assert!(!again.stderr.contains("PUT"), "{again:?}");
}

#[test]
fn a_tag_that_points_elsewhere_is_in_the_way() {
    let (sandbox, client, image) = with_tags(&["v1"]);
    let other = Image::new(b"another");
    client.push("team/app", "latest", &other).unwrap();
    client.push("team/app", "stable", &other).unwrap();
    let points_to = |name: &str| client.pull("team/app", &tag(name)).unwrap();
    sandbox.line("reg-ns tag team/app:v1 new latest -r dev").is(
        9,
        "",
        "reg-ns: error: the tag team/app:latest at http://127.0.0.1:PORT points to another manifest\n\
         reg-ns: hint: --force moves it; --exist-ok leaves it as it is\n",
    );
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["latest", "stable", "v1"], "nothing is put when not all can be");
    let ran = sandbox.line("reg-ns tag team/app:v1 stable latest -r dev").code(9);
    assert!(ran.stderr.contains("points to another manifest, and so does another\n"), "{ran:?}");
    let left = sandbox.line("reg-ns tag team/app:v1 new latest -r dev --exist-ok -q").code(0).json();
    assert_eq!(left["tags"][1]["outcome"], "unchanged");
    assert_eq!(points_to("latest"), other.digest);
    let moved = sandbox.line("reg-ns tag team/app:v1 latest -r dev --force").code(0);
    assert_eq!(moved.err(), "reg-ns: team/app:latest is now sha256:DIGEST\n");
    assert_eq!(moved.json()["tags"][0]["previous"], json!(other.digest));
    assert_eq!(points_to("latest"), image.digest);
    assert_eq!(points_to("stable"), other.digest);
}

#[test]
fn what_cannot_be_tagged_is_told() {
    let (sandbox, client, _) = with_tags(&["v1"]);
    sandbox.line("reg-ns tag team/app:none v2 -r dev").code(8);
    let ran = sandbox.line("reg-ns tag team/app:v1 -bad -r dev").code(2);
    assert!(ran.stdout.is_empty(), "{ran:?}");
    sandbox.line("reg-ns tag team/app:v1 team/app:v2 -r dev").is(
        2,
        "",
        "reg-ns: error: invalid value 'team/app:v2' for '<TAG>...': \"team/app:v2\" is not a tag: it has characters other than letters, \
         digits, `_`, `.` and `-`\nreg-ns: hint: `reg-ns tag --help` shows what it takes\n",
    );
    assert!(client.pull("team/app", &"v2".parse::<Selector>().unwrap()).is_err());
}
