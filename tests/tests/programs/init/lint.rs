//! `lint`: what in a layout is hardly meant. All of it works, so only an error ends with 7.

use serde_json::{Value, json};

use crate::sandbox;

/// A layout, and what is found: the place and the problem.
const SURPRISES: &[(&str, &[(&str, &str)])] = &[
    ("namespaces: [{name: a}]", &[]),
    (
        "namespaces: [{name: a, access: [{subjects: [anonymous], actions: [read, delete]}]}]",
        &[("namespaces[0].access[0].actions", "everybody may delete, without a login")],
    ),
    (
        "namespaces: [{name: a, access: [{subjects: [anonymous], actions: [create, read]}, {subjects: [authenticated], actions: [read]}]}]",
        &[
            (
                "namespaces[0].access[0].actions",
                "anonymous may create, and authenticated is granted less: what anonymous may, every login may",
            ),
            ("namespaces[0].access[1]", "it grants nothing that is not granted already"),
        ],
    ),
    (
        "namespaces: [{name: a, access: [{subjects: ['user:r'], actions: [create]}]}]\nusers: [{name: r}]",
        &[("namespaces[0].access[0].subjects[0]", "user:r may create and not read, which every client does before it")],
    ),
    (
        "namespaces: [{name: a, retention: [{tags: ['v*'], keepLast: 3}]}]",
        &[("namespaces[0].retention", "no rule matches the tag latest, so it is not kept")],
    ),
    (
        "namespaces: [{name: a, retention: [{always: true}, {keepLast: 3}]}]",
        &[("namespaces[0].retention[1]", "retention[0] keeps everything that it keeps")],
    ),
    (
        "namespaces: [{name: a, retention: [{repositories: ['b/**', '{c,b}/x'], keepLast: 3}]}, {name: a/b}]",
        &[("namespaces[0].retention[0].repositories[0]", "all that \"b/**\" matches is in another namespace: a/b")],
    ),
    ("groups: [{name: devs}]", &[("groups[0].users", "nobody is in it"), ("groups[0]", "no rule names it")]),
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
fn a_name_that_cannot_log_in_is_an_error() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", "users: [{name: anna}, {name: 'a:b'}]\nrobots: [{name: 'c d'}]\n");
    let report = sandbox.line("reg-init lint team.yaml").code(7).json();
    assert_eq!(
        report["findings"],
        json!([
            {"path": "users[1].name", "line": null, "column": null, "severity": "error", "problem": "a name cannot hold a colon"},
            {"path": "robots[0].name", "line": null, "column": null, "severity": "error",
             "problem": "\"c d\" cannot be a user's name: it has white space"},
        ])
    );
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
