//! Rights compiled, decided, laid into those of others and read back.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::access::Access;
use crate::access::tests::{LOGINS, layouts, repositories};
use crate::layout::{self, Gap, Layout};
use crate::name::Tag;
use crate::version::Version;

fn read(value: &serde_json::Value) -> AccessControl {
    AccessControl::read(value).unwrap().unwrap()
}

#[test]
fn rights_are_read_as_zot_reads_them() {
    let access = read(&json!({
        "Repositories": {
            "Team/**": {"DEFAULTPOLICY": ["read", "pull"], "policies": [{"Users": "eva,bob", "actions": ["read"], "groups": null}]},
            "team/a/**": {}, "team/b/**": {"defaultPolicy": null}, "team/c/**": {"policies": []},
        },
        "groups": {"Devs": {"users": ["u"]}},
        "adminPolicy": {},
    }));
    let expected = json!({
        "repositories": {
            "team/**": {"policies": [{"users": ["eva", "bob"], "actions": ["read"]}], "defaultPolicy": ["read"]},
            "team/c/**": {"defaultPolicy": []},
        },
        "groups": {"devs": {"users": ["u"]}},
    });
    assert_eq!(access.to_value(), expected);
    assert_eq!(AccessControl::read(&json!({"repositories": {"a/**": {}}, "groups": {}})).unwrap(), None, "open to everybody");
    let fault = AccessControl::read(&json!({"repositories": {"a/**": {"policies": [{"users": 1}]}}})).unwrap_err();
    assert_eq!(fault.to_string(), ".http.accessControl.repositories.a/**.policies[0].users: expected a list of texts, found 1");
}

#[test]
fn the_longest_pattern_counts_alone() {
    let access = read(&json!({
        "repositories": {
            "**": {"anonymousPolicy": ["read"], "defaultPolicy": ["read"]},
            "team/**": {"policies": [
                {"users": ["eva"], "actions": ["read", "create"], "conditions": [{"expression": "false", "message": "no"}]},
                {"groups": ["devs", "Devs"], "actions": ["read"]},
            ]},
            "team/x": {"defaultPolicy": ["delete"]},
            "team/*-a": {"defaultPolicy": ["create"]},
            "team/b-*": {"defaultPolicy": ["create", "update"]},
            "nobody/**": {"policies": [{"users": [""], "actions": ["read"]}], "anonymousPolicy": ["create"]},
        },
        "groups": {"DEVS": {"users": ["bob"]}},
        "adminPolicy": {"users": ["root"], "groups": ["devs"], "actions": ["update"]},
    }));
    let decider = Decider::new(&access);
    for (login, action, repository, expected) in [
        ("", layout::Action::Read, "other", r#"Allowed repositories["**"].anonymousPolicy"#),
        ("eva", layout::Action::Read, "other", r#"Allowed repositories["**"].defaultPolicy"#),
        ("eva", layout::Action::Read, "team", r#"Undetermined a condition in repositories["team/**"]"#),
        ("bob", layout::Action::Read, "team/x", r#"Allowed repositories["team/**"].policies[1]"#),
        ("bob", layout::Action::Delete, "team/x", r#"Denied nothing in repositories["team/**"] grants it"#),
        ("bob", layout::Action::Update, "team/x", "Allowed adminPolicy"),
        ("root", layout::Action::Delete, "other", r#"Denied nothing in repositories["**"] grants it"#),
        ("eva", layout::Action::Create, "team/b-a", r#"Allowed repositories["team/*-a"].defaultPolicy"#),
        ("eva", layout::Action::Update, "team/b-a", r#"Undetermined "team/*-a" and "team/b-*" are equally long: chance decides"#),
        ("root", layout::Action::Update, "team/b-a", "Allowed adminPolicy"),
        ("", layout::Action::Read, "nobody", r#"Allowed repositories["nobody/**"].policies[0]"#),
        ("", layout::Action::Create, "nobody", r#"Allowed repositories["nobody/**"].anonymousPolicy"#),
        ("eva", layout::Action::Create, "nobody", r#"Denied nothing in repositories["nobody/**"] grants it"#),
    ] {
        let ruling = decider.decide(Some(login).filter(|login| !login.is_empty()), action, repository);
        assert_eq!(format!("{:?} {}", ruling.verdict, ruling.rule), expected, "{login:?} {action} {repository}");
    }
    assert_eq!(decider.lists(Some("root"), "team/x"), Verdict::Allowed, "an administrator sees all, whatever adminPolicy grants");
    assert_eq!(decider.lists(Some("eva"), "team/x"), Verdict::Allowed, "conditions are taken as true");
    assert_eq!(decider.lists(None, "team/x"), Verdict::Denied);
    let empty = AccessControl::default();
    assert_eq!(Decider::new(&empty).decide(None, layout::Action::Read, "a").rule.to_string(), "no pattern matches it");
}

#[test]
fn the_default_layout_as_a_configuration() {
    let (access, gaps) = compile(&Layout::standard(), None);
    let all = json!(["read", "create", "update", "delete"]);
    let expected = json!({
        "repositories": {
            "provisioning-extensions/**": {"defaultPolicy": all},
            "provisioning-kcl/**": {"defaultPolicy": ["read", "create", "update"]},
            "provisioning-platform/**": {"defaultPolicy": ["read"]},
            "provisioning-test/**": {"defaultPolicy": all, "anonymousPolicy": ["read"]},
        },
        "adminPolicy": {"users": ["provisioning"], "actions": all},
        "metrics": {"users": ["provisioning"]},
    });
    assert_eq!((access.to_value(), gaps), (expected, vec![]));
    let gap = Gap::of_namespace(
        "provisioning-test",
        "public",
        "before 2.1.16, docker sends no login to a zot in which something is public, and cannot use what is not",
    );
    assert_eq!(compile(&Layout::standard(), Some(Version::new(2, 0, 4))).1, [gap]);
    assert_eq!(compile(&Layout::standard(), Some(Version::new(2, 1, 16))).1, []);
}

#[test]
fn groups_keep_apart_although_zot_makes_their_names_lower_case() {
    let text = "namespaces: [{name: a, access: [{subjects: ['group:Devs'], actions: [read]}, {subjects: ['group:devs'], actions: [create]}]}]
users: [{name: u}, {name: v}]
groups: [{name: Devs, users: [u]}, {name: devs, users: [v]}]";
    let layout = Layout::parse(text, "x").unwrap();
    let (access, gaps) = compile(&layout, None);
    assert_eq!(gaps, []);
    let access = read(&access.to_value());
    let decider = Decider::new(&access);
    let may = |login, action| decider.decide(Some(login), action, "a/b").verdict == Verdict::Allowed;
    let rights = ["u", "v"].map(|login| [may(login, layout::Action::Read), may(login, layout::Action::Create)]);
    assert_eq!(rights, [[true, false], [false, true]]);
}

#[test]
fn rights_of_others_stay_outside_and_are_told_where_they_count_inside() {
    let existing = read(&json!({
        "repositories": {
            "**": {"defaultPolicy": ["read"]},
            "team/*": {"defaultPolicy": ["delete"]},
            "team/app/**": {"defaultPolicy": ["delete"]},
            "**/secret": {"policies": [{"users": ["old"], "actions": ["read"]}]},
            "lib/**": {"anonymousPolicy": ["read"]},
        },
        "groups": {"theirs": {"users": ["x"]}},
        "adminPolicy": {"users": ["old"], "actions": ["read"]},
        "metrics": {"users": ["prom"]},
    }));
    let layout = Layout::parse(
        "namespaces: [{name: team, access: [{subjects: [authenticated], actions: [read]}]}]\nusers: [{name: root}]\nadmins: [root]",
        "x",
    )
    .unwrap();
    let (access, gaps) = merge(&existing, &layout, None, false);
    let patterns: Vec<&str> = access.repositories.keys().map(String::as_str).collect();
    assert_eq!(patterns, ["**", "**/secret", "lib/**", "team/**"]);
    assert_eq!(access.admin_policy.as_ref().unwrap().users, ["root"], "nobody gets more than before");
    assert_eq!(access.metrics.as_ref().unwrap().users, ["prom", "root"]);
    let told: Vec<String> = gaps.iter().map(|gap| format!("{} {}: {}", gap.object, gap.name, gap.reason)).collect();
    assert_eq!(
        told,
        [
            "admin old: adminPolicy granted less than everything, and zot has one for all administrators: it is taken away",
            "namespace team: the pattern \"**/secret\" of the configuration counts for \"team/secret\" there, whatever the layout says",
        ]
    );
    assert_eq!(merge(&existing, &layout, None, true), compile(&layout, None));
    assert_eq!(merge(&access, &layout, None, false).0, access, "twice is once");
}

#[test]
fn what_a_layout_cannot_say_is_told() {
    let access = read(&json!({
        "repositories": {
            "**": {"defaultPolicy": ["read"]},
            "lib": {"defaultPolicy": ["read"]},
            "team/**": {
                "anonymousPolicy": ["read", "delete"],
                "defaultPolicy": ["read", "create", "detectManifestCollision"],
                "policies": [
                    {"users": ["eva"], "groups": ["devs", "Devs"], "actions": ["update"]},
                    {"users": ["bob"], "actions": ["update"], "conditions": [{"expression": "req.tls.enabled"}]},
                ],
            },
        },
        "groups": {"devs": {"users": ["joe"]}},
        "adminPolicy": {"users": ["root"], "groups": ["devs"], "actions": ["read", "create", "update", "delete"]},
        "metrics": {"users": ["root", "prom"]},
    }));
    let (layout, gaps) = decompile(&access);
    layout.check().unwrap();
    let expected = json!({
        "namespaces": [{"name": "team", "public": true, "access": [
            {"subjects": ["authenticated"], "actions": ["create"]},
            {"subjects": ["user:eva", "group:devs"], "actions": ["update"]},
        ]}],
        "users": [{"name": "eva"}, {"name": "joe"}, {"name": "root"}],
        "groups": [{"name": "devs", "users": ["joe"]}],
        "admins": ["joe", "root"],
    });
    assert_eq!(serde_json::to_value(&layout).unwrap(), expected);
    let told: Vec<String> = gaps.iter().map(|gap| format!("{} {}: {}", gap.object, gap.name, gap.reason)).collect();
    assert_eq!(
        told,
        [
            "namespace **: a layout grants by namespace, which is a pattern like NAME/**",
            "namespace lib: a layout grants by namespace, which is a pattern like NAME/**",
            "namespace team: a layout does not say who detects collisions of manifests",
            "namespace team: delete: allowed without a login and not with one, which a layout cannot say",
            "namespace team: zot knows no group \"Devs\", so nobody is in it",
            "namespace team: a policy with conditions, which a layout cannot say",
            "user prom: a layout does not say who reads metrics",
        ]
    );
}

/// Whether zot decides as the layout does.
fn agrees(verdict: Verdict, allowed: bool) -> bool {
    verdict == if allowed { Verdict::Allowed } else { Verdict::Denied }
}

fn is_told(gaps: &[Gap], namespace: Option<&layout::Namespace>, field: &str) -> bool {
    let told = |gap: &Gap, name: &str| gap.object == "namespace" && gap.name == name && gap.field.as_deref() == Some(field);
    namespace.is_some_and(|namespace| gaps.iter().any(|gap| told(gap, namespace.name.as_str())))
}

/// Rights as people write them, with patterns in and around the namespaces of [`layouts`].
fn rights() -> impl Strategy<Value = AccessControl> {
    let actions = || prop::sample::subsequence(vec![Action::Read, Action::Create, Action::Update, Action::Delete], 0..4);
    let users = prop::sample::subsequence(vec!["u".to_owned(), "v".to_owned(), "z".to_owned()], 0..3);
    let groups = prop::sample::subsequence(vec!["theirs".to_owned(), "others".to_owned()], 0..2);
    let policy =
        (users, groups, actions()).prop_map(|(users, groups, actions)| Policy { users, groups, actions, ..Policy::default() });
    let repository = (prop::collection::vec(policy, 0..2), actions(), actions());
    let repository = repository.prop_map(|(policies, default_policy, anonymous_policy)| Repository {
        policies,
        default_policy,
        anonymous_policy,
    });
    let pattern = prop_oneof![
        prop::sample::select(vec!["**", "a*", "*/b", "**/c", "a/*", "{a,b}/*", "?/a/**", "c", "*/*/[ac]", "**/a/**"])
            .prop_map(str::to_owned),
        "[ab](/[abc]){0,2}",
        "[abc](/[ab]){0,1}/\\*\\*",
    ];
    let groups = [("theirs".to_owned(), Group { users: vec!["w".to_owned()] })];
    prop::collection::btree_map(pattern, repository, 0..5).prop_map(move |repositories| AccessControl {
        repositories,
        groups: groups.clone().into(),
        ..AccessControl::default()
    })
}

proptest! {
    // Each case asks some thousand questions.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn both_deciders_agree_or_it_is_told(layout in layouts()) {
        let (access, gaps) = compile(&layout, None);
        let taken = read(&access.to_value());
        prop_assert_eq!(&taken, &access, "zot reads what is meant");
        let (ours, zot) = (Access::new(&layout), Decider::new(&taken));
        let tags: Vec<Option<Tag>> = vec![None, Some("v1".parse().unwrap()), Some("x".parse().unwrap())];
        for login in LOGINS {
            for repository in repositories() {
                for action in layout::Action::ALL {
                    let verdict = zot.decide(login, action, &repository).verdict;
                    for tag in &tags {
                        let decision = ours.decide(login, action, &repository, tag.as_ref());
                        let immutable = tag.is_some() && is_told(&gaps, layout.namespace_of(&repository), "immutableTags");
                        prop_assert!(agrees(verdict, decision.allowed) || immutable, "{:?} {} {}: {}", login, action, repository, decision.rule);
                    }
                }
                let seen = ours.of(login).actions(&repository).has(layout::Action::Read);
                prop_assert!(agrees(zot.lists(login, &repository), seen), "{:?} sees {}", login, repository);
            }
        }
    }

    #[test]
    fn what_an_old_zot_does_with_latest_is_told(layout in layouts()) {
        let old = Some(Version::new(2, 1, 14));
        let (access, gaps) = compile(&layout, old);
        let (ours, zot) = (Access::new(&layout), Decider::new(&access));
        for login in LOGINS {
            for repository in repositories() {
                let allowed = ours.decide(login, layout::Action::Update, &repository, None).allowed;
                let verdict = zot.decide(login, action_of_push("latest", true, old), &repository).verdict;
                let lacks_create = allowed && !ours.decide(login, layout::Action::Create, &repository, None).allowed;
                let told = is_told(&gaps, layout.namespace_of(&repository), "access");
                prop_assert!(agrees(verdict, allowed) || told || lacks_create, "{:?} {}", login, repository);
            }
        }
    }

    #[test]
    fn a_layout_comes_back_from_what_it_became(layout in layouts()) {
        let (access, _) = compile(&layout, None);
        let (back, gaps) = decompile(&access);
        prop_assert_eq!(gaps, vec![]);
        back.check().unwrap();
        let (before, after) = (Access::new(&layout), Access::new(&back));
        for login in LOGINS {
            for repository in repositories() {
                prop_assert_eq!(before.of(login).actions(&repository), after.of(login).actions(&repository), "{:?} {}", login, repository);
            }
        }
        prop_assert_eq!(compile(&back, None).0.repositories, access.repositories);
    }

    #[test]
    fn laid_into_the_rights_of_others_a_layout_is_kept_or_it_is_told(layout in layouts(), existing in rights()) {
        let (access, gaps) = merge(&existing, &layout, None, false);
        let (ours, before, after) = (Access::new(&layout), Decider::new(&existing), Decider::new(&access));
        for login in LOGINS.into_iter().chain([Some("z")]) {
            for repository in repositories() {
                for action in layout::Action::ALL {
                    let verdict = after.decide(login, action, &repository).verdict;
                    match layout.namespace_of(&repository) {
                        None if ours.of(login).is_admin() => prop_assert_eq!(verdict, Verdict::Allowed),
                        None => prop_assert_eq!(verdict, before.decide(login, action, &repository).verdict, "{:?} {} {}", login, action, repository),
                        namespace => {
                            let allowed = ours.decide(login, action, &repository, None).allowed;
                            prop_assert!(agrees(verdict, allowed) || is_told(&gaps, namespace, "access"), "{:?} {} {}", login, action, repository);
                        }
                    }
                }
            }
        }
        prop_assert_eq!(merge(&access, &layout, None, false).0, access, "twice is once");
    }

    #[test]
    fn a_layout_of_others_rights_grants_no_more(mut existing in rights()) {
        existing.repositories.retain(|pattern, _| pattern.ends_with("/**") && !pattern[..pattern.len() - 3].contains(['*', '?']));
        let (layout, gaps) = decompile(&existing);
        layout.check().unwrap();
        let (ours, zot) = (Access::new(&layout), Decider::new(&existing));
        for login in LOGINS {
            for repository in repositories() {
                for action in layout::Action::ALL {
                    let (allowed, verdict) = (ours.decide(login, action, &repository, None).allowed, zot.decide(login, action, &repository).verdict);
                    prop_assert!(!allowed || verdict == Verdict::Allowed, "{:?} {} {}", login, action, repository);
                    prop_assert!(agrees(verdict, allowed) || is_told(&gaps, layout.namespace_of(&repository), "access"));
                }
            }
        }
    }
}
