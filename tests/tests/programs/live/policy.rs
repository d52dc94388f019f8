//! The commands about namespaces on the real registries.

use std::collections::BTreeMap;

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{Real, with_each_registry};
use crate::client::{Client, Image, tag};
use crate::ns::namespace::each;
use crate::ns::{put_index, put_referrer, tags};
use crate::sandbox;

with_each_registry!(
    a_namespace_comes_and_goes,
    a_namespace_beside_others_goes_alone,
    rights_follow_the_namespace,
    retention_runs_from_here,
    a_quota_is_measured,
    killed_at_any_moment_the_next_run_ends_it
);

/// A registry with the namespace `team`, and a client of its administrator.
fn started(real: &Real, more: &[&str], flags: &str) -> (Sandbox, Client, Value) {
    let sandbox = sandbox();
    real.start(&sandbox, &[more, &["-q"]].concat());
    let made = sandbox.line(&format!("reg-ns create team {flags} -r x -q").replace("  ", " ")).code(0).json();
    let client = Client::of(&made["registry"]);
    (sandbox, client, made)
}

fn a_namespace_comes_and_goes(real: &Real) {
    let (sandbox, client, made) = started(real, &[], "--description Ours --quota 1GiB");
    assert_eq!(each(&made, "namespaces", "outcome"), ["created"]);
    sandbox.line("reg-ns create team -r x -q").code(9);
    sandbox.line("reg-ns create team --exist-ok --quota 1GiB -r x -q -o name").is(0, "team\n", "");
    let (image, arm) = (Image::new(b"a layer"), Image::new(b"for arm"));
    client.push("team/app", "v1", &image).unwrap();
    client.push("team/app", "v2", &image).unwrap();
    client.push("team/multi", "amd64", &image).unwrap();
    client.push("team/multi", "arm64", &arm).unwrap();
    put_index(&client, "team/multi", "both", &BTreeMap::from([("linux/amd64", &image), ("linux/arm64", &arm)]));
    let signature = put_referrer(&client, "team/multi", (&arm.digest, arm.size()), "application/x.signature", &image);
    // The images of the index are without a tag from here on.
    sandbox.line("reg-ns rm team/multi:amd64 team/multi:arm64 -r x -q -o name").code(0);
    let info = sandbox.line("reg-ns info team -r x").code(0).json()["namespaces"][0].clone();
    assert_eq!((&info["repositories"], &info["description"]), (&2.into(), &"Ours".into()));
    assert!(info["uniqueBytes"].as_u64().unwrap() > 0, "{info}");

    sandbox.line("reg-ns delete team -r x -q").code(9);
    sandbox.line("reg-ns delete team --force -r x -q -o name").is(0, "team\n", "");
    for digest in [&image.digest, &arm.digest, &signature] {
        sandbox.line(&format!("reg-ns manifest team/multi@{digest} -r x")).code(8);
    }
    assert!(tags(&sandbox, "x", "team/multi").is_empty() && tags(&sandbox, "x", "team/app").is_empty());
    let ran = sandbox.line("reg-ns delete team -r x").code(8);
    let text = if real.kind == "embedded" {
        "reg-ns: error: there is no namespace \"team\" at http://127.0.0.1:PORT\n\
         reg-ns: hint: `reg-ns list -r x` shows what there is\n"
    } else {
        "reg-ns: error: there is nothing in namespace \"team\" at http://127.0.0.1:PORT\n\
         reg-ns: hint: the registry still lists its emptied repositories: `reg-ns repos team -r x` shows them\n"
    };
    assert_eq!(ran.err(), text);
}

fn a_namespace_beside_others_goes_alone(real: &Real) {
    let (sandbox, client, _) = started(real, &[], "");
    sandbox.line("reg-ns create team/apps -r x -q -o name").code(0);
    let image = Image::new(b"a layer");
    for repository in ["team/a", "team/apps/b", "loose/c"] {
        client.push(repository, "v1", &image).unwrap();
    }
    let listed = sandbox.line("reg-ns list -r x").code(0).json();
    assert_eq!(each(&listed, "namespaces", "name"), ["loose", "team", "team/apps"]);
    assert_eq!(each(&listed, "namespaces", "inLayout"), ["false", "true", "true"]);
    sandbox.line("reg-ns delete team --force -r x -q -o name").code(0);
    for repository in ["team/apps/b", "loose/c"] {
        assert_eq!(client.pull(repository, &tag("v1")).unwrap(), image.digest);
    }
    assert!(tags(&sandbox, "x", "team/a").is_empty());
}

fn rights_follow_the_namespace(real: &Real) {
    if real.kind == "distribution" {
        // Whoever may log in may do everything there.
        return;
    }
    let (sandbox, _, made) = started(real, &[], "");
    sandbox.line("reg-users add dora -r x --generate --out . -q -o name").code(0);
    let mut dora = made["registry"].clone();
    dora["credential"] = serde_json::json!({"username": "dora", "passwordFile": sandbox.path("dora.password")});
    let (client, image) = (Client::of(&dora), Image::new(b"a layer"));
    crate::eventually(|| client.push("team/app", "v1", &image).ok());
    client.push("late/app", "v1", &image).unwrap_err();
    sandbox.line("reg-ns create late -r x -q -o name").code(0);
    client.push("late/app", "v1", &image).unwrap();
    sandbox.line("reg-ns delete late --force -r x -q -o name").code(0);
    client.push("late/app", "v2", &image).unwrap_err();
}

fn retention_runs_from_here(real: &Real) {
    let (sandbox, client, _) = started(real, if real.kind == "zot" { &["--with", "search"] } else { &[] }, "--keep-last 2");
    let image = Image::new(b"a layer");
    for number in 0..5 {
        // Of one manifest each, since zot dates manifests; and apart, since times are told in seconds.
        client.push("team/app", &format!("v{number}"), &Image::new(format!("layer {number}").as_bytes())).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(if real.kind == "distribution" { 0 } else { 1100 }));
    }
    client.push("loose/app", "v1", &image).unwrap();
    let ran = sandbox.line("reg-ns prune -r x -q").code(0);
    if real.kind == "distribution" {
        assert_eq!(
            ran.err(),
            "reg-ns: warning: this registry does not tell when tags were pushed; --by created goes by when the images were made\n"
        );
        assert_eq!(each(&ran.json(), "kept", "reason"), ["it is not known when it was pushed"; 5]);
        // Also when something goes.
        sandbox.write("rules.yaml", "namespaces: [{name: team, retention: [{tags: ['v[0-3]'], keepLast: 2}]}]\n");
        let dry = sandbox.line("reg-ns prune -r x --layout rules.yaml --dry-run -q").code(0);
        assert_eq!(each(&dry.json(), "deleted", "name"), ["team/app:v4"]);
        assert_eq!(dry.err(), ran.err());
        return;
    }
    assert_eq!(each(&ran.json(), "deleted", "name"), ["team/app:v0", "team/app:v1", "team/app:v2"]);
    assert_eq!(tags(&sandbox, "x", "team/app"), ["v3", "v4"]);
    assert_eq!(tags(&sandbox, "x", "loose/app"), ["v1"]);
    sandbox.line("reg-ns prune -r x -q -o name").is(0, "", "");
}

fn a_quota_is_measured(real: &Real) {
    let (sandbox, client, _) = started(real, &[], "--quota 1KiB");
    client.push("team/app", "v1", &Image::new(b"a layer")).unwrap();
    sandbox.line("reg-ns quota check -r x -q -o name").is(0, "team\n", "");
    client.push("team/app", "v2", &Image::new(&[7; 2048])).unwrap();
    let ran = sandbox.line("reg-ns quota check -r x -q").code(7);
    assert_eq!(ran.json()["namespaces"][0]["over"], true);
}

fn killed_at_any_moment_the_next_run_ends_it(real: &Real) {
    let (sandbox, client, _) = started(real, &[], "");
    let mut random = crate::random::Random::new();
    for round in 0..4 {
        let name = format!("n{round}");
        let mut kill = |args: &[&str]| {
            let mut child = crate::process::spawn(&sandbox, "reg-ns", &[args, &["-r", "x", "-q"]].concat());
            std::thread::sleep(std::time::Duration::from_millis(600).mul_f64(random.fraction()));
            let _ = child.kill();
            child.wait().unwrap();
        };
        kill(&["create", &name]);
        sandbox.line(&format!("reg-ns create {name} --exist-ok -r x -q -o name")).is(0, &format!("{name}\n"), "");
        for number in 0..6 {
            let image = Image::new(format!("layer {number}").as_bytes());
            client.push(&format!("{name}/r{}", number % 2), &format!("v{number}"), &image).unwrap();
        }
        kill(&["delete", &name, "--force"]);
        sandbox.line(&format!("reg-ns delete {name} --force --missing-ok -r x -q -o name")).is(0, &format!("{name}\n"), "");
        assert!(tags(&sandbox, "x", &format!("{name}/r0")).is_empty() && tags(&sandbox, "x", &format!("{name}/r1")).is_empty());
        let listed = sandbox.line("reg-ns list -r x").code(0).json();
        let rows = listed["namespaces"].as_array().unwrap();
        assert!(!rows.iter().any(|row| row["name"] == name.as_str() && row["inLayout"] == true), "{listed}");
    }
}
