//! A command line of reg-init that is wrong, and registries that it cannot set up.

use serde_json::json;

use super::snapshot;
use crate::{sandbox, with_instance};

#[test]
fn a_registry_that_is_to_be_changed_is_named() {
    let sandbox = with_instance("dev");
    let before = snapshot(&sandbox.instance("dev"));
    let refused = "reg-init: error: no registry was named, and one that is to be changed must be\n\
                   reg-init: hint: -r NAME names it, or REG_REGISTRY or REG_MODE; the config file's `default` is not enough\n";
    sandbox.line("reg-init").is(2, "", refused);
    sandbox.line("reg-init apply").is(2, "", refused);
    sandbox.write("config/reg/config.toml", "default = \"dev\"\n[modes.dev.registry]\nurl = \"http://127.0.0.1:1\"\n");
    sandbox.line("reg-init apply").is(2, "", refused);
    // To look is not to change.
    let looked = sandbox.line("reg-init plan").code(4);
    assert!(looked.err().contains("http://127.0.0.1:PORT"), "{looked:?}");
    assert_eq!(snapshot(&sandbox.instance("dev")), before);
    sandbox.sh("REG_REGISTRY=instance:dev reg-init -q -o name").is(0, "ready\nconverge\ntest-image\n", "");
}

#[test]
fn bare_reg_init_is_apply() {
    let sandbox = with_instance("dev");
    sandbox.line("reg-init -r dev --detailed-exitcode --no-test-image -q -o name").is(7, "ready\nconverge\ntest-image\n", "");
    sandbox.line("reg-init -r dev plan").is(
        2,
        "",
        "reg-init: error: the subcommand 'plan' cannot be used with '--registry <REGISTRY>'\n\
         reg-init: hint: `reg-init --help` shows what it takes\n",
    );
}

#[test]
fn standard_input_is_one_of_two_things() {
    let sandbox = sandbox();
    for command in ["apply", "plan"] {
        sandbox.line_with(&format!("reg-init {command} -r - --layout -"), "{}").is(
            2,
            "",
            "reg-init: error: standard input cannot be both the registry's document and the layout\n\
             reg-init: hint: name the registry with -r NAME, or give the layout in a file\n",
        );
    }
}

#[test]
fn a_registry_that_is_dead_is_waited_for_with_the_reason() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", "namespaces: []\n");
    sandbox.line("reg-init apply -r http://127.0.0.1:1 --layout team.yaml --wait 1s").is(
        4,
        "",
        "reg-init: waiting: cannot reach http://127.0.0.1:PORT: connection refused\n\
         reg-init: error: http://127.0.0.1:PORT was not ready within 1 s: cannot reach http://127.0.0.1:PORT: connection refused\n\
         reg-init: hint: is it running, and is the port right?\n",
    );
}

#[test]
fn one_that_comes_up_while_it_is_waited_for_is_set_up() {
    let sandbox = with_instance("dev");
    let document = sandbox.line("reg-up info dev").code(0).stdout;
    sandbox.line("reg-up stop dev -q").code(0);
    sandbox.write("dev.json", document);
    let script = "(sleep 1; reg-up start dev -q -o name > /dev/null) & reg-init -r @dev.json -o name; wait";
    let ran = sandbox.sh(script).code(0);
    assert_eq!(ran.out(), "ready\nconverge\ntest-image\n");
    assert!(ran.err().starts_with("reg-init: waiting: cannot reach http://127.0.0.1:PORT: connection refused\n"), "{ran:?}");
}

#[test]
fn a_registry_whose_parts_are_elsewhere_is_not_set_up() {
    let sandbox = with_instance("dev");
    sandbox.line("reg-init -r dev -q").code(0);
    sandbox.write("team.yaml", "namespaces: []\n");
    // As another machine sees it: by its address alone.
    let url = sandbox.line("reg-up info dev").code(0).json()["url"].as_str().unwrap().to_owned();
    sandbox.sh("mv state/reg away; mkdir -p state/reg").code(0);
    for command in ["apply -q", "plan"] {
        sandbox.line(&format!("reg-init {command} -r {url} --layout team.yaml")).is(
            6,
            "",
            "reg-init: error: cannot set embedded at http://127.0.0.1:PORT up: its parts are not known on this machine\n\
             reg-init: hint: a mode of the config file names them: `config`, `htpasswd`, `layout`; `man reg-config` shows how\n",
        );
    }
    sandbox.sh("rm -r state/reg; mv away state/reg").code(0);
}

#[test]
fn a_type_that_is_not_set_up_yet_says_which_are() {
    let sandbox = with_instance("dev");
    let url = sandbox.line("reg-up info dev").code(0).json()["url"].clone();
    for kind in ["harbor", "oci"] {
        let document = json!({"schema": "reg/v1", "kind": "registry", "type": kind, "url": url});
        for command in ["apply -r - -q", "plan -r -", "export -r -"] {
            sandbox.line_with(&format!("reg-init {command}"), &document.to_string()).is(
                6,
                "",
                &format!(
                    "reg-init: error: cannot set {kind} at http://127.0.0.1:PORT up: registries of this type are not set up yet\n\
                     reg-init: hint: embedded, zot and distribution are\n"
                ),
            );
        }
    }
}
