//! What the rendered file holds, release by release.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::*;
use crate::access::zot::{Action, Condition, Policy, Repository};
use crate::exit::Exit;

fn settings() -> Settings {
    Settings {
        address: "127.0.0.1:5000".parse().unwrap(),
        root: "/srv/zot".into(),
        tls: None,
        htpasswd: None,
        realm: "reg".into(),
        folder: "/etc/reg".into(),
        access: None,
        retention: retention::Retention::default(),
        options: Options::default(),
        secrets: Secrets::default(),
    }
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

/// What stands at a JSON pointer of the file.
fn at(settings: &Settings, build: &Build, pointer: &str) -> serde_json::Value {
    Config::new(settings, build).unwrap().to_value().unwrap().pointer(pointer).cloned().unwrap_or_default()
}

fn with(options: Options) -> Settings {
    Settings { options, ..settings() }
}

fn switched(switches: &[(Feature, bool)]) -> Settings {
    with(Options { switches: switches.iter().copied().collect(), ..Options::default() })
}

const FULL: &[&str] = &["events", "lint", "metrics", "scrub", "search", "sync", "ui"];

#[test]
fn switches_are_keys() {
    let build = build("2.1.20", FULL);
    let settings = switched(&[
        (Feature::Audit, true),
        (Feature::Cve, true),
        (Feature::Ui, true),
        (Feature::Scrub, true),
        (Feature::Metrics, false),
        (Feature::Dedupe, false),
        (Feature::Gc, false),
    ]);
    let expected = serde_json::json!({
        "search": {"enable": true, "cve": {"updateInterval": "24h"}},
        "ui": {"enable": true},
        "scrub": {"enable": true, "interval": "24h"},
    });
    assert_eq!(at(&settings, &build, "/extensions"), expected);
    assert_eq!(at(&settings, &build, "/storage/dedupe"), false);
    assert_eq!(at(&settings, &build, "/storage/gc"), false);
    assert_eq!(at(&settings, &build, "/log/audit"), "/etc/reg/audit.log");
}

#[test]
fn a_mirror_and_a_webhook_are_extensions() {
    use crate::options::{Mirror, Webhook};
    use crate::secret::Secret;
    let mirror = Mirror { url: "https://up:5000".into(), every_seconds: Some(7200), username: Some("u".into()), password: true };
    let webhook = Webhook { url: "https://hook".into(), header: true };
    let options =
        Options { mirror: Some(mirror), webhook: Some(webhook), cors: Some("*".into()), rate_limit: Some(9), ..Options::default() };
    let secrets =
        Secrets { mirror_password: Some(Secret::new("p\"w")), webhook_header: Some(Secret::new("Bearer t")), ..Secrets::default() };
    let settings = Settings { secrets, ..with(options) };
    let build = build("2.1.20", FULL);
    let upstream = serde_json::json!({
        "urls": ["https://up:5000"], "onDemand": true, "tlsVerify": true, "preserveDigest": true, "pollInterval": "7200s",
        "content": [{"prefix": "**"}],
    });
    let sync = serde_json::json!({"enable": true, "credentialsFile": "/etc/reg/mirror.json", "registries": [upstream]});
    assert_eq!(at(&settings, &build, "/extensions/sync"), sync);
    let sink =
        serde_json::json!({"type": "http", "address": "https://hook", "timeout": "10s", "headers": {"Authorization": "Bearer t"}});
    assert_eq!(at(&settings, &build, "/extensions/events/sinks/0"), sink);
    assert_eq!(at(&settings, &build, "/http/ratelimit/rate"), 9);
    assert_eq!(at(&settings, &build, "/http/allowOrigin"), "*");
    assert_eq!(credentials(&settings).unwrap().expose(), "{\"up:5000\":{\"username\":\"u\",\"password\":\"p\\\"w\"}}\n");
    assert!(!format!("{settings:?} {:?}", Config::new(&settings, &build).unwrap()).contains("Bearer t"));
}

#[test]
fn what_the_release_or_the_build_has_not_is_refused() {
    let webhook =
        |header| with(Options { webhook: Some(crate::options::Webhook { url: "http://h".into(), header }), ..Options::default() });
    for (settings, build, message) in [
        (switched(&[(Feature::Search, true)]), build("2.1.20", &[]), "this zot is built without search"),
        (switched(&[(Feature::Ui, true)]), build("2.1.20", &["search"]), "this zot is built without ui"),
        (switched(&[(Feature::Delete, false)]), build("2.1.20", FULL), "zot has nothing for --with or --without delete"),
        (webhook(false), build("2.1.2", FULL), "zot 2.1.2 has no webhooks: they are there since 2.1.3"),
        (webhook(true), build("2.1.4", FULL), "zot 2.1.4 has no headers of webhooks: they are there since 2.1.5"),
    ] {
        let error = Config::new(&settings, &build).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind()), (message, Exit::Unsupported));
    }
    let error = Config::new(&switched(&[(Feature::Ui, true), (Feature::Search, false)]), &build("2.1.20", FULL)).unwrap_err();
    assert_eq!(error.to_string(), "the UI needs search");
    // A build that does not tell what it is may have everything.
    let searching = switched(&[(Feature::Search, true)]);
    assert!(Config::new(&searching, &build("", &[])).is_ok());
    let told: Vec<String> = caveats(&searching.options, &build("", &[])).collect();
    assert_eq!(told, ["this zot does not say what is built into it: without search it goes on without a word"]);
}

#[test]
fn where_the_list_of_holes_comes_from_is_told_unless_somebody_said_where() {
    let mut options = switched(&[(Feature::Cve, true)]).options;
    assert_eq!(caveats(&options, &build("2.1.20", FULL)).count(), 1);
    options.set.insert("extensions.search.cve.trivy.dbRepository".to_owned(), "mirror.example/trivy-db".to_owned());
    assert_eq!(caveats(&options, &build("2.1.20", FULL)).count(), 0);
}

#[test]
fn access_is_written_as_zot_reads_it() {
    let policy = |conditions| Policy {
        users: vec!["u".into()],
        actions: vec![Action::Read, Action::DetectManifestCollision],
        conditions,
        ..Policy::default()
    };
    let access = |conditions| AccessControl {
        repositories: [("a/**".to_owned(), Repository { policies: vec![policy(conditions)], ..Repository::default() })].into(),
        ..AccessControl::default()
    };
    let settings = Settings { access: Some(access(Vec::new())), ..settings() };
    let expected = serde_json::json!({"a/**": {"policies": [{"users": ["u"], "actions": ["read", "detectManifestCollision"]}], "defaultPolicy": []}});
    assert_eq!(at(&settings, &build("2.0.0", &[]), "/http/accessControl/repositories"), expected);
    let condition = Condition { expression: "req.tls.enabled".into(), message: "TLS only".into() };
    let settings = Settings { access: Some(access(vec![condition])), ..settings };
    assert!(Config::new(&settings, &build("2.1.17", &[])).is_ok());
    let error = Config::new(&settings, &build("2.1.16", &[])).unwrap_err();
    assert_eq!(error.to_string(), "zot 2.1.16 has no conditions of access: they are there since 2.1.17");
}
