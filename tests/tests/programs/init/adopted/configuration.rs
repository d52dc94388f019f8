//! What stands in the configuration beside the layout, and a mode that does not say where it is.

use serde_json::{Value, json};

use super::super::{changes, effect, gaps};
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
fn a_mode_need_not_say_of_which_type_it_is() {
    let Some(Service { sandbox, .. }) = zot(RESTART, RIGHTS) else { return };
    without(&sandbox, "type");
    let exported = sandbox.line("reg-init export -r edge -q").code(0).json();
    assert_eq!(exported["registry"]["type"], "zot");
    assert_eq!(exported["namespaces"][0]["name"], "a");
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

/// Puts rights into a zot's configuration that no layout names.
fn by_hand(sandbox: &reg_tests::sandbox::Sandbox) {
    let path = sandbox.path("etc/zot.json");
    let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    config["http"]["accessControl"]["repositories"]["other/**"] = json!({"anonymousPolicy": ["read"]});
    config["http"]["accessControl"]["adminPolicy"]["users"] = json!(["root", "mallory"]);
    config["storage"]["retention"] =
        json!({"policies": [{"repositories": ["old/**"], "keepTags": [{"mostRecentlyPushedCount": 3}]}]});
    std::fs::write(path, config.to_string()).unwrap();
}

#[test]
fn what_a_zot_grants_beside_its_layout_is_told_and_pruned_by_name() {
    let Some(Service { sandbox, .. }) = zot(RESTART, RIGHTS) else { return };
    sandbox.write("team.yaml", "namespaces: [{name: team}]\nusers: [{name: root}, {name: anna}]\nadmins: [root]\n");
    sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
    by_hand(&sandbox);
    let what = ["pattern \"**/by-hand\"", "pattern \"other/**\"", "admin \"mallory\"", "retention \"old/**\""];
    let told =
        what.map(|what| format!("reg-init: warning: {what}: it stands in the registry's configuration, and not in the layout\n"));
    assert_eq!(sandbox.line("reg-init export -r edge").code(0).err(), told.concat());
    let rows = ["remove pattern **/by-hand", "remove pattern other/**", "remove admin mallory", "remove retention old/**"];
    let pruned = |code| changes(&sandbox.line("reg-init plan -r edge --prune --detailed-exitcode").code(code).json());
    assert_eq!(pruned(7), rows);
    let ran = sandbox.line("reg-init apply -r edge --prune -q").code(0);
    assert_eq!(changes(&ran.json()), rows);
    assert_eq!(pruned(0), [""; 0]);
    assert_eq!(sandbox.line("reg-init export -r edge").code(0).err(), "");
}

#[test]
fn whom_a_distribution_tells_beside_its_layout_goes_by_name() {
    let Some(Service { sandbox, .. }) = distribution() else { return };
    sandbox.write("team.yaml", "namespaces: [{name: team}]\nusers: [{name: root}, {name: anna}]\n");
    sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
    sandbox.sh("printf 'notifications: {endpoints: [{name: ours, url: http://127.0.0.1:1/}]}\\n' >> etc/config.yml").code(0);
    sandbox.line("reg-init export -r edge -o name").is(
        0,
        "team\n",
        "reg-init: warning: webhook \"ours\": it stands in the registry's configuration, and not in the layout\n",
    );
    let plan = sandbox.line("reg-init plan -r edge --prune").code(0).json();
    assert_eq!(changes(&plan), ["remove webhook ours"]);
}
