//! What is written for zot, what is read back, and what zot does with it.

use serde_json::json;
use time::Duration;
use time::macros::datetime;

use super::super::Build;
use super::*;
use crate::layout::{Gap, Layout};

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

fn build(version: &str) -> Build {
    Build { version: version.parse().ok(), extensions: Vec::new() }
}

fn layout(namespaces: &str) -> Layout {
    Layout::parse(&format!("namespaces: [{namespaces}]"), "x").unwrap()
}

fn told(gaps: &[Gap]) -> Vec<String> {
    gaps.iter().map(|gap| format!("{} {}: {}", gap.name, gap.field.as_deref().unwrap(), gap.reason)).collect()
}

fn policies(namespaces: &str) -> (Value, Vec<String>) {
    let (retention, gaps) = compile(&layout(namespaces), &build("2.1.20"));
    let mut value = serde_json::to_value(retention).unwrap();
    // It stands first in every policy that deletes something.
    for policy in value["policies"].as_array_mut().unwrap() {
        if let Some(patterns) = policy.pointer_mut("/keepTags/0/patterns") {
            assert_eq!(patterns.as_array_mut().unwrap().remove(0), entries::HANGING);
            if *patterns == json!([]) {
                policy["keepTags"].as_array_mut().unwrap().remove(0);
            }
        }
    }
    (value["policies"].clone(), told(&gaps))
}

#[test]
fn a_rule_is_an_entry() {
    let (policies, gaps) = policies("{name: team, retention: {keepLast: 10, keepDays: 90}}, {name: free}");
    let entry = json!({"pushedWithin": "2160h", "mostRecentlyPushedCount": 10});
    assert_eq!(policies, json!([{"repositories": ["team/**"], "keepTags": [entry]}]));
    assert_eq!(gaps, [""; 0]);
}

#[test]
fn manifests_without_a_tag_stay_as_they_were() {
    let written = |version: &str| {
        let (retention, _) = compile(&layout("{name: a, retention: {keepLast: 1}}"), &build(version));
        serde_json::to_value(retention).unwrap()["policies"][0]["deleteUntagged"].clone()
    };
    assert_eq!(
        ["2.0.4", "2.1.8", "2.1.9", "2.1.20", ""].map(written),
        [json!(false), json!(false), json!(null), json!(null), json!(null)]
    );
}

#[test]
fn a_policy_without_a_condition_has_one_where_zot_would_break() {
    let entry = |version: &str| {
        let (retention, _) = compile(&layout("{name: a, retention: {tags: [v1], always: true}}"), &build(version));
        retention.policies[0].keep_tags[0].pushed_within.clone()
    };
    assert_eq!((entry("2.1.4").as_deref(), entry("2.1.5")), (Some("2400000h"), None));
}

#[test]
fn the_longest_namespace_comes_first_and_one_that_keeps_everything_says_so() {
    let (policies, _) =
        policies("{name: a, retention: {keepLast: 1}}, {name: a/b}, {name: c}, {name: a/b/c, retention: {keepLast: 2}}");
    assert_eq!(
        policies,
        json!([
            {"repositories": ["a/b/c/**"], "keepTags": [{"mostRecentlyPushedCount": 2}]},
            {"repositories": ["a/b/**"]},
            {"repositories": ["a/**"], "keepTags": [{"mostRecentlyPushedCount": 1}]},
        ])
    );
}

#[test]
fn what_always_stays_is_taken_first_and_not_counted() {
    let rules = "{keepLast: 3}, {tags: [latest, 'v1.{0,1}'], always: true}, {tags: ['*-rc'], keepDays: 2}";
    let (policies, gaps) = policies(&format!("{{name: a, immutableTags: [stable], retention: [{rules}]}}"));
    assert_eq!(
        policies[0]["keepTags"],
        json!([
            {"patterns": ["^stable$", "^latest$", r"^v1\.0$", r"^v1\.1$"]},
            {"patterns": ["^.*-rc$"], "pushedWithin": "48h", "mostRecentlyPushedCount": 3},
            {"mostRecentlyPushedCount": 3},
        ])
    );
    let reason = "zot gives a tag to one rule alone: it counts without those that are immutable, so it may keep more";
    assert_eq!(gaps, [format!("a retention[0].keepLast: {reason}")]);
}

#[test]
fn rules_that_share_some_tags_and_count_keep_them_all() {
    let (policies, gaps) = policies("{name: a, retention: [{tags: ['v*'], keepDays: 2}, {tags: ['*-rc'], keepLast: 3}]}");
    let entries = json!([{"patterns": ["^.*-rc$"]}, {"patterns": ["^v.*$"], "pushedWithin": "48h"}]);
    assert_eq!(policies[0]["keepTags"], entries);
    let reason = "zot gives a tag to one rule alone, and some of these are those of retention[0], too: it keeps all of them";
    assert_eq!(gaps, [format!("a retention[1]: {reason}")]);
}

#[test]
fn repositories_of_a_rule_are_policies_of_their_own() {
    let rules =
        "{repositories: ['web*', '*'], keepLast: 1}, {repositories: [web1], keepDays: 1}, {repositories: ['*1'], keepDays: 3}";
    let (policies, gaps) = policies(&format!("{{name: a, retention: [{rules}]}}"));
    let one = json!({"mostRecentlyPushedCount": 1, "pushedWithin": "72h"});
    assert_eq!(
        policies,
        json!([
            {"repositories": ["a/web1"], "keepTags": [one]},
            {"repositories": ["a/*1"], "keepTags": [one]},
            {"repositories": ["a/web*", "a", "a/*"], "keepTags": [{"mostRecentlyPushedCount": 1}]},
        ])
    );
    assert_eq!(gaps, [""; 0]);
    let (_, gaps) =
        self::policies("{name: a, retention: [{repositories: ['a*'], keepLast: 1}, {repositories: ['*b'], keepLast: 2}]}");
    let reason = |rule| {
        format!(
            "zot takes one policy for a repository: some are those of retention[{rule}], too, so it keeps what this rule keeps in all of those"
        )
    };
    let told = [format!("a retention[1].repositories: {}", reason(0)), format!("a retention[0].repositories: {}", reason(1))];
    assert_eq!(gaps, told);
}

#[test]
fn retention_is_read_as_zot_reads_it() {
    let config = json!({"Storage": {"retention": {"DRYRUN": true, "policies": [{
        "repositories": ["**"], "deletereferrers": true,
        "keepTags": [{"Patterns": ["v2"], "pulledWithin": 3_600_000_000_000u64, "mostRecentlyPushedCount": 2}],
    }]}}});
    let keep_tags = KeepTags {
        patterns: vec!["v2".into()],
        pulled_within: Some("3600000000000ns".into()),
        most_recently_pushed_count: 2,
        ..KeepTags::default()
    };
    let policy =
        Policy { repositories: vec!["**".into()], delete_referrers: true, keep_tags: vec![keep_tags], ..Policy::default() };
    assert_eq!(Retention::read(&config).unwrap(), Retention { dry_run: true, policies: vec![policy], delay: None });
    assert!(Retention::read(&json!({"storage": {}})).unwrap().is_empty());
    let fault = |value: Value| Retention::read(&json!({"storage": {"retention": value}})).unwrap_err().to_string();
    assert!(fault(json!({"policy": []})).starts_with("storage.retention: unknown field `policy`"));
    let wrong = json!({"policies": [{"keepTags": [{"pushedWithin": "3d"}]}]});
    assert_eq!(fault(wrong), "storage.retention: expected a duration like \"24h\", found \"3d\"");
}

#[test]
fn zot_decides_by_the_first_policy_and_the_first_entry() {
    let retention = Retention::read(&json!({"storage": {"retention": {"policies": [
        {"repositories": ["a/keep"]},
        {"repositories": ["a/**"], "keepTags": [
            {"patterns": ["^v"], "mostRecentlyPushedCount": 1, "pulledWithin": "24h"},
            {"patterns": ["1$"]},
            {"patterns": ["^n"], "mostRecentlyPulledCount": 1},
        ]},
    ]}}}))
    .unwrap();
    let tag = |name: &str, pushed: Option<i64>, pulled: Option<i64>| {
        let ago = |days: i64| NOW - Duration::days(days);
        Tag { name: name.to_owned(), pushed: pushed.map(ago), pulled: pulled.map(ago) }
    };
    let tags = [
        tag("v1", Some(5), None),
        tag("v2", Some(4), None),
        tag("v3", Some(9), Some(0)),
        tag("x1", Some(9), None),
        tag("x2", Some(0), None),
        tag("x3", None, None),
        tag("n2", Some(5), Some(3)),
        tag("n3", Some(4), Some(3)),
        tag("n4", Some(0), None),
    ];
    let expected = {
        use Verdict::{Delete, Either, Keep};
        [Delete, Keep, Keep, Keep, Delete, Keep, Either, Either, Delete]
    };
    assert_eq!(retention.decide("a/b", &tags, NOW), expected);
    assert_eq!(retention.decide("a/keep", &tags, NOW), [Verdict::Keep; 9]);
    assert_eq!(retention.decide("b", &tags, NOW), [Verdict::Keep; 9]);
}

fn found(policies: Value) -> (Value, Vec<String>) {
    let (namespaces, gaps) = namespaces(&Retention::read(&json!({"storage": {"retention": {"policies": policies}}})).unwrap());
    let rows = namespaces.iter().map(|namespace| (namespace.name.to_string(), serde_json::to_value(&namespace.retention).unwrap()));
    (Value::Object(rows.collect()), told(&gaps))
}

#[test]
fn policies_that_were_found_are_rules_of_namespaces() {
    let (namespaces, gaps) = found(json!([
        {"repositories": ["infra/**", "prod/app"], "keepTags": [
            {"patterns": ["^latest$"]},
            {"patterns": ["^v[0-9]\\.", "rc"], "pushedWithin": "168h"},
        ]},
        {"repositories": ["prod/*/web"], "keepTags": [{"mostRecentlyPushedCount": 3, "patterns": [".*"]}]},
        {"repositories": ["free/**"]},
    ]));
    let rules = |repositories: Option<&str>| {
        let rules = json!([{"tags": ["latest"], "always": true}, {"tags": ["v[0-9].*", "*rc*"], "keepDays": 7}]);
        let Value::Array(mut rules) = rules else { unreachable!() };
        rules.iter_mut().for_each(|rule| {
            if let Some(repositories) = repositories {
                rule["repositories"] = json!([repositories]);
            }
        });
        rules
    };
    let mut prod = rules(Some("app"));
    prod.push(json!({"repositories": ["*/web"], "keepLast": 3}));
    assert_eq!(namespaces, json!({"free": [], "infra": rules(None), "prod": prod}));
    assert_eq!(gaps, [""; 0]);
}

#[test]
fn what_rules_cannot_say_is_told_and_kept() {
    let whole = "without a rule that says the same, all of the namespace is kept";
    for (policies, expected, reasons) in [
        (
            json!([{"repositories": ["**", "a/**"], "keepTags": [{"mostRecentlyPulledCount": 1}]}]),
            json!({"a": []}),
            vec![
                "** retention: zot keeps it by a pattern that is no namespace: it begins with no name of its own".to_owned(),
                format!("a retention[0]: a layout does not count pulls: {whole}"),
            ],
        ),
        (
            json!([{"repositories": ["a/**"], "keepTags": [{"patterns": ["^v[0-9]+$"]}, {"pushedWithin": "24h"}]}]),
            json!({"a": []}),
            vec![format!("a retention[0]: no pattern says \"^v[0-9]+$\": {whole}")],
        ),
        (
            json!([{"repositories": ["a/**"], "deleteReferrers": true, "keepTags": [{"patterns": ["^v"], "pushedWithin": "36h"}, {"pushedWithin": "24h"}]}]),
            json!({"a": [{"tags": ["v*"], "keepDays": 2}, {"keepDays": 1}]}),
            vec![
                "a retention: a layout does not say that referrers go with their subjects (deleteReferrers)".to_owned(),
                "a retention[0].keepDays: a layout counts whole days: it is rounded up".to_owned(),
                "a retention[1]: zot holds it against no tag that retention[0] matches, a layout against all".to_owned(),
            ],
        ),
        (
            json!([{"repositories": ["a/**"], "keepTags": [{"pushedWithin": "24h"}]}, {"repositories": ["a/b/**"]}]),
            json!({"a": [{"keepDays": 1}], "a/b": []}),
            vec!["a/b retention: zot takes the first policy of a repository, and one before is about some of the same".to_owned()],
        ),
        (
            json!([{"repositories": ["a/b/c"]}, {"repositories": ["a/**"], "keepTags": [{"pushedWithin": "24h"}]}]),
            json!({"a": [{"keepDays": 1}], "a/b": []}),
            vec!["a/b retention: what its own policy leaves out is kept here, and in zot as that of a says".to_owned()],
        ),
    ] {
        assert_eq!(found(policies), (expected, reasons));
    }
}

#[test]
fn what_was_found_elsewhere_stays() {
    let found: Retention = serde_json::from_value(json!({"dryRun": true, "delay": "2h", "policies": [
        {"repositories": ["team/**"], "deleteReferrers": true, "keepTags": [{"mostRecentlyPushedCount": 9}]},
        {"repositories": ["team/old/**"]},
        {"repositories": ["other/**", "team/x"]},
    ]}))
    .unwrap();
    let layout = layout("{name: team, retention: {keepLast: 1}}");
    let written = serde_json::to_value(compile(&layout, &build("2.1.20")).0.over(&found, &layout)).unwrap();
    let entries = json!([{"patterns": [entries::HANGING]}, {"mostRecentlyPushedCount": 1}]);
    assert_eq!(
        written,
        json!({"dryRun": true, "delay": "2h", "policies": [
            {"repositories": ["team/**"], "deleteReferrers": true, "keepTags": entries},
            {"repositories": ["other/**", "team/x"]},
        ]})
    );
}
