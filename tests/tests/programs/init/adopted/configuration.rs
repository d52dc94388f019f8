//! What stands in the configuration of somebody else's registry.

use serde_json::Value;

use super::super::effect;
use super::{RESTART, Service, zot};

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
