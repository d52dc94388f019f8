//! `schema`: what the tools print about their documents, and that every kind is really printed as it says.

use std::collections::BTreeMap;
use std::path::PathBuf;

use reg_tests::PROGRAMS;
use reg_tests::sandbox::Ran;
use reg_tests::schemas::Schemas;
use serde_json::{Value, json};

use crate::{sandbox, with_instance};

/// What every tool prints without KIND.
fn schemas(tool: &str) -> BTreeMap<String, Value> {
    serde_json::from_value(sandbox().run(tool, ["schema"]).code(0).json()).unwrap()
}

#[test]
fn without_a_kind_it_is_all_of_them_by_kind() {
    let sandbox = sandbox();
    for program in PROGRAMS {
        let all = schemas(program.name);
        let mut declared: Vec<_> = program.kinds.iter().map(|kind| kind.name).collect();
        declared.sort_unstable();
        assert_eq!(all.keys().collect::<Vec<_>>(), declared);
        for (kind, schema) in &all {
            assert_eq!(sandbox.run(program.name, ["schema", kind]).code(0).json(), *schema);
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            assert_eq!(schema["title"], **kind);
            assert_eq!(schema["properties"]["kind"], json!({"const": kind}));
            assert_eq!(schema["properties"]["schema"], json!({"const": "reg/v1"}));
        }
    }
}

#[test]
fn one_kind_is_the_same_in_every_tool() {
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for program in PROGRAMS {
        for (kind, schema) in schemas(program.name) {
            let first = known.entry(kind.clone()).or_insert_with(|| schema.clone());
            assert_eq!(*first, schema, "{kind} of {}", program.name);
        }
    }
}

#[test]
fn every_field_says_what_it_is_in_words_for_people() {
    fn look(place: &str, schema: &Value) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let about = field["description"].as_str().unwrap_or_default();
            assert!(field.get("const").is_some() || about.ends_with('.'), "{place}.{name} says nothing of itself");
        }
        for part in ["properties", "$defs"] {
            for (name, inner) in schema[part].as_object().into_iter().flatten() {
                look(&format!("{place}.{name}"), inner);
            }
        }
    }
    for program in PROGRAMS {
        for (kind, schema) in schemas(program.name) {
            look(&kind, &schema);
            let text = schema.to_string();
            assert!(!text.contains("[`") && !text.contains("::"), "{kind} speaks of Rust");
        }
    }
}

#[test]
fn every_kind_is_printed_by_a_command() {
    let sandbox = with_instance("dev");
    sandbox.write("none.yml", "");
    // Each of these is validated on its way; `certificate` is only read.
    for (line, code, kind) in [
        ("reg-up info dev", 0, "registry"),
        ("reg-up start dev -q", 0, "registry"),
        ("reg-up restart dev -q", 0, "registry"),
        ("reg-up status dev", 0, "status"),
        ("reg-up status none", 8, "status"),
        ("reg-up list", 0, "instances"),
        ("reg-up logs dev --tail 1", 0, "log"),
        ("reg-up render dev -o json", 0, "rendered"),
        ("reg-up completions fish -o json", 0, "rendered"),
        ("reg-up gc dev", 0, "gc-report"),
        ("reg-up lint none.yml --type zot", 7, "lint-report"),
        ("reg-test health -r dev -q", 0, "test-report"),
        ("reg-test all --write -r dev -q", 0, "test-report"),
        ("reg-test health -r http://localhost:1 -q", 4, "test-report"),
        ("reg-test completions zsh -o json", 0, "rendered"),
        ("reg-test push -r dev -q", 0, "test-report"),
        ("reg-ns repos -r dev", 0, "repositories"),
        ("reg-ns tags reg-test/reg-probe -r dev -l", 0, "tags"),
        ("reg-ns manifest reg-test/reg-probe:probe -r dev", 0, "manifest"),
        ("reg-ns referrers reg-test/reg-probe:probe -r dev", 0, "referrers"),
        ("reg-ns tag reg-test/reg-probe:probe v1 -r dev -q", 0, "tagged"),
        ("reg-ns rm reg-test/reg-probe:v1 -r dev -q", 0, "deleted"),
        ("reg-ns stats -r dev", 0, "statistics"),
        ("reg-ns list -r dev", 0, "namespaces"),
        ("reg-ns create team -r dev -q", 0, "namespace-report"),
        ("reg-ns info team -r dev", 0, "namespace-info"),
        ("reg-ns quota check -r dev -q", 0, "quota-report"),
        ("reg-ns prune -r dev -q", 0, "prune-report"),
        ("reg-users defaults --file htpasswd --out new -q", 0, "users"),
        ("reg-users list --file htpasswd", 0, "users"),
        ("reg-users check htpasswd", 0, "htpasswd-report"),
        ("reg-users generate bert --password-file new/tester.password -o json", 0, "rendered"),
        ("reg-init layout", 0, "layout"),
        ("reg-init lint", 0, "lint-report"),
        ("reg-init plan -r dev", 0, "plan"),
        ("reg-init -r dev -q", 0, "init-report"),
        ("reg-init export -r dev", 0, "layout"),
        ("reg-up stop dev -q", 0, "status"),
        ("reg-up remove dev --purge -q", 0, "status"),
    ] {
        assert_eq!(sandbox.line(line).code(code).json()["kind"], kind, "{line}");
    }
    for tool in ["reg-up list", "reg-test health"] {
        let ran = sandbox.line(&format!("{tool} --bogus -o json")).code(2);
        assert_eq!(serde_json::from_str::<Value>(&ran.stderr).unwrap()["kind"], "error");
    }
}

#[test]
fn what_a_person_writes_by_hand_is_valid_too() {
    for document in [
        json!({"schema": "reg/v1", "kind": "registry", "url": "localhost:5000"}),
        json!({"schema": "reg/v1", "kind": "registry", "url": "a.b", "type": "zot", "tls": {}, "region": 7}),
        json!({"schema": "reg/v1", "kind": "certificate", "certFile": "a", "keyFile": "b"}),
    ] {
        check(&document);
    }
}

/// Holds a document against the schemas as if reg-up had printed it.
fn check(document: &Value) {
    let ran = Ran { what: "reg-up".into(), code: 0, stdout: document.to_string(), stderr: String::new(), place: PathBuf::new() };
    Schemas::of(env!("CARGO_BIN_EXE_reg-multicall")).check(Some("reg-up"), &ran);
}

#[test]
#[should_panic(expected = "a document that breaks the schema of log at \"\"")]
fn a_field_that_no_schema_declares_is_noticed() {
    check(&json!({"schema": "reg/v1", "kind": "log", "time": "2026-11-20T10:00:00Z", "name": "a", "line": "b", "colour": "red"}));
}

#[test]
#[should_panic(expected = "\"2026-11-20 10:00\" is not a \"date-time\"")]
fn a_time_that_is_none_is_noticed() {
    check(&json!({"schema": "reg/v1", "kind": "log", "time": "2026-11-20 10:00", "name": "a", "line": "b"}));
}

#[test]
#[should_panic(expected = "a document of the kind test-report, of which the tool prints no schema")]
fn a_document_of_another_tool_is_noticed() {
    check(&json!({"schema": "reg/v1", "kind": "test-report"}));
}

#[test]
#[should_panic(expected = "neither a document nor an item of one")]
fn an_object_that_is_no_document_is_noticed() {
    check(&json!({"name": "dev"}));
}
