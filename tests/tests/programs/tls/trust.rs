//! Certificates that nobody believes: said at the start, and by every check.

use super::{row, start};
use crate::certificates::{Authority, self_signed};
use crate::sandbox;

#[test]
fn one_that_signed_itself_is_warned_of_and_can_be_named() {
    let sandbox = sandbox();
    self_signed(&sandbox, "own", &["localhost"]);
    let started = sandbox.run("reg-up", ["start", "x", "--port", "0", "--cert", "own.crt", "--key", "own.key"]).code(0);
    assert!(
        started.stderr.ends_with(
            "reg-up: warning: clients will not believe its certificate: its certificate is signed by an authority that is not \
             known here (give the authority's certificate with --ca-file FILE)\n"
        ),
        "{started:?}"
    );
    let report = sandbox.run("reg-test", ["health", "-r", "x"]).code(7).json();
    assert_eq!(row(&report, "api").0, "pass", "{report:#}");
    assert_eq!(row(&report, "tls").0, "fail", "{report:#}");
    sandbox.run("reg-test", ["health", "-r", "x", "--ca-file", "own.crt"]).code(0);
    // As an editor of Windows saves it.
    sandbox.write("marked.crt", format!("\u{feff}{}", std::fs::read_to_string(sandbox.path("own.crt")).unwrap()));
    sandbox.run("reg-test", ["health", "-r", "x", "--ca-file", "marked.crt"]).code(0);
    let insecure = sandbox.run("reg-test", ["push-pull", "-r", "x", "--insecure"]).code(0);
    let url = started.json()["url"].as_str().unwrap().to_owned();
    let warning = format!("reg-test: warning: the certificate of {url} is not checked\n");
    assert!(insecure.stderr.starts_with(&warning), "{insecure:?}");
    // Named at the start, nothing is warned of.
    let replace = ["start", "x", "--replace", "--cert", "own.crt", "--key", "own.key", "--ca-file", "own.crt"];
    let named = sandbox.run("reg-up", replace).code(0);
    assert!(!named.stderr.contains("warning"), "{named:?}");
    sandbox.run("reg-test", ["health", "-r", "x"]).code(0);
}

#[test]
fn another_authority_is_refused_with_what_to_do() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "ca").sign(&sandbox, "server", &["localhost"], 90);
    Authority::new(&sandbox, "other");
    start(&sandbox, "server", &["--ca-file", "ca.pem"]);
    let report = sandbox.run("reg-test", ["all", "--write", "-r", "x", "--ca-file", "other.pem"]).code(7).json();
    let why = "its certificate is signed by an authority that is not known here";
    for check in ["auth", "tls", "health", "latency", "catalog", "push-blobs"] {
        let (outcome, detail) = row(&report, check);
        assert_eq!(outcome, "fail", "{check}: {report:#}");
        assert!(detail.contains(why), "{check}: {detail}");
    }
    assert!(row(&report, "auth").1.ends_with("(give the authority's certificate with --ca-file FILE)"), "{report:#}");
    let missing = sandbox.run("reg-test", ["health", "-r", "x", "--ca-file", "nowhere.pem"]).code(3);
    let text = "reg-test: error: cannot read the certificates in \"SANDBOX/nowhere.pem\": no such file or directory\n";
    missing.is(3, "", text);
}

#[test]
fn one_that_expired_is_told_with_the_day() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "ca").sign(&sandbox, "old", &["localhost"], -3);
    let args = ["start", "x", "--port", "0", "--cert", "old.crt", "--key", "old.key", "--ca-file", "ca.pem"];
    let started = sandbox.run("reg-up", args).code(0);
    assert!(
        started.stderr.contains("reg-up: warning: clients will not believe its certificate: its certificate expired on 20"),
        "{started:?}"
    );
    let report = sandbox.run("reg-test", ["health", "-r", "x"]).code(7).json();
    assert!(row(&report, "tls").1.contains("expired"), "{report:#}");
}

#[test]
fn one_for_another_host_is_refused() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "ca").sign(&sandbox, "server", &["localhost"], 90);
    let url = start(&sandbox, "server", &["--ca-file", "ca.pem"])["url"].as_str().unwrap().replace("localhost", "127.0.0.1");
    let mut command = sandbox.command(sandbox.path("bin/reg-test"));
    command.env("XDG_STATE_HOME", sandbox.path("other")).args(["health", "-r", &url, "--ca-file", "ca.pem"]);
    let report = sandbox.finish(command, "").code(7).json();
    assert!(row(&report, "tls").1.ends_with("its certificate is for another name: localhost"), "{report:#}");
}

#[test]
fn the_wrong_scheme_is_told() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "ca").sign(&sandbox, "server", &["localhost"], 90);
    let secure = start(&sandbox, "server", &["--ca-file", "ca.pem"])["url"].as_str().unwrap().to_owned();
    let plain = sandbox.run("reg-up", ["start", "plain", "--port", "0"]).code(0).json()["url"].as_str().unwrap().to_owned();
    let strange = |url: &str, code: i32| {
        let mut command = sandbox.command(sandbox.path("bin/reg-test"));
        command.env("XDG_STATE_HOME", sandbox.path("other")).args(["health", "-r", url]);
        row(&sandbox.finish(command, "").code(code).json(), "api").1
    };
    let refused = strange(&plain.replace("http:", "https:"), 4);
    assert!(refused.contains("does not speak TLS"), "{refused}");
    let refused = strange(&secure.replace("https:", "http:"), 4);
    assert!(refused.contains("it speaks TLS") || refused.contains("https://"), "{refused}");
    // Without a scheme, on this machine, the one that answers is found.
    assert_eq!(strange(secure.trim_start_matches("https://"), 7), format!("{secure} answers"));
    assert_eq!(strange(plain.trim_start_matches("http://"), 0), format!("{plain} answers"));
}
