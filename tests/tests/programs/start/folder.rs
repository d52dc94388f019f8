//! The folder of an instance: whose it is, what lies in it, and what is the user's own.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::start;
use crate::sandbox;

/// Everything below a folder, the folder included.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![folder.to_owned()];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(below(&path)) } else { all.push(path) }
    }
    all
}

#[test]
fn nobody_else_may_look_into_it_whatever_the_umask() {
    let sandbox = sandbox();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    sandbox.write("cert.pem", pair.cert.pem());
    sandbox.write("key.pem", pair.signing_key.serialize_pem());
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    let flags = "--cert cert.pem --key key.pem --ca-file cert.pem --htpasswd htpasswd";
    sandbox.sh(&format!("umask 000; reg-up start x --port 0 {flags}")).code(0);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = sandbox.instance("x");
    for file in ["settings.json", "registry.json", "process.json", "tls.crt", "tls.key", "ca.crt", "htpasswd", "log/log"] {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
    for folder in ["", "log", "data", "data/embedded"] {
        let folder = sandbox.instance("x").join(folder);
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
    }
    let known = ["settings.json", "registry.json", "process.json", "tls.crt", "tls.key", "ca.crt", "htpasswd", "log", "data"];
    for path in below(&folder) {
        let inside = path.strip_prefix(&folder).unwrap();
        let first = inside.iter().next().map(|first| first.to_string_lossy().into_owned());
        assert!(first.is_none_or(|first| known.contains(&first.as_str())), "{} is not documented", inside.display());
    }
}

#[test]
fn what_was_given_is_copied() {
    let sandbox = sandbox();
    let htpasswd = format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap());
    let given = sandbox.write("htpasswd", &htpasswd);
    let registry = sandbox.run("reg-up", ["start", "x", "--port", "0", "--htpasswd", "htpasswd"]).code(0).json();
    assert_eq!(registry["instance"]["htpasswd"], "htpasswd");
    assert_eq!(registry["instance"]["dir"], sandbox.instance("x").display().to_string());
    std::fs::remove_file(given).unwrap();
    assert_eq!(std::fs::read_to_string(sandbox.instance("x").join("htpasswd")).unwrap(), htpasswd);
    assert!(!registry.to_string().contains("$2"), "a document holds no hash");
}

#[test]
fn data_elsewhere_is_the_users_and_stays() {
    let sandbox = sandbox();
    let registry = sandbox.run("reg-up", ["start", "x", "--port", "0", "--data", "mine"]).code(0).json();
    sandbox.run_with("reg-test", ["push", "-r", "-"], &registry.to_string()).code(0);
    let removed = sandbox.run("reg-up", ["remove", "x", "--purge"]).code(0);
    let mine = sandbox.path("mine");
    assert_eq!(removed.stderr, format!("reg-up: stopping \"x\"\nreg-up: the data in {} is yours and stays\n", mine.display()));
    assert!(!sandbox.instance("x").exists());
    let again = sandbox.run("reg-up", ["start", "y", "--port", "0", "--data", "mine"]).code(0).json();
    sandbox.run_with("reg-test", ["pull", "-r", "-"], &again.to_string()).code(0);
}

#[test]
fn a_folder_with_something_else_in_it_never_becomes_a_registry() {
    let sandbox = sandbox();
    std::fs::create_dir(sandbox.path("photos")).unwrap();
    sandbox.write("photos/cat.jpg", "meow");
    let ran = sandbox.run("reg-up", ["start", "x", "--port", "0", "--data", "photos"]).code(1);
    let photos = sandbox.path("photos");
    assert!(
        ran.stderr.ends_with(&format!(
            "reg-up: log: reg-up: error: the folder \"{}\" is not empty and holds no registry\n\
             reg-up: log: reg-up: hint: give an empty or a new folder\n\
             reg-up: error: cannot start \"x\": the registry ended with exit code 3\n",
            photos.display()
        )),
        "{ran:#?}"
    );
    assert_eq!(below(&photos), [photos.clone(), photos.join("cat.jpg")]);
}

#[test]
fn an_instance_lives_where_the_environment_says() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    assert!(sandbox.path("state/reg/instances/x/settings.json").is_file());
    for (variables, folder) in [(vec![], "home/.local/state"), (vec![("XDG_STATE_HOME", "relative")], "home/.local/state")] {
        let mut command = sandbox.command(sandbox.path("bin/reg-up"));
        command.env_remove("XDG_STATE_HOME").envs(variables).args(["start", "y", "--port", "0"]);
        let registry = sandbox.finish(command, "").code(0).json();
        assert_eq!(registry["instance"]["dir"], sandbox.path(folder).join("reg/instances/y").display().to_string());
        let mut command = sandbox.command(sandbox.path("bin/reg-up"));
        command.env_remove("XDG_STATE_HOME").args(["remove", "y", "--purge"]);
        sandbox.finish(command, "").code(0);
    }
    let mut command = sandbox.command(sandbox.path("bin/reg-up"));
    command.env_remove("XDG_STATE_HOME").env_remove("HOME").args(["start", "z"]);
    super::fails(
        sandbox.finish(command, ""),
        1,
        "reg-up: error: there is no place for instances: neither HOME nor XDG_STATE_HOME is set\n\
         reg-up: hint: set XDG_STATE_HOME to a folder\n",
    );
}
