//! `list`: what the layout names, what is only seen, and several registries in one view.

use reg_tests::sandbox::Sandbox;
use serde_json::json;

use super::{each, with_layout};
use crate::client::{Client, Image};
use crate::ns::with_registry;

const LAYOUT: &str = "
namespaces:
  - {name: team, description: A team, public: true, quota: 1GiB, retention: [{tags: ['v*'], keepLast: 5}, {keepLast: 2, keepDays: 30}]}
  - {name: team/apps}
  - {name: empty}
";

/// How many requests `list` takes that a login was asked for before.
fn pages(sandbox: &Sandbox) -> usize {
    let asked = sandbox.line("reg-ns list -r dev -v").code(0);
    asked.stderr.lines().filter(|line| line.contains(" 200 ")).count()
}

#[test]
fn a_namespace_is_in_the_layout_or_only_seen() {
    let (sandbox, client) = with_layout(LAYOUT);
    let image = Image::new(b"a layer");
    for repository in ["team/a", "team/apps/b", "team/apps/c", "team", "teams/d", "loose"] {
        client.push(repository, "v1", &image).unwrap();
    }
    sandbox.line("reg-ns list -r dev -o table").is(
        0,
        "NAME       IN LAYOUT  PUBLIC  REPOSITORIES  KEEP LAST  KEEP DAYS  QUOTA       DESCRIPTION\n\
         empty      true       false   0             -          -          -           -\n\
         loose      false      -       1             -          -          -           -\n\
         team       true       true    2             5          30         1073741824  A team\n\
         team/apps  true       false   2             -          -          -           -\n\
         teams      false      -       1             -          -          -           -\n",
        "",
    );
    let listed = sandbox.line("reg-ns list -r dev").code(0).json();
    assert_eq!(listed["registry"]["name"], "dev");
    assert_eq!(
        listed["namespaces"][1],
        json!({"name": "loose", "inLayout": false, "description": null, "public": null, "repositories": 1, "keepLast": null,
            "keepDays": null, "quota": null})
    );
    // One page of the catalog, and nothing else.
    assert_eq!(pages(&sandbox), 1);
}

#[test]
fn without_a_layout_there_is_what_is_seen() {
    let (sandbox, client) = with_registry();
    sandbox.line("reg-ns list -r dev").code(0);
    sandbox.line("reg-ns list -r dev -o name").is(0, "", "");
    client.push("team/app", "v1", &Image::new(b"a layer")).unwrap();
    let url = sandbox.line("reg-up info dev").code(0).json()["url"].as_str().unwrap().to_owned();
    let elsewhere = crate::sandbox();
    // A stranger's registry is told by what it shows.
    let listed = elsewhere.line(&format!("reg-ns list -r {url}")).code(0).json();
    assert_eq!(
        (each(&listed, "namespaces", "name"), &listed["namespaces"][0]["inLayout"]),
        (vec!["team".to_owned()], &json!(false))
    );
}

#[test]
fn several_registries_are_one_view() {
    let (sandbox, client) = with_layout(LAYOUT);
    let second = sandbox.line("reg-up start second --port 0 -q").code(0).json();
    Client::of(&second).push("team/app", "v1", &Image::new(b"a layer")).unwrap();
    client.push("team/app", "v1", &Image::new(b"a layer")).unwrap();
    sandbox.line("reg-ns list -r dev -r second -o table").is(
        0,
        "REGISTRY  NAME       IN LAYOUT  PUBLIC  REPOSITORIES  KEEP LAST  KEEP DAYS  QUOTA       DESCRIPTION\n\
         dev       empty      true       false   0             -          -          -           -\n\
         dev       team       true       true    1             5          30         1073741824  A team\n\
         dev       team/apps  true       false   0             -          -          -           -\n\
         second    team       false      -       1             -          -          -           -\n",
        "",
    );
    let both = sandbox.line("reg-ns list -r dev -r second").code(0).json();
    assert_eq!(both.get("registry"), None, "a document about two is none about one");
    assert_eq!(each(&both, "registries", "name"), ["dev", "second"]);
    sandbox.line("reg-up stop second -q -o name").code(0);
    sandbox.line("reg-ns list -r dev -r second -q").code(4);
}

#[test]
fn many_namespaces_cost_as_much_as_few() {
    let namespaces: String = (0..2000).map(|at| format!("  - {{name: n{at}/team, retention: {{keepLast: 1}}}}\n")).collect();
    let (sandbox, client) = with_layout(&format!("namespaces:\n{namespaces}"));
    client.push("n1999/team/app", "v1", &Image::new(b"a layer")).unwrap();
    assert_eq!(pages(&sandbox), 1);
    let listed = sandbox.line("reg-ns list -r dev").code(0).json();
    assert_eq!(listed["namespaces"].as_array().unwrap().len(), 2000);
    let script = "reg-ns list -r dev -o name | reg-ns info -r dev - -q -o name | wc -l | tr -d ' '";
    sandbox.sh(script).is(0, "2000\n", "");
}
