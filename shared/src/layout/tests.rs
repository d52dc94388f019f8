//! Layouts read, checked, compared and laid over each other.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn fault(text: &str) -> String {
    Layout::parse(text, "team.yaml").unwrap_err().to_string()
}

#[test]
fn the_default_layout_is_the_seeds_four_namespaces() {
    let layout = Layout::standard();
    let all = [Action::Read, Action::Create, Action::Update, Action::Delete];
    let rows: Vec<_> = layout
        .namespaces
        .iter()
        .map(|n| (n.name.as_str(), n.public, n.retention[0].keep_last, n.retention[0].keep_days, n.access[0].actions.as_slice()))
        .collect();
    assert_eq!(
        rows,
        [
            ("provisioning-extensions", false, Some(10), Some(90), &all[..]),
            ("provisioning-kcl", false, Some(20), Some(180), &all[..3]),
            ("provisioning-platform", false, Some(5), Some(30), &all[..1]),
            ("provisioning-test", true, Some(3), Some(7), &all[..]),
        ]
    );
    assert!(layout.namespaces.iter().all(|n| n.access.len() == 1 && n.access[0].subjects == [Subject::Authenticated]));
    assert_eq!(layout.users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["provisioning", "developer", "tester"]);
    assert_eq!(layout.admins, ["provisioning"]);
}

#[test]
fn json_and_yaml_say_the_same() {
    let yaml = "namespaces:\n- name: team\n  quota: 10GiB\n  retention: {keepLast: 3}\n  access:\n  - {subjects: [anonymous], actions: [read]}\n";
    let json = json!({"kind": "layout", "schema": "reg/v1", "namespaces": [{
        "name": "team", "public": false, "quota": 10u64 << 30, "retention": [{"keepLast": 3}],
        "access": [{"subjects": ["anonymous"], "actions": ["read"]}],
    }]});
    let (a, b) = (Layout::parse(yaml, "a").unwrap(), Layout::parse(&json.to_string(), "b").unwrap());
    assert_eq!(a, b);
    assert_eq!(document::to_value(&a), {
        let mut value = json;
        // `schema` first, as in every document.
        value.as_object_mut().unwrap().sort_keys();
        value
    });
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (text, expected) in [
        ("", "team.yaml is empty"),
        ("namespaces: [", "team.yaml: line 1, column 13: not YAML: unclosed bracket '['"),
        ("- a", "team.yaml: expected an object with the layout's fields"),
        ("kind: users", "team.yaml: .kind: expected \"layout\", found \"users\""),
        ("schema: reg/v9", "team.yaml: .schema: expected \"reg/v1\", found \"reg/v9\""),
        ("users: []\nusers: []", "team.yaml: line 2: \"users\" stands twice"),
        (
            "namespaces: [{name: Team}]",
            "team.yaml: .namespaces[0].name: \"Team\" is not a repository name: it has upper-case letters",
        ),
        (
            "namespaces: [{name: a, retention: {keepLast: ten}}]",
            "team.yaml: .namespaces[0].retention.keepLast: expected a whole number, found \"ten\"",
        ),
        (
            "namespaces: [{name: a, retention: [{keepLast: 1}, {keepDays: -1}]}]",
            "team.yaml: .namespaces[0].retention[1].keepDays: expected a whole number from 0 to 4294967295, found -1",
        ),
        (
            "namespaces: [{name: a, retention: [{tags: [x]}]}]",
            "team.yaml: .namespaces[0].retention[0]: it keeps nothing: give keepLast, keepDays or always",
        ),
        ("namespaces: [{name: a}, {name: a}]", "team.yaml: .namespaces[1].name: \"a\" stands twice"),
        (
            "namespaces: [{name: a, quota: 10GB}]",
            "team.yaml: .namespaces[0].quota: a size is a whole number with KiB, MiB, GiB or TiB behind it, like 512MiB",
        ),
        (
            "namespaces: [{name: a, access: [{subjects: [everybody], actions: [read]}]}]",
            "team.yaml: .namespaces[0].access[0].subjects[0]: expected user:NAME, group:NAME, robot:NAME, authenticated or anonymous, found \"everybody\"",
        ),
        (
            "namespaces: [{name: a, access: [{subjects: [\"group:devs\"], actions: [read]}]}]",
            "team.yaml: .namespaces[0].access[0].subjects[0]: there is no group \"devs\"",
        ),
        (
            "namespaces: [{name: a, access: [{subjects: [anonymous], actions: [push]}]}]",
            "team.yaml: .namespaces[0].access[0].actions[0]: expected read, create, update, delete, found \"push\"",
        ),
        ("admins: [bob]", "team.yaml: .admins[0]: there is no user \"bob\""),
        ("robots: [{name: ci}]\nadmins: [ci]", "team.yaml: .admins[0]: \"ci\" is a robot: write \"robot:ci\""),
        ("users: [{name: ci}]\nrobots: [{name: ci}]", "team.yaml: .robots[0].name: a user is called \"ci\", too"),
        ("groups: [{name: g, users: [bob]}]", "team.yaml: .groups[0].users[0]: there is no user \"bob\""),
        (
            "users: [{name: bob, passwordFile: a, passwordEnv: B}]",
            "team.yaml: .users[0]: a file and a variable are named for one secret: keep one",
        ),
        (
            "users: [{name: bob, password: x}]",
            "team.yaml: .users[0].password: unknown field \"password\"; known here: name, email, passwordFile, passwordEnv",
        ),
        (
            "webhooks: [{name: w, url: 'http://x', namespaces: [a]}]",
            "team.yaml: .webhooks[0].namespaces[0]: there is no namespace \"a\"",
        ),
        (
            "namespaces: [{name: a, immutableTags: ['[']}]",
            "team.yaml: .namespaces[0].immutableTags[0]: \"[\" is not a pattern: a class or a backslash is not closed",
        ),
    ] {
        assert_eq!(fault(text), expected, "{text}");
    }
}

#[test]
fn the_longest_namespace_that_covers_a_repository_counts() {
    let layout = Layout::parse("namespaces: [{name: team}, {name: team/app}, {name: te}]", "x").unwrap();
    let of = |repository: &str| layout.namespace_of(repository).map(|namespace| namespace.name.as_str());
    for (repository, namespace) in [
        ("team", Some("team")),
        ("team/web", Some("team")),
        ("team/app", Some("team/app")),
        ("team/app/x", Some("team/app")),
        ("team/apple", Some("team")),
        ("team2", None),
    ] {
        assert_eq!(of(repository), namespace, "{repository}");
    }
}

#[test]
fn what_is_different_is_told_object_by_object() {
    let before =
        Layout::parse("namespaces: [{name: a, description: x, quota: 1}, {name: b}]\nusers: [{name: u}]\nadmins: [u]", "x")
            .unwrap();
    let after = Layout::parse("namespaces: [{name: c}, {name: a, quota: 2}]\nusers: [{name: u}]", "x").unwrap();
    let told: Vec<_> = diff(&before, &after)
        .into_iter()
        .map(|c| format!("{:?} {} {} {:?} {:?} {:?}", c.verb, c.object, c.name, c.field, c.before.is_some(), c.after.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            "Create namespace c None false true",
            "Change namespace a Some(\"quota\") true true",
            "Change namespace a Some(\"description\") true false",
            "Remove namespace b None true false",
            "Remove admin u None false false",
        ]
    );
}

#[test]
fn what_is_not_named_stays_unless_it_is_pruned() {
    let stored = Layout::parse(
        "namespaces: [{name: a, description: old}, {name: b}]\nusers: [{name: admin}, {name: u}]\nadmins: [admin]",
        "x",
    )
    .unwrap();
    let wanted = Layout::parse("namespaces: [{name: c}, {name: a}]\nusers: [{name: v}]", "x").unwrap();
    let names = |layout: &Layout| {
        let namespaces = layout.namespaces.iter().map(|n| n.name.to_string());
        namespaces.chain(layout.users.iter().map(|u| u.name.clone())).chain(layout.admins.clone()).collect::<Vec<_>>().join(" ")
    };
    let merged = merge(&stored, &wanted, false, None);
    assert_eq!(names(&merged), "a b c admin u v admin");
    assert_eq!(merged.namespaces[0].description, None, "what is named is as it is named");
    assert_eq!(names(&merge(&stored, &wanted, true, Some("admin"))), "a c admin v admin");
    assert_eq!(diff(&merged, &merge(&merged, &wanted, false, None)), [], "twice is once");
}

fn layouts() -> impl Strategy<Value = Layout> {
    let namespace = ("[a-d]", any::<bool>(), prop::option::of(1u64..100), prop::option::of(1u32..9));
    let namespaces = prop::collection::btree_map("[a-d]", namespace, 0..4).prop_map(|map| {
        map.into_iter()
            .map(|(name, (description, public, quota, keep_last))| Namespace {
                description: Some(description),
                public,
                quota,
                retention: keep_last
                    .map(|keep_last| RetentionRule { keep_last: Some(keep_last), ..Default::default() })
                    .into_iter()
                    .collect(),
                ..Namespace::new(name.parse().unwrap())
            })
            .collect::<Vec<_>>()
    });
    (namespaces, prop::collection::btree_set("[u-x]", 0..4)).prop_map(|(namespaces, users)| Layout {
        namespaces,
        users: users.into_iter().map(User::new).collect(),
        ..Layout::default()
    })
}

proptest! {
    #[test]
    fn a_layout_that_was_applied_has_nothing_more_to_change(a in layouts(), b in layouts(), prune: bool) {
        let once = merge(&a, &b, prune, None);
        prop_assert_eq!(diff(&once, &merge(&once, &b, prune, None)), []);
        prop_assert_eq!(diff(&b, &merge(&a, &b, true, None)), [], "pruned, it is what was wanted");
    }

    #[test]
    fn a_layout_is_read_as_it_was_written(layout in layouts()) {
        prop_assert_eq!(Layout::parse(&layout.to_text(), "x").unwrap(), layout);
    }
}
