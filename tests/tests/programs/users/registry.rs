//! `-r`: the file of an instance, of a registry that a mode adopts, or of a document from a pipe.

use std::os::unix::fs::MetadataExt as _;

use reg_tests::sandbox::Sandbox;
use serde_json::json;

use super::{line, names, outcomes, with_file};
use crate::with_instance;

/// A sandbox with the instance `dev`, which asks `anna` to log in.
fn with_logins() -> Sandbox {
    let sandbox = with_instance("dev");
    sandbox.write("htpasswd", line("anna", "x"));
    sandbox.write("password", "secret\n");
    sandbox.line("reg-up start dev --replace --htpasswd htpasswd -q").code(0);
    sandbox
}

/// What [`with_logins`] writes into the config file for registries that others started.
fn mode(name: &str, rest: &str) -> String {
    format!("[modes.{name}.registry]\nurl = \"https://{name}.example\"\n{rest}\n")
}

#[test]
fn an_instance_has_its_own_copy() {
    let sandbox = with_logins();
    let added = sandbox.line("reg-users add bert -r dev --password-file password --cost 4 -q").code(0);
    let document = added.json();
    assert_eq!(document["registry"]["name"], "dev");
    assert_eq!(document["file"], sandbox.instance("dev").join("htpasswd").display().to_string());
    assert_eq!(outcomes(&added), [("bert".to_owned(), "added".to_owned())]);
    assert_eq!(names(&sandbox, "htpasswd"), ["anna"], "the file that was copied in stays");
    for r in ["dev", "instance:dev", document["registry"]["url"].as_str().unwrap()] {
        sandbox.line(&format!("reg-users list -r {r} -o name")).is(0, "anna\nbert\n", "");
    }
    sandbox.sh("REG_REGISTRY=dev reg-users list -o name").is(0, "anna\nbert\n", "");
    // Any document of any tool, and what it does not know it passes on.
    sandbox.sh("reg-up status dev | reg-users list -r - | reg-users list -r - -o name").is(0, "anna\nbert\n", "");
    let hint = sandbox.line("reg-users passwd carl -r dev --password-file password").code(8);
    assert!(hint.stderr.ends_with("reg-users: hint: `reg-users list -r dev` shows who is\n"), "{hint:?}");
    // An instance that is stopped keeps its users, and a start does not bring the old ones back.
    sandbox.line("reg-up stop dev -q").code(0);
    sandbox.line("reg-users remove anna -r dev -q").code(0);
    sandbox.line("reg-up start dev -q").code(0);
    sandbox.line("reg-users list -r dev -o name").is(0, "bert\n", "");
}

#[test]
fn an_instance_without_logins_says_how_it_gets_them() {
    let sandbox = with_instance("dev");
    let expected = "reg-users: error: the instance \"dev\" has no htpasswd file: it asks nobody to log in\n\
                    reg-users: hint: `reg-up start dev --replace --htpasswd FILE` gives it one\n";
    for line in [
        "list -r dev",
        "add anna -r dev --generate --show",
        "remove anna -r dev",
        "check -r dev",
        "export -r dev",
        "defaults -r dev --out new",
    ] {
        sandbox.line(&format!("reg-users {line}")).is(8, "", expected);
    }
    assert!(!sandbox.path("new").exists());
}

#[test]
fn a_mode_names_the_file_of_a_registry_that_others_started() {
    let sandbox = with_file(&["anna"]);
    let file = sandbox.path("htpasswd").display().to_string();
    let modes = [
        mode("edge", &format!("type = \"zot\"\nhtpasswd = \"{file}\"")),
        mode("plain", &format!("type = \"distribution\"\nhtpasswd = \"{file}\"")),
        mode("unknown", &format!("htpasswd = \"{file}\"")),
        mode("gone", "htpasswd = \"/nowhere/htpasswd\""),
        mode("bare", "type = \"distribution\""),
        mode("prod", "type = \"harbor\""),
    ];
    sandbox.write("config/reg/config.toml", format!("default = \"plain\"\n{}", modes.concat()));
    let inode = || std::fs::metadata(sandbox.path("htpasswd")).unwrap().ino();
    // zot watches the inode, and one of which nothing is known may be a zot.
    for (r, stays) in [("edge", true), ("unknown", true), ("plain", false)] {
        let before = inode();
        sandbox.line(&format!("reg-users add {r} -r {r} --password-file password --cost 4 -q -o name")).is(
            0,
            &format!("{r}\n"),
            "",
        );
        assert_eq!(inode() == before, stays, "{r}");
    }
    sandbox.line("reg-users list -o name").is(0, "anna\nedge\nunknown\nplain\n", "");
    sandbox.line("reg-users list -r gone").is(
        3,
        "",
        "reg-users: error: cannot read /nowhere/htpasswd: no such file or directory\n\
         reg-users: hint: `reg-users add NAME --file FILE` makes a new one\n",
    );
    sandbox.line("reg-users list -r bare").is(
        8,
        "",
        "reg-users: error: no htpasswd file of distribution at https://bare.example is known on this machine\n\
         reg-users: hint: `htpasswd` in its mode of the config file names it; --file names any other\n",
    );
    sandbox.line("reg-users add anna -r prod --generate --show").is(
        6,
        "",
        "reg-users: error: cannot change the users of harbor at https://prod.example: it keeps them itself, not in an htpasswd file\n",
    );
}

#[test]
fn a_document_makes_no_file() {
    let sandbox = with_file(&[]);
    let target = sandbox.path("made");
    let document = json!({"url": "https://a.b", "type": "distribution", "instance": {"backend": "adopted", "htpasswd": target}});
    let add = "reg-users add anna -r - --password-file password --cost 4";
    sandbox.line_with(add, &document.to_string()).is(
        3,
        "",
        "reg-users: error: cannot read SANDBOX/made: no such file or directory\n\
         reg-users: hint: `reg-users add NAME --file FILE` makes a new one\n",
    );
    assert!(!target.exists());
    sandbox.write("made", "");
    sandbox.line_with(&format!("{add} -q -o name"), &document.to_string()).is(0, "anna\n", "");
}

#[test]
fn a_check_of_a_registry_is_for_that_registry() {
    let sandbox = with_logins();
    let readers = |line: &str| sandbox.line(line).code(0).json()["readers"].to_string();
    assert_eq!(readers("reg-users check -r dev"), "[\"embedded\"]");
    assert_eq!(readers("reg-users check -r dev --for zot,apache"), "[\"zot\",\"apache\"]");
    assert_eq!(readers("reg-users check htpasswd"), "[\"zot\",\"distribution\",\"apache\",\"embedded\"]");
}
