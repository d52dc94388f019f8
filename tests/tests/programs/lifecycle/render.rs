//! `render`: the configuration as a registry would be started with, for people, for programs and as files.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::start;
use crate::sandbox;

/// A program that tells only its version.
fn version(sandbox: &Sandbox, name: &str, text: &str) -> String {
    let path = sandbox.write(name, format!("#!/bin/sh\necho '{text}'\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// All three forms of what is rendered with these flags say the same; the text.
fn rendered(sandbox: &Sandbox, flags: &[&str], file: &str) -> String {
    // Not one of our documents, so nothing to validate.
    let mut command = sandbox.command(sandbox.path("bin/reg-up"));
    command.arg("render").args(flags);
    let raw = sandbox.finish(command, "").code(0);
    assert_eq!(raw.stderr, "");
    let json = sandbox.run("reg-up", ["render", "-o", "json"].iter().chain(flags)).code(0).json();
    assert_eq!(json["files"].as_array().unwrap().len(), 1);
    assert_eq!(json["files"][0]["name"], file);
    assert_eq!(json["files"][0]["content"], raw.stdout.as_str());
    let written = sandbox.run("reg-up", ["render", "--output", "a/b"].iter().chain(flags)).code(0);
    assert_eq!((written.stdout.as_str(), written.stderr), ("", format!("reg-up: wrote a/b/{file}\n")));
    assert_eq!(std::fs::read_to_string(sandbox.path("a/b").join(file)).unwrap(), raw.stdout);
    let names = sandbox.run("reg-up", ["render", "-o", "name"].iter().chain(flags)).code(0);
    assert_eq!(names.stdout, format!("{file}\n"));
    // Nothing was made of it.
    assert!(!sandbox.path("state/reg").exists());
    raw.out()
}

#[test]
fn the_embedded_registry_is_a_command_line() {
    let sandbox = sandbox();
    let data = "SANDBOX/state/reg/instances/embedded/data/embedded";
    assert_eq!(rendered(&sandbox, &[], "command"), format!("reg-up serve --bind 127.0.0.1 --port 5000 --data {data}\n"));
    let data = sandbox.path("it's mine");
    let flags = ["x", "--bind", "::", "--open", "--port", "5001", "--data", data.to_str().unwrap()];
    assert_eq!(rendered(&sandbox, &flags, "command"), "reg-up serve --bind :: --port 5001 --data 'SANDBOX/it'\\''s mine' --open\n");
}

#[test]
fn zot_is_a_json_file() {
    let sandbox = sandbox();
    let zot = version(
        &sandbox,
        "zot",
        r#"{"level":"info","commit":"v2.1.20-0-g3b5796d8","binary-type":"-metrics-minimal","go version":"go1.25"}"#,
    );
    let text = rendered(&sandbox, &["--type", "zot", "--binary", &zot, "--port", "5001"], "zot.json");
    let config: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(config["http"]["port"], "5001");
    assert_eq!(config["storage"]["rootDirectory"], "SANDBOX/state/reg/instances/zot/data/zot");
}

#[test]
fn distribution_is_a_yaml_file_without_a_secret() {
    let sandbox = sandbox();
    let binary = version(&sandbox, "registry", "registry github.com/distribution/distribution/v3 v3.1.1");
    let text = rendered(&sandbox, &["--type", "distribution", "--binary", &binary, "--port", "5001"], "config.yml");
    assert!(text.contains("addr: 127.0.0.1:PORT\n") && text.contains("enabled: true\n"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn a_header_that_is_set_is_a_list_of_texts() {
    let sandbox = sandbox();
    let binary = version(&sandbox, "registry", "registry github.com/distribution/distribution/v3 v3.1.1");
    let render = |set: &str| {
        let words = ["render", "--type", "distribution", "--binary", &binary, "-o", "json", "--set", set];
        let ran = sandbox.run("reg-up", words).code(0).json();
        ran["files"][0]["content"].as_str().unwrap().to_owned()
    };
    let list = render("http.headers.X-Frame-Options=[\"DENY\"]");
    assert!(list.contains("  headers:\n    X-Frame-Options:\n    - DENY\n"), "{list}");
    // Below its name it is a text, whatever it looks like.
    assert!(render("http.headers.X-Robots.0=1").contains("  headers:\n    X-Robots:\n    - \"1\"\n"));
}

#[test]
fn the_address_of_redis_is_shown_without_its_login() {
    let sandbox = sandbox();
    let binary = version(&sandbox, "registry", "registry github.com/distribution/distribution/v3 v3.1.1");
    sandbox.write("url", "redis://cache:s3cret@redis.example:7000/2\n");
    let words = ["render", "--type", "distribution", "--binary", &binary, "--redis-url-file", "url", "--output", "out"];
    sandbox.run("reg-up", words).code(0);
    let text = std::fs::read_to_string(sandbox.path("out/config.yml")).unwrap();
    assert!(text.contains("redis:\n  addrs:\n  - redis.example:7000\n  db: 2\n"), "{text}");
    assert!(!text.contains("s3cret"), "{text}");
    assert_eq!(sandbox.line("reg-up lint out/config.yml").code(0).json()["findings"], serde_json::json!([]));
}

#[test]
fn an_instance_is_rendered_as_it_was_started_and_flags_change_what_they_name() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    let port = registry["url"].as_str().unwrap().rsplit(':').next().unwrap();
    let data = registry["instance"]["data"].as_str().unwrap();
    let command = format!("reg-up serve --bind 127.0.0.1 --port {port} --data {data}\n");
    assert_eq!(sandbox.run("reg-up", ["render", "x"]).code(0).stdout, command);
    assert_eq!(sandbox.run_with("reg-up", ["render", "-r", "-"], &registry.to_string()).code(0).stdout, command);
    let changed = sandbox.run("reg-up", ["render", "x", "--port", "5001"]).code(0).stdout;
    assert_eq!(changed, command.replace(port, "5001"));
    // It is what runs, word by word.
    let pid = crate::process::pid(&sandbox, "x");
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap();
    let words: Vec<_> = line.split(|&byte| byte == 0).map(String::from_utf8_lossy).collect();
    assert_eq!(words.join(" ").trim_end(), command.trim_end());
}

#[test]
fn what_cannot_be_written_is_named() {
    let sandbox = sandbox();
    sandbox.write("file", "");
    sandbox.run("reg-up", ["render", "--output", "file"]).is(1, "", "reg-up: error: cannot make file: file exists\n");
    let wrong = sandbox.run("reg-up", ["render", "--bind", "0.0.0.0"]).code(2);
    assert!(wrong.stderr.starts_with("reg-up: error: 0.0.0.0 is reachable by others"), "{wrong:?}");
}
