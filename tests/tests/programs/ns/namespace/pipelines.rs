//! Namespaces between other programs, in sh and in Nushell.

use reg_tests::live;
use reg_tests::sandbox::Sandbox;

use super::with_layout;
use crate::client::Image;
use crate::ns::tags;

fn with_images() -> Sandbox {
    let (sandbox, client) = with_layout("namespaces: [{name: team, public: true}, {name: other}]");
    for tag in ["v1.0", "v1.1", "v2.0", "latest"] {
        client.push("team/app", tag, &Image::new(b"a layer")).unwrap();
    }
    sandbox
}

#[test]
fn in_a_shell() {
    let sandbox = with_images();
    sandbox.sh("reg-ns list -r dev -o name | reg-ns info -r dev - -o name").is(0, "other\nteam\n", "");
    // The document says which registry, and which namespaces.
    sandbox.sh("reg-ns list -r dev | reg-ns info -r - - | reg-ns create third -r - -q | reg-ns list -r - -o name").is(
        0,
        "other\nteam\nthird\n",
        "",
    );
    sandbox.sh("reg-ns tags team/app -r dev --match '^v1\\.' -o name | reg-ns rm -r dev --repository team/app - -q -o name").is(
        0,
        "team/app:v1.0\nteam/app:v1.1\n",
        "",
    );
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["latest", "v2.0"]);
    sandbox.sh("reg-ns list -r dev -o name | xargs -n1 reg-ns delete -r dev --force -q -o name").is(0, "other\nteam\nthird\n", "");
    sandbox.line("reg-ns list -r dev -o name").is(0, "", "");
}

#[test]
fn with_jq() {
    let sandbox = with_images();
    if sandbox.sh("command -v jq").code != 0 {
        return live::skip("jq", "no `jq` is on PATH");
    }
    for (script, expected) in [
        ("reg-ns list -r dev | jq -r '.namespaces[] | select(.public) | .name' | reg-ns info -r dev - -o name", "team\n"),
        ("reg-ns list -r dev -r dev | jq -r '.registries[].name' | sort -u", "dev\n"),
        (
            "reg-ns list -r dev -o name | jq -R '{name: ., quota: 1}' | jq -s '{namespaces: .}' | reg-ns quota check -r dev --layout - -q -o jsonl \
             | jq -r 'select(.over) | .name' || true",
            "team\n",
        ),
    ] {
        sandbox.sh(script).is(0, expected, "");
    }
}

#[test]
fn in_nushell() {
    let sandbox = with_images();
    if sandbox.sh("command -v nu").code != 0 {
        return live::skip("nushell", "no `nu` is on PATH");
    }
    for (script, expected) in [
        ("reg-ns list -r dev -o name | reg-ns info -r dev - | from json | get namespaces | where tags > 0 | get name.0", "team"),
        ("reg-ns info team -r dev | from json | get namespaces.0.lastPush | into datetime | describe", "datetime"),
        (
            "reg-ns list -r dev | from json | update namespaces { where public } | to json | reg-ns info -r - - -o name | str trim",
            "team",
        ),
        (
            "reg-ns tags team/app -r dev --match '^v1\\.' -o name | reg-ns rm -r dev --repository team/app - -q -o name | lines | length",
            "2",
        ),
        ("reg-ns create team -r dev | complete | get exit_code", "9"),
    ] {
        let ran = sandbox.nu(script).code(0);
        assert_eq!((ran.out().trim_end(), ran.err().as_str()), (expected, ""), "{script}");
    }
}
