//! What the rendered file holds, release by release.

use proptest::prelude::*;

use super::*;
use crate::exit::Exit;

fn settings() -> Settings {
    Settings {
        address: "127.0.0.1:5000".parse().unwrap(),
        debug: None,
        root: "/srv/registry".into(),
        tls: None,
        htpasswd: None,
        realm: "reg".into(),
        secret: None,
        drain: Duration::ZERO,
    }
}

fn text(settings: &Settings, version: Version) -> String {
    Config::new(settings, version).unwrap().to_yaml().unwrap()
}

#[test]
fn the_version_line_tells_the_release() {
    for (line, expected) in [
        ("registry github.com/distribution/distribution/v3 v3.1.1\n", Version::new(3, 1, 1)),
        ("docker-registry github.com/docker/distribution 2.8.2+ds1\n", Version::new(2, 8, 2)),
        ("/opt/a b/registry github.com/docker/distribution v2.8.3+unknown\n", Version::new(2, 8, 3)),
    ] {
        assert_eq!(parse_version(line).unwrap(), expected, "{line}");
    }
    for other in ["", "registry", "nginx version: nginx/1.22.1", "registry github.com/docker/distribution devel"] {
        let error = parse_version(other).unwrap_err();
        assert_eq!(error.to_string(), "`--version` does not answer like Distribution's registry", "{other}");
        assert_eq!(error.kind(), Exit::Input);
    }
}

#[test]
fn the_simplest_configuration() {
    let expected = "\
version: \"0.1\"
log:
  level: info
  formatter: json
storage:
  filesystem:
    rootdirectory: /srv/registry
  delete:
    enabled: true
  cache:
    blobdescriptor: inmemory
  maintenance:
    uploadpurging:
      enabled: true
      age: 168h
      interval: 24h
      dryrun: false
http:
  addr: 127.0.0.1:5000
";
    assert_eq!(text(&settings(), Version::new(2, 8, 0)), expected);
}

#[test]
fn everything_that_can_be_set() {
    let settings = Settings {
        address: "[::1]:5000".parse().unwrap(),
        debug: Some("127.0.0.1:5001".parse().unwrap()),
        tls: Some(Tls { certificate: "/c.pem".into(), key: "/k.pem".into() }),
        htpasswd: Some("/srv/htpasswd".into()),
        realm: "our \"reg\"".into(),
        secret: Some(Secret::new("s3cret")),
        drain: Duration::from_secs(10),
        ..settings()
    };
    let expected = "\
auth:
  htpasswd:
    realm: our \"reg\"
    path: /srv/htpasswd
http:
  addr: \"[::1]:5000\"
  secret: s3cret
  draintimeout: 10s
  tls:
    certificate: /c.pem
    key: /k.pem
  debug:
    addr: 127.0.0.1:5001
    prometheus:
      enabled: true
      path: /metrics
catalog:
  maxentries: 1000
tags:
  maxtags: 1000
";
    let text = text(&settings, Version::new(3, 1, 1));
    assert_eq!(&text[text.find("auth:").unwrap()..], expected);
}

#[test]
fn a_key_is_written_only_where_the_release_reads_it() {
    for (version, catalog, tags) in
        [((2, 8, 1), false, false), ((2, 8, 2), true, false), ((3, 0, 0), true, false), ((3, 1, 0), true, true)]
    {
        let text = text(&settings(), Version::new(version.0, version.1, version.2));
        assert_eq!((text.contains("catalog:"), text.contains("tags:")), (catalog, tags), "{version:?}");
    }
    let error = Config::new(&settings(), Version::new(2, 7, 1)).unwrap_err();
    assert_eq!(error.to_string(), "Distribution 2.7.1 is too old: 2.8 and newer are known");
    assert_eq!(error.kind(), Exit::Unsupported);
}

#[test]
fn the_environment_is_kept_from_changing_the_configuration() {
    assert!(changes_config("REGISTRY_HTTP_ADDR") && changes_config("REGISTRY_"));
    assert!(!changes_config("PATH") && !changes_config("MY_REGISTRY_HTTP_ADDR") && !changes_config("registry_http_addr"));
    assert_eq!(environment(Version::new(2, 8, 3)), []);
    assert_eq!(environment(Version::new(3, 0, 0)), [("OTEL_TRACES_EXPORTER", "none")]);
}

#[test]
fn debug_output_hides_the_secret() {
    let settings = Settings { secret: Some(Secret::new("s3cret")), ..settings() };
    let config = Config::new(&settings, Version::new(2, 8, 3)).unwrap();
    assert!(!format!("{settings:?} {config:?}").contains("s3cret"));
}

/// Texts that YAML, of either generation, could take for something else.
fn hostile() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "a: b",
        "# no comment",
        "a #b",
        "'",
        "\"",
        "${HOME}",
        "line\nline",
        "- x",
        "yes",
        "no",
        "null",
        "~",
        "0755",
        "1e3",
        "22:22",
        "=",
        "<<",
        "*a",
        "&a",
        "!tag",
        "|",
        ">",
        "%",
        "@",
        "`",
        "{a: b}",
        "[a]",
        "2026-11-20",
        " a ",
        "\t",
        "",
        "\u{1b}",
        "\u{85}",
        "\u{feff}",
        "---",
        "...",
        "a\n---\nb",
        "\r\n",
        "true\nhttp:\n  addr: evil",
        "?",
        ": ",
        "key:",
        "\\",
        "\u{2028}",
    ];
    let any = ".*".prop_map(|text: String| text);
    prop_oneof![proptest::sample::select(KNOWN).prop_map(str::to_owned), any, "[ -~\n]{0,40}"]
}

proptest! {
    #[test]
    fn no_value_can_change_the_shape_of_the_file(realm in hostile(), path in hostile(), secret in hostile()) {
        let settings = Settings {
            root: path.clone().into(),
            htpasswd: Some(path.clone().into()),
            realm: realm.clone(),
            secret: Some(Secret::new(secret.clone())),
            ..settings()
        };
        let text = text(&settings, Version::new(2, 8, 3));
        let back: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
        prop_assert_eq!(back["auth"]["htpasswd"]["realm"].as_str(), Some(realm.as_str()), "{}", text);
        prop_assert_eq!(back["auth"]["htpasswd"]["path"].as_str(), Some(path.as_str()), "{}", text);
        prop_assert_eq!(back["storage"]["filesystem"]["rootdirectory"].as_str(), Some(path.as_str()), "{}", text);
        prop_assert_eq!(back["http"]["secret"].as_str(), Some(secret.as_str()), "{}", text);
        prop_assert_eq!(back["http"]["addr"].as_str(), Some("127.0.0.1:5000"), "{}", text);
    }
}
