//! reg-ns between other programs, in sh and in Nushell.

use reg_tests::live;

use super::{tags, with_tags};

#[test]
fn in_a_shell() {
    let (sandbox, _, _) = with_tags(&["v1.0", "v1.1", "v2.0", "latest"]);
    sandbox
        .sh("reg-ns tags team/app -r dev --match '^v1\\.' -o name | reg-ns rm -r dev --repository team/app - -q > report")
        .is(0, "", "");
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["latest", "v2.0"]);
    sandbox.sh("reg-ns repos -r dev -o name | xargs -r -n1 reg-ns tags -r dev -o name").is(0, "latest\nv2.0\n", "");
    // A document carries its registry, so the next program needs no name for it.
    sandbox
        .sh("reg-ns repos -r dev | reg-ns tags team/app -r - | reg-ns manifest team/app:v2.0 -r - | reg-ns stats -r - -o name")
        .is(0, "dev\n", "");
    // Who wants one line gets one, and nobody complains about the rest.
    sandbox.sh("reg-ns tags team/app -r dev -o name | head -n 1").is(0, "latest\n", "");
}

#[test]
fn with_jq() {
    let (sandbox, _, _) = with_tags(&["v1.0", "v1.1"]);
    if sandbox.sh("command -v jq").code != 0 {
        return live::skip("jq", "no `jq` is on PATH");
    }
    for (script, expected) in [
        ("reg-ns repos -r dev | jq -r '.repositories[] | select(.ghost | not) | \"\\(.name) \\(.tags)\"'", "team/app 2\n"),
        ("reg-ns tags team/app -r dev -l -o jsonl | jq -r .mediaType | sort -u", "application/vnd.oci.image.manifest.v1+json\n"),
        ("reg-ns manifest team/app:v1.0 -r dev | jq '.content.layers[0].size'", "7\n"),
        (
            "reg-ns tags team/app -r dev | jq '.tags |= map(select(.name != \"v1.0\"))' | reg-ns rm -r - - -q -o name",
            "team/app:v1.1\n",
        ),
    ] {
        sandbox.sh(script).is(0, expected, "");
    }
}

#[test]
fn in_nushell() {
    let (sandbox, _, _) = with_tags(&["v1.0", "v1.1", "latest"]);
    if sandbox.sh("command -v nu").code != 0 {
        return live::skip("nushell", "no `nu` is on PATH");
    }
    for (script, expected) in [
        ("reg-ns tags team/app -r dev | from json | get tags.name | str join ' '", "latest v1.0 v1.1"),
        ("reg-ns tags team/app -r dev -l | from json | get tags | get 0.pushedAt | into datetime | describe", "datetime"),
        ("reg-ns stats -r dev | from json | get total.tags", "3"),
        ("reg-ns tags team/app -r dev --match ^v | from json | to json | reg-ns rm -r - - -q -o name | lines | length", "2"),
        ("reg-ns manifest team/app:v1.0 -r dev | complete | get exit_code", "8"),
    ] {
        let ran = sandbox.nu(script).code(0);
        assert_eq!((ran.out().trim_end(), ran.err().as_str()), (expected, ""), "{script}");
    }
}
