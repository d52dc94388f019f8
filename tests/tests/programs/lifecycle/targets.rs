//! `render --target`: what systemd and Prometheus are told of an instance, read by their own programs.

use reg_tests::live::Program;
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
