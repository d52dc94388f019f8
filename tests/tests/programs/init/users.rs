//! Users and robots: where their passwords come from, and where generated ones go.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::{changes, effect, generated, snapshot};
use crate::{sandbox, with_instance};

#[test]
fn a_password_is_taken_from_a_file_or_a_variable_else_made() {
    let sandbox = with_instance("dev");
    sandbox.write("secrets/anna", "annas own\n");
    sandbox.write("secrets/ci", "the robots own\n");
    sandbox.write(
        "team.yaml",
        "namespaces: [{name: a, access: [{subjects: ['group:all', 'robot:ci'], actions: [read]}]}]
users: [{name: anna, passwordFile: secrets/anna}, {name: bert, passwordEnv: BERT}, {name: carl}]
robots: [{name: ci, secretFile: secrets/ci}, {name: cd}]
groups: [{name: all, users: [anna, bert, carl, cd]}]
",
    );
    let ran = sandbox.sh("BERT='berts own' reg-init apply -r dev --layout team.yaml -q").code(0);
    let folder = sandbox.instance("dev");
    let made = ["carl", "admin", "cd"].map(|user| folder.join(format!("{user}.password")));
    assert_eq!(ran.json()["passwordFiles"], json!(made));
    for (user, password) in [
        ("anna", "annas own"),
        ("bert", "berts own"),
        ("carl", &generated(&sandbox, "dev", "carl")),
        ("ci", "the robots own"),
        ("cd", &generated(&sandbox, "dev", "cd")),
    ] {
        sandbox.line_with(&format!("reg-users verify {user} -r dev --password-stdin -q"), password).code(0);
        sandbox.line_with(&format!("reg-test health -r dev -u {user} --password-stdin -q -o name"), password).code(0);
    }
    for (_, seen) in snapshot(&folder) {
        let text = String::from_utf8_lossy(&seen.bytes).into_owned();
        assert!(!["annas own", "berts own", "the robots own"].iter().any(|secret| text.contains(secret)), "{text}");
    }
    // Whoever is there keeps the password: a layout says who there is, not what their passwords are now.
    sandbox.write("secrets/anna", "another\n");
    sandbox.sh("BERT=another reg-init apply -r dev --layout team.yaml -q --detailed-exitcode").code(0);
    sandbox.line_with("reg-users verify anna -r dev --password-stdin -q", "annas own").code(0);
    // One that comes from elsewhere now is told of.
    sandbox
        .sh("sed 's/anna, passwordFile: .*anna}, {name: bert/anna, passwordFile: secrets\\/ci}, {name: bert/' team.yaml > new.yaml")
        .code(0);
    let told = sandbox.sh("BERT=another reg-init apply -r dev --layout new.yaml -q").code(0);
    assert_eq!(changes(&told.json()), ["change user anna passwordFile"]);
    assert_eq!(
        told.err(),
        "reg-init: warning: the password of \"anna\" stays as it is: a layout gives one to who is new; \
         `reg-users passwd anna -r dev` sets another\n"
    );
    sandbox.line_with("reg-users verify anna -r dev --password-stdin -q", "annas own").code(0);
}

#[test]
fn paths_mean_the_same_in_another_folder() {
    let sandbox = sandbox();
    sandbox.write("team/anna", "annas own\n");
    sandbox.write("team/team.yaml", "namespaces: []\nusers: [{name: anna, passwordFile: anna}]\n");
    sandbox.sh("cd team && reg-up start dev --port 0 --layout team.yaml -q").code(0);
    sandbox.sh("cd home && reg-init -r dev -q").code(0);
    sandbox.line_with("reg-users verify anna -r dev --password-stdin -q", "annas own").code(0);
}

#[test]
fn out_names_the_folder_of_generated_passwords() {
    let sandbox = with_instance("dev");
    sandbox.write("team.yaml", "namespaces: []\nusers: [{name: anna}]\n");
    let ran = sandbox.line("reg-init apply -r dev --layout team.yaml --out new/passwords -q").code(0);
    let file = sandbox.path("new/passwords/anna.password");
    assert_eq!(ran.json()["passwordFiles"], json!([file, sandbox.path("new/passwords/admin.password")]));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    sandbox.line("reg-test health -r dev -u anna --password-file new/passwords/anna.password -q -o name").code(0);
    // Where the administrator's password went, the next programs find it.
    sandbox.line("reg-init -r dev --layout team.yaml -q --detailed-exitcode").code(0);
}

#[test]
fn a_password_that_cannot_be_had_changes_nothing() {
    let sandbox = with_instance("dev");
    let before = snapshot(&sandbox.instance("dev"));
    let long = "x".repeat(73);
    sandbox.write("long", &long);
    sandbox.write("empty", "\n");
    let embedded = "cannot set embedded at http://127.0.0.1:PORT up";
    for (user, what) in [
        (
            "{name: anna, passwordFile: none}",
            format!("{embedded}: cannot read the password of \"anna\" in SANDBOX/none: no such file or directory"),
        ),
        (
            "{name: anna, passwordEnv: NONE}",
            format!("{embedded}: the environment variable NONE, where the password of \"anna\" should be, is not set"),
        ),
        ("{name: anna, passwordFile: long}", format!("{embedded}: cannot take the password of \"anna\": ")),
        ("{name: anna, passwordFile: empty}", format!("{embedded}: ")),
        ("{name: a/b}", format!("{embedded}: the password of \"a/b\" cannot be kept in a file of that name")),
        ("{name: 'a:b'}", "the layout: .users[0].name: a name cannot hold a colon".to_owned()),
    ] {
        sandbox.write("team.yaml", format!("namespaces: []\nusers: [{user}]\n"));
        let ran = sandbox.line("reg-init apply -r dev --layout team.yaml -q");
        assert_ne!(ran.code, 0, "{ran:?}");
        assert!(ran.err().starts_with(&format!("reg-init: error: {what}")), "{ran:?}");
        assert!(!ran.stderr.contains(&long), "{ran:?}");
        assert_eq!(snapshot(&sandbox.instance("dev")), before, "{user}");
    }
}

#[test]
fn who_was_added_by_hand_stays_until_it_is_pruned() {
    let sandbox = sandbox();
    sandbox.write("password", "secret\n");
    sandbox.write("team.yaml", "namespaces: [{name: a}]\nusers: [{name: anna}]\n");
    sandbox.line("reg-up start dev --port 0 --layout team.yaml -q").code(0);
    sandbox.line("reg-init -r dev -q").code(0);
    sandbox.line("reg-users add bert -r dev --password-file password --cost 4 -q").code(0);
    sandbox.line("reg-init -r dev --layout team.yaml --detailed-exitcode -q").code(0);
    sandbox.line("reg-users list -r dev -o name").is(0, "admin\nanna\nbert\n", "");
    let pruned = sandbox.line("reg-init -r dev --layout team.yaml --prune -q").code(0);
    assert_eq!(changes(&pruned.json()), ["remove user bert"]);
    assert_eq!(effect(&pruned), "1 change: it reads its files again by itself");
    sandbox.line("reg-users list -r dev -o name").is(0, "admin\nanna\n", "");
}

#[test]
fn a_password_that_was_kept_before_is_the_one_that_is_used() {
    let sandbox = with_instance("dev");
    let path = sandbox.instance("dev").join("tester.password");
    std::fs::write(&path, "kept before\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    sandbox.line("reg-init -r dev -q").code(0);
    sandbox.line_with("reg-users verify tester -r dev --password-stdin -q", "kept before").code(0);
}

#[test]
fn whom_a_layout_names_and_nobody_made_yet_stays_named() {
    let sandbox = sandbox();
    let team = "namespaces: [{name: team, access: [{subjects: ['group:makers', 'robot:ci'], actions: [read]}]}]
users: [{name: anna}]
groups: [{name: makers, users: [anna]}]
robots: [{name: ci}]
";
    sandbox.write("team.yaml", team);
    sandbox.line("reg-up start dev --port 0 --layout team.yaml -q").code(0);
    sandbox.write("more.yaml", "namespaces: [{name: more}]");
    let ran = sandbox.line("reg-init apply -r dev --layout more.yaml --no-test-image -q").code(0);
    assert_eq!(changes(&ran.json()), ["create namespace more"]);
    let stored: serde_json::Value =
        serde_json::from_slice(&std::fs::read(sandbox.instance("dev").join("layout.json")).unwrap()).unwrap();
    assert_eq!(stored["namespaces"][0]["access"][0]["subjects"], json!(["group:makers", "robot:ci"]));
    assert_eq!(stored["groups"], json!([{"name": "makers", "users": ["anna"]}]));
    // They are made when that layout is applied.
    let ran = sandbox.line("reg-init -r dev --no-test-image -q").code(0);
    assert_eq!(changes(&ran.json()), ["create user anna", "create robot ci"]);
}
