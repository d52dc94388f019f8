//! `plan`: what would change, and nothing is written.

use serde_json::json;

use super::{changes, snapshot};
use crate::process::pid;
use crate::{sandbox, with_instance};

#[test]
fn a_plan_writes_nothing_at_all() {
    let sandbox = with_instance("dev");
    let (before, runs) = (snapshot(&sandbox.instance("dev")), pid(&sandbox, "dev"));
    let ran = sandbox.line("reg-init plan -r dev").code(0);
    assert_eq!(ran.stderr, "");
    let plan = ran.json();
    assert_eq!(plan["counts"], json!({"create": 11, "change": 0, "remove": 0}));
    assert_eq!(plan["registry"]["name"], "dev");
    assert_eq!(snapshot(&sandbox.instance("dev")), before);
    assert_eq!(pid(&sandbox, "dev"), runs);
}

#[test]
fn it_is_what_apply_does() {
    let sandbox = with_instance("dev");
    sandbox
        .write("team.yaml", "namespaces: [{name: a, quota: 1MiB}]\nusers: [{name: anna}]\nrobots: [{name: ci, expiresDays: 3}]\n");
    let plan = sandbox.line("reg-init plan -r dev --layout team.yaml").code(0).json();
    let done = sandbox.line("reg-init apply -r dev --layout team.yaml -q").code(0).json();
    assert_eq!(plan["changes"], done["changes"]);
    assert_eq!(plan["gaps"], done["gaps"]);
    assert_eq!(
        plan["gaps"],
        json!([
            {"object": "namespace", "name": "a", "field": "quota",
             "reason": "it is measured, not enforced: `reg-ns quota check` tells who is over"},
            {"object": "robot", "name": "ci", "field": "expiresDays", "reason": "a login of an htpasswd file does not end by itself"},
        ])
    );
}

#[test]
fn it_is_a_table_names_or_lines() {
    let sandbox = sandbox();
    sandbox.write("a.yaml", "namespaces: [{name: a, public: true}]\n");
    sandbox.write("b.yaml", "namespaces: [{name: a}, {name: b}]\n");
    sandbox.line("reg-up start dev --port 0 --layout a.yaml -q").code(0);
    sandbox.line("reg-init plan -r dev --layout b.yaml -o table").is(
        0,
        "VERB    OBJECT     NAME  FIELD\nchange  namespace  a     public\ncreate  namespace  b     -\n",
        "",
    );
    sandbox.line("reg-init plan -r dev --layout b.yaml -o name").is(0, "a\nb\n", "");
    sandbox.line("reg-init plan -r dev --layout b.yaml -o jsonl").is(
        0,
        "{\"verb\":\"change\",\"object\":\"namespace\",\"name\":\"a\",\"field\":\"public\",\"before\":true,\"after\":false}\n\
         {\"verb\":\"create\",\"object\":\"namespace\",\"name\":\"b\",\"after\":{\"name\":\"b\",\"public\":false}}\n",
        "",
    );
}

#[test]
fn prune_plans_what_goes() {
    let sandbox = sandbox();
    sandbox.write("a.yaml", "namespaces: [{name: a}]\nusers: [{name: anna}]\n");
    sandbox.write("b.yaml", "namespaces: [{name: b}]\n");
    sandbox.line("reg-up start dev --port 0 --layout a.yaml -q").code(0);
    sandbox.line("reg-init -r dev -q").code(0);
    let plan = |more: &str| changes(&sandbox.line(&format!("reg-init plan -r dev --layout b.yaml{more}")).code(0).json());
    assert_eq!(plan(""), ["create namespace b"]);
    assert_eq!(plan(" --prune"), ["create namespace b", "remove namespace a", "remove user anna"]);
}

#[test]
fn a_stopped_instance_is_planned_for_too() {
    let sandbox = with_instance("dev");
    sandbox.line("reg-up stop dev -q").code(0);
    sandbox.line("reg-init plan -r dev -q --detailed-exitcode").code(7);
}
