//! reg-test finds every real registry well, and reg-up keeps its data.

use serde_json::{Value, json};

use super::{Real, with_each_registry};
use crate::client::{Client, Image, tag};
use crate::process::{pid, runs};
use crate::sandbox;

with_each_registry!(all_checks_pass, data_outlives_its_process, a_url_is_known_by_what_answers);

fn all_checks_pass(real: &Real) {
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &[]);
    assert_eq!(registry["type"], real.kind);
    let report = sandbox.run_with("reg-test", ["all", "--write", "-r", "-"], &registry.to_string()).code(0).json();
    let outcome = |name: &str| {
        let row = report["checks"].as_array().unwrap().iter().find(|row| row["name"] == name);
        row.map(|row| row["outcome"].clone()).unwrap_or_default()
    };
    for name in ["api", "auth", "latency", "catalog", "push-blobs", "push-manifest", "pull-by-tag", "pull-blobs", "clean-up"] {
        assert_eq!(outcome(name), "pass", "{name}: {report:#}");
    }
    // Where its release has a health page, its document names it, and it is asked.
    let health = if registry["endpoints"]["health"].is_string() { "pass" } else { "skip" };
    assert_eq!(outcome("health"), health, "{report:#}");
    if registry["endpoints"]["metrics"].is_string() {
        let metrics = sandbox.sh("curl -sf $(reg-up info x | jq -r .endpoints.metrics)").code(0);
        assert!(metrics.stdout.contains("# TYPE "), "{metrics:?}");
    }
}

fn data_outlives_its_process(real: &Real) {
    let sandbox = sandbox();
    let first = real.start(&sandbox, &[]);
    let image = Image::new(b"kept");
    Client::of(&first).push("team/app", "v1", &image).unwrap();
    let server = pid(&sandbox, "x");
    let stopped = sandbox.run("reg-up", ["stop", "x"]).code(0).json();
    assert_eq!(stopped["state"], "stopped");
    assert!(!runs(server));
    let mut again = sandbox.run("reg-up", ["start", "x"]).code(0).json();
    assert_eq!(Client::of(&again).pull("team/app", &tag("v1")).unwrap(), image.digest);
    // The debug address of Distribution is another at every start.
    for document in [&mut again["endpoints"], &mut first.clone()["endpoints"]] {
        *document = Value::Null;
    }
    assert_eq!((&again["url"], &again["instance"], &again["version"]), (&first["url"], &first["instance"], &first["version"]));
    sandbox.run("reg-up", ["remove", "x"]).code(0);
    let third = real.start(&sandbox, &[]);
    assert_eq!(Client::of(&third).pull("team/app", &tag("v1")).unwrap(), image.digest);
    sandbox.run("reg-up", ["remove", "x", "--purge"]).code(0);
    assert!(!sandbox.instance("x").exists());
}

fn a_url_is_known_by_what_answers(real: &Real) {
    let sandbox = sandbox();
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    for flags in [&[][..], &["--htpasswd", "htpasswd", "--replace"]] {
        let registry = real.start(&sandbox, flags);
        let mut command = sandbox.command(sandbox.path("bin/reg-test"));
        // For a stranger, who has no instance of that address.
        command.env("XDG_STATE_HOME", sandbox.path("other")).args(["health", "-r", registry["url"].as_str().unwrap()]);
        let report = sandbox.finish(command, "").code(0).json();
        assert_eq!(report["registry"]["type"], real.kind, "{flags:?}: {report:#}");
        assert_eq!(report["registry"]["instance"], json!(null));
    }
}
