//! Pipelines, as people type them into a shell and into Nushell.

use reg_tests::live;

use crate::{sandbox, with_instance};

#[test]
fn the_main_pipeline_starts_and_proves_a_registry() {
    let sandbox = sandbox();
    let ran = sandbox.sh("reg-up start quickstart --type embedded --port 0 | reg-test push-pull -r -");
    let checks = "api prepare push-blobs push-manifest pull-by-tag pull-by-digest pull-blobs clean-up";
    assert_eq!(
        ran.err(),
        "reg-up: starting \"quickstart\" (embedded VERSION) at http://127.0.0.1:PORT\n\
         reg-test: pass api: http://127.0.0.1:PORT answers\n\
         reg-test: pass prepare: 65536 random bytes\n\
         reg-test: pass push-blobs: 2 blobs, 67273 bytes\n\
         reg-test: pass push-manifest: reg-test/reg-probe:probe-TAG is sha256:DIGEST\n\
         reg-test: pass pull-by-tag: 398 bytes, the digest matches\n\
         reg-test: pass pull-by-digest: 398 bytes, the digest matches\n\
         reg-test: pass pull-blobs: 2 blobs, every byte the same\n\
         reg-test: pass clean-up: nothing of it is left in reg-test/reg-probe\n"
    );
    let report = ran.code(0).json();
    let names: Vec<_> = report["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names.join(" "), checks);
    assert_eq!(report["summary"], serde_json::json!({"pass": 8, "fail": 0, "skip": 0}));
    assert_eq!(report["registry"]["name"], "quickstart");
}

#[test]
fn a_pipeline_keeps_going_as_long_as_one_likes() {
    let sandbox = sandbox();
    let script = "
        reg-up start dev --port 0 -q \\
            | reg-test health -r - -q \\
            | reg-test push -r - -q \\
            | reg-test pull -r - -q \\
            | reg-up restart -r - -q \\
            | reg-test pull -r - -q \\
            | reg-up gc -r - \\
            | reg-test all --write -r - -q \\
            | reg-up status -r - \\
            | reg-up stop -r - -q \\
            | reg-up start -r - -q \\
            | reg-up remove -r - --purge -q -o name";
    sandbox.sh(script).is(0, "dev\n", "");
    sandbox.line("reg-up list -o name").is(0, "", "");
}

#[test]
fn names_are_for_xargs() {
    let sandbox = sandbox();
    let each = "reg-up list -o name | xargs -r -n1 reg-up info | grep -o '\"name\":\"[a-z]*\"' || true";
    sandbox.sh(each).is(0, "", "");
    sandbox.sh("printf 'b\\na\\nc\\n' | xargs -P 3 -I{} reg-up start {} --port 0 -q -o name | sort").is(0, "a\nb\nc\n", "");
    sandbox.sh(each).is(0, "\"name\":\"a\"\n\"name\":\"b\"\n\"name\":\"c\"\n", "");
    sandbox.sh("reg-up list -o name | xargs -r -I{} reg-test catalog -r {} -q -o name | sort | uniq -c | tr -s ' '").is(
        0,
        " 3 api\n 3 catalog\n",
        "",
    );
    sandbox.sh("reg-up list -o name | xargs -r -n1 reg-up remove --purge -q -o name").is(0, "a\nb\nc\n", "");
    sandbox.sh("reg-up schema -o name | xargs -n1 reg-up schema | wc -l | tr -d ' '").is(0, "10\n", "");
}

#[test]
fn a_program_that_fails_says_so_and_the_next_one_understands() {
    let sandbox = sandbox();
    // The two write at the same time, so each is looked at by itself.
    let ran = sandbox.sh("reg-up info none 2> first | reg-test health -r -").code(3);
    assert_eq!(
        ran.err(),
        "reg-test: error: standard input is empty: the program before this one printed nothing\n\
         reg-test: hint: run that program alone and look at its error\n"
    );
    sandbox.sh("cat first").is(
        0,
        "reg-up: error: there is no instance \"none\"\nreg-up: hint: there are none yet; `reg-up start none` makes one\n",
        "",
    );
    // A missing instance is a document, too, but one without a registry.
    sandbox.sh("reg-up status none 2> /dev/null | reg-test health -r -").is(
        3,
        "",
        "reg-test: error: standard input: .kind: expected a document that carries a registry, found \"status\"\n\
         reg-test: hint: `reg-up info NAME` prints the registry of one instance\n",
    );
}

#[test]
fn exit_codes_steer_a_script() {
    let sandbox = with_instance("dev");
    let script = "
        if reg-test push-pull -r dev -q > report.json; then echo works; fi
        reg-up stop dev -q > /dev/null
        reg-test health -r dev -q > /dev/null || echo \"dead: $?\"
        reg-test health -r gone -q 2> /dev/null || echo \"unknown: $?\"
        reg-up stop -r http://127.0.0.1:1 2> /dev/null || echo \"not ours: $?\"
        reg-up list --no-such-flag 2> /dev/null || echo \"wrong: $?\"";
    sandbox.sh(script).is(0, "works\ndead: 4\nunknown: 8\nnot ours: 6\nwrong: 2\n", "");
}

#[test]
fn jq_takes_what_it_wants() {
    let sandbox = with_instance("dev");
    if sandbox.sh("command -v jq").code != 0 {
        return live::skip("jq", "no `jq` is on PATH");
    }
    for (script, expected) in [
        ("reg-up info dev | jq -r .url", "http://127.0.0.1:PORT\n"),
        ("reg-up info dev | reg-test health -r - -q | jq -r '.registry.name, .summary.fail'", "dev\n0\n"),
        ("reg-test all -r dev -q | jq -c '.checks[] | select(.outcome == \"fail\")'", ""),
        ("reg-test catalog -r dev -q -o jsonl | jq -r .name", "api\ncatalog\n"),
        ("reg-up list | jq -r '.instances[] | select(.state == \"running\") | .name'", "dev\n"),
        ("reg-up list -o jsonl | jq -r .registry.type", "embedded\n"),
        (
            "reg-up logs dev | jq -r '.line | fromjson? | select(.method == \"GET\") | .path' | sort -u | head -n 2",
            "/healthz\n/v2/\n",
        ),
        ("reg-up status dev | jq -r '.startedAt | fromdate | . > 1700000000'", "true\n"),
        (
            "reg-up info dev | jq '.url = \"http://127.0.0.1:1\" | del(.instance)' | reg-up status -r - | jq -r .state",
            "unhealthy\n",
        ),
    ] {
        sandbox.sh(script).is(0, expected, "");
    }
}

#[test]
fn nushell_takes_what_it_wants() {
    let sandbox = sandbox();
    if sandbox.sh("command -v nu").code != 0 {
        return live::skip("nushell", "no `nu` is on PATH");
    }
    for (script, expected) in [
        (
            "reg-up start dev --port 0 -q | reg-test push-pull -r - -q | from json | get checks | where outcome == fail | length",
            "0",
        ),
        ("reg-up list | from json | get instances.name | str join", "dev"),
        ("reg-up list -o jsonl | from json --objects | get 0.registry.type", "embedded"),
        ("reg-test catalog -r dev -q -o jsonl | lines | each { from json } | get name | str join ' '", "api catalog"),
        ("reg-up status dev | from json | get startedAt | into datetime | describe", "datetime"),
        ("reg-up info dev | from json | to json | reg-test catalog -r - -q -o name | lines | str join ' '", "api catalog"),
        // The exit code and the error of a program, which `| from json` alone would lose.
        ("reg-test health -r http://127.0.0.1:1 -q | complete | get exit_code", "4"),
        (
            "reg-up info none -o json | complete | get stderr | from json | $'($in.code): ($in.message)'",
            "not-found: there is no instance \"none\"",
        ),
        ("['a' 'b'] | each {|name| reg-up start $name --port 0 -q | from json | get name } | str join ' '", "a b"),
        ("reg-up list | from json | get instances | where state == running | get name | str join ' '", "a b dev"),
    ] {
        let ran = sandbox.nu(script).code(0);
        // Nushell ends some values with a line end and some without.
        assert_eq!((ran.out().trim_end(), ran.err().as_str()), (expected, ""), "{script}");
    }
}
