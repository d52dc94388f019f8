//! What is found in configurations, release by release.

use proptest::prelude::*;

use super::*;

fn reader(format: Format, version: &str) -> Reader {
    Reader::new(format, version.parse().ok())
}

/// Findings as `line:column severity path: problem (hint)`.
fn told(reader: &Reader, text: &str) -> Vec<String> {
    let number = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
    let line = |finding: Finding| {
        let severity = if finding.severity == Severity::Error { "" } else { "warning " };
        let hint = finding.hint.map_or(String::new(), |hint| format!(" ({hint})"));
        format!("{}:{} {severity}{}: {}{hint}", number(finding.line), number(finding.column), finding.path, finding.problem)
    };
    reader.check(text).into_iter().map(line).collect()
}

fn zot(version: &str, text: &str) -> Vec<String> {
    told(&reader(Format::Zot, version), text)
}

fn distribution(version: &str, storage: &str) -> Vec<String> {
    told(&reader(Format::Distribution, version), &format!("version: 0.1\nstorage: {{inmemory: }}\n{storage}"))
}

#[test]
fn what_old_instructions_say_about_zot_is_explained() {
    let text = r#"{
"http": {"http2": true, "notifications": {"endpoints": []}},
"accessControl": {"repositories": {}}
}"#;
    assert_eq!(
        zot("2.1.20", text),
        [
            "2:10 http.http2: zot knows no such key, and does not start with it (remove it: zot speaks HTTP/2 by itself wherever it has TLS)",
            "2:25 http.notifications: zot knows no such key, and does not start with it (webhooks are extensions.events.sinks, since zot \
             2.1.3; their headers are texts, not lists)",
            "3:1 accessControl: zot knows no such key, and does not start with it (move it to http.accessControl, with its patterns below \
             http.accessControl.repositories)",
        ]
    );
    let text = "{\n  \"http\": {\n    \"http2\": true // Enable HTTP/2\n  }\n}";
    assert_eq!(
        zot("", text),
        ["3:19 : not JSON: expected `,` or `}` (JSON has no comments: take them out, or write the file as YAML)"]
    );
}

#[test]
fn rights_of_a_zot_that_work_otherwise_than_they_look_are_told() {
    let text = r#"{"http": {"auth": {"htpasswd": {"path": "/x"}}, "accessControl": {
"groups": {"Devs": {"users": ["bob"]}},
"repositories": {
"**": {"anonymousPolicy": ["read"], "defaultPolicy": ["read"]},
"team/**": {"defaultPolicy": ["read"], "policies": [{"groups": ["Devs", "ldap"], "actions": ["create"]}]},
"team/x": {"policies": [{"users": ["eva"], "actions": ["read"]}]},
"team/sealed/**": {},
"lib/*-a": {"defaultPolicy": ["read"]},
"lib/b-*": {"defaultPolicy": ["create"]},
"open/**": {"anonymousPolicy": ["read", "delete"], "policies": [{"users": ["eva", "bob"], "actions": ["create"]}, {"users": ["eva"], "actions": ["read"]}]},
"a*_": {"defaultPolicy": ["read"]}
}}}}"#;
    let at = "http.accessControl.repositories";
    assert_eq!(
        zot("2.1.20", text),
        [
            format!(
                "5:1 warning {at}[\"team/**\"].policies[0].groups: group \"Devs\": zot makes the names of groups lower-case, and not here (write \"devs\" here)"
            ),
            format!(
                "5:1 warning {at}[\"team/**\"].policies[0].groups: group \"ldap\": there is no such group (define it in http.accessControl.groups, or it is LDAP's or OpenID's)"
            ),
            format!(
                "6:1 {at}[\"team/x\"]: it never counts: zot takes the longest text that matches, and \"team/**\" always is longer (give its rights to the longer one, or write both longer)"
            ),
            format!(
                "7:1 {at}[\"team/sealed/**\"]: zot does not see a pattern with nothing in it: \"**\" counts (write \"defaultPolicy\": [] in it)"
            ),
            format!(
                "8:1 {at}[\"lib/*-a\"]: it is as long as \"lib/b-*\", and both match \"lib/b-a\": chance decides, each time anew (make the one that is to count longer)"
            ),
            format!(
                "10:1 warning {at}[\"open/**\"]: anonymousPolicy is not for those who log in: without a login they may read and delete, with one not (add read and delete to defaultPolicy)"
            ),
            format!("10:1 warning {at}[\"open/**\"]: everybody may delete, without a login (grant delete to users or groups)"),
            format!(
                "10:1 warning {at}[\"open/**\"].policies[0].actions: user \"bob\" may write and not read, which every client does before it (add read)"
            ),
            format!(
                "11:1 warning {at}[\"a*_\"]: no repository's name can match it (names are parts of lower-case letters and digits between slashes)"
            ),
        ]
    );
}

#[test]
fn redis_of_one_generation_is_explained_to_the_other() {
    let old = "redis:\n  addr: redis:6379\n  pool: {maxidle: 16}\n";
    let new = "redis: {addrs: [\"redis:6379\"], poolsize: 5}\n";
    assert_eq!(distribution("2.8.3", old), [""; 0]);
    assert_eq!(
        distribution("3.1.1", old),
        [
            "4:3 redis.addr: Distribution 3.0.0 and newer do not know it; 3.1.1 ignores it without a word (since 3.0 it is redis.addrs, a \
             list: `addrs: [HOST:PORT]`)",
            "5:3 redis.pool: Distribution 3.0.0 and newer do not know it; 3.1.1 ignores it without a word (since 3.0 they are \
             redis.maxidleconns, redis.poolsize and redis.connmaxidletime)",
        ]
    );
    assert_eq!(distribution("3.0.0", new), [""; 0]);
    assert_eq!(
        distribution("2.8.3", new),
        [
            "3:9 redis.addrs: Distribution knows it since 3.0.0; 2.8.3 ignores it without a word (before 3.0 it is redis.addr, one \
             `HOST:PORT`)",
            "3:32 redis.poolsize: Distribution knows it since 3.0.0; 2.8.3 ignores it without a word (before 3.0 it is \
             redis.pool.maxactive)",
        ]
    );
    // Without a release both are known, and the old one is worth a look.
    assert_eq!(distribution("", new), [""; 0]);
    assert!(distribution("", old)[0].starts_with("4:3 warning redis.addr: Distribution 3.0.0 and newer do not know it"));
}

#[test]
fn a_key_is_held_against_the_release() {
    let conditions = r#"{"http":{"auth":{"htpasswd":{"path":"x"}},"accessControl":{"repositories":{"a/**":{"policies":[{"users":["u"],"actions":["read"],"conditions":[]}]}}}}}"#;
    assert_eq!(zot("2.1.17", conditions), [""; 0]);
    assert_eq!(
        zot("2.1.16", conditions),
        [
            "1:130 http.accessControl.repositories[\"a/**\"].policies[0].conditions: zot knows it since 2.1.17; 2.1.16 does not start with it"
        ]
    );
    for (key, version, older) in [
        ("{\"storage\":{\"maxRepos\":1}}", "2.1.16", "2.1.15"),
        ("{\"storage\":{\"gcTimeWindow\":\"01:00-05:00\"}}", "2.1.19", "2.1.18"),
        ("{\"http\":{\"compat\":[\"docker2s2\"]}}", "2.1.2", "2.1.1"),
        ("{\"extensions\":{\"events\":{\"sinks\":[]}}}", "2.1.3", "2.1.2"),
    ] {
        assert_eq!(zot(version, key), [""; 0], "{key}");
        assert_eq!(zot(older, key).len(), 1, "{key}");
    }
    assert_eq!(distribution("3.1.0", "tags: {maxtags: 5}"), [""; 0]);
    assert_eq!(distribution("3.0.0", "tags: {maxtags: 5}").len(), 1);
}

#[test]
fn zot_reads_keys_in_any_case_and_distribution_does_not() {
    assert_eq!(zot("2.1.20", r#"{"STORAGE":{"rootdirectory":"/x","GC":"true"},"http":{"port":5000}}"#), [""; 0]);
    assert_eq!(
        distribution("3.1.1", "HTTP: {addr: x}"),
        ["3:1 HTTP: Distribution knows no such key, and ignores it without a word (did you mean http?)"]
    );
}

#[test]
fn values_are_held_against_their_type() {
    assert_eq!(
        zot(
            "2.1.20",
            r#"{"storage":{"gcDelay":"7d","gc":"maybe","dedupe":{},"gcTimeWindow":"25:00-01:00"},"http":{"tls":"x","auth":{"ldap":{"port":[1]}}}}"#
        ),
        [
            "1:13 storage.gcDelay: wants a duration with a unit that Go knows (90s, 15m, 24h), not \"7d\" (write 168h)",
            "1:28 storage.gc: wants true or false, not \"maybe\"",
            "1:41 storage.dedupe: wants true or false, not keys and values",
            "1:53 storage.gcTimeWindow: wants a time of day to another (01:00-05:00), not \"25:00-01:00\"",
            "1:91 http.tls: wants keys and values, not \"x\"",
            "1:117 http.auth.ldap.port: wants a whole number, not a list",
        ]
    );
    assert_eq!(
        distribution("3.1.1", "http:\n  draintimeout: 10\n  relativeurls: \"true\"\n  headers: {A: b}\n"),
        [
            "4:3 http.draintimeout: wants a duration with a unit that Go knows (90s, 15m, 24h), not 10",
            "5:3 http.relativeurls: wants true or false, not \"true\"",
            "6:13 http.headers.A: wants a list of texts, not \"b\" (A: [VALUE])",
        ]
    );
    assert_eq!(distribution("3.1.1", "http: {relativeurls: yes, secret: 12}"), [""; 0]);
    for (text, problem) in [("", "there is nothing in it"), ("[1]", "wants keys and values, not a list")] {
        assert_eq!(zot("", text), [format!("1:1 : {problem}")]);
    }
}

#[test]
fn a_secret_is_never_shown() {
    let found = reader(Format::Distribution, "3.1.1")
        .check("version: 0.1\nstorage: {s3: {secretkey: [hunter2]}}\nhttp: {secret: {a: hunter2}}");
    assert_eq!(found.len(), 2);
    assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
}

#[test]
fn a_key_that_stands_twice_is_found_with_both_its_lines() {
    assert_eq!(
        zot("2.1.20", "{\"storage\":{\n\"gc\":true,\n\"GC\":false}}"),
        ["3:1 storage.GC: stands there twice, in line 2 first: only one of them counts (keep one)"]
    );
    assert_eq!(
        distribution("3.1.1", "log: {level: info}\nlog: {level: debug}"),
        ["4:1 log: stands there twice, in line 3 first: only one of them counts (keep one)"]
    );
}

#[test]
fn the_right_way_is_the_nearest_name_or_the_right_place() {
    assert_eq!(
        zot("", r#"{"storage":{"gcDealy":"1h"}}"#),
        ["1:13 storage.gcDealy: zot knows no such key, and does not start with it (did you mean gcDelay?)"]
    );
    assert_eq!(
        distribution("3.1.1", "http: {maxentries: 5}"),
        ["3:8 http.maxentries: Distribution knows no such key, and ignores it without a word (it belongs to catalog.maxentries)"]
    );
    assert_eq!(
        zot("", r#"{"http":{"accessControl":{"**":{"anonymousPolicy":["read"]}}}}"#),
        ["1:27 http.accessControl[\"**\"]: zot knows no such key, and does not start with it (patterns stand below \
          http.accessControl.repositories since zot 2.0)"]
    );
    assert_eq!(
        zot("", r#"{"extensions":{"events":{"sinks":[{"type":"http","token":"x"}]}}}"#),
        ["1:50 extensions.events.sinks[0].token: zot knows no such key, and ignores it without a word (move it to \
          extensions.events.sinks[].credentials.token)"]
    );
}

#[test]
fn what_cannot_go_together_is_found() {
    for (text, path) in [
        (r#"{"extensions":{"ui":{}}}"#, "extensions.ui"),
        (r#"{"extensions":{"metrics":{"prometheus":{"path":"/v2"}}}}"#, "extensions.metrics.prometheus.path"),
        (r#"{"extensions":{"sync":{"registries":[{"maxRetries":3}]}}}"#, "extensions.sync.registries[0].maxRetries"),
        (r#"{"extensions":{"search":{"cve":{}}},"storage":{"storageDriver":{"name":"s3"}}}"#, "extensions.search.cve"),
        (r#"{"storage":{"redirectBlobURL":true}}"#, "storage.redirectBlobURL"),
        (r#"{"http":{"accessControl":{"repositories":{"**":{"defaultPolicy":["read"]}}}}}"#, "http.accessControl"),
        (r#"{"http":{"port":"70000"}}"#, "http.port"),
        (r#"{"log":{"level":"loud"}}"#, "log.level"),
    ] {
        let found = reader(Format::Zot, "2.1.20").check(text);
        assert!(found.iter().any(|one| one.path == path && one.severity == Severity::Error), "{text}: {found:?}");
    }
    for (text, path) in [
        ("storage: {inmemory: }", "version"),
        ("version: 3.1\nstorage: {inmemory: }", "version"),
        ("version: 0.1", "storage"),
        ("version: 0.1\nstorage: {inmemory: , filesystem: {}}", "storage"),
        ("version: 0.1\nstorage: {inmemory: }\nauth: {htpasswd: {}, token: {}}", "auth"),
        ("version: 0.1\nstorage: {inmemory: , cache: {blobdescriptor: redis}}", "storage.cache"),
        (
            "version: 0.1\nstorage: {inmemory: , maintenance: {uploadpurging: {enabled: true, age: 1h, interval: 1h}}}",
            "storage.maintenance.uploadpurging",
        ),
        ("version: 0.1\nstorage: {inmemory: }\nhttp: {tls: {certificate: x}}", "http.tls"),
    ] {
        let found = reader(Format::Distribution, "3.1.1").check(text);
        assert!(found.iter().any(|one| one.path == path && one.severity == Severity::Error), "{text}: {found:?}");
    }
}

#[test]
fn the_type_is_guessed_when_it_is_clear() {
    for (text, format) in [
        ("version: 0.1\nstorage: {filesystem: {}}", Some(Format::Distribution)),
        (r#"{"storage":{"rootDirectory":"/x"},"http":{"port":"1"}}"#, Some(Format::Zot)),
        (r#"{"accessControl":{}}"#, Some(Format::Zot)),
        ("log: {level: info}", None),
        ("", None),
        ("a: [", None),
    ] {
        assert_eq!(Format::guess(text), format, "{text}");
    }
}

#[test]
fn the_schema_of_a_newer_zot_adds_its_keys() {
    let schema = r##"{"$ref":"#/definitions/a~01b.Config","definitions":{"a~1b.Config":{"type":"object","additionalProperties":false,
        "properties":{"storage":{"anyOf":[{"$ref":"#/definitions/S"},{"type":"null"}]}}},
        "S":{"type":"object","properties":{"newKey":{"type":"boolean"},"newkey":{"type":"boolean"}}}}}"##;
    let reader = reader(Format::Zot, "2.2.0").with_schema(schema).unwrap();
    assert_eq!(told(&reader, r#"{"storage":{"newkey":true,"gc":true}}"#), [""; 0]);
    assert_eq!(told(&reader, r#"{"storage":{"newKey":3}}"#), ["1:13 storage.newKey: wants true or false, not 3"]);
    assert!(told(&reader, r#"{"storage":{"newKay":true}}"#)[0].ends_with("(did you mean newKey?)"));
}

#[test]
fn paths_are_known_by_release() {
    let zot = |version| reader(Format::Zot, version);
    assert!(zot("2.1.20").known(&["extensions", "sync", "registries", "0", "urls", "1"]));
    assert!(zot("2.0.0").known(&["STORAGE", "gcdelay"]) && !zot("2.0.0").known(&["storage", "maxRepos"]));
    assert!(zot("").known(&["storage", "storageDriver", "anything", "below"]));
    let distribution = reader(Format::Distribution, "3.1.1");
    assert!(distribution.known(&["http", "headers", "X-Any", "0"]) && !distribution.known(&["redis", "addr"]));
}

proptest! {
    #[test]
    fn no_text_is_too_much(text in ".{0,200}", version in 0u32..4) {
        for format in [Format::Zot, Format::Distribution] {
            let _ = Reader::new(format, Some(Version::new(version, 1, 0))).check(&text);
        }
    }
}
