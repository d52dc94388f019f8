//! `setup`: the namespaces of a layout and nothing else, and what is there stays.

use serde_json::json;

use super::{each, with_layout};
use crate::ns::with_registry;
use crate::sandbox;

#[test]
fn the_default_namespaces_come_once() {
    let (sandbox, _) = with_registry();
    let made = sandbox.line("reg-ns setup -r dev -q").code(0).json();
    let names = ["provisioning-extensions", "provisioning-kcl", "provisioning-platform", "provisioning-test"];
    assert_eq!(
        (each(&made, "namespaces", "name"), each(&made, "namespaces", "outcome")),
        (names.map(str::to_owned).to_vec(), vec!["created".to_owned(); 4])
    );
    // Their users are reg-init's.
    sandbox.line("reg-users list -r dev -o name").is(0, "admin\n", "");
    let again = sandbox.line("reg-ns setup -r dev -o table").code(0);
    assert_eq!(again.stdout.matches("unchanged").count(), 4);
    assert!(again.err().starts_with("reg-ns: 0 created, 0 changed, 4 unchanged\n"), "{again:?}");
    sandbox.sh("reg-init layout | reg-ns setup -r dev --layout - -q -o jsonl | grep -c unchanged").is(0, "4\n", "");
}

#[test]
fn what_is_there_changes_only_when_that_was_said() {
    let (sandbox, _) = with_layout("namespaces: [{name: team, quota: 1GiB}, {name: mine}]");
    sandbox.write("new.yaml", "namespaces: [{name: team, quota: 2GiB, description: Ours}, {name: new}]");
    let ran = sandbox.line("reg-ns setup -r dev --layout new.yaml -o table");
    ran.is(
        0,
        "NAME  OUTCOME    DIFFERS\nteam  unchanged  description, quota\nnew   created    -\n",
        "reg-ns: warning: team stays as it is: its description, quota would be another; --update changes it\n\
         reg-ns: 1 created, 0 changed, 1 unchanged\n\
         reg-ns: gap: namespace \"team\", quota: it is measured, not enforced: `reg-ns quota check` tells who is over\n",
    );
    let quota = || sandbox.line("reg-ns info team -r dev").code(0).json()["namespaces"][0]["quota"].clone();
    assert_eq!(quota(), 1 << 30);
    let changed = sandbox.line("reg-ns setup -r dev --layout new.yaml --update -q").code(0).json();
    assert_eq!(changed["namespaces"], json!([{"name": "team", "outcome": "changed"}, {"name": "new", "outcome": "unchanged"}]));
    assert_eq!(quota(), 2_u64 << 30);
    sandbox.line("reg-ns list -r dev -o name").is(0, "mine\nnew\nteam\n", "");
}

#[test]
fn who_is_not_there_can_be_granted_nothing() {
    let (sandbox, _) = with_layout("namespaces: [{name: team}]");
    sandbox.write(
        "users.yaml",
        "namespaces: [{name: new, access: [{subjects: ['user:dora'], actions: [read]}]}]\nusers: [{name: dora}]\n",
    );
    sandbox.line("reg-ns setup -r dev --layout users.yaml").is(
        3,
        "",
        "reg-ns: error: cannot set up the namespaces of embedded at http://127.0.0.1:PORT: the layout that would be: \
         .namespaces[1].access[0].subjects[0]: there is no user \"dora\"\n\
         reg-ns: hint: `reg-init apply` makes users, groups and robots, too\n",
    );
    sandbox.sh("reg-up info dev | reg-ns setup -r - --layout -").is(
        2,
        "",
        "reg-ns: error: standard input cannot be both the registry's document and the layout\n\
         reg-ns: hint: name the registry with -r NAME, or give the layout in a file\n",
    );
    let ran = sandbox.line("reg-ns setup -r dev --layout none.yaml").code(3);
    assert_eq!(ran.err(), "reg-ns: error: cannot read the layout none.yaml: no such file or directory\n");
}

#[test]
fn a_registry_that_a_mode_names_needs_a_layout_that_is_named() {
    let sandbox = sandbox();
    sandbox.write("edge/layout.yaml.not-yet", "");
    sandbox.write(
        "config/reg/config.toml",
        format!(
            "[modes.edge.registry]\ntype = \"embedded\"\nurl = \"http://127.0.0.1:1\"\nlayout = \"{}\"\n",
            sandbox.path("edge/layout.yaml").display()
        ),
    );
    sandbox.line("reg-ns setup -r edge").is(
        2,
        "",
        "reg-ns: error: no layout was named for embedded at http://127.0.0.1:PORT\n\
         reg-ns: hint: `reg-init layout > layout.json` prints one to begin with, --layout FILE names it\n",
    );
}
