//! `configure` and the flags of options: what runs takes other settings or runs on as before, what is stopped keeps them, and everything
//! that was asked for can be taken back.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::live::{DISTRIBUTION, ZOT};
use reg_tests::sandbox::Sandbox;
use serde_json::{Value, json};

use crate::process::pid;
use crate::{sandbox, with_instance};

fn settings(sandbox: &Sandbox, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(sandbox.instance(name).join("settings.json")).unwrap()).unwrap()
}

/// A zot as `x`, when this machine has one.
fn with_zot(flags: &str) -> Option<Sandbox> {
    let zot = ZOT.find()?;
    let sandbox = sandbox();
    sandbox.line(&format!("reg-up start x --type zot --port 0 -q --binary {}{flags}", zot.display())).code(0);
    Some(sandbox)
}

fn config(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&std::fs::read_to_string(sandbox.instance("x").join("zot.json")).unwrap()).unwrap()
}

#[test]
fn one_that_runs_is_started_anew_with_what_changed() {
    let sandbox = with_instance("x");
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("pw", 4).unwrap()));
    let before = pid(&sandbox, "x");
    let ran = sandbox.line("reg-up configure x --htpasswd htpasswd");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.starts_with("reg-up: stopping \"x\"\nreg-up: starting \"x\" (embedded"), "{ran:?}");
    assert_eq!(ran.json()["instance"]["htpasswd"], "htpasswd");
    let after = pid(&sandbox, "x");
    assert_ne!(before, after);
    let again = sandbox.line("reg-up configure x --htpasswd htpasswd");
    assert_eq!((again.code, again.stderr.as_str()), (0, "reg-up: \"x\" is configured like that already\n"));
    assert_eq!(pid(&sandbox, "x"), after);
}

#[test]
fn what_was_asked_for_is_taken_back() {
    let sandbox = sandbox();
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("pw", 4).unwrap()));
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    sandbox.write("server.crt", made.cert.pem());
    sandbox.write("server.key", made.signing_key.serialize_pem());
    sandbox.line("reg-up start x --port 0 -q --open --htpasswd htpasswd --cert server.crt --key server.key").code(0);
    let plain = sandbox.line("reg-up configure x -q --without tls,htpasswd,open").code(0).json();
    assert!(plain["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{plain}");
    assert_eq!(plain["instance"].get("htpasswd"), None);
    for copy in ["tls.crt", "tls.key", "htpasswd"] {
        assert!(!sandbox.instance("x").join(copy).exists(), "{copy} is left");
    }
    let settings = settings(&sandbox, "x");
    assert_eq!((&settings["tls"], &settings["htpasswd"], &settings["open"]), (&json!(false), &json!(false), &json!(false)));
}

#[test]
fn one_that_is_stopped_stays_so_and_starts_with_it() {
    let sandbox = with_instance("x");
    sandbox.line("reg-up stop x -q").code(0);
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("pw", 4).unwrap()));
    let ran = sandbox.line("reg-up configure x --htpasswd htpasswd");
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (0, "reg-up: \"x\" is stopped; `reg-up start x` starts it as it is configured now\n")
    );
    assert_eq!(sandbox.line("reg-up status x").json()["state"], "stopped");
    std::fs::remove_file(sandbox.path("htpasswd")).unwrap();
    assert_eq!(sandbox.line("reg-up start x -q").code(0).json()["instance"]["htpasswd"], "htpasswd");
}

#[test]
fn what_cannot_be_is_refused_before_anything_happens() {
    let sandbox = with_instance("x");
    let before = pid(&sandbox, "x");
    sandbox.line("reg-up configure y --open").is(8, "", "reg-up: error: there is no instance \"y\"\nreg-up: hint: there are: x\n");
    sandbox.line("reg-up configure x --with ui").is(
        6,
        "",
        "reg-up: error: cannot configure \"x\": the embedded registry has nothing for --with or --without ui\n\
         reg-up: hint: --type zot and --type distribution have options\n",
    );
    sandbox.line("reg-up configure x --s3-region eu").is(
        2,
        "",
        "reg-up: error: cannot configure \"x\": there is no bucket to say this of\nreg-up: hint: --s3-bucket BUCKET names one\n",
    );
    sandbox.line("reg-up configure x --type distribution --set http.secret=x").is(
        2,
        "",
        "reg-up: error: cannot configure \"x\": http.secret is a secret, and a command line is for all to read\n\
         reg-up: hint: write it into a file (mode 0600) and name that with --config-base\n",
    );
    sandbox.line("reg-up configure x --type zot --mirror-of https://u:p@host").is(
        2,
        "",
        "reg-up: error: cannot configure \"x\": the URL of --mirror-of has a login in it, and a command line is for all to read\n",
    );
    sandbox.line("reg-up configure x --webhook http://h --webhook-header-env NOT_SET").is(
        3,
        "",
        "reg-up: error: cannot configure \"x\": the header is to be in the variable NOT_SET, which is not set\n",
    );
    assert_eq!(pid(&sandbox, "x"), before);
}

#[test]
fn settings_of_before_there_were_options_are_read() {
    let sandbox = with_instance("x");
    let mut old = settings(&sandbox, "x");
    old.as_object_mut().unwrap().remove("options");
    std::fs::write(sandbox.instance("x").join("settings.json"), old.to_string()).unwrap();
    assert_eq!(sandbox.line("reg-up start x").code(0).stderr.lines().count(), 1);
    sandbox.line("reg-up restart x -q").code(0);
}

#[test]
fn keys_of_ones_own_survive_a_restart_and_can_be_taken_back() {
    let Some(sandbox) = with_zot("") else { return };
    sandbox.write("base.json", r#"{"storage":{"gcDelay":"3h","rootDirectory":"/not/ours"},"http":{"realm":"theirs"}}"#);
    sandbox.line("reg-up configure x -q --config-base base.json --set storage.gcInterval=6h --set http.auth.failDelay=2").code(0);
    std::fs::remove_file(sandbox.path("base.json")).unwrap();
    sandbox.line("reg-up stop x -q").code(0);
    sandbox.line("reg-up start x -q").code(0);
    let set = config(&sandbox);
    assert_eq!((&set["storage"]["gcDelay"], &set["storage"]["gcInterval"]), (&json!("3h"), &json!("6h")));
    assert_eq!((&set["http"]["realm"], &set["http"]["auth"]["failDelay"]), (&json!("theirs"), &json!(2)));
    assert!(set["storage"]["rootDirectory"].as_str().unwrap().ends_with("/x/data/zot"), "{set}");
    sandbox.line("reg-up configure x -q --without config-base --unset storage.gcInterval").code(0);
    let unset = config(&sandbox);
    assert_eq!((&unset["storage"]["gcDelay"], &unset["storage"]["gcInterval"]), (&json!("1h"), &json!("24h")));
    assert_eq!(unset["http"]["realm"], "reg");
}

#[test]
fn a_key_that_zot_does_not_know_or_take_leaves_everything_as_it_was() {
    let Some(sandbox) = with_zot("") else { return };
    let (before, was) = (pid(&sandbox, "x"), config(&sandbox));
    sandbox.line("reg-up configure x --set storage.gcDealy=2h").is(
        3,
        "",
        "reg-up: error: cannot configure \"x\": the configuration is not right: storage.gcDealy: zot knows no such key, and does not start \
         with it\nreg-up: hint: did you mean gcDelay?\n",
    );
    // Right by its keys, and wrong for zot.
    let ran = sandbox.line("reg-up configure x --set storage.gcDelay=-2h").code(3);
    assert!(ran.stderr.contains("zot does not take the configuration: ") && ran.stderr.contains("delay"), "{ran:?}");
    assert_eq!((pid(&sandbox, "x"), config(&sandbox)), (before, was));
}

#[test]
fn one_that_does_not_come_up_runs_on_as_before() {
    let Some(program) = DISTRIBUTION.find() else { return };
    let sandbox = sandbox();
    sandbox.line(&format!("reg-up start x --type distribution --port 0 -q --binary {}", program.display())).code(0);
    let was = std::fs::read_to_string(sandbox.instance("x").join("config.yml")).unwrap();
    // There is nobody at that address, which it asks when it starts.
    let ran = sandbox.line("reg-up configure x --mirror-of http://127.0.0.1:9");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("reg-up: \"x\" runs as before\n"), "{ran:?}");
    let port = |config: &str| config.lines().filter(|line| !line.contains("addr:")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(port(&std::fs::read_to_string(sandbox.instance("x").join("config.yml")).unwrap()), port(&was));
    assert_eq!(settings(&sandbox, "x")["options"]["mirror"], Value::Null);
    sandbox.line("reg-test push-pull -r x -q").code(0);
}

#[test]
fn a_secret_is_in_the_instance_alone() {
    let Some(program) = DISTRIBUTION.find() else { return };
    let sandbox = sandbox();
    sandbox.write("header", "Bearer hook-s3cret\n");
    let start = format!("reg-up start x --type distribution --port 0 --binary {} --webhook http://127.0.0.1:9", program.display());
    let ran = sandbox.line(&format!("{start} --webhook-header-file header")).code(0);
    assert!(!ran.stdout.contains("hook-s3cret") && !ran.stderr.contains("hook-s3cret"), "{ran:?}");
    for file in std::fs::read_dir(sandbox.instance("x")).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        let holds = std::fs::read_to_string(&file).unwrap_or_default().contains("hook-s3cret");
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(holds, ["config.yml", "webhook.header"].contains(&name.as_str()), "{name}");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o77, 0, "{name}");
    }
    let mut render = sandbox.command(sandbox.path("bin/reg-up"));
    render.args(["render", "x"]);
    let rendered = sandbox.finish(render, "").code(0).stdout;
    assert!(rendered.contains("url: http://127.0.0.1:9") && !rendered.contains("hook-s3cret"), "{rendered}");
}
