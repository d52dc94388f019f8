//! What stands in the configuration beside the layout, and a mode that does not say where it is.

use serde_json::Value;

use super::super::{effect, gaps};
use super::{RESTART, RIGHTS, Service, distribution, without, zot};

const HOOKED: &str = "namespaces: [{name: team, retention: {keepLast: 3}}]\nusers: [{name: root}]\nadmins: [root]\n\
                      webhooks: [{name: ci, url: 'https://ci.example/'}]\n";

#[test]
fn what_stands_in_a_configuration_that_is_not_named_is_a_gap() {
    let Some(Service { sandbox, .. }) = zot(RESTART, RIGHTS) else { return };
    without(&sandbox, "config");
    sandbox.write("team.yaml", HOOKED);
    let plan = sandbox.line("reg-init plan -r edge --layout team.yaml").code(0).json();
    assert_eq!(gaps(&plan), ["admin root ", "namespace team access", "namespace team retention", "webhook ci url"]);
    let reason = "its configuration is not named: `config` in its mode of the config file names it";
    assert!(plan["gaps"].as_array().unwrap().iter().all(|gap| gap["reason"] == reason), "{plan}");
    sandbox.line("reg-init apply -r edge --layout team.yaml --strict -q").is(
        6,
        "",
        &format!(
            "reg-init: error: the registry cannot do all that the layout says: admin \"root\": {reason}, and 3 more\n\
             reg-init: hint: without --strict the rest is done, and what cannot be is told\n"
        ),
    );
}

#[test]
fn so_are_the_webhooks_of_a_distribution() {
    let Some(Service { sandbox, .. }) = distribution() else { return };
    without(&sandbox, "config");
    sandbox.write("team.yaml", HOOKED);
    let plan = sandbox.line("reg-init plan -r edge --layout team.yaml").code(0).json();
    assert_eq!(gaps(&plan), ["namespace team access", "namespace team retention", "webhook ci url"]);
}

#[test]
fn keys_in_another_case_are_found_and_replaced() {
    let rights = ", \"accesscontrol\": {\"Repositories\": {\"a/**\": {\"DefaultPolicy\": [\"read\"]}}, \
                  \"adminpolicy\": {\"users\": [\"root\"], \"actions\": [\"read\", \"create\", \"update\", \"delete\"]}}";
    let Some(Service { sandbox, .. }) = zot(RESTART, rights) else { return };
    sandbox.line("reg-init export -r edge -o name").is(0, "a\n", "");
    sandbox.write("team.yaml", "namespaces: [{name: team}]\n");
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
    assert_eq!(effect(&ran), "1 change: it was seen to read its configuration again");
    let config: Value = serde_json::from_slice(&std::fs::read(sandbox.path("etc/zot.json")).unwrap()).unwrap();
    let keys: Vec<&String> = config["http"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["address", "port", "auth", "accesscontrol"]);
}
