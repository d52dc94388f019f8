//! A name that is known: what runs already stays as it is, what was stopped comes back as it was.

use super::{fails, start};
use crate::process::{pid, port_of, runs};
use crate::sandbox;

#[test]
fn without_a_name_the_type_is_the_name() {
    let sandbox = sandbox();
    let started = sandbox.run("reg-up", ["start", "--port", "0"]).code(0);
    let registry = started.json();
    assert_eq!(registry["name"], "embedded");
    assert_eq!(registry["type"], "embedded");
    let url = registry["url"].as_str().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(started.stderr, format!("reg-up: starting \"embedded\" (embedded {version}) at {url}\n"));
    assert_eq!(sandbox.run("reg-up", ["list", "-o", "name"]).stdout, "embedded\n");
}

#[test]
fn the_same_settings_again_change_nothing() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let before = pid(&sandbox, "x");
    for again in [&["start", "x", "--port", "0"][..], &["start", "x"], &["start", "-r", "x"], &["start", "x", "--replace"]] {
        let again = sandbox.run("reg-up", again).code(0);
        assert_eq!(again.json(), first);
        assert_eq!(again.stderr, format!("reg-up: \"x\" already runs at {}\n", first["url"].as_str().unwrap()));
        assert_eq!(pid(&sandbox, "x"), before);
    }
    let quiet = sandbox.run("reg-up", ["start", "x", "-q"]).code(0);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn other_settings_are_a_conflict_that_names_the_difference() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let before = pid(&sandbox, "x");
    let htpasswd = sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    let data = sandbox.path("elsewhere").display().to_string();
    for (flags, difference) in [
        (vec!["--port", "5000"], "its port is any, not 5000".to_owned()),
        (vec!["--type", "zot"], "its type is embedded, not zot".to_owned()),
        (vec!["--bind", "127.0.0.2"], "its address is 127.0.0.1, not 127.0.0.2".to_owned()),
        (vec!["--open"], "\"open\" is false, not true".to_owned()),
        (vec!["--data", &data], format!("its data folder is the default, not {data}")),
        (vec!["--data", "elsewhere", "--open"], format!("its data folder is the default, not {data}; \"open\" is false, not true")),
        (vec!["--htpasswd", htpasswd.to_str().unwrap()], "its login is off, not on".to_owned()),
    ] {
        let refused = sandbox.run("reg-up", ["start", "x"].into_iter().chain(flags));
        fails(
            refused,
            9,
            &format!(
                "reg-up: error: cannot start \"x\": it already runs with other settings: {difference}\n\
                 reg-up: hint: `reg-up start x … --replace` starts it with the new ones, `reg-up info x` shows what runs\n"
            ),
        );
    }
    assert_eq!(pid(&sandbox, "x"), before);
    assert_eq!(sandbox.run("reg-up", ["info", "x"]).json(), first);
    assert!(!sandbox.path("elsewhere").exists());
}

#[test]
fn what_was_stopped_comes_back_as_it_was_on_the_same_port() {
    let sandbox = sandbox();
    let htpasswd = sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    let flags = ["--port", "0", "--data", "mine", "--htpasswd", htpasswd.to_str().unwrap()];
    let first = sandbox.run("reg-up", ["start", "x"].into_iter().chain(flags)).code(0).json();
    let before = pid(&sandbox, "x");
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    assert!(!runs(before));
    // The copies are what counts from now on.
    std::fs::remove_file(htpasswd).unwrap();
    let second = sandbox.run("reg-up", ["start", "x"]).code(0).json();
    assert_eq!(second, first);
    assert_eq!(second["instance"]["data"], sandbox.path("mine").display().to_string());
    assert_ne!(pid(&sandbox, "x"), before);
    let anonymous = sandbox.run("reg-test", ["health", "-r", "x"]).code(0).json();
    assert!(anonymous["checks"][1]["detail"].as_str().unwrap().starts_with("it wants a login"), "{anonymous}");
}

#[test]
fn flags_change_what_they_name_and_nothing_else() {
    let sandbox = sandbox();
    let first = sandbox.run("reg-up", ["start", "x", "--port", "0", "--data", "mine"]).code(0).json();
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let port = reg_tests::port::free();
    let second = sandbox.run("reg-up", ["start", "x", "--port", &port.to_string()]).code(0).json();
    assert_eq!(port_of(&second), port);
    assert_eq!(second["instance"], first["instance"]);
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let third = sandbox.run("reg-up", ["start", "x"]).code(0).json();
    assert_eq!(third, second);
}

#[test]
fn an_instance_is_started_by_what_other_tools_print() {
    let sandbox = sandbox();
    let first = start(&sandbox, "x");
    let url = first["url"].as_str().unwrap().to_owned();
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let document = first.to_string();
    assert_eq!(sandbox.run_with("reg-up", ["start", "-r", "-"], &document).code(0).json(), first);
    assert_eq!(sandbox.run("reg-up", ["start", "-r", &url]).code(0).json(), first);
    sandbox.run("reg-up", ["remove", "x"]).code(0);
    fails(
        sandbox.run("reg-up", ["start", "-r", &url]),
        8,
        &format!("reg-up: error: {url} is not an instance of reg-up\nreg-up: hint: `reg-up list` shows them\n"),
    );
}
