//! `export`: what a registry is, as a layout that another can become.

use super::{changes, gaps};
use crate::sandbox;

const TEAM: &str = "namespaces:
  - {name: team, description: ours, quota: 1GiB, immutableTags: ['v*'], retention: {keepLast: 3}, access: [
      {subjects: ['group:devs'], actions: [read, create, update]}, {subjects: ['robot:ci'], actions: [read]}]}
  - {name: team/public, public: true, access: [{subjects: ['user:bert'], actions: [read, delete]}]}
users: [{name: anna}, {name: bert, email: bert@example.org}]
groups: [{name: devs, users: [anna, bert, ci]}]
robots: [{name: ci, description: builds}]
admins: [anna]
testImage: {repository: team/proof, tag: latest}
";

#[test]
fn one_registry_becomes_what_another_is() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.sh("reg-up start a --port 0 --layout team.yaml -q | reg-init -r - -q -o name").is(
        0,
        "ready\nconverge\ntest-image\n",
        "",
    );
    sandbox.line("reg-up start b --port 0 -q").code(0);
    let exported = sandbox.line("reg-init export -r a").code(0);
    assert_eq!(exported.stderr, "");
    assert_eq!(exported.json()["registry"]["name"], "a");
    let plan = |code| sandbox.sh("reg-init export -r a | reg-init plan -r b --layout - --detailed-exitcode").code(code);
    assert_eq!(changes(&plan(7).json()).len(), 10);
    sandbox.sh("reg-init export -r a | reg-init apply -r b --layout - -q").code(0);
    plan(0);
    // What came back from it is the same, but for the registry that it came from.
    sandbox.sh("for r in a b; do reg-init export -r $r | jq -S 'del(.registry)' > $r.json; done; cmp a.json b.json").code(0);
    sandbox.sh("reg-init export -r a > a.json; reg-init lint a.json | jq '.findings | length'").is(0, "0\n", "");
}

#[test]
fn what_is_live_is_told_not_what_was_asked_for() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.write("password", "secret\n");
    sandbox.line("reg-up start a --port 0 --layout team.yaml -q").code(0);
    // Nobody of the layout can log in yet.
    let fresh = sandbox.line("reg-init export -r a").code(0).json();
    let names = |of: &serde_json::Value| {
        of.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&fresh["users"]), ["admin"]);
    assert_eq!(fresh["namespaces"][1].get("access"), None, "{fresh}");
    sandbox.line("reg-init -r a -q").code(0);
    sandbox.line("reg-users add carl -r a --password-file password --cost 4 -q").code(0);
    sandbox.line("reg-users remove bert -r a -q").code(0);
    let live = sandbox.line("reg-init export -r a").code(0).json();
    assert_eq!(names(&live["users"]), ["anna", "admin", "carl"]);
    assert_eq!(live["groups"][0]["users"], serde_json::json!(["anna", "ci"]));
    sandbox.sh("reg-init export -r a | reg-init plan -r a --layout - --detailed-exitcode -o name").code(7);
    // The stored layout still wants the one who was removed.
    let plan = sandbox.line("reg-init plan -r a").code(0);
    assert_eq!(changes(&plan.json()), ["create user bert"]);
    assert_eq!(gaps(&plan.json()).len(), 2);
}

#[test]
fn one_who_was_removed_keeps_nothing_else_from_being_changed() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.write("other.yaml", "namespaces: [{name: other}]\n");
    sandbox.sh("reg-up start a --port 0 --layout team.yaml -q | reg-init -r - -q -o name").code(0);
    sandbox.line("reg-users remove bert -r a -q").code(0);
    let ran = sandbox.line("reg-init apply -r a --layout other.yaml -q").code(0);
    assert_eq!(changes(&ran.json()), ["create namespace other"], "nobody is made, and nothing taken away, that was not named");
    sandbox.line("reg-init apply -r a --layout other.yaml -q --detailed-exitcode").code(0);
}

#[test]
fn a_registry_without_a_layout_is_empty() {
    let sandbox = sandbox();
    sandbox.line("reg-up start a --port 0 -q").code(0);
    let exported = sandbox.line("reg-init export -r a").code(0).json();
    assert_eq!(exported["namespaces"], serde_json::json!([]));
    assert_eq!(exported.get("users"), None);
}
