//! `apply`: a fresh instance becomes what its layout says, and the second time nothing changes.

use serde_json::json;

use super::{changes, effect, gaps, generated, snapshot};
use crate::process::pid;
use crate::{sandbox, with_instance};

#[test]
fn a_fresh_instance_becomes_what_the_default_layout_says() {
    let sandbox = with_instance("dev");
    let ran = sandbox.line("reg-init -r dev").code(0);
    assert_eq!(
        ran.err(),
        "reg-init: done ready: http://127.0.0.1:PORT answers\n\
         reg-init: + namespace \"provisioning-extensions\"\n\
         reg-init: + namespace \"provisioning-kcl\"\n\
         reg-init: + namespace \"provisioning-platform\"\n\
         reg-init: + namespace \"provisioning-test\"\n\
         reg-init: + user \"provisioning\"\n\
         reg-init: + user \"developer\"\n\
         reg-init: + user \"tester\"\n\
         reg-init: + user \"admin\"\n\
         reg-init: + admin \"provisioning\"\n\
         reg-init: + admin \"admin\"\n\
         reg-init: + testImage \"provisioning-test/reg-init\"\n\
         reg-init: gap: namespace \"provisioning-extensions\", retention: this type deletes no tags by itself: `reg-ns prune` does it, from cron\n\
         reg-init: gap: namespace \"provisioning-kcl\", retention: this type deletes no tags by itself: `reg-ns prune` does it, from cron\n\
         reg-init: gap: namespace \"provisioning-platform\", retention: this type deletes no tags by itself: `reg-ns prune` does it, from cron\n\
         reg-init: gap: namespace \"provisioning-test\", retention: this type deletes no tags by itself: `reg-ns prune` does it, from cron\n\
         reg-init: restarting embedded at http://127.0.0.1:PORT: nobody had to log in before\n\
         reg-init: done converge: 11 changes: it was restarted: nobody had to log in before\n\
         reg-init: done test-image: provisioning-test/reg-init:proof was pushed and comes back as it was\n"
    );
    let report = ran.json();
    assert_eq!(report["summary"], json!({"pass": 3, "fail": 0, "skip": 0}));
    let folder = sandbox.instance("dev");
    let passwords = ["provisioning", "developer", "tester", "admin"].map(|user| folder.join(format!("{user}.password")));
    assert_eq!(report["passwordFiles"], json!(passwords));
    let seen = snapshot(&folder);
    for file in ["provisioning.password", "developer.password", "tester.password", "admin.password", "htpasswd", "layout.json"] {
        assert_eq!(seen[std::path::Path::new(file)].mode, 0o600, "{file}");
    }
    // The document that came out logs in, and so does whoever was made.
    sandbox
        .run_with("reg-test", ["push-pull", "-r", "-", "-q", "--repository", "provisioning-test/x"], &report.to_string())
        .code(0);
    for user in ["provisioning", "developer", "tester", "admin"] {
        let file = folder.join(format!("{user}.password"));
        sandbox.line(&format!("reg-test health -r dev -u {user} --password-file {} -q -o name", file.display())).code(0);
    }
    let all: Vec<_> =
        ["provisioning", "developer", "tester", "admin"].iter().map(|user| generated(&sandbox, "dev", user)).collect();
    let kept = snapshot(&folder).into_iter().filter(|(name, _)| name.extension().is_none_or(|end| end != "password"));
    let told =
        kept.map(|(_, seen)| String::from_utf8_lossy(&seen.bytes).into_owned()).collect::<String>() + &ran.stdout + &ran.stderr;
    assert!(all.iter().all(|password| password.len() >= 16 && !told.contains(password)), "a password stands where it should not");
}

#[test]
fn the_second_time_nothing_changes() {
    let sandbox = with_instance("dev");
    sandbox.line("reg-init -r dev -q").code(0);
    let (before, runs) = (snapshot(&sandbox.instance("dev")), pid(&sandbox, "dev"));
    for line in ["reg-init -r dev", "reg-init apply -r dev", "reg-init apply -r dev --prune --detailed-exitcode"] {
        let ran = sandbox.line(line).code(0);
        assert_eq!(changes(&ran.json()), [""; 0], "{line}");
        assert_eq!(effect(&ran), "nothing had to change");
        assert_eq!(ran.json()["passwordFiles"], json!([]));
    }
    // The default layout by itself says as much as the stored one.
    sandbox.sh("reg-init layout | reg-init apply -r dev --layout - --detailed-exitcode -q -o name").code(0);
    assert_eq!(snapshot(&sandbox.instance("dev")), before);
    assert_eq!(pid(&sandbox, "dev"), runs);
    assert_eq!(
        sandbox.line("reg-init -r dev --no-test-image").code(0).err(),
        "reg-init: done ready: http://127.0.0.1:PORT answers\n\
         reg-init: embedded at http://127.0.0.1:PORT is what the layout says already\n\
         reg-init: gap: namespace \"provisioning-extensions\", retention: this type deletes no tags by itself: `reg-ns prune` does it, from cron\n\
         reg-init: gap: namespace \"provisioning-kcl\", retention: this type deletes no tags by itself: `reg-ns prune` does it, from cron\n\
         reg-init: gap: namespace \"provisioning-platform\", retention: this type deletes no tags by itself: `reg-ns prune` does it, from cron\n\
         reg-init: gap: namespace \"provisioning-test\", retention: this type deletes no tags by itself: `reg-ns prune` does it, from cron\n\
         reg-init: done converge: nothing had to change\n\
         reg-init: skip test-image: --no-test-image\n"
    );
}

#[test]
fn a_changed_layout_needs_no_restart() {
    let sandbox = sandbox();
    sandbox.write("a.yaml", "namespaces: [{name: a, public: true}]\n");
    sandbox.write("b.json", r#"{"namespaces": [{"name": "a", "description": "ours"}, {"name": "b"}]}"#);
    sandbox.line("reg-up start dev --port 0 --layout a.yaml -q").code(0);
    let runs = pid(&sandbox, "dev");
    let ran = sandbox.line("reg-init apply -r dev --layout b.json").code(0);
    assert_eq!(changes(&ran.json()), ["change namespace a description", "change namespace a public", "create namespace b"]);
    assert_eq!(effect(&ran), "3 changes: it reads its files again by itself");
    assert_eq!(
        ran.err(),
        "reg-init: done ready: http://127.0.0.1:PORT answers\n\
         reg-init: ~ namespace \"a\" description: nothing -> \"ours\"\n\
         reg-init: ~ namespace \"a\" public: true -> false\n\
         reg-init: + namespace \"b\"\n\
         reg-init: done converge: 3 changes: it reads its files again by itself\n\
         reg-init: skip test-image: the layout has none\n"
    );
    assert_eq!(pid(&sandbox, "dev"), runs);
}

#[test]
fn a_namespace_that_is_named_is_as_it_says_and_others_stay() {
    let sandbox = sandbox();
    sandbox.write(
        "first.yaml",
        "namespaces:
  - name: a
    access: [{subjects: ['user:anna'], actions: [read, create]}, {subjects: ['group:devs'], actions: [read]}]
  - {name: b, public: true}
users: [{name: anna}, {name: bert}]
groups: [{name: devs, users: [bert]}]
admins: [anna]
",
    );
    sandbox.write("second.yaml", "namespaces: [{name: a, access: [{subjects: [authenticated], actions: [read]}]}]\n");
    sandbox.line("reg-up start dev --port 0 -q").code(0);
    sandbox.line("reg-init apply -r dev --layout first.yaml -q").code(0);
    let ran = sandbox.line("reg-init apply -r dev --layout second.yaml -q").code(0);
    assert_eq!(changes(&ran.json()), ["change namespace a access"]);
    assert_eq!(
        ran.json()["changes"][0]["after"],
        json!([{"subjects": ["authenticated"], "actions": ["read"]}]),
        "no right is left of those that stood there before"
    );
    let pruned = sandbox.line("reg-init apply -r dev --layout second.yaml --prune -q").code(0);
    assert_eq!(
        changes(&pruned.json()),
        ["remove namespace b", "remove user anna", "remove user bert", "remove group devs", "remove admin anna"]
    );
    // Who the tools log in as stays, whatever is pruned.
    sandbox.line("reg-users list -r dev -o name").is(0, "admin\n", "");
    sandbox.line("reg-init apply -r dev --layout second.yaml --prune -q --detailed-exitcode").code(0);
}

#[test]
fn detailed_exitcode_tells_whether_something_changed() {
    let sandbox = with_instance("dev");
    for (line, code) in [
        ("plan -r dev --detailed-exitcode", 7),
        ("plan -r dev", 0),
        ("apply -r dev --detailed-exitcode", 7),
        ("apply -r dev --detailed-exitcode", 0),
        ("plan -r dev --detailed-exitcode", 0),
    ] {
        let ran = sandbox.line(&format!("reg-init {line} -q")).code(code);
        assert_eq!(ran.stderr, "", "{line}");
    }
}

#[test]
fn strict_refuses_what_cannot_be_done_and_changes_nothing() {
    let sandbox = with_instance("dev");
    let (before, runs) = (snapshot(&sandbox.instance("dev")), pid(&sandbox, "dev"));
    let refused = "reg-init: error: the registry cannot do all that the layout says: namespace \"provisioning-extensions\", retention: \
                   this type deletes no tags by itself: `reg-ns prune` does it, from cron, and 3 more\n\
                   reg-init: hint: without --strict the rest is done, and what cannot be is told\n";
    sandbox.line("reg-init apply -r dev --strict -q").is(6, "", refused);
    let planned = sandbox.line("reg-init plan -r dev --strict -q").code(6);
    assert_eq!(planned.err(), refused);
    assert_eq!(gaps(&planned.json()).len(), 4);
    assert_eq!(snapshot(&sandbox.instance("dev")), before);
    assert_eq!(pid(&sandbox, "dev"), runs);
    sandbox.write("plain.yaml", "namespaces: [{name: a}]\n");
    sandbox.line("reg-init apply -r dev --layout plain.yaml --strict -q").code(0);
}

#[test]
fn the_report_is_a_table_names_or_lines() {
    let sandbox = with_instance("dev");
    sandbox.line("reg-init -r dev -q -o table").is(
        0,
        "STEP        OUTCOME  SECONDS  DETAIL\n\
         ready       pass     N.NNN    http://127.0.0.1:PORT answers\n\
         converge    pass     N.NNN    11 changes: it was restarted: nobody had to log in before\n\
         test-image  pass     N.NNN    provisioning-test/reg-init:proof was pushed and comes back as it was\n",
        "",
    );
    sandbox.line("reg-init -r dev -q -o name").is(0, "ready\nconverge\ntest-image\n", "");
    sandbox.line("reg-init -r dev -q -o jsonl --no-test-image").is(
        0,
        "{\"name\":\"ready\",\"outcome\":\"pass\",\"seconds\":N,\"detail\":\"http://127.0.0.1:PORT answers\"}\n\
         {\"name\":\"converge\",\"outcome\":\"pass\",\"seconds\":N,\"detail\":\"nothing had to change\"}\n\
         {\"name\":\"test-image\",\"outcome\":\"skip\",\"seconds\":N,\"detail\":\"--no-test-image\"}\n",
        "",
    );
}

#[test]
fn a_test_image_that_fails_is_a_row_and_the_code_is_its_own() {
    let sandbox = with_instance("dev");
    // Nobody may push where the image goes: the namespace is not there, and the login is no administrator.
    sandbox.write("team.yaml", "namespaces: [{name: a}]\nusers: [{name: anna}]\ntestImage: {repository: b/x, tag: proof}\n");
    sandbox.line("reg-init apply -r dev --layout team.yaml -q").code(0);
    let anna = sandbox.instance("dev").join("anna.password");
    let ran =
        sandbox.line(&format!("reg-init apply -r dev --layout team.yaml -u anna --password-file {} -q", anna.display())).code(5);
    let row = &ran.json()["steps"][2];
    assert_eq!((&row["name"], &row["outcome"]), (&json!("test-image"), &json!("fail")), "{ran:?}");
    assert!(ran.err().starts_with("reg-init: error: the registry is set up, but its test image fails: "), "{ran:?}");
}
