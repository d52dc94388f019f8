//! `rm`: a tag goes alone, several go as far as they can, and who asks twice is told.

use serde_json::json;

use super::{tags, with_tags};
use crate::client::tag;

#[test]
fn a_tag_goes_without_its_siblings() {
    let (sandbox, client, image) = with_tags(&["v1", "v2", "v3"]);
    sandbox.line("reg-ns rm team/app:v1 -r dev --dry-run -o name").is(
        0,
        "team/app:v1\n",
        "reg-ns: would delete team/app:v1, which is sha256:DIGEST\n",
    );
    assert_eq!(tags(&sandbox, "dev", "team/app").len(), 3);
    let ran = sandbox.line("reg-ns rm team/app:v1 -r dev").code(0);
    assert_eq!(ran.err(), "reg-ns: deleted team/app:v1, which was sha256:DIGEST\n");
    assert_eq!(ran.json()["deleted"], json!([{"name": "team/app:v1", "outcome": "deleted", "digest": image.digest}]));
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["v2", "v3"]);
    assert_eq!(client.pull("team/app", &tag("v2")).unwrap(), image.digest);
    // Until garbage is collected, what was told brings the tag back.
    sandbox.line(&format!("reg-ns tag team/app@{} v1 -r dev -q -o name", image.digest)).is(0, "v1\n", "");
}

#[test]
fn one_that_is_not_there_is_an_error_and_of_several_the_others_go() {
    let (sandbox, _, _) = with_tags(&["v1", "v2", "v3"]);
    let not_there = "reg-ns: error: there is no tag \"none\" in team/app at http://127.0.0.1:PORT\n\
                     reg-ns: hint: `reg-ns tags team/app -r dev` lists its tags\n";
    sandbox.line("reg-ns rm team/app:none -r dev").is(8, "", not_there);
    let ran = sandbox.line("reg-ns rm team/app:v1 team/app:none team/app:v2 -r dev -q").code(7);
    assert_eq!(ran.err(), "reg-ns: there is no tag \"none\" in team/app at http://127.0.0.1:PORT\n");
    let outcomes: Vec<_> = ran.json()["deleted"].as_array().unwrap().iter().map(|row| row["outcome"].clone()).collect();
    assert_eq!(outcomes, ["deleted", "missing", "deleted"]);
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["v3"]);
    let ran = sandbox.line("reg-ns rm none v3 none -r dev --repository team/app --missing-ok -q -o table");
    ran.is(0, "NAME           OUTCOME  DIGEST\nteam/app:none  missing  -\nteam/app:v3    deleted  sha256:DIGEST\n", "");
}

#[test]
fn names_come_from_another_program_as_lines_or_as_a_document() {
    let (sandbox, _, _) = with_tags(&["a1", "a2", "b1", "b2", "keep"]);
    sandbox.sh("reg-ns tags team/app -r dev --match ^a -o name | reg-ns rm -r dev --repository team/app - -q -o name").is(
        0,
        "team/app:a1\nteam/app:a2\n",
        "",
    );
    // The document says which registry, too.
    sandbox.sh("reg-ns tags team/app -r dev --match ^b | reg-ns rm -r - - -q -o name").is(0, "team/app:b1\nteam/app:b2\n", "");
    sandbox.sh("reg-ns tags team/app -r dev --match ^none -o name | reg-ns rm -r dev --repository team/app - -q").code(0);
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["keep"]);
    sandbox.line_with("reg-ns rm -r dev --repository team/app -", "team/app:keep\n").is(
        2,
        "",
        "reg-ns: error: \"team/app:keep\" is not a digest: sha256 and sha512 are the known algorithms\n\
         reg-ns: hint: with --repository team/app, a tag or a digest stands alone\n",
    );
    sandbox.sh("reg-up status dev | reg-ns rm -r - -").is(
        3,
        "",
        "reg-ns: error: standard input: .kind: expected names, or a document of users, instances, namespaces, repositories, tags, \
         tagged, referrers, found \"status\"\nreg-ns: hint: `-o name` prints names, one a line\n",
    );
}

#[test]
fn a_manifest_is_no_tag() {
    let (sandbox, _, image) = with_tags(&["v1"]);
    sandbox.line(&format!("reg-ns rm team/app@{} -r dev", image.digest)).is(
        2,
        "",
        "reg-ns: error: team/app@sha256:DIGEST is a manifest, not a tag\n\
         reg-ns: hint: --digest deletes a manifest, and its tags with it\n",
    );
    sandbox.line("reg-ns rm team/app:v1 -r dev --force").code(2);
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["v1"]);
}
