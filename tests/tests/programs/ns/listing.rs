//! `repos` and `tags`: what there is, in which order, and no request that is not needed.

use serde_json::json;

use super::{with_registry, with_tags};
use crate::client::Image;

#[test]
fn repositories_are_listed_with_their_number_of_tags() {
    let (sandbox, client) = with_registry();
    sandbox.line("reg-ns repos -r dev -o table").is(0, "NAME  TAGS  GHOST  DETAIL\n", "");
    let image = Image::new(b"a layer");
    for (repository, tag) in [("team/app", "v1"), ("team/app", "v2"), ("team-b/app", "v1"), ("team", "v1"), ("alone", "v1")] {
        client.push(repository, tag, &image).unwrap();
    }
    sandbox.line("reg-ns repos -r dev -o table").is(
        0,
        "NAME        TAGS  GHOST\nalone       1     false\nteam        1     false\nteam-b/app  1     false\nteam/app    2     false\n",
        "",
    );
    let of_namespace = sandbox.line("reg-ns repos team -r dev").code(0).json();
    assert_eq!(of_namespace["namespace"], "team");
    assert_eq!(
        of_namespace["repositories"],
        json!([{"name": "team", "tags": 1, "ghost": false}, {"name": "team/app", "tags": 2, "ghost": false}])
    );
    sandbox.line("reg-ns repos nobody -r dev").is(
        8,
        "",
        "reg-ns: error: there is no repository in nobody at http://127.0.0.1:PORT\nreg-ns: hint: `reg-ns repos -r dev` lists all\n",
    );
}

#[test]
fn names_alone_cost_one_request() {
    let (sandbox, _, _) = with_tags(&["v1", "v2"]);
    let requests = |line: &str| {
        let ran = sandbox.line(&format!("{line} -r dev -v")).code(0);
        let asked = ran.stderr.lines().filter_map(|line| line.split("/v2/").nth(1));
        asked.map(|rest| rest.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(requests("reg-ns repos -o name"), ["_catalog?n=1000"]);
    assert_eq!(requests("reg-ns tags team/app"), ["team/app/tags/list?n=1000"]);
    assert_eq!(requests("reg-ns tags team/app --match v1 --sort semver"), ["team/app/tags/list?n=1000"]);
    assert_eq!(requests("reg-ns tags team/app --match v1 -l"), ["team/app/tags/list?n=1000", "team/app/manifests/v1"]);
}

#[test]
fn tags_are_chosen_and_sorted() {
    let (sandbox, _, _) = with_tags(&["latest", "v1.10", "v1.9", "v2.0.0-rc.1", "v2.0.0", "sha-abc"]);
    for (flags, expected) in [
        ("", "latest sha-abc v1.10 v1.9 v2.0.0 v2.0.0-rc.1"),
        (" --sort semver", "latest sha-abc v1.9 v1.10 v2.0.0-rc.1 v2.0.0"),
        (" --match ^v1\\.", "v1.10 v1.9"),
        (" --match a", "latest sha-abc"),
        (" --semver >=1.10", "v1.10 v2.0.0"),
        (" --semver ^1 --sort semver", "v1.9 v1.10"),
        (" --semver ^2 --match rc", ""),
    ] {
        let ran = sandbox.line(&format!("reg-ns tags team/app -r dev -o name{flags}")).code(0);
        assert_eq!(ran.stdout.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{flags}");
    }
}

#[test]
fn a_tag_has_a_time_where_the_registry_tells() {
    let (sandbox, client, _) = with_tags(&["b"]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    client.push("team/app", "a", &Image::new(b"another")).unwrap();
    let listed = sandbox.line("reg-ns tags team/app -r dev --sort time").code(0).json();
    let names: Vec<_> = listed["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["b", "a"], "the newest comes last");
    assert!(listed["tags"][0]["pushedAt"].is_string(), "{listed}");
    assert_eq!(listed["tags"][0].get("createdAt"), None, "what was not asked for is not there");
    // The images of these tests say nothing about it.
    let ran = sandbox.line("reg-ns tags team/app -r dev --sort time --by created").code(0);
    assert_eq!(ran.err(), "reg-ns: warning: none of the images says when it was made\n");
    assert_eq!(ran.json()["tags"][1]["createdAt"], json!(null));
}

#[test]
fn what_is_not_there_is_said() {
    let (sandbox, _) = with_registry();
    sandbox.line("reg-ns tags team/none -r dev -o name").is(0, "", "reg-ns: team/none has no tags\n");
    sandbox.line("reg-ns tags team/app:v1 -r dev").is(
        2,
        "",
        "reg-ns: error: \"team/app:v1\" is not a repository name: each part between slashes is lower-case letters and digits, joined \
         by single `.`, `_`, `__` or dashes\n",
    );
    sandbox.line("reg-ns tags team/app -r dev --semver 1..2").is(
        2,
        "",
        "reg-ns: error: invalid value '1..2' for '--semver <RANGE>': unexpected character '.' while parsing minor version number; a \
         range is written like ^1.2, ~1.2 or '>=1.2, <2'\nreg-ns: hint: `reg-ns tags --help` shows what it takes\n",
    );
    let ran = sandbox.line("reg-ns tags team/app -r dev --match (").code(2);
    assert!(ran.err().starts_with("reg-ns: error: invalid value '(' for '--match <REGEX>': "), "{ran:?}");
    sandbox.line("reg-ns tags team/app -r http://127.0.0.1:1").code(4);
}
