//! The first rights of a zot that had none: nobody is locked out in silence.

use super::super::{PASSWORD, changes, snapshot};
use super::{RESTART, Service, without, zot};

const NO_ADMIN: &str = "nobody would be an administrator: zot at http://127.0.0.1:PORT has no rights yet, and with the first ones all outside \
                        of the layout's namespaces is for administrators";
const NAME_ONE: &str =
    "name a user in the layout, like `admins: [root]`; or name the `credential` of one in its mode of the config file";

#[test]
fn whoever_begins_the_rights_of_a_zot_is_not_locked_out() {
    let Some(Service { sandbox, http }) = zot(RESTART, "") else { return };
    let root = Some(("root", PASSWORD));
    assert_eq!(http.push(root, "prod/app", "v1", "x").1, 201);
    let warned = "zot at http://127.0.0.1:PORT looks at rights from now on: all outside of the layout's namespaces is for administrators \
                  alone (root)\n";
    let ran = sandbox.line("reg-ns create team -r edge -q").code(0);
    assert_eq!(ran.err(), format!("reg-ns: warning: {warned}"));
    assert_eq!(http.status(root, "GET", "/v2/prod/app/manifests/v1"), 200);
    assert_eq!(http.status(Some(("anna", PASSWORD)), "GET", "/v2/prod/app/manifests/v1"), 403);
    assert!(std::fs::read_to_string(sandbox.path("etc/edge.yaml")).unwrap().contains("\"root\""));
    // It is told once, and stays so.
    sandbox.write("team.yaml", "namespaces: [{name: team}]\n");
    let again = sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
    assert_eq!(again.err(), "");
    assert_eq!(http.status(root, "GET", "/v2/prod/app/manifests/v1"), 200);
}

#[test]
fn rights_do_not_begin_without_an_administrator() {
    let Some(Service { sandbox, .. }) = zot(RESTART, "") else { return };
    sandbox.write("team.yaml", "namespaces: [{name: team}]\n");
    let plan = sandbox.line("reg-init plan -r edge --layout team.yaml").code(0);
    assert_eq!(changes(&plan.json()), ["create namespace team", "create admin root"]);
    without(&sandbox, "credential");
    let before = snapshot(&sandbox.path("etc"));
    sandbox.line("reg-init apply -r edge --layout team.yaml -q").is(
        3,
        "",
        &format!("reg-init: error: {NO_ADMIN}\nreg-init: hint: {NAME_ONE}\n"),
    );
    let cannot = "cannot create namespace \"team\" on zot at http://127.0.0.1:PORT";
    sandbox.line("reg-ns create team -r edge -q").is(
        3,
        "",
        &format!("reg-ns: error: {cannot}: {NO_ADMIN}\nreg-ns: hint: {NAME_ONE}\n"),
    );
    assert_eq!(snapshot(&sandbox.path("etc")), before);
}
