//! Pipelines with reg-init, in sh and in Nushell.

use reg_tests::live;

use super::changes;
use crate::sandbox;

const TEAM: &str =
    "namespaces: [{name: reg-test, access: [{subjects: [authenticated], actions: [read, create, update, delete]}]}]\n";

#[test]
fn a_registry_is_started_set_up_and_proven() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    let report = sandbox
        .sh("reg-up start --type embedded --port 0 --layout team.yaml -q | reg-init -r - -q | reg-test push-pull -r - -q")
        .code(0);
    assert_eq!(report.stderr, "");
    assert_eq!(report.json()["summary"]["pass"], 8);
    assert_eq!(report.json()["registry"]["name"], "embedded");
    // Without a layout the default one comes with reg-init, and the proof goes where its administrator may push.
    sandbox.sh("reg-up start dev --port 0 -q | reg-init -r - -q | reg-test push-pull -r - -q -o name").code(0);
}

#[test]
fn jq_changes_a_layout_on_its_way() {
    let sandbox = sandbox();
    if sandbox.sh("command -v jq").code != 0 {
        return live::skip("jq", "no `jq` is on PATH");
    }
    sandbox.line("reg-up start dev --port 0 -q").code(0);
    let ran = sandbox
        .sh(r#"reg-init layout | jq '.namespaces += [{"name":"team-app","public":false}]' | reg-init apply -r dev --layout - -q"#)
        .code(0);
    assert_eq!(changes(&ran.json())[4], "create namespace team-app");
    sandbox.sh("reg-init export -r dev -o name | tail -n 1").is(0, "team-app\n", "");
    sandbox.sh("reg-init plan -r dev | jq -r '.gaps | map(.field) | unique | .[]'").is(0, "retention\n", "");
}

#[test]
fn what_one_is_another_becomes() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", TEAM);
    sandbox.sh("reg-up start dev --port 0 --layout team.yaml -q | reg-init -r - -q -o name").code(0);
    sandbox.line("reg-up start staging --port 0 -q").code(0);
    let script = "
        differs() { reg-init export -r dev | reg-init plan -r staging --layout - --detailed-exitcode -q > /dev/null && echo same || echo \"differs: $?\"; }
        differs
        reg-init export -r dev | reg-init apply -r staging --layout - -q > /dev/null
        differs";
    sandbox.sh(script).is(0, "differs: 7\nsame\n", "");
}

#[test]
fn nushell_takes_what_it_wants() {
    let sandbox = sandbox();
    if sandbox.sh("command -v nu").code != 0 {
        return live::skip("nushell", "no `nu` is on PATH");
    }
    sandbox.write("team.yaml", TEAM);
    for (script, expected) in [
        (
            "reg-up start --type embedded --port 0 --layout team.yaml -q | reg-init -r - -q | reg-test push-pull -r - -q | from json | get summary.pass",
            "8",
        ),
        ("reg-up start dev --port 0 -q | reg-init -r - -q | from json | get changes | where verb == create | length", "11"),
        (
            "reg-init layout | from json | update namespaces { append {name: 'team-app', public: false} } | to json | reg-init apply -r dev --layout - -q | from json | get changes.name | str join ' '",
            "team-app",
        ),
        ("open team.yaml | to json | reg-init plan -r dev --layout - | from json | get counts.create", "1"),
        ("reg-init export -r dev | reg-init plan -r embedded --layout - --detailed-exitcode | complete | get exit_code", "7"),
        ("reg-init plan -r dev -o jsonl | lines | length", "0"),
    ] {
        let ran = sandbox.nu(script).code(0);
        assert_eq!((ran.out().trim_end(), ran.err().as_str()), (expected, ""), "{script}");
    }
}
