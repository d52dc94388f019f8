use super::*;
use crate::layout::Layout;

fn access(yaml: &str) -> Access {
    Access::new(&Layout::parse(yaml, "x").unwrap())
}

const TEAM: &str = "
namespaces:
- name: team
  public: true
  immutableTags: ['v*']
  access:
  - {subjects: ['group:devs', 'robot:ci'], actions: [create, update]}
  - {subjects: [authenticated], actions: [delete]}
- name: team/secret
  access: [{subjects: ['user:anna'], actions: [read]}]
users: [{name: anna}, {name: bert}, {name: root}]
groups: [{name: devs, users: [bert]}]
robots: [{name: ci}]
admins: [root]
";

#[test]
fn a_decision_names_the_rule_that_made_it() {
    let access = access(TEAM);
    for (who, action, repository, tag, allowed, rule) in [
        (None, Action::Read, "team/app", None, true, "namespaces[0].public"),
        (None, Action::Create, "team/app", None, false, "no rule of namespaces[0] grants it"),
        (Some("anna"), Action::Delete, "team/app", None, true, "namespaces[0].access[1]"),
        (Some("bert"), Action::Create, "team/app", None, true, "namespaces[0].access[0]"),
        (Some("ci"), Action::Update, "team", Some("latest"), true, "namespaces[0].access[0]"),
        (Some("anna"), Action::Create, "team/app", None, false, "no rule of namespaces[0] grants it"),
        (Some("anna"), Action::Read, "team/secret/x", None, true, "namespaces[1].access[0]"),
        (None, Action::Read, "team/secret", None, false, "no rule of namespaces[1] grants it"),
        (Some("root"), Action::Delete, "team/secret", None, true, "admins"),
        (Some("root"), Action::Delete, "team/app", Some("v1"), false, "namespaces[0].immutableTags[0]"),
        (Some("ci"), Action::Update, "team/app", Some("v1"), false, "namespaces[0].immutableTags[0]"),
        (Some("ci"), Action::Create, "team/app", Some("v1"), true, "namespaces[0].access[0]"),
        (Some("anna"), Action::Read, "teams", None, false, "no namespace covers the repository"),
        (Some("root"), Action::Create, "other", None, true, "admins"),
        (Some("nobody"), Action::Delete, "team/app", None, true, "namespaces[0].access[1]"),
    ] {
        let tag = tag.map(|tag: &str| tag.parse().unwrap());
        let decision = access.decide(who, action, repository, tag.as_ref());
        assert_eq!((decision.allowed, decision.rule.as_str()), (allowed, rule), "{who:?} {action} {repository} {tag:?}");
    }
}

#[test]
fn what_is_hardly_meant_is_found() {
    let layout = Layout::parse(
        "
namespaces:
- name: a
  access: [{subjects: [anonymous], actions: [delete]}, {subjects: ['user:anna'], actions: [create]}]
- name: b
  public: true
  access: [{subjects: [authenticated], actions: [read]}]
  retention: [{tags: ['v*'], keepLast: 3}]
- name: c
  retention: [{always: true}, {keepLast: 1}]
users: [{name: anna}]
groups: [{name: empty}]
",
        "x",
    )
    .unwrap();
    let found: Vec<String> = lint(&layout).into_iter().map(|finding| format!("{}: {}", finding.path, finding.problem)).collect();
    assert_eq!(
        found,
        [
            "namespaces[0].access: everybody may change it without a login",
            "namespaces[0].access: it says less for `authenticated` than for `anonymous`, which holds for both",
            "namespaces[0].access[0]: anonymous may write and not read: a push looks first at what is there",
            "namespaces[0].access[1]: user:anna may write and not read: a push looks first at what is there",
            "namespaces[1].access[0]: other rules grant all of it already",
            "namespaces[1].retention: a tag that no rule matches is deleted",
            "namespaces[2].retention[0]: it keeps everything, so the other rules change nothing",
            "groups[0]: nobody is in the group",
            "groups[0]: no rule is for the group",
            "admins: nobody administers the registry",
        ]
    );
    assert_eq!(lint(&Layout::standard()), []);
}
