//! Whether somebody else's registry knows what is written, and whether it was restarted, is seen, not believed.

use reg_tests::live;

use super::super::{PASSWORD, changes, effect};
use super::{RESTART, RIGHTS, Service, runs, zot, zot_of};
use crate::eventually;

#[test]
fn a_zot_that_anybody_may_read_is_seen_to_read_its_configuration() {
    let rights = RIGHTS.replace("**/by-hand", "**");
    let Some(Service { sandbox, http }) = zot("", &rights) else { return };
    for name in ["one", "two"] {
        sandbox.write("team.yaml", format!("namespaces: [{{name: {name}}}]\n"));
        let ran = sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
        assert_eq!(effect(&ran), "1 change: it was seen to read its configuration again");
        assert_eq!(http.status(None, "GET", &format!("/v2/{name}/x/tags/list")), 401);
    }
    assert_eq!(http.status(None, "GET", "/v2/other/tags/list"), 404);
    assert!(!std::fs::read_to_string(sandbox.path("etc/zot.json")).unwrap().contains("reg-mark-"));
}

#[test]
fn an_old_zot_whose_release_is_not_known_is_restarted_for_its_users() {
    let Some(Service { sandbox, http }) = zot_of(live::ZOT_OLD, RESTART, RIGHTS) else { return };
    sandbox.write("team.yaml", "users: [{name: root}, {name: bert}]\n");
    let before = runs(&sandbox);
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml --out passwords -q").code(0);
    assert_eq!(effect(&ran), "1 change: it was restarted: it was not seen to read its users");
    assert_ne!(runs(&sandbox), before);
    let bert = std::fs::read_to_string(sandbox.path("passwords/bert.password")).unwrap();
    let bert = Some(("bert", bert.trim()));
    assert_eq!(http.status(bert, "GET", "/v2/"), 200);
    assert!(!std::fs::read_to_string(sandbox.path("etc/htpasswd")).unwrap().contains("reg-mark-"));
    // Who goes is gone.
    sandbox.write("team.yaml", "namespaces: [{name: a}]\nusers: [{name: root}, {name: anna}]\nadmins: [root]\n");
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml --prune -q").code(0);
    assert_eq!(changes(&ran.json()), ["change namespace a access", "remove user bert", "remove pattern **/by-hand"]);
    assert_eq!(http.status(bert, "GET", "/v2/"), 401);
}

#[test]
fn a_new_zot_whose_release_is_not_known_is_seen_to_read_its_users() {
    let Some(Service { sandbox, http }) = zot("", RIGHTS) else { return };
    sandbox.write("team.yaml", "users: [{name: root}, {name: bert}]\n");
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml --out passwords -q").code(0);
    assert_eq!(effect(&ran), "1 change: it was seen to read its configuration again");
    let bert = std::fs::read_to_string(sandbox.path("passwords/bert.password")).unwrap();
    assert_eq!(http.status(Some(("bert", bert.trim())), "GET", "/v2/"), 200);
    let left = || std::fs::read_to_string(sandbox.path("etc/htpasswd")).unwrap().contains("reg-mark-");
    assert!(!left());
    // What a killed program left is nobody, and goes with the next change.
    sandbox.sh("sed -n 's/^anna:/reg-mark-0:/p' etc/htpasswd >> etc/htpasswd").code(0);
    let users = sandbox.line("reg-init export -r edge -q").code(0).json()["users"].to_string();
    assert!(!users.contains("reg-mark-"), "{users}");
    sandbox.write("team.yaml", "users: [{name: root}, {name: bert}]\nnamespaces: [{name: team}]\n");
    sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
    assert!(!left());
}

#[test]
fn a_restart_is_waited_for_also_where_its_command_is_not() {
    let later = "restartCommand = \"(sleep 1; sh service) > later 2>&1 &\"\n";
    let Some(Service { sandbox, http }) = zot(later, "") else { return };
    sandbox.write("team.yaml", "namespaces: [{name: team}]\nusers: [{name: root}, {name: anna}]\nadmins: [root]\n");
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
    assert_eq!(effect(&ran), "2 changes: it was restarted: it begins to look at rights only when it starts");
    assert_eq!(http.status(Some(("anna", PASSWORD)), "GET", "/v2/team/x/tags/list"), 403);
}

#[test]
fn a_restart_that_is_none_is_not_told_as_one() {
    let Some(Service { sandbox, http }) = zot("restartCommand = \"true\"\n", "") else { return };
    sandbox.write("team.yaml", "namespaces: [{name: team}]\nusers: [{name: root}, {name: anna}]\nadmins: [root]\n");
    let files = ["etc/zot.json", "etc/htpasswd", "etc/edge.yaml"];
    let bytes = || files.map(|file| std::fs::read(sandbox.path(file)).ok());
    let before = bytes();
    sandbox.line("reg-init apply -r edge --layout team.yaml -q").is(
        1,
        "",
        "reg-init: warning: zot at http://127.0.0.1:PORT looks at rights from now on: all outside of the layout's namespaces is for \
         administrators alone (root)\n\
         reg-init: error: cannot set zot at http://127.0.0.1:PORT up: the registry does not run with the new layout, so all is as it was \
         before: it was not seen to read its configuration after its `restartCommand`\n\
         reg-init: hint: the command must restart it, and come back when that is done\n",
    );
    assert_eq!(bytes(), before);
    eventually(|| (http.status(Some(("anna", PASSWORD)), "GET", "/v2/team/x/tags/list") == 404).then_some(()));
}
