//! The address in the document is one that the certificate is for.

use std::os::unix::fs::PermissionsExt as _;

use super::{row, start};
use crate::certificates::Authority;
use crate::sandbox;

#[test]
fn the_host_of_the_url_is_one_of_the_certificate() {
    for (hosts, expected) in [
        (&["localhost"][..], "https://localhost:"),
        (&["registry.invalid", "localhost", "127.0.0.1"], "https://localhost:"),
        (&["127.0.0.1"], "https://127.0.0.1:"),
        (&["registry.invalid", "127.0.0.1"], "https://127.0.0.1:"),
    ] {
        let sandbox = sandbox();
        Authority::new(&sandbox, "ca").sign(&sandbox, "server", hosts, 90);
        let registry = start(&sandbox, "server", &["--ca-file", "ca.pem"]);
        assert!(registry["url"].as_str().unwrap().starts_with(expected), "{hosts:?}: {registry}");
        let report = sandbox.run_with("reg-test", ["all", "--write", "-r", "-"], &registry.to_string()).code(0).json();
        assert_eq!(row(&report, "tls").0, "pass", "{report:#}");
    }
}

#[test]
fn a_name_that_is_not_known_here_is_used_and_warned_of() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "ca").sign(&sandbox, "server", &["*.registry.invalid", "registry.invalid"], 90);
    let args = ["start", "x", "--port", "0", "--cert", "server.crt", "--key", "server.key", "--ca-file", "ca.pem"];
    let started = sandbox.run("reg-up", args).code(0);
    let url = started.json()["url"].as_str().unwrap().to_owned();
    let (name, port) = url.trim_start_matches("https://").split_once(':').unwrap();
    assert_eq!(name, "registry.invalid");
    assert!(
        started.stderr.ends_with(&format!(
            "reg-up: warning: clients on this machine do not reach it as {url}: cannot reach registry.invalid:{port}: its name is \
             not known\n"
        )),
        "{started:?}"
    );
    // Whether it runs is another question than whether its name is known.
    let status = sandbox.run("reg-up", ["status", "x"]).code(0).json();
    assert_eq!(status["state"], "running", "{status}");
    assert_eq!(sandbox.run("reg-up", ["start", "x"]).code(0).json()["url"], url.as_str());
}

#[test]
fn certificates_and_keys_are_kept_from_others() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "ca").sign(&sandbox, "server", &["localhost"], 90);
    let registry = start(&sandbox, "server", &["--ca-file", "ca.pem"]);
    let folder = sandbox.instance("x");
    assert_eq!(registry["tls"], serde_json::json!({"caFile": folder.join("ca.crt"), "verify": true}));
    for (copy, given) in [("tls.crt", "server.crt"), ("tls.key", "server.key"), ("ca.crt", "ca.pem")] {
        assert_eq!(std::fs::read(folder.join(copy)).unwrap(), std::fs::read(sandbox.path(given)).unwrap());
        assert_eq!(std::fs::metadata(folder.join(copy)).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
