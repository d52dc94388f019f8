//! `render --target`: what systemd and Prometheus are told of an instance, read by their own programs.

use reg_tests::live::{self, Program};
use reg_tests::sandbox::Sandbox;

use super::start;
use crate::sandbox;

const SYSTEMD_ANALYZE: Program =
    Program { name: "systemd-analyze", variable: "REG_LIVE_SYSTEMD_ANALYZE", files: &["systemd-analyze"] };
const PROMTOOL: Program = Program { name: "promtool", variable: "REG_LIVE_PROMTOOL", files: &["promtool"] };

/// Runs a program of the machine on what was rendered; its words.
fn judged(sandbox: &Sandbox, program: Program, args: &[&str]) -> Option<String> {
    let mut command = sandbox.command(program.find()?);
    command.args(args);
    let ran = sandbox.finish(command, "").code(0);
    Some(ran.stdout.clone() + &ran.err())
}

#[test]
fn systemd_takes_the_unit_and_its_command_runs_the_registry() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    sandbox.line("reg-up stop x").code(0);
    let mut command = sandbox.command(sandbox.path("bin/reg-up"));
    command.args(["render", "x", "--target", "systemd"]);
    let unit = sandbox.finish(command, "").code(0).stdout;
    let data = sandbox.instance("x").join("data/embedded");
    assert!(unit.contains(&format!("\nReadWritePaths={}\n", data.display())), "{unit}");
    sandbox.line("reg-up render x --target systemd --output units").is(0, "", "reg-up: wrote units/reg-x.service\n");
    assert_eq!(std::fs::read_to_string(sandbox.path("units/reg-x.service")).unwrap(), unit);
    if let Some(words) = judged(&sandbox, SYSTEMD_ANALYZE, &["verify", "units/reg-x.service"]) {
        assert!(!words.contains("reg-x.service"), "{words}");
    }
    // What systemd would run: `@PROGRAM NAME ARGUMENTS`.
    let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=@")).unwrap();
    let mut words = line.split(' ');
    let mut command = sandbox.command(words.next().unwrap());
    std::os::unix::process::CommandExt::arg0(&mut command, words.next().unwrap());
    let mut server = command.args(words).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    sandbox.sh("reg-test health -q --wait 60s -r $(reg-up info x | jq -r .url)").code(0);
    server.kill().unwrap();
    server.wait().unwrap();
}

#[test]
fn prometheus_takes_the_scrape_configuration_and_the_rules() {
    let sandbox = sandbox();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    sandbox.write("cert.pem", pair.cert.pem());
    sandbox.write("key.pem", pair.signing_key.serialize_pem());
    sandbox.line("reg-up start x --port 0 --cert cert.pem --key key.pem --ca-file cert.pem").code(0);
    sandbox.line("reg-up render x --target prometheus").is(
        2,
        "",
        "reg-up: error: these are 2 files\nreg-up: hint: --output DIR writes them, -o json prints them as one document\n",
    );
    let files = sandbox.line("reg-up render x --target prometheus -o name").code(0).stdout;
    assert_eq!(files, "prometheus.yml\nreg-x.rules.yml\n");
    let wrote = "reg-up: wrote prom/prometheus.yml\nreg-up: wrote prom/reg-x.rules.yml\n";
    sandbox.line("reg-up render x --target prometheus --output prom").is(0, "", wrote);
    let rules = std::fs::read_to_string(sandbox.path("prom/reg-x.rules.yml")).unwrap();
    for alert in ["RegistryDown", "RegistryErrors", "RegistryStorageFull", "RegistryCertificateExpires"] {
        assert!(rules.contains(&format!("alert: {alert}\n")), "{rules}");
    }
    if let Some(words) = judged(&sandbox, PROMTOOL, &["check", "config", "prom/prometheus.yml"]) {
        assert!(words.contains("4 rules found"), "{words}");
    }
}

#[test]
fn what_names_the_files_of_an_instance_takes_no_other_settings() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    for target in ["systemd", "prometheus"] {
        sandbox.run("reg-up", ["render", "x", "--port", "7777", "--open", "--target", target]).is(
            9,
            "",
            "reg-up: error: \"x\" has other settings: its port is any, not 7777; \"open\" is false, not true\n\
             reg-up: hint: `reg-up configure x …` first: what is rendered names its files as they are\n",
        );
    }
}

/// The scrape configuration of an instance, and what was said.
fn scraped(sandbox: &Sandbox) -> (String, String) {
    let ran = sandbox.line("reg-up render x --target prometheus -o json").code(0);
    (ran.json()["files"][0]["content"].as_str().unwrap().to_owned(), ran.err())
}

#[test]
fn metrics_behind_a_login_are_scraped_with_one_or_nobody_is_left_in_the_dark() {
    let sandbox = sandbox();
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    sandbox.line("reg-up start x --port 0 --htpasswd htpasswd").code(0);
    let (config, said) = scraped(&sandbox);
    assert!(!config.contains("basic_auth"), "{config}");
    assert_eq!(
        said,
        "reg-up: warning: \"x\" tells its metrics to those who log in, and no password is known here: without a basic_auth in \
         prometheus.yml it counts as down\n"
    );
    sandbox.sh("reg-init layout > layout.json && reg-up configure x --layout layout.json").code(0);
    let (config, said) = scraped(&sandbox);
    assert_eq!(said, "");
    let password = sandbox.instance("x").join("admin.password");
    assert!(config.contains(&format!("username: admin\n    password_file: {}\n", password.display())), "{config}");
    sandbox
        .sh(&format!("curl -sf -u admin:$(cat {}) $(reg-up info x | jq -r .endpoints.metrics) > page", password.display()))
        .code(0);
}

#[test]
fn metrics_on_a_port_of_their_own_ask_for_no_login() {
    let Some(program) = live::DISTRIBUTION.find() else { return };
    let sandbox = sandbox();
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    let flags = ["start", "x", "--port", "0", "--type", "distribution", "--htpasswd", "htpasswd", "--binary"];
    sandbox.run("reg-up", flags.iter().chain(&[program.to_str().unwrap()])).code(0);
    let (config, said) = scraped(&sandbox);
    assert_eq!((config.contains("basic_auth"), &*said), (false, ""));
    sandbox.sh("curl -sf $(reg-up info x | jq -r .endpoints.metrics) > page").code(0);
}

#[test]
fn a_zot_that_writes_an_audit_log_may_and_one_without_metrics_is_told_of() {
    let Some(program) = live::ZOT.find() else { return };
    let sandbox = sandbox();
    let flags = ["start", "x", "--port", "0", "--type", "zot", "--with", "audit", "--without", "metrics", "--binary"];
    sandbox.run("reg-up", flags.iter().chain(&[program.to_str().unwrap()])).code(0);
    let unit = sandbox.line("reg-up render x --target systemd -o json").code(0).json();
    let unit = unit["files"][0]["content"].as_str().unwrap();
    let folder = sandbox.instance("x");
    let may = format!("\nReadWritePaths={0}/data/zot\nReadWritePaths={0}/audit.log\n", folder.display());
    assert!(unit.contains(&may) && folder.join("audit.log").exists(), "{unit}");
    let (config, said) = scraped(&sandbox);
    assert!(config.contains("scrape_configs: []\n"), "{config}");
    assert_eq!(said, "reg-up: warning: \"x\" tells no metrics: no rule says when it is down or answers with errors\n");
}

#[test]
fn only_an_instance_has_files_to_name() {
    let sandbox = sandbox();
    for target in ["systemd", "prometheus"] {
        sandbox.run("reg-up", ["render", "--target", target, "--output", "out"]).is(
            2,
            "",
            "reg-up: error: only an instance has the files that are to be named\n\
             reg-up: hint: `reg-up start NAME …` makes one, `reg-up list` shows them\n",
        );
    }
}
