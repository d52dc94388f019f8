//! `reg-up lint`: mistakes in configuration files are told with their place and the right way, and by the exit code.

use std::process::Command;

use reg_tests::live::{self, ZOT};
use serde_json::{Value, json};

use crate::sandbox;

const OLD: &str = r#"{
  "storage": {"rootDirectory": "/var/lib/registry"},
  "http": {"port": "5000", "http2": true}
}
"#;

#[test]
fn a_mistake_is_a_row_with_its_place_and_exit_code_7() {
    let sandbox = sandbox();
    sandbox.write("zot.json", OLD);
    sandbox.line("reg-up lint zot.json").is(
        7,
        "{\"schema\":\"reg/v1\",\"kind\":\"lint-report\",\"file\":\"zot.json\",\"type\":\"zot\",\"version\":null,\"findings\":[{\"path\":\"http.http2\",\
         \"line\":3,\"column\":28,\"severity\":\"error\",\"problem\":\"zot knows no such key, and does not start with it\",\"hint\":\"remove it: zot \
         speaks HTTP/2 by itself wherever it has TLS\"}]}\n",
        "",
    );
    sandbox.line_with("reg-up lint - -o name", OLD).is(7, "http.http2\n", "");
}

#[test]
fn a_part_of_a_file_in_json_is_zots() {
    let sandbox = sandbox();
    let found = |text: &str| {
        let report = sandbox.line_with("reg-up lint -", text).code(7).json();
        assert_eq!(report["type"], "zot", "{report}");
        report["findings"][0]["hint"].as_str().unwrap().to_owned()
    };
    let webhook = "{\"http\": {\"notifications\": {\"endpoints\": [{\"name\": \"x\"}]}}}";
    assert_eq!(found(webhook), "webhooks are extensions.events.sinks, since zot 2.1.3; their headers are texts, not lists");
    let commented = "{\n  \"http\": {\n    \"http2\": true // Enable HTTP/2\n  }\n}\n";
    assert_eq!(found(commented), "JSON has no comments: take them out, or write the file as YAML");
}

#[test]
fn a_good_file_and_one_with_warnings_only_are_exit_code_0() {
    let sandbox = sandbox();
    let good = sandbox.line_with("reg-up lint - --version 3.1.1", "version: 0.1\nstorage: {inmemory: }\n").code(0).json();
    assert_eq!(good["findings"], json!([]));
    assert_eq!((&good["type"], &good["version"], &good["file"]), (&json!("distribution"), &json!("3.1.1"), &json!("-")));
    let text = "version: 0.1\nstorage: {inmemory: }\nredis: {addr: x}\n";
    let ran = sandbox.line_with("reg-up lint -", text).code(0).json();
    assert_eq!(ran["findings"][0]["severity"], "warning");
    assert_eq!(sandbox.line_with("reg-up lint - --version 3.0.0", text).code(7).json()["findings"][0]["severity"], "error");
}

#[test]
fn what_cannot_be_looked_through_is_an_error() {
    let sandbox = sandbox();
    sandbox.line("reg-up lint gone.json").is(3, "", "reg-up: error: cannot read gone.json: no such file or directory\n");
    sandbox.line_with("reg-up lint -", "log: {level: info}").is(
        2,
        "",
        "reg-up: error: cannot tell whose configuration - is\nreg-up: hint: `--type zot` or `--type distribution` says it\n",
    );
    sandbox.line("reg-up lint x --type harbor").is(
        2,
        "",
        "reg-up: error: invalid value 'harbor' for '--type <TYPE>': zot and distribution have such a file\n\
         reg-up: hint: `reg-up lint --help` shows what it takes\n",
    );
    sandbox.line("reg-up lint x --version 2.1").is(
        2,
        "",
        "reg-up: error: invalid value '2.1' for '--version <VERSION>': a release is three numbers, as in 2.1.20\n\
         reg-up: hint: `reg-up lint --help` shows what it takes\n",
    );
}

#[test]
fn a_real_zot_says_its_release_and_the_last_word() {
    let Some(zot) = ZOT.find() else { return };
    let sandbox = sandbox();
    sandbox.write("good.json", r#"{"storage":{"rootDirectory":"/tmp/x"},"http":{"address":"127.0.0.1","port":"5000"}}"#);
    let lint = |file: &str| sandbox.run("reg-up", ["lint", file, "--binary", zot.to_str().unwrap()]);
    assert_eq!(lint("good.json").code(0).json()["findings"], json!([]));
    // What only zot itself sees: a pattern that is none.
    sandbox.write("bad.json", r#"{"storage":{"rootDirectory":"/tmp/x","gc":true,"gcInterval":"-1h"},"http":{"port":"5000"}}"#);
    let found = lint("bad.json").code(7).json();
    let problem = found["findings"][0]["problem"].as_str().unwrap();
    assert!(problem.starts_with("`zot verify` refuses it: ") && problem.contains("interval"), "{problem}");
}

#[test]
fn our_keys_are_those_that_zot_tells_itself() {
    let Some(zot) = ZOT.find() else { return };
    let output = Command::new(&zot).arg("schema").output().unwrap();
    let Ok(schema) = serde_json::from_slice::<Value>(&output.stdout) else {
        return live::skip("zot", "this zot has no schema: it is older than 2.1.16");
    };
    let mut paths = Vec::new();
    collect(&schema, &schema, "", &mut paths);
    assert!(paths.len() > 200, "{paths:?}");
    let sandbox = sandbox();
    let reader = reg_shared::lint::Reader::new(reg_shared::lint::Format::Zot, None);
    let unknown: Vec<_> = paths
        .iter()
        // zot reads what is below another key there (see the module `lint`).
        .filter(|path| !path.contains(".sinks.0."))
        .filter(|path| !reader.known(&path.split('.').collect::<Vec<_>>()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?} in {:?}", sandbox.path(""));
}

/// All paths of a JSON Schema, with 0 for an item and `x` for a key that anybody chooses.
fn collect(schema: &Value, root: &Value, path: &str, paths: &mut Vec<String>) {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    for either in ["anyOf", "oneOf"] {
        for one in schema.get(either).and_then(Value::as_array).into_iter().flatten() {
            collect(one, root, path, paths);
        }
    }
    let mut go = |name: &str, below: &Value| {
        let path = format!("{path}.{name}").trim_start_matches('.').to_owned();
        paths.push(path.clone());
        collect(below, root, &path, paths);
    };
    for (name, below) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        go(name, below);
    }
    for (field, name) in [("additionalProperties", "x"), ("items", "0")] {
        if let Some(below) = schema.get(field).filter(|below| below.is_object()) {
            go(name, below);
        }
    }
}
