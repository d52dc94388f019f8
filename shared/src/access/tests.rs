//! Decisions with their rules, and what is hardly meant.

use proptest::prelude::*;

use super::*;
use crate::layout::{AccessRule, Action, Group, Layout, Namespace, Robot, Subject, User};
use crate::name::Tag;

const TEAM: &str = "
namespaces:
- name: team
  immutableTags: ['v*', 'release-{1,2}']
  access:
  - {subjects: ['group:devs'], actions: [read, create]}
  - {subjects: ['robot:ci', 'user:eva'], actions: [read, create, update, delete]}
- name: team/secret
- name: open
  public: true
  access:
  - {subjects: [anonymous], actions: [create]}
  - {subjects: [authenticated], actions: [update]}
users: [{name: root}, {name: bob}, {name: eva}, {name: joe}]
robots: [{name: ci}, {name: bot}]
groups: [{name: devs, users: [bob, bot]}]
admins: [root]
";

fn told(login: &str, action: Action, repository: &str, tag: Option<&str>) -> String {
    let access = Access::new(&Layout::parse(TEAM, "team.yaml").unwrap());
    let tag: Option<Tag> = tag.map(|tag| tag.parse().unwrap());
    let decision = access.decide(Some(login).filter(|login| !login.is_empty()), action, repository, tag.as_ref());
    format!("{} {}", if decision.allowed { "allow" } else { "deny" }, decision.rule)
}

#[test]
fn a_decision_names_the_rule_that_decided() {
    use Action::{Create, Delete, Read, Update};
    for (login, action, repository, tag, expected) in [
        ("root", Delete, "other/app", None, "allow admins"),
        ("root", Update, "team/secret", Some("v1"), "allow admins"),
        ("bob", Read, "other/app", None, "deny no namespace covers it"),
        ("bob", Read, "team", None, "allow namespaces[0].access[0]"),
        ("bot", Create, "team/app", Some("v1"), "allow namespaces[0].access[0]"),
        ("bob", Update, "team/app", Some("latest"), "deny nothing in namespaces[0].access grants it"),
        ("bob", Read, "team/secret/app", None, "deny nothing in namespaces[1].access grants it"),
        ("bob", Read, "team/secrets", None, "allow namespaces[0].access[0]"),
        ("joe", Read, "team/app", None, "deny nothing in namespaces[0].access grants it"),
        ("ci", Delete, "team/app", Some("latest"), "allow namespaces[0].access[1]"),
        ("eva", Read, "team/app", None, "allow namespaces[0].access[1]"),
        ("", Read, "open/app", None, "allow namespaces[2].public"),
        ("joe", Read, "open", None, "allow namespaces[2].public"),
        ("", Create, "open/app", Some("x"), "allow namespaces[2].access[0]"),
        ("joe", Create, "open/app", Some("x"), "allow namespaces[2].access[0]"),
        ("", Update, "open/app", Some("x"), "deny nothing in namespaces[2].access grants it"),
        ("joe", Update, "open/app", Some("x"), "allow namespaces[2].access[1]"),
    ] {
        assert_eq!(told(login, action, repository, tag), expected, "{login} {action} {repository} {tag:?}");
    }
}

#[test]
fn an_immutable_tag_neither_changes_nor_goes_whoever_asks() {
    for login in ["root", "ci", "joe", ""] {
        for action in [Action::Update, Action::Delete] {
            assert_eq!(told(login, action, "team/app", Some("release-2")), "deny namespaces[0].immutableTags[1]", "{login}");
        }
    }
    assert_eq!(told("ci", Action::Create, "team/app", Some("v1")), "allow namespaces[0].access[1]");
    assert_eq!(told("ci", Action::Read, "team/app", Some("v1")), "allow namespaces[0].access[1]");
    assert_eq!(told("ci", Action::Delete, "team/app", None), "allow namespaces[0].access[1]", "a manifest without tags");
}

/// Names short enough that they meet often.
fn names() -> impl Strategy<Value = String> {
    prop::collection::vec("[ab]", 1..4).prop_map(|parts| parts.join("/"))
}

fn subjects() -> impl Strategy<Value = Subject> {
    prop_oneof![
        Just(Subject::Anonymous),
        Just(Subject::Authenticated),
        "[u-w]".prop_map(Subject::User),
        "[rs]".prop_map(Subject::Robot),
        "[gh]".prop_map(Subject::Group),
    ]
}

/// Layouts that pass [`Layout::check`], with the users u to x, the robots r and s, and the groups g and h.
pub(super) fn layouts() -> impl Strategy<Value = Layout> {
    let rule = (prop::collection::vec(subjects(), 1..3), prop::sample::subsequence(Action::ALL.to_vec(), 1..4));
    let rules = prop::collection::vec(rule.prop_map(|(subjects, actions)| AccessRule { subjects, actions }), 0..3);
    let namespace = (any::<bool>(), rules, prop::option::of(prop_oneof![Just("v*"), Just("**"), Just("[a-c]")]));
    let namespaces = prop::collection::btree_map(names(), namespace, 0..5).prop_map(|map| {
        map.into_iter()
            .map(|(name, (public, access, tags))| Namespace {
                public,
                access,
                immutable_tags: tags.into_iter().map(|tag| tag.parse().unwrap()).collect(),
                ..Namespace::new(name.parse().unwrap())
            })
            .collect()
    });
    let members = || prop::sample::subsequence(vec!["u", "v", "w", "x", "r", "s"], 0..4);
    let admins = prop::sample::subsequence(vec!["v", "x"], 0..2);
    (namespaces, members(), members(), admins).prop_map(|(namespaces, g, h, admins)| Layout {
        namespaces,
        users: ["u", "v", "w", "x"].map(User::new).to_vec(),
        robots: ["r", "s"]
            .map(|name| Robot { name: name.to_owned(), description: None, expires_days: None, secret_file: None, secret_env: None })
            .to_vec(),
        groups: [("g", g), ("h", h)]
            .map(|(name, users)| Group { name: name.to_owned(), users: users.into_iter().map(str::to_owned).collect() })
            .to_vec(),
        admins: admins.into_iter().map(str::to_owned).collect(),
        ..Layout::default()
    })
}

/// Everybody who may ask of [`layouts`], somebody whom they do not know among them.
pub(super) const LOGINS: [Option<&str>; 8] =
    [None, Some("u"), Some("v"), Some("w"), Some("x"), Some("r"), Some("s"), Some("stranger")];

/// Repositories in and around the namespaces of [`layouts`].
pub(super) fn repositories() -> Vec<String> {
    let mut all = vec!["c".to_owned()];
    for first in ["a", "b"] {
        all.push(first.to_owned());
        for second in ["a", "b", "c"] {
            all.push(format!("{first}/{second}"));
            all.extend(["a", "b", "c", "a/c", "c/a"].map(|third| format!("{first}/{second}/{third}")));
        }
    }
    all
}

proptest! {
    #[test]
    fn the_index_says_what_the_rules_say(layout in layouts()) {
        layout.check().unwrap();
        let access = Access::new(&layout);
        for login in LOGINS {
            let person = access.of(login);
            for repository in repositories() {
                let namespace = layout.namespace_of(&repository);
                for action in Action::ALL {
                    let named = |subject: &Subject| match subject {
                        Subject::Anonymous => true,
                        Subject::Authenticated => login.is_some(),
                        Subject::User(name) | Subject::Robot(name) => login == Some(name.as_str()),
                        Subject::Group(name) => login.is_some_and(|login| layout.groups_of(login).any(|group| group == name)),
                    };
                    let granted = namespace.is_some_and(|namespace| {
                        namespace.public && action == Action::Read
                            || namespace.access.iter().any(|r| r.actions.contains(&action) && r.subjects.iter().any(named))
                    });
                    let expected = granted || login.is_some_and(|login| layout.admins.iter().any(|admin| admin == login));
                    let decision = person.decide(action, &repository, None);
                    prop_assert_eq!(decision.allowed, expected, "{:?} {} {}", login, action, repository);
                    prop_assert_eq!(person.actions(&repository).has(action), expected);
                    if let Some(number) = decision.rule.namespace() {
                        prop_assert_eq!(Some(&layout.namespaces[number]), namespace);
                    }
                }
            }
        }
    }
}

/// What is told about a layout: path, problem and hint.
fn findings(text: &str) -> Vec<String> {
    let found = lint(&Layout::parse(text, "x").unwrap());
    found
        .into_iter()
        .map(|finding| format!("{}: {}; {}", finding.path, finding.problem, finding.hint.unwrap_or_default()))
        .collect()
}

#[test]
fn the_default_layout_is_as_it_is_meant() {
    assert_eq!(lint(&Layout::standard()), []);
}

#[test]
fn rights_that_are_hardly_meant_are_told() {
    let told = findings(
        "
namespaces:
- name: a
  access:
  - {subjects: [authenticated], actions: [read]}
  - {subjects: [anonymous], actions: [create, delete]}
  - {subjects: ['user:u', 'group:none'], actions: [read, create]}
- name: b
  public: true
  access:
  - {subjects: ['user:u'], actions: [create]}
- name: c
  access:
  - {subjects: ['user:u', 'user:v'], actions: [create, update]}
  - {subjects: ['user:v'], actions: [read]}
users: [{name: u}, {name: v}]
groups: [{name: none}, {name: idle, users: [u]}]
",
    );
    assert_eq!(
        told,
        [
            "namespaces[0].access[1].actions: everybody may delete, without a login; grant delete to users, groups or robots",
            "namespaces[0].access[1].actions: anonymous may create and delete, and authenticated is granted less: what anonymous may, every login may; grant authenticated at least the same",
            "namespaces[0].access[1].subjects[0]: anonymous may create and delete and not read, which every client does before it; grant read, too",
            "namespaces[0].access[2]: it grants nothing that is not granted already; remove it",
            "namespaces[2].access[0].subjects[0]: user:u may create and update and not read, which every client does before it; grant read, too",
            "groups[0].users: nobody is in it; name its users, or remove it",
            "groups[1]: no rule names it; write \"group:idle\" among a rule's subjects",
        ]
    );
}

#[test]
fn retention_that_keeps_less_than_it_seems_is_told() {
    let told = findings(
        "
namespaces:
- {name: a, retention: [{tags: ['v/*'], keepLast: 1}]}
- {name: b, retention: [{tags: ['v*'], keepLast: 1}]}
- {name: c, retention: [{keepLast: 3, keepDays: 7}, {tags: ['v*'], keepLast: 3}, {tags: ['r*'], keepDays: 8}, {repositories: ['A/**'], always: true}]}
- {name: d, retention: {always: true}, immutableTags: ['-*', 'v*']}
- {name: e, retention: [{keepLast: 1}, {keepLast: 1}]}
",
    );
    assert_eq!(
        told,
        [
            "namespaces[0].retention[0].tags[0]: no name there can be matches \"v/*\"; ",
            "namespaces[0].retention: no rule can match, so no tag is kept; keep tags by a rule without `tags`",
            "namespaces[1].retention: no rule matches the tag latest, so it is not kept; a rule without `tags` matches every tag",
            "namespaces[2].retention[1]: retention[0] keeps everything that it keeps; remove it",
            "namespaces[2].retention[3].repositories[0]: no name there can be matches \"A/**\"; ",
            "namespaces[3].immutableTags[0]: no name there can be matches \"-*\"; ",
            "namespaces[4].retention[1]: retention[0] keeps everything that it keeps; remove it",
        ]
    );
}
