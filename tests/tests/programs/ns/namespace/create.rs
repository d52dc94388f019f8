//! `create`: what comes to be, what is there already, and what cannot have a layout.

use serde_json::json;

use super::{each, with_layout, with_user};
use crate::client::{Client, Image};
use crate::ns::with_registry;
use crate::process;
use crate::sandbox;

const LAYOUT: &str = "namespaces: [{name: other}]";

/// The namespace as the stored layout says it.
fn stored(sandbox: &reg_tests::sandbox::Sandbox, name: &str) -> serde_json::Value {
    let layout = sandbox.line("reg-init export -r dev").code(0).json();
    layout["namespaces"].as_array().unwrap().iter().find(|namespace| namespace["name"] == name).cloned().unwrap_or_default()
}

#[test]
fn a_namespace_has_what_the_flags_say() {
    let (sandbox, _) = with_layout(LAYOUT);
    sandbox.line("reg-ns create plain -r dev -o table").is(
        0,
        "NAME   OUTCOME\nplain  created\n",
        "reg-ns: created namespace \"plain\" on embedded at http://127.0.0.1:PORT: it reads its files again by itself\n",
    );
    let access = json!([{"subjects": ["authenticated"], "actions": ["read", "create", "update"]}]);
    assert_eq!(stored(&sandbox, "plain"), json!({"name": "plain", "public": false, "access": access}));
    let flags = "--description Ours --public --quota 10GiB --keep-last 3 --keep-days 30 --access none";
    let made = sandbox.line(&format!("reg-ns create team/app {flags} -r dev -q")).code(0).json();
    assert_eq!(
        stored(&sandbox, "team/app"),
        json!({"name": "team/app", "description": "Ours", "public": true, "quota": 10_u64 << 30,
            "retention": [{"keepLast": 3, "keepDays": 30}]})
    );
    assert_eq!(each(&made, "gaps", "field"), ["quota", "retention"], "what the registry cannot do is told");
    assert_eq!(made["passwordFiles"], json!([]));
    assert_ne!(stored(&sandbox, "other"), json!({}), "the others stay");
}

#[test]
fn it_is_in_force_at_once() {
    let (sandbox, _) = with_layout(LAYOUT);
    let dora = with_user(&sandbox, "dora");
    let (client, image) = (Client::of(&dora), Image::new(b"a layer"));
    client.push("team/app", "v1", &image).unwrap_err();
    sandbox.line("reg-ns create team -r dev -q -o name").is(0, "team\n", "");
    client.push("team/app", "v1", &image).unwrap();
    let repository = "team/app".parse().unwrap();
    let fault = client.run(async |oci| oci.manifest_delete(&repository, &image.digest).await).unwrap_err();
    assert_eq!(fault.kind().code(), 5, "who may push need not delete: {fault}");
    sandbox.line("reg-ns create closed --access none -r dev -q -o name").is(0, "closed\n", "");
    client.push("closed/app", "v1", &image).unwrap_err();
}

#[test]
fn one_that_is_there_is_a_conflict_or_accepted() {
    let (sandbox, _) = with_layout(LAYOUT);
    sandbox.line("reg-ns create team --quota 1GiB --keep-last 3 -r dev -q -o name").code(0);
    let before = stored(&sandbox, "team");
    sandbox.line("reg-ns create team --quota 1GiB --keep-last 3 -r dev").is(
        9,
        "",
        "reg-ns: error: cannot create namespace \"team\" on embedded at http://127.0.0.1:PORT: conflict: the namespace already exists\n\
         reg-ns: hint: `reg-ns list -r dev` shows what is there; `reg-ns create --exist-ok` accepts it\n",
    );
    for flags in ["", " --quota 1GiB", " --keep-last 3 --access authenticated"] {
        sandbox.line(&format!("reg-ns create team --exist-ok{flags} -r dev -o table")).is(
            0,
            "NAME  OUTCOME\nteam  unchanged\n",
            "reg-ns: namespace \"team\" on embedded at http://127.0.0.1:PORT is there already\n",
        );
    }
    sandbox.line("reg-ns create team --exist-ok --quota 2GiB --keep-last 3 --public -r dev").is(
        9,
        "",
        "reg-ns: error: cannot create namespace \"team\" on embedded at http://127.0.0.1:PORT: conflict: the namespace already exists \
         with another visibility and another quota\n\
         reg-ns: hint: `reg-ns info team -r dev` shows it; `reg-ns setup --update --layout FILE` changes it\n",
    );
    assert_eq!(stored(&sandbox, "team"), before);
}

#[test]
fn of_many_at_once_one_makes_it() {
    let (sandbox, _) = with_layout(LAYOUT);
    let quotas = ["1GiB", "2GiB", "3GiB", "4GiB"];
    let children = quotas
        .map(|quota| process::spawn(&sandbox, "reg-ns", &["create", "team", "--quota", quota, "-r", "dev", "-q", "-o", "name"]));
    let codes = children.map(|child| process::ended(&sandbox, child).code);
    let made = codes.iter().position(|code| *code == 0).unwrap();
    assert_eq!(codes.iter().filter(|code| **code == 9).count(), 3, "{codes:?}");
    assert_eq!(stored(&sandbox, "team")["quota"], (made as u64 + 1) << 30);
}

#[test]
fn a_registry_that_asked_nobody_begins_to_ask() {
    let (sandbox, client) = with_registry();
    let image = Image::new(b"a layer");
    client.push("loose/app", "v1", &image).unwrap();
    let ran = sandbox.line("reg-ns create team -r dev").code(0);
    assert_eq!(
        ran.err(),
        "reg-ns: restarting embedded at http://127.0.0.1:PORT: nobody had to log in before\n\
         reg-ns: warning: dev has a layout from now on: it asks for a login, and repositories outside of its namespaces are for \
         administrators\n\
         reg-ns: a generated password is in SANDBOX/state/reg/instances/dev/admin.password\n\
         reg-ns: created namespace \"team\" on embedded at http://127.0.0.1:PORT: it was restarted: nobody had to log in before\n"
    );
    let made = ran.json();
    assert_eq!(made["passwordFiles"], json!([sandbox.instance("dev").join("admin.password")]));
    client.push("team/app", "v1", &image).unwrap_err();
    // The document that came out logs in.
    Client::of(&made["registry"]).push("team/app", "v1", &image).unwrap();
    sandbox.line("reg-ns list -r dev -o name").is(0, "loose\nteam\n", "");
}

#[test]
fn one_that_does_not_run_knows_it_when_it_starts() {
    let (sandbox, _) = with_layout(LAYOUT);
    sandbox.line("reg-up stop dev -q -o name").code(0);
    sandbox.line("reg-ns create team -r dev -o name").is(
        0,
        "team\n",
        "reg-ns: created namespace \"team\" on embedded at http://127.0.0.1:PORT: it does not run, and knows when it starts\n",
    );
    sandbox.line("reg-up start dev -q -o name").code(0);
    sandbox.line("reg-ns list -r dev -o name").is(0, "other\nteam\n", "");
}

#[test]
fn where_no_layout_is_known_nothing_is_made() {
    let (dev, _) = with_registry();
    let url = dev.line("reg-up info dev").code(0).json()["url"].as_str().unwrap().to_owned();
    // Another user of the machine sees the registry, and nothing of its parts.
    sandbox().line(&format!("reg-ns create team -r {url}")).is(
        6,
        "",
        "reg-ns: error: cannot set embedded at http://127.0.0.1:PORT up: its parts are not known on this machine\n\
         reg-ns: hint: a mode of the config file names them: `config`, `htpasswd`, `layout`; `man reg-config` shows how\n",
    );
    for (flags, what) in [
        ("--keep-last 0", "invalid value '0' for '--keep-last <N>': 0 is not in 1..=4294967295"),
        (
            "--quota 10GB",
            "invalid value '10GB' for '--quota <SIZE>': a size is a whole number with KiB, MiB, GiB or TiB behind it, like 512MiB",
        ),
    ] {
        dev.line(&format!("reg-ns create team {flags} -r dev")).is(
            2,
            "",
            &format!("reg-ns: error: {what}\nreg-ns: hint: `reg-ns create --help` shows what it takes\n"),
        );
    }
}
