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
        page: None,
        options: Options::default(),
        secrets: Secrets::default(),
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
fn candidates_that_take_any_token_are_known() {
    for (word, any) in [("v3.0.0-beta.1", true), ("v3.0.0-rc.2+unknown", true), ("v3.0.0-rc.3", false), ("v3.0.0", false)] {
        assert_eq!(takes_any_token(&format!("registry github.com/distribution/distribution/v3 {word}\n")), any, "{word}");
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

/// What the file says of a key.
fn at(settings: &Settings, version: (u32, u32, u32), pointer: &str) -> serde_json::Value {
    let config = Config::new(settings, Version::new(version.0, version.1, version.2)).unwrap();
    config.to_value().unwrap().pointer(pointer).cloned().unwrap_or_default()
}

#[test]
fn a_bucket_takes_the_place_of_the_folder() {
    let s3 = crate::options::S3 {
        bucket: "b".into(),
        region: "us-east-1".into(),
        endpoint: Some("http://minio:9000".into()),
        access_key: Some("ID".into()),
        secret_key: true,
    };
    let options = Options { s3: Some(s3), ..Options::default() };
    let secrets = Secrets { s3_secret_key: Some(Secret::new("k3y")), ..Secrets::default() };
    let settings = Settings { options, secrets, ..settings() };
    let mut expected = serde_json::json!({
        "bucket": "b", "region": "us-east-1", "regionendpoint": "http://minio:9000", "accesskey": "ID", "secretkey": "k3y",
    });
    assert_eq!(at(&settings, (2, 8, 3), "/storage/s3"), expected);
    assert_eq!(at(&settings, (2, 8, 3), "/storage/filesystem"), serde_json::Value::Null);
    expected["forcepathstyle"] = true.into();
    assert_eq!(at(&settings, (3, 0, 0), "/storage/s3"), expected);
    assert!(!format!("{settings:?} {:?}", Config::new(&settings, Version::new(3, 0, 0)).unwrap()).contains("k3y"));
}

fn redis(url: &str) -> Settings {
    let secrets = Secrets { redis_url: Some(Secret::new(url)), ..Secrets::default() };
    Settings { options: Options { redis: true, ..Options::default() }, secrets, ..settings() }
}

/// The same with what a cache may take of time.
fn soon(mut redis: serde_json::Value) -> serde_json::Value {
    for key in ["dialtimeout", "readtimeout", "writetimeout"] {
        redis[key] = "1s".into();
    }
    redis
}

#[test]
fn redis_is_said_in_the_words_of_the_release() {
    let settings = redis("redis://:p%40ss@cache:6380/2");
    let pool = serde_json::json!({"maxidle": 16, "maxactive": 64, "idletimeout": "300s"});
    let old = soon(serde_json::json!({"addr": "cache:6380", "password": "p@ss", "db": 2, "pool": pool}));
    assert_eq!(at(&settings, (2, 8, 3), "/redis"), old);
    let new = soon(serde_json::json!({"addrs": ["cache:6380"], "password": "p@ss", "db": 2}));
    assert_eq!(at(&settings, (3, 0, 0), "/redis"), new);
    assert_eq!(at(&settings, (3, 0, 0), "/storage/cache/blobdescriptor"), "redis");
    let named = redis("redis://user:pw@[::1]");
    assert_eq!(
        at(&named, (3, 1, 1), "/redis"),
        soon(serde_json::json!({"addrs": ["[::1]:6379"], "username": "user", "password": "pw", "db": 0}))
    );
}

#[test]
fn a_redis_of_its_own_stands_beside_it() {
    let switches = [(Feature::Redis, true)].into();
    let options = Options { switches, ..Options::default() };
    let own = Settings { options, secret: Some(Secret::new("s")), ..settings() };
    let password = Secret::new("s").derived("redis");
    let new = soon(serde_json::json!({"addrs": ["redis:6379"], "password": password.expose(), "db": 0}));
    assert_eq!(at(&own, (3, 1, 1), "/redis"), new);
    assert_eq!(at(&own, (2, 8, 3), "/redis/addr"), "redis:6379");
    assert_eq!(at(&own, (2, 8, 3), "/storage/cache/blobdescriptor"), "redis");
    assert_eq!(at(&Settings { secret: None, ..own.clone() }, (3, 1, 1), "/redis/password"), serde_json::Value::Null);
    let both = Settings { options: Options { redis: true, ..own.options.clone() }, ..own };
    let error = Config::new(&both, Version::new(3, 1, 1)).unwrap_err();
    assert_eq!(error.to_string(), "--with redis starts a Redis, and --redis-url-file names another");
}

#[test]
fn its_own_pages_may_use_it_unless_another_origin_is_named() {
    let own = Settings { page: Some("http://127.0.0.1:8080".to_owned()), ..settings() };
    let origin = "/http/headers/Access-Control-Allow-Origin/0";
    assert_eq!(at(&own, (3, 1, 1), origin), "http://127.0.0.1:8080");
    let options = Options { cors: Some("https://ui.example".to_owned()), ..Options::default() };
    assert_eq!(at(&Settings { options, ..own }, (3, 1, 1), origin), "https://ui.example");
}

#[test]
fn a_wrong_url_of_redis_is_refused_without_being_told() {
    for (url, version, message) in [
        ("s3cret", (3, 1, 1), "the URL of Redis is not a URL"),
        ("http://s3cret", (3, 1, 1), "the URL of Redis does not begin with redis://"),
        ("rediss://s3cret", (3, 1, 1), "the URL of Redis asks for TLS, which needs files"),
        ("redis://host/s3cret", (3, 1, 1), "the URL of Redis has a database that is not a number"),
        ("redis:///1", (3, 1, 1), "the URL of Redis names no host"),
        ("redis://s3cret:x@host", (2, 8, 3), "Distribution 2.8.3 logs in to Redis without a name: users are known since 3.0"),
    ] {
        let error = Config::new(&redis(url), Version::new(version.0, version.1, version.2)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_mirror_a_webhook_and_a_browser_have_their_keys() {
    let mirror =
        crate::options::Mirror { url: "https://up".into(), every_seconds: None, username: Some("u".into()), password: true };
    let webhook = crate::options::Webhook { url: "https://hook".into(), header: true };
    let switches = [(Feature::Delete, false), (Feature::ReadOnly, true)].into();
    let cors = Some("https://ui.example".into());
    let options = Options { mirror: Some(mirror), webhook: Some(webhook), cors, switches, ..Options::default() };
    let secrets =
        Secrets { mirror_password: Some(Secret::new("pw")), webhook_header: Some(Secret::new("Bearer t")), ..Secrets::default() };
    let settings = Settings { options, secrets, ..settings() };
    let version = (3, 1, 1);
    assert_eq!(at(&settings, version, "/proxy"), serde_json::json!({"remoteurl": "https://up", "username": "u", "password": "pw"}));
    assert_eq!(at(&settings, version, "/notifications/endpoints/0/headers/Authorization"), serde_json::json!(["Bearer t"]));
    assert_eq!(at(&settings, version, "/http/headers/Access-Control-Allow-Origin"), serde_json::json!(["https://ui.example"]));
    assert_eq!(at(&settings, version, "/http/headers/Access-Control-Allow-Credentials"), serde_json::json!(["true"]));
    assert_eq!(at(&settings, version, "/storage/delete/enabled"), false);
    assert_eq!(at(&settings, version, "/storage/maintenance/readonly/enabled"), true);
    assert_eq!(caveats(&settings.options, Version::new(2, 8, 3)).count(), 2);
    assert_eq!(caveats(&settings.options, Version::new(3, 0, 0)).count(), 1);
    let every = Options { rate_limit: Some(1), ..Options::default() };
    let error = Config::new(&Settings { options: every, ..settings }, Version::new(3, 1, 1)).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.kind()), ("Distribution has nothing for --rate-limit", Exit::Unsupported));
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
