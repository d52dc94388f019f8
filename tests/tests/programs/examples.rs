//! The examples of the help and of the manual, really run, in the order they stand in.

use std::path::Path;

use reg_tests::PROGRAMS;
use reg_tests::live;
use reg_tests::sandbox::{Ran, Sandbox};

use crate::sandbox;

/// A sandbox with the files that the examples name.
fn with_files() -> Sandbox {
    let sandbox = sandbox();
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    sandbox.write("server.crt", made.cert.pem());
    sandbox.write("server.key", made.signing_key.serialize_pem());
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("alices-password", 4).unwrap()));
    sandbox.write("alice.password", "alices-password\n");
    sandbox.write("bob.password", "bobs-password\n");
    sandbox.write("people.csv", "name,password\nanna,annas-password\ntemp-1,a-password\n");
    sandbox.write("config.json", r#"{"storage":{"rootDirectory":"/srv/zot"},"http":{"port":"5000"}}"#);
    sandbox
}

/// The command line, on a port of its own: another test, or whoever uses this machine, may have 5000.
fn on_any_port(line: &str) -> String {
    let line = line.replace("--port 5000", "--port 0").replace("--port 5001", "--port 0");
    if line.contains("reg-up start") && !line.contains("--port") {
        line.replace("reg-up start", "reg-up start --port 0")
    } else {
        line
    }
}

/// Whether this machine has what a command line needs; said aloud when not.
fn runs_here(sandbox: &Sandbox, line: &str) -> bool {
    if line.contains("--type distribution") && live::DISTRIBUTION.find().is_none() {
        return false;
    }
    if line.contains("| jq") && sandbox.sh("command -v jq").code != 0 {
        live::skip("jq", "no `jq` is on PATH");
        return false;
    }
    if line.contains("from json") && sandbox.sh("command -v nu").code != 0 {
        live::skip("nushell", "no `nu` is on PATH");
        return false;
    }
    true
}

fn run(sandbox: &Sandbox, line: &str) -> Option<Ran> {
    let line = on_any_port(line);
    runs_here(sandbox, &line).then(|| if line.contains("from json") { sandbox.nu(&line) } else { sandbox.sh(&line) }.code(0))
}

#[test]
fn the_examples_of_the_help_work() {
    for program in PROGRAMS {
        let sandbox = with_files();
        for example in program.examples {
            let _ = run(&sandbox, example.command);
        }
    }
}

#[test]
fn the_example_with_tls_and_a_login_has_both() {
    let sandbox = with_files();
    let example = "reg-up start team --cert server.crt --key server.key --htpasswd htpasswd";
    assert!(PROGRAMS.iter().any(|program| program.examples.iter().any(|known| known.command == example)));
    let started = run(&sandbox, example).unwrap();
    assert_eq!(started.json()["url"].as_str().unwrap().split(':').next(), Some("https"));
    // Nothing on this machine trusts a certificate that signs itself.
    let warning = "reg-up: warning: clients will not believe its certificate: ";
    assert!(started.err().lines().any(|line| line.starts_with(warning)), "{started:?}");
    let login = "-u alice --password-file alice.password";
    sandbox.line(&format!("reg-test push-pull -r team {login} -q -o name")).code(7);
    sandbox.line(&format!("reg-test push-pull -r team {login} --ca-file server.crt -q -o name")).code(0);
    sandbox.line("reg-test push -r team --ca-file server.crt -q -o name").code(7);
    let health = sandbox.line(&format!("reg-test health -r team {login} --ca-file server.crt -q")).code(0).json();
    assert_eq!(health["summary"]["skip"], 0, "{health}");
    let insecure = sandbox.line(&format!("reg-test catalog -r team {login} --insecure -q -o name"));
    insecure.is(0, "api\ncatalog\n", "reg-test: warning: the certificate of https://localhost:PORT is not checked\n");
}

/// The indented command lines of a hand-written manual page.
fn lines_of(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../man").join(page)).unwrap();
    let blocks = text.split(".RS\n").skip(1).map(|block| block.split("\n.RE").next().unwrap_or_default());
    blocks.map(|block| block.replace("\\-", "-").replace("\\e", "\\")).collect()
}

#[test]
fn the_pipelines_of_the_manual_work() {
    let sandbox = with_files();
    let lines = lines_of("reg.7");
    assert!(lines.len() > 3, "{lines:?}");
    for line in lines {
        let _ = run(&sandbox, &line);
    }
}

#[test]
fn the_config_file_of_the_manual_is_understood() {
    let sandbox = sandbox();
    let [text] = lines_of("reg-config.5").try_into().unwrap();
    sandbox.write("config/reg/config.toml", text);
    for (r, url, kind) in
        [("dev", "localhost:5000", "zot"), ("prod", "harbor.production.local", "harbor"), ("edge", "https://edge:5000", "zot")]
    {
        let document = sandbox.line(&format!("reg-up info -r {r}")).code(0).json();
        assert_eq!((&document["url"], &document["type"]), (&url.into(), &kind.into()), "{r}");
    }
    assert_eq!(sandbox.line("reg-up info").code(0).json()["name"], "dev");
}
