//! What the rendered file holds, release by release.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::*;
use crate::exit::Exit;

fn settings() -> Settings {
    Settings { address: "127.0.0.1:5000".parse().unwrap(), root: "/srv/zot".into(), tls: None, htpasswd: None, realm: "reg".into() }
}

fn build(version: &str, extensions: &[&str]) -> Build {
    Build { version: version.parse().ok(), extensions: extensions.iter().map(|&extension| extension.to_owned()).collect() }
}

fn text(settings: &Settings, build: &Build) -> String {
    Config::new(settings, build).unwrap().to_json().unwrap()
}

#[test]
fn the_version_line_tells_release_and_extensions() {
    let line = r#"{"time":"2026-11-20T19:16:02.816208979Z","level":"info","message":"version","distribution-spec":"1.1.1","commit":"v2.1.20-0-g3b5796d8","binary-type":"-events-lint-metrics-search-sync-ui","go version":"go1.25","goroutine":1}"#;
    let full = Build::parse(line).unwrap();
    assert_eq!(full, build("2.1.20", &["events", "lint", "metrics", "search", "sync", "ui"]));
    let line = r#"{"level":"info","distribution-spec":"1.1.0","commit":"v2.0.4-0-g186855b5","binary-type":"minimal","go version":"","time":"2026-11-20T19:16:02Z","message":"version"}"#;
    assert_eq!(Build::parse(&format!("a warning\n{line}\n")).unwrap(), build("2.0.4", &[]));
    let line = r#"{"message":"version","distribution-spec":"1.1.1","commit":"","binary-type":"","go version":""}"#;
    assert_eq!(Build::parse(line).unwrap(), build("", &[]));
    for other in ["", "registry github.com/distribution/distribution/v3 v3.1.1", r#"{"level":"info"}"#] {
        let error = Build::parse(other).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind()), ("`--version` does not answer like zot", Exit::Input));
    }
}

#[test]
fn the_simplest_configuration() {
    let expected = r#"{
  "storage": {
    "rootDirectory": "/srv/zot",
    "dedupe": true,
    "gc": true,
    "gcDelay": "1h",
    "gcInterval": "24h"
  },
  "http": {
    "address": "127.0.0.1",
    "port": "5000",
    "realm": "reg"
  },
  "log": {
    "level": "info"
  }
}
"#;
    assert_eq!(text(&settings(), &build("2.0.4", &[])), expected);
}

#[test]
fn everything_that_can_be_set() {
    let settings = Settings {
        address: "[::1]:0".parse().unwrap(),
        tls: Some(Tls { cert: "/c.pem".into(), key: "/k.pem".into() }),
        htpasswd: Some("/srv/ht \"passwd\"".into()),
        ..settings()
    };
    let text = text(&settings, &build("2.1.20", &["metrics", "search"]));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value["http"],
        serde_json::json!({
            "address": "[::1]",
            "port": "0",
            "realm": "reg",
            "tls": {"cert": "/c.pem", "key": "/k.pem"},
            "auth": {"htpasswd": {"path": "/srv/ht \"passwd\""}},
            "compat": ["docker2s2"],
        })
    );
    assert_eq!(value["extensions"], serde_json::json!({"metrics": {"enable": true, "prometheus": {"path": "/metrics"}}}));
}

#[test]
fn a_key_is_written_only_where_the_release_knows_it() {
    for (version, compat, probes) in
        [("2.0.0", false, false), ("2.1.1", false, false), ("2.1.2", true, false), ("2.1.6", true, true), ("", true, false)]
    {
        let build = build(version, &[]);
        assert_eq!(text(&settings(), &build).contains("compat"), compat, "{version}");
        assert_eq!(build.probes().is_some(), probes, "{version}");
    }
    let error = Config::new(&settings(), &build("1.4.3", &[])).unwrap_err();
    assert_eq!(error.to_string(), "zot 1.4.3 is too old: 2.0 and newer are known");
    assert_eq!(error.kind(), Exit::Unsupported);
}

#[test]
fn a_path_that_is_not_text_is_refused() {
    let root = PathBuf::from(OsStr::from_bytes(b"/\xff"));
    let settings = Settings { root, ..settings() };
    let error = Config::new(&settings, &build("2.1.20", &[])).unwrap().to_json().unwrap_err();
    assert_eq!(error.to_string(), "a zot configuration cannot be written: path contains invalid UTF-8 characters");
}
