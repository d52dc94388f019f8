//! `reg-up start --layout`: a registry that has its layout from its first moment.

use serde_json::json;

use super::{Http, changes, generated, logins, snapshot};
use crate::process::pid;
use crate::sandbox;
use reg_tests::live;

const TEAM: &str = "namespaces: [{name: team, public: true}]\nusers: [{name: anna}]\nadmins: [anna]\n";

#[test]
fn a_new_instance_has_the_layout_and_an_administrator() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    let started = sandbox.line("reg-up start dev --port 0 --layout team.yaml").code(0);
    assert_eq!(started.err(), "reg-up: starting \"dev\" (embedded VERSION) at http://127.0.0.1:PORT\n");
    let registry = started.json();
    let file = sandbox.instance("dev").join("admin.password");
    assert_eq!(registry["credential"], json!({"username": "admin", "passwordFile": file}));
    assert_eq!((&registry["instance"]["layout"], &registry["instance"]["htpasswd"]), (&json!("layout.json"), &json!("htpasswd")));
    let seen = snapshot(&sandbox.instance("dev"));
    assert!(["admin.password", "htpasswd", "layout.json"].iter().all(|file| seen[std::path::Path::new(file)].mode == 0o600));
    let http = Http::of(&registry);
    let admin = generated(&sandbox, "dev", "admin");
    assert_eq!(http.push(Some(("admin", &admin)), "team/x", "v1", "x").1, 201);
    assert_eq!(http.status(None, "GET", "/v2/team/x/manifests/v1"), 200);
    assert_eq!(http.push(None, "team/x", "v2", "x").1, 401);
    // Its other users are made by reg-init, which the pipe leads to.
    let plan = sandbox.run_with("reg-init", ["plan", "-r", "-"], &registry.to_string()).code(0);
    assert_eq!(changes(&plan.json()), ["create user anna"]);
}

#[test]
fn with_the_same_layout_nothing_changes() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.line("reg-up start dev --port 0 --layout team.yaml -q").code(0);
    let (before, runs) = (snapshot(&sandbox.instance("dev")), pid(&sandbox, "dev"));
    for line in ["reg-up start dev --layout team.yaml", "reg-up start dev", "reg-up start dev --layout -"] {
        sandbox.line_with(&format!("{line} -q -o name"), TEAM).is(0, "dev\n", "");
        assert_eq!(snapshot(&sandbox.instance("dev")), before, "{line}");
        assert_eq!(pid(&sandbox, "dev"), runs, "{line}");
    }
}

#[test]
fn another_layout_is_laid_over_the_one_that_is_there() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.write("other.yaml", "namespaces: [{name: team}, {name: other}]\n");
    sandbox.line("reg-up start dev --port 0 --layout team.yaml -q").code(0);
    sandbox.line("reg-init -r dev -q").code(0);
    let anna = generated(&sandbox, "dev", "anna");
    let ran = sandbox.line("reg-up start dev --layout other.yaml -q");
    if ran.code != 0 {
        // It runs with other settings: that is said, and how it is done.
        assert_eq!(ran.code, 9, "{ran:?}");
        sandbox.line("reg-up start dev --replace --layout other.yaml -q").code(0);
    }
    let now = sandbox.line("reg-init export -r dev").code(0).json();
    let names: Vec<_> =
        now["namespaces"].as_array().unwrap().iter().map(|one| (one["name"].clone(), one["public"].clone())).collect();
    assert_eq!(names, [(json!("team"), json!(false)), (json!("other"), json!(false))]);
    sandbox.line_with("reg-users verify anna -r dev --password-stdin -q", &anna).code(0);
}

#[test]
fn users_of_ones_own_stay_and_the_administrator_comes_to_them() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.write("htpasswd", logins(&["bert"]));
    sandbox.line("reg-up start dev --port 0 --htpasswd htpasswd --layout team.yaml -q").code(0);
    sandbox.line("reg-users list -r dev -o name").is(0, "bert\nadmin\n", "");
    // An administrator of one's own is the one.
    sandbox.write("htpasswd", logins(&["admin"]));
    let own = sandbox.line("reg-up start own --port 0 --htpasswd htpasswd --layout team.yaml -q").code(0).json();
    assert!(!sandbox.instance("own").join("admin.password").exists());
    assert_eq!(own.get("credential"), None, "nobody knows the password but who wrote it");
    let http = Http::of(&own);
    assert_eq!(http.push(Some(("admin", super::PASSWORD)), "team/x", "v1", "x").1, 201);
    sandbox.write("password", format!("{}\n", super::PASSWORD));
    sandbox.line("reg-init -r own -u admin --password-file password -q").code(0);
}

#[test]
fn without_takes_the_layout_away() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.line("reg-up start dev --port 0 --layout team.yaml -q").code(0);
    sandbox.line("reg-up configure dev --without htpasswd -q").is(
        2,
        "",
        "reg-up: error: cannot configure \"dev\": without users nobody could use a registry that has a layout\n\
         reg-up: hint: `--without layout,htpasswd` takes both away\n",
    );
    let bare = sandbox.line("reg-up configure dev --without layout,htpasswd -q").code(0).json();
    assert_eq!(bare["instance"].get("layout"), None);
    assert_eq!(Http::of(&bare).push(None, "anything/x", "v1", "x").1, 201, "it is open again");
    // With users and without a layout whoever logs in may do everything.
    sandbox.write("htpasswd", logins(&["anna"]));
    sandbox.line("reg-up start both --port 0 --htpasswd htpasswd --layout team.yaml -q").code(0);
    let users = sandbox.line("reg-up configure both --without layout -q").code(0).json();
    let http = Http::of(&users);
    assert_eq!(http.push(Some(("anna", super::PASSWORD)), "anything/x", "v1", "x").1, 201);
    assert_eq!(http.status(None, "GET", "/v2/anything/x/manifests/v1"), 401);
}

#[test]
fn a_stopped_instance_starts_with_it() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.line("reg-up start dev --port 0 -q").code(0);
    sandbox.line("reg-up stop dev -q").code(0);
    let registry = sandbox.line("reg-up start dev --layout team.yaml -q").code(0).json();
    let http = Http::of(&registry);
    assert_eq!(http.push(None, "team/x", "v1", "x").1, 401);
    assert_eq!(http.push(Some(("admin", &generated(&sandbox, "dev", "admin"))), "team/x", "v1", "x").1, 201);
}

#[test]
fn a_layout_that_is_wrong_leaves_nothing_behind() {
    let sandbox = sandbox();
    sandbox.line_with("reg-up start dev --port 0 --layout -", "namespaces: [{name: A}]\n").is(
        3,
        "",
        "reg-up: error: cannot start \"dev\": standard input: .namespaces[0].name: \"A\" is not a repository name: it has upper-case letters\n",
    );
    sandbox.line("reg-up start dev --port 0 --layout none").is(
        3,
        "",
        "reg-up: error: cannot start \"dev\": cannot read the layout none: no such file or directory\n",
    );
    assert!(!sandbox.instance("dev").exists());
}

#[test]
fn a_zot_is_rendered_with_its_rights() {
    let Some(zot) = live::ZOT.find() else { return };
    let sandbox = sandbox();
    sandbox.write("team.yaml", "namespaces: [{name: team, public: true, access: [{subjects: ['user:anna'], actions: [read, create]}]}]\nusers: [{name: anna}]\n");
    let render = format!("reg-up render dev --type zot --binary {} --layout team.yaml -o json", zot.display());
    let files = sandbox.line(&render).code(0).json();
    let rendered: serde_json::Value = serde_json::from_str(files["files"][0]["content"].as_str().unwrap()).unwrap();
    assert_eq!(
        rendered["http"]["accessControl"],
        json!({
            "repositories": {"team/**": {
                "policies": [{"users": ["anna"], "actions": ["read", "create"]}],
                "defaultPolicy": ["read"],
                "anonymousPolicy": ["read"],
            }},
            "adminPolicy": {"users": ["admin"], "actions": ["read", "create", "update", "delete"]},
            "metrics": {"users": ["admin"]},
        })
    );
    assert!(!sandbox.instance("dev").exists(), "it is shown, not made");
}

#[test]
fn a_distribution_asks_for_a_login() {
    let Some(real) = crate::live::Real::find("distribution", live::DISTRIBUTION) else { return };
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    let registry = real.start(&sandbox, &["--layout", "team.yaml", "-q"]);
    let http = Http::of(&registry);
    let admin = generated(&sandbox, "x", "admin");
    assert_eq!(http.status(None, "GET", "/v2/"), 401);
    assert_eq!(http.status(Some(("admin", &admin)), "GET", "/v2/"), 200);
}
