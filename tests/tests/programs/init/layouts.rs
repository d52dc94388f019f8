//! Layouts as people write them: JSON or YAML, what they may leave out, and their mistakes with the place.

use super::changes;
use crate::{sandbox, with_instance};

/// What stands in the file, and what is wrong with it behind the file's name.
const MISTAKES: &[(&str, &str)] = &[
    ("namespaces: [{name: A}]", ".namespaces[0].name: \"A\" is not a repository name: it has upper-case letters"),
    ("namespaces: [{public: true}]", ".namespaces[0]: the field \"name\" is missing"),
    (
        "namespaces: [{name: a, publik: true}]",
        ".namespaces[0].publik: unknown field \"publik\"; known here: name, description, public, quota, retention, immutableTags, scan, access",
    ),
    ("namespaces: [{name: a, public: 'yes'}]", ".namespaces[0].public: expected true or false, found \"yes\""),
    ("namespaces: {a: b}", ".namespaces: expected a list, found an object"),
    ("namespaces: [{name: a}, {name: b}, {name: a}]", ".namespaces[2].name: \"a\" stands twice"),
    (
        "namespaces: [{name: a, quota: 10GB}]",
        ".namespaces[0].quota: a size is a whole number with KiB, MiB, GiB or TiB behind it, like 512MiB",
    ),
    ("namespaces: [{name: a, quota: -1}]", ".namespaces[0].quota: expected a size in bytes or like \"10GiB\", found -1"),
    (
        "namespaces: [{name: a, access: [{subjects: [anna], actions: [read]}]}]",
        ".namespaces[0].access[0].subjects[0]: expected user:NAME, group:NAME, robot:NAME, authenticated or anonymous, found \"anna\"",
    ),
    (
        "namespaces: [{name: a, access: [{subjects: ['user:anna'], actions: [read]}]}]",
        ".namespaces[0].access[0].subjects[0]: there is no user \"anna\"",
    ),
    (
        "namespaces: [{name: a, access: [{subjects: ['group:devs'], actions: [read]}]}]",
        ".namespaces[0].access[0].subjects[0]: there is no group \"devs\"",
    ),
    (
        "namespaces: [{name: a, access: [{subjects: ['user:ci'], actions: [read]}]}]\nrobots: [{name: ci}]",
        ".namespaces[0].access[0].subjects[0]: \"ci\" is a robot: write \"robot:ci\"",
    ),
    (
        "namespaces: [{name: a, access: [{subjects: [anonymous], actions: [pull]}]}]",
        ".namespaces[0].access[0].actions[0]: expected read, create, update, delete, found \"pull\"",
    ),
    ("namespaces: [{name: a, access: [{subjects: [], actions: [read]}]}]", ".namespaces[0].access[0].subjects: nobody is named"),
    (
        "namespaces: [{name: a, access: [{subjects: [anonymous], actions: []}]}]",
        ".namespaces[0].access[0].actions: nothing is named",
    ),
    ("namespaces: [{name: a, retention: {}}]", ".namespaces[0].retention[0]: it keeps nothing: give keepLast, keepDays or always"),
    ("namespaces: [{name: a, retention: {keepLast: 0}}]", ".namespaces[0].retention[0].keepLast: expected 1 or more, found 0"),
    (
        "namespaces: [{name: a, retention: {keepLast: ten}}]",
        ".namespaces[0].retention.keepLast: expected a whole number, found \"ten\"",
    ),
    (
        "namespaces: [{name: a, retention: {keepLast: 99999999999}}]",
        ".namespaces[0].retention.keepLast: expected a whole number from 0 to 4294967295, found 99999999999",
    ),
    ("namespaces: []\n---\nnamespaces: []\n", "line 3, column 1: one document is expected, and another follows it"),
    (
        "namespaces: [{name: a, immutableTags: ['v[1']}]",
        ".namespaces[0].immutableTags[0]: \"v[1\" is not a pattern: a class or a backslash is not closed",
    ),
    (
        "namespaces: [{name: a, scan: {blockSeverity: awful}}]",
        ".namespaces[0].scan.blockSeverity: expected low, medium, high, critical, found \"awful\"",
    ),
    ("users: [{name: ''}]", ".users[0].name: it is empty"),
    (
        "users: [{name: a, password: secret}]",
        ".users[0].password: unknown field \"password\"; known here: name, email, passwordFile, passwordEnv",
    ),
    ("users: [{name: a, passwordFile: a, passwordEnv: A}]", ".users[0]: a file and a variable are named for one secret: keep one"),
    ("users: [{name: a}]\nrobots: [{name: a}]", ".robots[0].name: a user is called \"a\", too"),
    ("groups: [{name: devs, users: [ghost]}]", ".groups[0].users[0]: there is no user \"ghost\""),
    ("admins: [ghost]", ".admins[0]: there is no user \"ghost\""),
    (
        "webhooks: [{name: a, url: 'ci.example'}]",
        ".webhooks[0].url: expected a URL that begins with https:// or http://, found \"ci.example\"",
    ),
    (
        "webhooks: [{name: a, url: 'https://me:secret@ci.example'}]",
        ".webhooks[0].url: it has a login in it, and a layout is for all to read",
    ),
    (
        "webhooks: [{name: a, url: 'https://ci.example', namespaces: [b]}]",
        ".webhooks[0].namespaces[0]: there is no namespace \"b\"",
    ),
    (
        "replications: [{name: a, direction: pull, url: 'me:secret@registry.example'}]",
        ".replications[0].url: it has a login in it, and a layout is for all to read",
    ),
    ("testImage: {repository: a/B, tag: c}", ".testImage.repository: \"a/B\" is not a repository name: it has upper-case letters"),
    ("schema: reg/v2\nnamespaces: []", ".schema: expected \"reg/v1\", found \"reg/v2\""),
    ("namespaces:\n  - name: a\n    name: b", "line 3: \"name\" stands twice"),
    (r#"{"users": [{"name": "a"}], "users": []}"#, "line 1, column 34: \"users\" stands twice"),
    ("a: b: c", "line 1, column 5: not YAML: mapping values are not allowed in this context"),
];

#[test]
fn a_mistake_is_told_with_its_place() {
    let sandbox = sandbox();
    for (text, what) in MISTAKES {
        sandbox.write("team.yaml", text);
        sandbox.line("reg-init layout team.yaml").is(3, "", &format!("reg-init: error: team.yaml: {what}\n"));
        let told = format!("reg-init: error: standard input: {what}\n");
        sandbox.line_with("reg-init layout -", text).is(3, "", &told);
    }
}

#[test]
fn what_is_no_layout_at_all_is_told_with_a_hint() {
    let sandbox = sandbox();
    for (text, what) in [
        (
            "kind: users\nusers: []",
            "team.yaml: .kind: expected \"layout\", found \"users\"\nreg-init: hint: `reg-init layout` prints a layout to begin with",
        ),
        ("[1]", "team.yaml: expected an object with the layout's fields\nreg-init: hint: `reg-init layout` prints one"),
        ("", "team.yaml is empty"),
    ] {
        sandbox.write("team.yaml", text);
        sandbox.line("reg-init layout team.yaml").is(3, "", &format!("reg-init: error: {what}\n"));
    }
    let missing = "reg-init: error: cannot read the layout none.yaml: no such file or directory\n";
    sandbox.line("reg-init layout none.yaml").is(3, "", missing);
    sandbox.write("team.yaml", b"namespaces: [{name: a, description: \xff}]");
    sandbox.line("reg-init layout team.yaml").is(3, "", "reg-init: error: team.yaml is not UTF-8\n");
    sandbox.line_with("reg-init layout -", "").is(
        3,
        "",
        "reg-init: error: standard input is empty: the program before this one printed nothing\n\
         reg-init: hint: run that program alone and look at its error\n",
    );
}

#[test]
fn nothing_is_asked_of_a_registry_for_a_layout_that_is_wrong() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", "namespaces: [{name: A}]\n");
    // Nobody listens there, and nobody waits for that.
    for command in ["apply --wait 600s", "plan"] {
        sandbox.line(&format!("reg-init {command} -r http://127.0.0.1:1 --layout team.yaml")).is(
            3,
            "",
            "reg-init: error: team.yaml: .namespaces[0].name: \"A\" is not a repository name: it has upper-case letters\n",
        );
    }
}

#[test]
fn yaml_and_json_mean_the_same() {
    let sandbox = with_instance("dev");
    sandbox.write(
        "team.yaml",
        "\u{feff}# ours\nnamespaces:\n  - name: team\n    quota: 10GiB\n    retention: {keepLast: 10, keepDays: 90}\nusers:\n- name: anna\n",
    );
    let printed = sandbox.line("reg-init layout team.yaml").code(0).stdout;
    assert_eq!(
        printed,
        "{\"schema\":\"reg/v1\",\"kind\":\"layout\",\"namespaces\":[{\"name\":\"team\",\"public\":false,\"quota\":10737418240,\
         \"retention\":[{\"keepLast\":10,\"keepDays\":90}]}],\"users\":[{\"name\":\"anna\"}]}\n"
    );
    sandbox.line_with("reg-init layout -", &printed).is(0, &printed, "");
    sandbox.write("team.json", &printed);
    sandbox.line("reg-init apply -r dev --layout team.yaml -q").code(0);
    let again = sandbox.line("reg-init plan -r dev --layout team.json --detailed-exitcode").code(0);
    assert_eq!(changes(&again.json()), [""; 0]);
}

#[test]
fn the_default_layout_is_the_four_namespaces_of_the_first_users() {
    let sandbox = sandbox();
    sandbox.line("reg-init layout -o name").is(
        0,
        "provisioning-extensions\nprovisioning-kcl\nprovisioning-platform\nprovisioning-test\n",
        "",
    );
    sandbox.line("reg-init layout -o table").is(
        0,
        "NAME                     PUBLIC  KEEP LAST  KEEP DAYS  DESCRIPTION\n\
         provisioning-extensions  false   10         90         Extension packages (providers, taskservs, clusters)\n\
         provisioning-kcl         false   20         180        KCL schema packages\n\
         provisioning-platform    false   5          30         Platform service images\n\
         provisioning-test        true    3          7          Test images and artifacts\n",
        "",
    );
}

#[test]
fn a_drawn_table_is_no_layout() {
    let sandbox = sandbox();
    for table in ["╭────────────┬───╮\n│ namespaces │ a │\n╰────────────┴───╯\n", "+------------+---+\n| namespaces | a |\n"]
    {
        sandbox.line_with("reg-init layout -", table).is(
            3,
            "",
            "reg-init: error: standard input is a drawn table, not JSON\n\
             reg-init: hint: in Nushell put `| to json` in front; elsewhere ask the program before for `-o json`\n",
        );
    }
}

#[test]
fn a_stored_layout_that_is_broken_is_put_right_in_its_place() {
    let sandbox = with_instance("dev");
    sandbox.write("team.yaml", "namespaces: [{name: team}]\n");
    sandbox.line("reg-init apply -r dev --layout team.yaml -q").code(0);
    let stored = sandbox.instance("dev").join("layout.json");
    std::fs::write(&stored, "{\"namespaces\": 5}").unwrap();
    sandbox.line("reg-init apply -r dev --layout team.yaml -q").is(
        3,
        "",
        "reg-init: error: SANDBOX/state/reg/instances/dev/layout.json: .namespaces: expected \
         a list, found 5\n\
         reg-init: hint: this is the stored layout: mend it, or put another in its place (`cp FILE SANDBOX/state/reg/instances/dev/layout.json`)\n",
    );
    std::fs::copy(sandbox.path("team.yaml"), &stored).unwrap();
    sandbox.line("reg-init -r dev -q").code(0);
}
