//! How a running zot comes to know of a new configuration: it is seen to read it, else it is restarted, else all is as it was before.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::live;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{Http, changes, effect, logins, snapshot};
use crate::live::Real;
use crate::process::pid;
use crate::sandbox;

const CLOSED: &str = "namespaces: [{name: a, access: [{subjects: [authenticated], actions: [read, create]}]}]\n";
const OPEN: &str = "namespaces: [{name: a, public: true}, {name: b}]\n";

/// A zot with rights.
fn with_zot(program: live::Program) -> Option<(Sandbox, Value, Http)> {
    let real = Real::find("zot", program)?;
    let sandbox = sandbox();
    sandbox.write("htpasswd", logins(&["anna"]));
    sandbox.write("closed.yaml", CLOSED);
    sandbox.write("open.yaml", OPEN);
    let registry = real.start(&sandbox, &["--htpasswd", "htpasswd", "--layout", "closed.yaml", "-q"]);
    let http = Http::of(&registry);
    assert_eq!(http.push(Some(("anna", super::PASSWORD)), "a/x", "v1", "x").1, 201);
    Some((sandbox, registry, http))
}

fn config(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.instance("x").join("zot.json")).unwrap()
}

#[test]
fn rights_are_seen_without_a_restart() {
    let Some((sandbox, _, http)) = with_zot(live::ZOT) else { return };
    let runs = pid(&sandbox, "x");
    let inode = |seen: &std::collections::BTreeMap<_, super::Seen>| seen[std::path::Path::new("zot.json")].inode;
    let before = snapshot(&sandbox.instance("x"));
    for (file, expected) in [("open", 200), ("closed", 401), ("open", 200)] {
        let ran = sandbox.line(&format!("reg-init apply -r x --layout {file}.yaml -q")).code(0);
        assert!(effect(&ran).ends_with("it was seen to read its configuration again"), "{ran:?}");
        assert_eq!(http.status(None, "GET", "/v2/a/x/manifests/v1"), expected, "{file}");
        assert!(!config(&sandbox).contains("reg-mark-"));
    }
    assert_eq!(pid(&sandbox, "x"), runs);
    let after = snapshot(&sandbox.instance("x"));
    assert_eq!(inode(&after), inode(&before));
    sandbox.line("reg-init apply -r x --layout open.yaml -q --detailed-exitcode").code(0);
    assert_eq!(snapshot(&sandbox.instance("x")), after);
}

#[test]
fn one_that_lost_sight_of_its_file_is_restarted() {
    let Some((sandbox, _, http)) = with_zot(live::ZOT) else { return };
    // As an editor writes: another file in its place, which zot never looks at again.
    sandbox.sh("cd state/reg/instances/x && cp zot.json other && mv other zot.json").code(0);
    let before = pid(&sandbox, "x");
    let ran = sandbox.line("reg-init apply -r x --layout open.yaml").code(0);
    assert!(effect(&ran).ends_with("it was restarted: it was not seen to read its configuration"), "{ran:?}");
    assert!(
        ran.err().contains("reg-init: restarting zot at http://127.0.0.1:PORT: it was not seen to read its configuration\n"),
        "{ran:?}"
    );
    assert_ne!(pid(&sandbox, "x"), before);
    assert_eq!(http.status(None, "GET", "/v2/a/x/manifests/v1"), 200);
    sandbox.line("reg-init apply -r x --layout open.yaml -q --detailed-exitcode").code(0);
}

#[test]
fn what_somebody_changed_by_hand_is_put_right() {
    let Some((sandbox, _, http)) = with_zot(live::ZOT) else { return };
    let mut open: Value = serde_json::from_str(&config(&sandbox)).unwrap();
    open["http"]["accessControl"]["repositories"]["a/**"]["anonymousPolicy"] = serde_json::json!(["read", "create"]);
    open["http"]["accessControl"]["repositories"]["other/**"] = serde_json::json!({"anonymousPolicy": ["read"]});
    std::fs::write(sandbox.instance("x").join("zot.json"), format!("{open:#}\n")).unwrap();
    crate::eventually(|| (http.push(None, "a/x", "v2", "y").1 == 201).then_some(()));
    let ran = sandbox.line("reg-init -r x -q").code(0);
    assert_eq!(changes(&ran.json()), ["change config zot.json"]);
    assert_eq!(http.push(None, "a/x", "v3", "z").1, 401);
    // What is about no namespace of the layout belongs to somebody else.
    assert!(config(&sandbox).contains("other/**"));
    let pruned = sandbox.line("reg-init -r x -q --prune").code(0);
    assert_eq!(changes(&pruned.json()), ["remove user anna", "remove pattern other/**"]);
    assert!(!config(&sandbox).contains("other/**"));
}

#[test]
fn a_configuration_that_it_would_refuse_changes_nothing() {
    let Some((sandbox, _, http)) = with_zot(live::ZOT) else { return };
    let broken = config(&sandbox).replace("\"storage\": {", "\"storage\": {\n    \"colour\": \"red\",");
    std::fs::write(sandbox.instance("x").join("zot.json"), broken).unwrap();
    let (before, runs) = (snapshot(&sandbox.instance("x")), pid(&sandbox, "x"));
    sandbox.line("reg-init apply -r x --layout open.yaml -q").is(
        3,
        "",
        "reg-init: error: cannot set zot at http://127.0.0.1:PORT up: the registry would not take its new configuration: \
         storage.colour: zot knows no such key, and does not start with it\n",
    );
    assert_eq!(snapshot(&sandbox.instance("x")), before);
    assert_eq!(pid(&sandbox, "x"), runs);
    assert_eq!(http.status(None, "GET", "/v2/a/x/manifests/v1"), 401);
}

#[test]
fn one_that_does_not_come_up_again_gets_its_old_files_back() {
    let Some(zot) = live::ZOT.find() else { return };
    let sandbox = sandbox();
    // It is a zot, but for what it does with a configuration that tells somebody.
    let script =
        format!("#!/bin/sh\n[ \"$1\" != serve ] || ! grep -q ci.example \"$2\" || exit 1\nexec {} \"$@\"\n", zot.display());
    let binary = sandbox.write("zot", script);
    std::fs::set_permissions(&binary, std::fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.write("closed.yaml", CLOSED);
    sandbox
        .write("hook.yaml", format!("{CLOSED}webhooks: [{{name: ci, url: 'https://ci.example/hook'}}]\nusers: [{{name: bert}}]\n"));
    sandbox.line(&format!("reg-up start x --port 0 --type zot --binary {} --layout closed.yaml -q", binary.display())).code(0);
    let files = || {
        let mut all = snapshot(&sandbox.instance("x"));
        all.retain(|name, _| {
            ["zot.json", "htpasswd", "layout.json", "settings.json"].iter().any(|one| name == std::path::Path::new(one))
        });
        all.into_iter().map(|(name, seen)| (name, seen.bytes)).collect::<Vec<_>>()
    };
    let before = files();
    let ran = sandbox.line("reg-init apply -r x --layout hook.yaml -q");
    assert_eq!(ran.code, 1, "{ran:?}");
    let what = "reg-init: error: cannot set zot at http://127.0.0.1:PORT up: the registry does not run with the new layout, so all is as it was before: ";
    assert!(ran.err().contains(what), "{ran:?}");
    assert!(!ran.err().contains("not everything"), "{ran:?}");
    assert_eq!(files(), before);
    assert_eq!(sandbox.line("reg-up status x").code(0).json()["state"], "running");
    sandbox.line("reg-init -r x --layout closed.yaml -q --detailed-exitcode").code(0);
}

#[test]
fn an_old_zot_reads_its_users_when_it_is_restarted() {
    let Some((sandbox, _, http)) = with_zot(live::ZOT_OLD) else { return };
    sandbox.write("users.yaml", "namespaces: [{name: a}]\nusers: [{name: bert}]\n");
    let ran = sandbox.line("reg-init apply -r x --layout users.yaml -q").code(0);
    assert!(effect(&ran).ends_with("it was restarted: it reads its users only when it starts"), "{ran:?}");
    let bert = super::generated(&sandbox, "x", "bert");
    assert_eq!(http.status(Some(("bert", &bert)), "GET", "/v2/a/x/tags/list"), 403);
    // Rights alone it sees as it runs.
    let before = pid(&sandbox, "x");
    let ran = sandbox.line("reg-init apply -r x --layout open.yaml -q").code(0);
    assert!(effect(&ran).ends_with("it was seen to read its configuration again"), "{ran:?}");
    assert_eq!(http.status(None, "GET", "/v2/a/x/manifests/v1"), 200);
    assert_eq!(pid(&sandbox, "x"), before);
}

#[test]
fn what_an_old_zot_and_half_a_right_do_is_told() {
    let Some((sandbox, ..)) = with_zot(live::ZOT_OLD) else { return };
    sandbox.write(
        "half.yaml",
        "namespaces:
  - {name: a, access: [{subjects: [authenticated], actions: [read, create]}]}
  - {name: b, access: [{subjects: [authenticated], actions: [read, update]}]}
webhooks: [{name: ci, url: 'https://ci.example'}]
",
    );
    let plan = sandbox.line("reg-init plan -r x --layout half.yaml").code(0).json();
    assert_eq!(
        plan["gaps"],
        serde_json::json!([
            {"object": "namespace", "name": "a", "field": "access",
             "reason": "before 2.1.15, zot lets who may create push the tag latest again without a right to update"},
            {"object": "namespace", "name": "b", "field": "access",
             "reason": "zot takes layers of those alone who may create: who may only update moves tags to what is there already"},
            {"object": "webhook", "name": "ci", "field": "url", "reason": "zot tells others since 2.1.3"},
        ])
    );
}
