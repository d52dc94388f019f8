//! Distribution: users and webhooks are set up, and what it cannot do is told.

use reg_tests::live;

use super::{Http, changes, effect, gaps, generated};
use crate::live::Real;
use crate::process::pid;
use crate::sandbox;

fn the_default_layout(real: &Real) {
    let sandbox = sandbox();
    real.start(&sandbox, &["-q"]);
    let ran = sandbox.line("reg-init -r x -q").code(0);
    assert_eq!(changes(&ran.json()).len(), 11);
    let names = ["provisioning-extensions", "provisioning-kcl", "provisioning-platform", "provisioning-test"];
    let mut expected: Vec<String> =
        names.iter().flat_map(|name| ["access", "retention"].map(|field| format!("namespace {name} {field}"))).collect();
    expected.insert(expected.len() - 1, "namespace provisioning-test public".to_owned());
    assert_eq!(gaps(&ran.json()), expected);
    assert_eq!(effect(&ran), "11 changes: it was restarted: nobody had to log in before");
    let registry = ran.json()["registry"].clone();
    let http = Http::of(&registry);
    let tester = generated(&sandbox, "x", "tester");
    // A gap is no promise: whoever logs in may do everything here.
    assert_eq!(http.status(None, "GET", "/v2/"), 401);
    assert_eq!(http.push(Some(("tester", &tester)), "provisioning-platform/x", "v1", "x").1, 201);
    let (runs, again) = (pid(&sandbox, "x"), sandbox.line("reg-init -r x -q --detailed-exitcode").code(0));
    assert_eq!(effect(&again), "nothing had to change");
    sandbox.write("more.yaml", "namespaces: []\nusers: [{name: bert}]\n");
    let more = sandbox.line("reg-init apply -r x --layout more.yaml -q").code(0);
    assert_eq!(effect(&more), "1 change: it reads its files again by itself");
    assert_eq!(pid(&sandbox, "x"), runs);
    let bert = generated(&sandbox, "x", "bert");
    crate::eventually(|| (http.status(Some(("bert", &bert)), "GET", "/v2/") == 200).then_some(()));
    sandbox.line("reg-init apply -r x --strict -q").code(6);
}

#[test]
fn two_becomes_what_it_can() {
    Real::find("distribution", live::DISTRIBUTION).iter().for_each(the_default_layout);
}

#[test]
fn three_becomes_what_it_can() {
    Real::find("distribution", live::DISTRIBUTION3).iter().for_each(the_default_layout);
}
