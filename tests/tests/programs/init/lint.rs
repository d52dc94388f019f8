//! `lint`: what in a layout is hardly meant. All of it works, so only an error ends with 7.

use serde_json::Value;

use crate::sandbox;

/// A layout, and what is found: the place and the problem.
const SURPRISES: &[(&str, &[(&str, &str)])] = &[
    ("namespaces: [{name: a}]\nusers: [{name: anna}]\nadmins: [anna]", &[]),
    ("namespaces: [{name: a}]", &[("admins", "nobody administers the registry")]),
    (
        "namespaces: [{name: a, access: [{subjects: [anonymous], actions: [read, delete]}]}]\nusers: [{name: r}]\nadmins: [r]",
        &[
            ("namespaces[0].access", "everybody may change it without a login"),
            ("namespaces[0].access", "it says less for `authenticated` than for `anonymous`, which holds for both"),
        ],
    ),
    (
        "namespaces: [{name: a, access: [{subjects: ['user:r'], actions: [create]}]}]\nusers: [{name: r}]\nadmins: [r]",
        &[("namespaces[0].access[0]", "user:r may write and not read: a push looks first at what is there")],
    ),
    (
        "namespaces: [{name: a, public: true, access: [{subjects: [authenticated], actions: [read]}]}]\nusers: [{name: r}]\nadmins: [r]",
        &[("namespaces[0].access[0]", "other rules grant all of it already")],
    ),
    (
        "namespaces: [{name: a, retention: [{tags: ['v*'], keepLast: 3}]}]\nusers: [{name: r}]\nadmins: [r]",
        &[("namespaces[0].retention", "a tag that no rule matches is deleted")],
    ),
    (
        "namespaces: [{name: a, retention: [{always: true}, {keepLast: 3}]}]\nusers: [{name: r}]\nadmins: [r]",
        &[("namespaces[0].retention[0]", "it keeps everything, so the other rules change nothing")],
    ),
    (
        "namespaces: [{name: a}]\nusers: [{name: r}]\nadmins: [r]\ngroups: [{name: devs}]",
        &[("groups[0]", "nobody is in the group"), ("groups[0]", "no rule is for the group")],
    ),
];

#[test]
fn what_is_hardly_meant_is_told() {
    let sandbox = sandbox();
    for (text, expected) in SURPRISES {
        sandbox.write("team.yaml", text);
        let report = sandbox.line("reg-init lint team.yaml").code(0).json();
        let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
        let findings: Vec<_> = report["findings"].as_array().unwrap().iter().collect();
        let told: Vec<_> = findings.iter().map(|finding| (word(finding, "path"), word(finding, "problem"))).collect();
        let expected: Vec<_> = expected.iter().map(|(path, problem)| ((*path).to_owned(), (*problem).to_owned())).collect();
        assert_eq!(told, expected, "{text}");
        assert!(findings.iter().all(|finding| finding["severity"] == "warning"), "{report}");
        assert_eq!(report["file"], "team.yaml");
    }
}

#[test]
fn the_default_layout_is_meant() {
    sandbox().line("reg-init lint").is(
        0,
        "{\"schema\":\"reg/v1\",\"kind\":\"lint-report\",\"file\":\"the default layout\",\"type\":null,\"version\":null,\"findings\":[]}\n",
        "",
    );
}

#[test]
fn a_layout_that_is_wrong_is_no_finding() {
    sandbox().line_with("reg-init lint -", "namespaces: 1\n").is(
        3,
        "",
        "reg-init: error: standard input: .namespaces: expected a list, found 1\n",
    );
}
