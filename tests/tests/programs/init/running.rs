//! The layout of an embedded registry that runs: changed at any time, seen at once; broken, nobody gets in.

use super::{Http, generated, logins};
use crate::sandbox;

#[test]
fn a_change_is_seen_by_the_next_request() {
    let sandbox = sandbox();
    sandbox.write("htpasswd", logins(&["anna"]));
    sandbox.write("closed.yaml", "namespaces: [{name: a}]\n");
    sandbox.write("open.yaml", "namespaces: [{name: a, public: true}]\n");
    let registry = sandbox.line("reg-up start dev --port 0 --htpasswd htpasswd --layout closed.yaml -q").code(0).json();
    let http = Http::of(&registry);
    let admin = generated(&sandbox, "dev", "admin");
    assert_eq!(http.push(Some(("admin", &admin)), "a/x", "v1", "x").1, 201);
    for _ in 0..5 {
        for (file, expected) in [("open", 200), ("closed", 401)] {
            sandbox.line(&format!("reg-init apply -r dev --layout {file}.yaml -q -o name")).code(0);
            assert_eq!(http.status(None, "GET", "/v2/a/x/manifests/v1"), expected, "{file}");
        }
    }
}

#[test]
fn a_broken_layout_lets_nobody_in_and_the_log_says_so() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", "namespaces: [{name: a, public: true}]\n");
    let registry = sandbox.line("reg-up start dev --port 0 --layout team.yaml -q").code(0).json();
    let http = Http::of(&registry);
    let password = generated(&sandbox, "dev", "admin");
    let admin = Some(("admin", password.as_str()));
    assert_eq!(http.push(admin, "a/x", "v1", "x").1, 201);
    let path = sandbox.instance("dev").join("layout.json");
    let whole = std::fs::read(&path).unwrap();
    for broken in ["{\"namespaces\": [", "{\"namespaces\": [{\"name\": \"A\"}]}", ""] {
        std::fs::write(&path, broken).unwrap();
        assert_eq!(http.status(None, "GET", "/v2/a/x/manifests/v1"), 401, "{broken}");
        assert_eq!(http.status(admin, "GET", "/v2/a/x/manifests/v1"), 403, "{broken}");
        assert_eq!(http.catalog(admin), [""; 0], "{broken}");
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(http.status(admin, "GET", "/v2/a/x/manifests/v1"), 403);
    std::fs::write(&path, whole).unwrap();
    assert_eq!(http.status(None, "GET", "/v2/a/x/manifests/v1"), 200);
    let log = sandbox.line("reg-up logs dev").code(0).stdout;
    let said = |what: &str| log.lines().filter(|line| line.contains(what)).count();
    let name = path.display();
    assert_eq!(
        said(&format!("nobody may do anything: {name}: .namespaces[0].name: \\\\\\\"A\\\\\\\" is not a repository name")),
        1,
        "{log}"
    );
    assert_eq!(said(&format!("nobody may do anything: {name} is empty")), 1, "{log}");
    assert_eq!(said("nobody may do anything: cannot read the layout"), 1, "{log}");
    // It is looked at by reg-init, too, which says where it is wrong and leaves it.
    std::fs::write(&path, "{\"namespaces\": 1}").unwrap();
    let wrong = "reg-init: error: SANDBOX/state/reg/instances/dev/layout.json: .namespaces: expected a list, found 1\n\
                 reg-init: hint: this is the stored layout: mend it, or put another in its place (`cp FILE SANDBOX/state/reg/instances/dev/layout.json`)\n";
    sandbox.line("reg-init plan -r dev").is(3, "", wrong);
    sandbox.line("reg-init export -r dev").is(3, "", wrong);
    sandbox.line("reg-init apply -r dev -q").is(3, "", wrong);
}
