//! `remove`: the instance goes, the data stays unless it is purged.

use serde_json::json;

use super::{carried, start};
use crate::client::{Client, Image, tag};
use crate::process::{inside, pid, runs, until};
use crate::sandbox;

#[test]
fn data_stays_and_is_found_by_the_next_start() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let image = Image::new(b"kept over a removal");
    Client::of(&first).push("team/app", "v1", &image).unwrap();
    let server = pid(&sandbox, "x");
    let removed = sandbox.run("reg-up", ["remove", "x"]).code(0);
    let data = sandbox.instance("x").join("data");
    assert_eq!(
        removed.stderr,
        format!("reg-up: stopping \"x\"\nreg-up: the data stays in {}; --purge removes it, too\n", data.display())
    );
    assert_eq!(removed.json()["state"], "missing");
    assert_eq!(removed.json()["registry"], carried(&first));
    assert!(!runs(server));
    assert_eq!(sandbox.run("reg-up", ["status", "x"]).code, 8);
    assert_eq!(sandbox.run("reg-up", ["list", "-o", "name"]).stdout, "");
    let left: Vec<_> = std::fs::read_dir(sandbox.instance("x")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["data"]);

    let second = start(&sandbox, "x");
    assert_eq!(Client::of(&second).pull("team/app", &tag("v1")).unwrap(), image.digest);
}

#[test]
fn purge_leaves_nothing() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    Client::of(&first).push("team/app", "v1", &Image::new(b"gone")).unwrap();
    let removed = sandbox.run("reg-up", ["remove", "x", "--purge"]).code(0);
    assert_eq!(removed.stderr, "reg-up: stopping \"x\"\n");
    assert!(!sandbox.instance("x").exists());
    until("its log pump has ended, too", || inside(&sandbox).is_empty());
    let again = sandbox.run("reg-up", ["remove", "x", "--purge"]);
    again.is(
        8,
        "",
        "reg-up: error: there is no instance \"x\"\n\
         reg-up: hint: there are none yet; `reg-up start x` makes one\n",
    );
}

#[test]
fn what_a_removal_left_can_be_purged_later() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    Client::of(&first).push("team/app", "v1", &Image::new(b"gone later")).unwrap();
    sandbox.run("reg-up", ["remove", "x"]).code(0);
    assert_eq!(sandbox.run("reg-up", ["remove", "x"]).code, 8);
    let purged = sandbox.run("reg-up", ["remove", "x", "--purge"]).code(0);
    assert_eq!((&purged.json()["state"], &purged.json()["registry"]), (&json!("missing"), &json!(null)));
    assert!(!sandbox.instance("x").exists());
}

#[test]
fn one_may_be_removed_while_another_reg_up_waits_for_it() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let all = ["stop", "restart", "remove", "remove", "stop", "remove"];
    let all: Vec<_> = all.into_iter().map(|what| crate::process::spawn(&sandbox, "reg-up", &[what, "x"])).collect();
    for child in all {
        let ran = crate::process::ended(&sandbox, child);
        assert!([0, 8].contains(&ran.code), "{ran:?}");
    }
    assert_eq!(sandbox.run("reg-up", ["status", "x"]).code, 8);
    // Nobody left an empty folder behind.
    let left = std::fs::read_dir(sandbox.instance("x")).map(Iterator::count);
    assert!(left.is_err() || left.is_ok_and(|count| count == 1), "more than data is left");
}
