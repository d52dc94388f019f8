//! Registries that others started, whose parts a mode names: a zot and a Distribution under a script of their own.

mod configuration;
mod restart;
mod rights;

use std::path::Path;

use reg_tests::live;
use reg_tests::port;
use reg_tests::sandbox::Sandbox;
use serde_json::json;

use super::{Http, changes, effect, gaps, logins, snapshot};
use crate::{eventually, sandbox};

/// A registry that a script starts and restarts, and the mode `edge` that names its parts.
struct Service {
    sandbox: Sandbox,
    http: Http,
}

/// The text of a configuration for a port, with everything below a folder.
type Config = fn(u16, &Path, &str) -> String;

fn service(kind: &str, serve: &str, config: (&str, Config), own: &str, more: &str) -> Service {
    let sandbox = sandbox();
    let port = port::free();
    sandbox.write(
        "service",
        format!(
            "#!/bin/sh\nif [ -e pid ]; then kill \"$(cat pid)\"; while kill -0 \"$(cat pid)\" 2> /dev/null; do sleep 0.02; done; fi\n\
             setsid {serve} > log 2>&1 < /dev/null &\necho $! > pid\n"
        ),
    );
    sandbox.write(config.0, config.1(port, &sandbox.path(""), own));
    sandbox.write("etc/htpasswd", logins(&["root", "anna"]));
    sandbox.write("password", format!("{}\n", super::PASSWORD));
    let root = sandbox.path("").display().to_string();
    sandbox.write(
        "config/reg/config.toml",
        format!(
            "[modes.edge.registry]\ntype = \"{kind}\"\nurl = \"http://127.0.0.1:{port}\"\nconfig = \"{root}/{}\"\nhtpasswd = \"{root}/etc/htpasswd\"\n\
             layout = \"{root}/etc/edge.yaml\"\ncredential = {{ username = \"root\", passwordFile = \"{root}/password\" }}\n{more}",
            config.0
        )
        .replace("//etc", "/etc"),
    );
    sandbox.sh("sh service").code(0);
    let http = Http::of(&json!({"url": format!("http://127.0.0.1:{port}")}));
    eventually(|| std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    Service { sandbox, http }
}

const RESTART: &str = "restartCommand = \"sh service\"\n";

fn zot(more: &str, access: &str) -> Option<Service> {
    zot_of(live::ZOT, more, access)
}

fn zot_of(program: live::Program, more: &str, access: &str) -> Option<Service> {
    let program = program.find()?;
    let config = |port: u16, root: &Path, access: &str| {
        let root = root.display();
        format!(
            "{{\"storage\": {{\"rootDirectory\": \"{root}/data\"}},\n \"http\": {{\"address\": \"127.0.0.1\", \"port\": \"{port}\",\
             \"auth\": {{\"htpasswd\": {{\"path\": \"{root}/etc/htpasswd\"}}}}{access}}},\n \"log\": {{\"level\": \"info\"}}}}\n"
        )
    };
    Some(service("zot", &format!("{} serve etc/zot.json", program.display()), ("etc/zot.json", config), access, more))
}

const RIGHTS: &str = ", \"accessControl\": {\"repositories\": {\"a/**\": {\"defaultPolicy\": [\"read\"]}, \"**/by-hand\": \
                      {\"anonymousPolicy\": [\"read\"]}}, \"adminPolicy\": {\"users\": [\"root\"], \"actions\": [\"read\", \"create\", \"update\", \"delete\"]}}";

fn runs(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.path("pid")).unwrap()
}

/// Takes lines that begin with a word out of the config file.
fn without(sandbox: &Sandbox, word: &str) {
    let config = std::fs::read_to_string(sandbox.path("config/reg/config.toml")).unwrap();
    let others = config.lines().filter(|line| !line.starts_with(word)).collect::<Vec<_>>().join("\n");
    sandbox.write("config/reg/config.toml", others);
}

const TEAM: &str = "namespaces: [{name: team, public: true}]\nusers: [{name: root}, {name: bert}]\nadmins: [root]\n";

#[test]
fn a_zot_is_set_up_while_it_runs() {
    let Some(Service { sandbox, http }) = zot(RESTART, RIGHTS) else { return };
    sandbox.write("team.yaml", TEAM);
    let before = runs(&sandbox);
    assert_eq!(http.push(Some(("root", super::PASSWORD)), "team/x", "v1", "x").1, 201);
    assert_eq!(http.status(None, "GET", "/v2/team/x/manifests/v1"), 401);
    sandbox.line("reg-init apply -r edge --layout team.yaml -q").is(
        2,
        "",
        "reg-init: error: cannot set zot at http://127.0.0.1:PORT up: there is no place for the generated password of \"bert\"\n\
         reg-init: hint: --out DIR names a folder; or the layout refers to a password with `passwordFile` or `passwordEnv`\n",
    );
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml --out passwords -q").code(0);
    assert_eq!(changes(&ran.json()), ["create namespace team", "create user bert"]);
    assert_eq!(effect(&ran), "2 changes: it was seen to read its configuration again");
    assert_eq!(runs(&sandbox), before);
    assert_eq!(http.status(None, "GET", "/v2/team/x/manifests/v1"), 200);
    let config = std::fs::read_to_string(sandbox.path("etc/zot.json")).unwrap();
    assert!(config.contains("**/by-hand"), "a pattern of somebody else's is left alone: {config}");
    let bert = std::fs::read_to_string(sandbox.path("passwords/bert.password")).unwrap();
    eventually(|| (http.status(Some(("bert", bert.trim())), "GET", "/v2/a/x/tags/list") == 404).then_some(()));
    // The layout is stored where the mode says, for all who come after.
    let stored = snapshot(&sandbox.path("etc"));
    sandbox.line("reg-init -r edge -q --detailed-exitcode").code(0);
    assert_eq!(snapshot(&sandbox.path("etc")), stored);
    let beside = "reg-init: warning: pattern \"**/by-hand\": it stands in the registry's configuration, and not in the layout\n";
    sandbox.line("reg-init export -r edge -o name").is(0, "a\nteam\n", beside);
}

#[test]
fn a_layout_written_by_hand_stays_as_it_was_written() {
    let Some(Service { sandbox, .. }) = zot(RESTART, RIGHTS) else { return };
    let text = "# What edge should be.\nnamespaces:\n  - {name: team, public: true}\nusers: [{name: root}, {name: anna}]\nadmins: [root]\n";
    sandbox.write("etc/edge.yaml", text);
    let ran = sandbox.line("reg-init -r edge -q").code(0);
    assert_eq!(changes(&ran.json()), ["change config zot.json"]);
    assert_eq!(std::fs::read_to_string(sandbox.path("etc/edge.yaml")).unwrap(), text);
    sandbox.line("reg-init -r edge -q --detailed-exitcode").code(0);
}

#[test]
fn a_zot_without_rights_is_restarted_for_its_first_ones() {
    let Some(Service { sandbox, http }) = zot(RESTART, "") else { return };
    sandbox.write("team.yaml", "namespaces: [{name: team}]\nusers: [{name: root}]\nadmins: [root]\n");
    let before = runs(&sandbox);
    assert_eq!(http.status(Some(("anna", super::PASSWORD)), "GET", "/v2/team/x/tags/list"), 404);
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
    assert_eq!(effect(&ran), "2 changes: it was restarted: it begins to look at rights only when it starts");
    assert_ne!(runs(&sandbox), before);
    assert_eq!(http.status(Some(("anna", super::PASSWORD)), "GET", "/v2/team/x/tags/list"), 403);
}

#[test]
fn one_that_nobody_may_restart_is_left_as_it_was() {
    let Some(Service { sandbox, .. }) = zot("", "") else { return };
    sandbox.write("team.yaml", "namespaces: [{name: team}]\nusers: [{name: root}]\nadmins: [root]\n");
    let before = snapshot(&sandbox.path("etc"));
    sandbox.line("reg-init apply -r edge --layout team.yaml -q").is(
        6,
        "",
        "reg-init: error: cannot set zot at http://127.0.0.1:PORT up: it begins to look at rights only when it starts: it is not known how it is restarted\n\
         reg-init: hint: say how with `restartCommand` in its mode of the config file\n",
    );
    assert_eq!(snapshot(&sandbox.path("etc")), before);
}

#[test]
fn a_name_in_the_file_that_we_would_not_write_is_in_nobodys_way() {
    let Some(Service { sandbox, .. }) = zot(RESTART, RIGHTS) else { return };
    sandbox.write("team.yaml", "namespaces: [{name: team}]\nusers: [{name: root}]\nadmins: [root]\n");
    sandbox.write("etc/htpasswd", logins(&["root", "john doe"]));
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
    assert_eq!(changes(&ran.json()), ["create namespace team"]);
    sandbox.line("reg-ns create apps -r edge -q").code(0);
    assert!(std::fs::read_to_string(sandbox.path("etc/htpasswd")).unwrap().contains("\njohn doe:"));
    // Who is new is another matter.
    sandbox.write("team.yaml", "users: [{name: root}, {name: jane doe}]\n");
    sandbox.line("reg-init apply -r edge --layout team.yaml --out passwords -q").is(
        3,
        "",
        "reg-init: error: the layout: .users[1].name: \"jane doe\" cannot be a user's name: it has white space\n",
    );
}

fn distribution() -> Option<Service> {
    let program = live::DISTRIBUTION.find()?;
    let config = |port: u16, root: &Path, _: &str| {
        let root = root.display();
        format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {root}/data}}}}\nhttp: {{addr: '127.0.0.1:{port}', secret: s}}\n\
             auth: {{htpasswd: {{realm: edge, path: {root}/etc/htpasswd}}}}\n"
        )
    };
    let serve = format!("{} serve etc/config.yml", program.display());
    Some(service("distribution", &serve, ("etc/config.yml", config), "", RESTART))
}

#[test]
fn a_layout_in_yaml_stays_yaml_and_names_whom_it_named() {
    let Some(Service { sandbox, .. }) = distribution() else { return };
    let text = "# Ours.\nnamespaces: [{name: team}]\nusers: [{name: root}]\nadmins: [root]\n";
    sandbox.write("etc/edge.yaml", text);
    sandbox.write("more.yaml", "namespaces: [{name: more, description: 'yes'}]");
    let ran = sandbox.line("reg-init apply -r edge --layout more.yaml -q").code(0);
    assert_eq!(changes(&ran.json()), ["create namespace more"]);
    let stored = std::fs::read_to_string(sandbox.path("etc/edge.yaml")).unwrap();
    assert!(stored.starts_with("schema: reg/v1\nkind: layout\n") && stored.contains("description: \"yes\""), "{stored}");
    assert!(!stored.contains("anna"), "whom no layout names can log in, and no more: {stored}");
    assert_eq!(std::fs::read_to_string(sandbox.path("etc/.edge.yaml.bak")).unwrap(), text, "with its comments");
    sandbox.line("reg-init -r edge -q --detailed-exitcode").code(0);
    // What the registry is, is told with all who can log in.
    let users = sandbox.line("reg-init export -r edge -q").code(0).json()["users"].to_string();
    assert!(users.contains("anna"), "{users}");
}

#[test]
fn a_distribution_is_set_up_as_far_as_it_goes() {
    let Some(Service { sandbox, http }) = distribution() else { return };
    sandbox.write("team.yaml", TEAM);
    let (before, written) = (runs(&sandbox), std::fs::read(sandbox.path("etc/config.yml")).unwrap());
    let ran = sandbox.line("reg-init apply -r edge --layout team.yaml --out passwords -q").code(0);
    assert_eq!(changes(&ran.json()), ["create namespace team", "create user bert", "create admin root"]);
    assert_eq!(gaps(&ran.json()), ["namespace team access", "namespace team public"]);
    assert_eq!(effect(&ran), "3 changes: it reads its files again by itself");
    assert_eq!(std::fs::read(sandbox.path("etc/config.yml")).unwrap(), written, "what need not change stays as it was written");
    assert_eq!(runs(&sandbox), before);
    let bert = std::fs::read_to_string(sandbox.path("passwords/bert.password")).unwrap();
    assert_eq!(http.status(Some(("bert", bert.trim())), "GET", "/v2/"), 200);
    sandbox.line("reg-init apply -r edge -q --detailed-exitcode").code(0);
    // Somebody to tell needs a restart.
    sandbox.write("hook.yaml", format!("{TEAM}webhooks: [{{name: ci, url: 'http://127.0.0.1:1/hook'}}]\n"));
    let told = sandbox.line("reg-init apply -r edge --layout hook.yaml -q").code(0);
    assert_eq!(effect(&told), "1 change: it was restarted: it reads its configuration only when it starts");
    assert_ne!(runs(&sandbox), before);
}

#[test]
fn a_mode_without_a_layout_is_told_what_is_missing() {
    let sandbox = crate::with_instance("dev");
    let url = sandbox.line("reg-up info dev").code(0).json()["url"].as_str().unwrap().to_owned();
    sandbox.sh("mv state/reg away; mkdir -p state/reg").code(0);
    sandbox.write("team.yaml", "namespaces: []\n");
    sandbox.write(
        "config/reg/config.toml",
        format!("[modes.edge.registry]\ntype = \"distribution\"\nurl = \"{url}\"\nhtpasswd = \"/nowhere\"\n"),
    );
    sandbox.line("reg-init apply -r edge --layout team.yaml -q").is(
        6,
        "",
        "reg-init: error: cannot set distribution at http://127.0.0.1:PORT up: its parts are not known on this machine\n\
         reg-init: hint: a mode of the config file names them: `config`, `htpasswd`, `layout`; `man reg-config` shows how\n",
    );
    sandbox.write(
        "config/reg/config.toml",
        format!(
            "[modes.edge.registry]\ntype = \"distribution\"\nurl = \"{url}\"\nlayout = \"{}\"\n",
            sandbox.path("edge.json").display()
        ),
    );
    sandbox.line("reg-init apply -r edge -q").is(
        2,
        "",
        "reg-init: error: no layout was named for distribution at http://127.0.0.1:PORT\n\
         reg-init: hint: `reg-init layout > layout.json` prints one to begin with, --layout FILE names it\n",
    );
    sandbox.sh("rm -r state/reg; mv away state/reg").code(0);
}
