//! `metrics`: what a registry counts, in words that all types share, and its page as it is.

use reg_tests::sandbox::Sandbox;
use serde_json::{Value, json};

use super::{carried, start};
use crate::client::{Client, Image};
use crate::sandbox;

fn metrics(sandbox: &Sandbox, name: &str) -> Value {
    sandbox.run("reg-up", ["metrics", name]).code(0).json()
}

fn count(metrics: &Value, method: &str, code: u16) -> u64 {
    let rows = metrics["requests"].as_array().unwrap();
    rows.iter().find(|row| row["method"] == method && row["code"] == code).map_or(0, |row| row["count"].as_u64().unwrap())
}

#[test]
fn what_was_pushed_is_counted() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    let before = metrics(&sandbox, "x");
    assert_eq!((&before["manifestsPushed"], &before["garbageCollections"]), (&json!(0), &json!(0)));
    let image = Image::new(&[7; 100_000]);
    Client::of(&registry).push("team/app", "v1", &image).unwrap();
    sandbox.run("reg-up", ["gc", "x"]).code(0);
    let after = metrics(&sandbox, "x");
    assert_eq!((&after["manifestsPushed"], &after["garbageCollections"]), (&json!(1), &json!(1)));
    // Two blobs and a manifest, each in one request.
    assert_eq!(count(&after, "PUT", 201) - count(&before, "PUT", 201), 3);
    let sum: u64 = after["requests"].as_array().unwrap().iter().map(|row| row["count"].as_u64().unwrap()).sum();
    assert_eq!(after["requestsTotal"], sum);
    let grown = after["bytesStored"].as_u64().unwrap() - before["bytesStored"].as_u64().unwrap();
    assert!((100_000..110_000).contains(&grown), "{grown}");
    assert_eq!(after["registry"], carried(&registry));
    for number in ["cpuSeconds", "memoryBytes", "openFiles"] {
        assert!(after["process"][number].as_f64().unwrap() > 0.0, "{number}: {after}");
    }
    let status = sandbox.run("reg-up", ["status", "x"]).code(0).json();
    let told = |document: &Value, at: &str| document.pointer(at).unwrap().as_str().unwrap()[..16].to_owned();
    assert_eq!(told(&after, "/process/startedAt"), told(&status, "/startedAt"));
}

#[test]
fn the_page_itself() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let raw = sandbox.run("reg-up", ["metrics", "x", "--raw"]).code(0);
    assert!(raw.stdout.starts_with("# HELP reg_requests_total Requests answered.\n# TYPE reg_requests_total counter\n"), "{raw:?}");
    let wrapped = sandbox.run("reg-up", ["metrics", "x", "--raw", "-o", "json"]).code(0).json();
    assert_eq!((&wrapped["kind"], &wrapped["files"][0]["name"]), (&json!("rendered"), &json!("metrics.txt")));
}

#[test]
fn a_registry_that_wants_a_login_wants_it_here_too() {
    let sandbox = sandbox();
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    sandbox.write("password", "secret\n");
    sandbox.run("reg-up", ["start", "x", "--port", "0", "--htpasswd", "htpasswd"]).code(0);
    sandbox.line("reg-up metrics x").is(
        5,
        "",
        "reg-up: error: cannot read the metrics of embedded at http://127.0.0.1:PORT: it answers 401 Unauthorized\n\
         reg-up: hint: log in with -u and --password-file; zot lets `metrics.users` alone read them\n",
    );
    sandbox.line("reg-up metrics x -u alice --password-file password").code(0);
    sandbox.sh("reg-up info x | reg-up metrics -r - -u alice --password-file password | jq -e .requestsTotal").code(0);
}

#[test]
fn one_that_tells_none_and_one_that_is_not_there() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    let mut other = carried(&registry);
    for (field, value) in [("kind", json!("registry")), ("type", json!("oci")), ("name", json!("y")), ("instance", Value::Null)] {
        other[field] = value;
    }
    sandbox.line_with("reg-up metrics -r -", &other.to_string()).is(
        6,
        "",
        "reg-up: error: oci at http://127.0.0.1:PORT tells no metrics, or not where\n\
         reg-up: hint: zot tells them when they are built in (zot-minimal is not enough); `endpoints.metrics` of a document or mode says where\n",
    );
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    sandbox.line("reg-up metrics x").is(
        4,
        "",
        "reg-up: error: cannot read the metrics of embedded at http://127.0.0.1:PORT: cannot reach http://127.0.0.1:PORT: connection refused\n\
         reg-up: hint: is it running, and is the port right?\n",
    );
    sandbox.line("reg-up metrics nope").is(8, "", "reg-up: error: there is no instance \"nope\"\nreg-up: hint: there are: x\n");
}

#[test]
fn a_page_that_is_no_page_of_metrics() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    let mut other = carried(&registry);
    other["kind"] = json!("registry");
    other["endpoints"]["metrics"] = json!("/v2/");
    sandbox.line_with("reg-up metrics -r -", &other.to_string()).is(
        1,
        "",
        "reg-up: error: cannot read the metrics of embedded at http://127.0.0.1:PORT: /v2/: line 1 is not a metric: \"{}\"\n",
    );
    other["endpoints"]["metrics"] = json!("/nothing");
    sandbox.line_with("reg-up metrics -r -", &other.to_string()).is(
        1,
        "",
        "reg-up: error: cannot read the metrics of embedded at http://127.0.0.1:PORT: /nothing answers 404 Not Found\n",
    );
}

#[test]
fn for_people() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    let shown = sandbox.line("reg-up metrics x -o table").code(0).out();
    let headings: Vec<&str> = shown.lines().filter_map(|line| line.split("  ").next()).collect();
    let all = "REGISTRY,REQUESTS,MANIFESTS PUSHED,BYTES STORED,GARBAGE COLLECTIONS,STARTED,CPU SECONDS,MEMORY BYTES,OPEN FILES";
    assert_eq!(headings.join(","), all);
}
