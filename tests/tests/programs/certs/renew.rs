//! Renewal: the same names and key, or a new key; and a registry that presents it when the program ends.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::live::{self, Program};
use reg_tests::sandbox::Sandbox;
use serde_json::{Value, json};

use super::{detail, failed, issue};
use crate::sandbox;

#[test]
fn a_file_far_from_its_end_stays() {
    let sandbox = sandbox();
    let first = issue(&sandbox, "localhost 127.0.0.1 --both");
    let ran = sandbox.line("reg-certs renew localhost.pem");
    assert_eq!(ran.err(), "reg-certs: SANDBOX/localhost.pem is good for 396 more days and stays; --force renews it now\n");
    let kept = ran.code(0).json();
    assert_eq!((&kept["outcome"], &kept["sha256"], &kept["keyFile"]), (&json!("kept"), &first["sha256"], &first["keyFile"]));
    // A year is nothing for who asks for more.
    assert_eq!(sandbox.line("reg-certs renew localhost.pem --within 200d -q").code(0).json()["outcome"], "kept");
}

#[test]
fn the_key_stays_or_is_rotated() {
    let sandbox = sandbox();
    let first = issue(&sandbox, "localhost 127.0.0.1 --both --days 90");
    let key = || std::fs::read(sandbox.path("localhost.key")).unwrap();
    let before = key();
    let ran = sandbox.line("reg-certs renew localhost.pem --force").code(0);
    let end = super::day(&ran.json()["notAfter"]);
    assert_eq!(ran.err(), format!("reg-certs: renewed SANDBOX/localhost.pem for localhost, 127.0.0.1, good until {end}\n"));
    let renewed = ran.json();
    assert_eq!((&renewed["outcome"], &renewed["publicKeySha256"]), (&json!("renewed"), &first["publicKeySha256"]));
    for field in ["names", "subject", "extendedKeyUsages", "key", "chainFile", "caFile"] {
        assert_eq!(renewed[field], first[field], "{field}");
    }
    assert_ne!(renewed["serial"], first["serial"]);
    assert_eq!(key(), before);
    let rotated = sandbox.line("reg-certs renew localhost.pem --rotate --key ed25519 -q").code(0).json();
    assert_eq!(
        (&rotated["outcome"], &rotated["key"], rotated["daysLeft"].as_i64()),
        (&json!("rotated"), &json!("ed25519"), Some(89))
    );
    assert_ne!(key(), before);
    assert_eq!(std::fs::metadata(sandbox.path("localhost.key")).unwrap().permissions().mode() & 0o777, 0o600);
    for file in ["localhost.pem", "localhost.chain.pem"] {
        sandbox.line(&format!("reg-certs verify {file} --key-file localhost.key --host localhost -q -o name")).code(0);
    }
    // The document of one program is the next one's.
    let piped = sandbox.line_with("reg-certs renew - --force --days 5 -q", &rotated.to_string()).code(0).json();
    assert_eq!((&piped["outcome"], piped["daysLeft"].as_i64()), (&json!("renewed"), Some(4)));
    assert_eq!(sandbox.line("reg-certs renew localhost.pem -q").code(0).json()["outcome"], "kept");
    assert_eq!(sandbox.line("reg-certs renew localhost.pem -q --within 7d --force").code(0).json()["outcome"], "renewed");
}

#[test]
fn the_private_key_need_not_be_there_and_a_link_stays_a_link() {
    let sandbox = sandbox();
    let first = issue(&sandbox, "localhost");
    std::fs::create_dir(sandbox.path("elsewhere")).unwrap();
    sandbox.sh("mv localhost.key elsewhere; chmod 640 localhost.pem; ln -s localhost.pem link.pem").code(0);
    let renewed = sandbox.line("reg-certs renew link.pem --force -q").code(0).json();
    assert_eq!((renewed.get("keyFile"), &renewed["publicKeySha256"]), (None, &first["publicKeySha256"]));
    assert!(sandbox.path("link.pem").is_symlink());
    assert_eq!(std::fs::metadata(sandbox.path("localhost.pem")).unwrap().permissions().mode() & 0o777, 0o640);
    let text = "reg-certs: error: no private key lies beside SANDBOX/localhost.pem, so none can be rotated\n\
                reg-certs: hint: --key-file names it\n";
    sandbox.line("reg-certs renew link.pem --rotate -q").is(2, "", text);
    sandbox.line("reg-certs renew link.pem --rotate --key-file elsewhere/localhost.key -q -o name").code(0);
    sandbox.line("reg-certs verify link.pem --key-file elsewhere/localhost.key -q -o name").code(0);
}

#[test]
fn what_cannot_be_renewed_is_told() {
    let sandbox = sandbox();
    let is = |line: &str, code: i32, text: &str| sandbox.line(line).is(code, "", text);
    issue(&sandbox, "localhost");
    sandbox.run("reg-certs", ["ca", "--dir", "other", "--name", "Other", "-q"]).code(0);
    let own = sandbox.line("reg-certs ca -q").code(0).json()["subject"].as_str().unwrap().to_owned();
    is(
        "reg-certs renew localhost.pem --force --ca other",
        9,
        &format!(
            "reg-certs: error: SANDBOX/localhost.pem was signed by \"{own}\", not by \"CN=Other\" in SANDBOX/other/ca.pem\n\
             reg-certs: hint: --ca names the authority that signed it\n"
        ),
    );
    is(
        "reg-certs renew other/ca.pem",
        2,
        "reg-certs: error: SANDBOX/other/ca.pem is an authority's certificate: what it signed can be renewed\n\
         reg-certs: hint: `reg-certs ca --dir DIR` makes another authority\n",
    );
    is(
        "reg-certs renew none.pem",
        3,
        "reg-certs: error: cannot read the certificates in \"SANDBOX/none.pem\": no such file or directory\n",
    );
    sandbox.line("reg-up start plain --port 0 -q").code(0);
    is(
        "reg-certs renew -r plain",
        2,
        "reg-certs: error: the instance \"plain\" has no certificate: it speaks plain http\n\
         reg-certs: hint: `reg-certs issue localhost | reg-up start plain --tls - --replace` gives it one\n",
    );
    is(
        "reg-certs renew -r https://127.0.0.1:1",
        6,
        "reg-certs: error: cannot renew the certificate of https://127.0.0.1:PORT: reg-up did not start it\n\
         reg-certs: hint: name its certificate's file, too: `reg-certs renew FILE -r REGISTRY`\n",
    );
}

/// Starts `x` of this type with a certificate of the default authority.
fn start(sandbox: &Sandbox, kind: &str, binary: Option<&std::path::Path>) -> Value {
    let binary = binary.map_or(String::new(), |binary| format!(" --binary {}", binary.display()));
    sandbox.sh(&format!("reg-certs issue localhost -q | reg-up start x --type {kind}{binary} --port 0 --tls - -q")).code(0).json()
}

fn pid(sandbox: &Sandbox) -> Value {
    sandbox.line("reg-up status x").code(0).json()["pid"].clone()
}

/// Renews what `x` serves, keeps or rotates its key; whether it was restarted is what is expected.
fn renewed(sandbox: &Sandbox, restarts: bool) {
    for (flag, outcome) in [("--force", "renewed"), ("--rotate", "rotated")] {
        let before = pid(sandbox);
        let ran = sandbox.line(&format!("reg-certs renew -r x {flag}")).code(0);
        let document = ran.json();
        assert_eq!((&document["outcome"], &document["registry"]["name"]), (&json!(outcome), &json!("x")));
        assert_eq!(pid(sandbox) != before, restarts, "{ran:?}");
        let served = sandbox.line("reg-certs verify -r x -q").code(0).json();
        assert_eq!(served["certificate"]["sha256"], document["sha256"], "{ran:?}");
        let with_file = sandbox.sh("reg-certs verify \"$XDG_STATE_HOME/reg/instances/x/tls.crt\" -r x -q").code(0).json();
        assert!(detail(&with_file, "served").ends_with(" serves it"), "{with_file:#}");
        sandbox.line("reg-test push-pull -r x -q -o name").code(0);
    }
}

#[test]
fn the_embedded_registry_presents_it_without_a_restart() {
    let sandbox = sandbox();
    start(&sandbox, "embedded", None);
    renewed(&sandbox, false);
    assert!(sandbox.line("reg-up logs x").code(0).stdout.contains("the certificate was read again"));
}

fn real(kind: &str, program: Program, restarts: bool) {
    let Some(binary) = program.find() else { return };
    let sandbox = sandbox();
    start(&sandbox, kind, Some(&binary));
    renewed(&sandbox, restarts);
}

#[test]
fn distribution_is_restarted() {
    real("distribution", live::DISTRIBUTION, true);
}

#[test]
fn distribution3_is_restarted() {
    real("distribution", live::DISTRIBUTION3, true);
}

#[test]
fn zot_presents_it_without_a_restart() {
    // Since 2.1.15; an older one is restarted.
    let Some(binary) = live::ZOT.find() else { return };
    let sandbox = sandbox();
    let version = start(&sandbox, "zot", Some(&binary))["version"].as_str().unwrap_or_default().to_owned();
    let patch: u32 = version.strip_prefix("2.1.").and_then(|patch| patch.parse().ok()).unwrap_or_default();
    renewed(&sandbox, patch < 15);
}

#[test]
fn a_registry_that_is_stopped_presents_it_when_it_starts() {
    let sandbox = sandbox();
    start(&sandbox, "embedded", None);
    sandbox.line("reg-up stop x -q").code(0);
    let ran = sandbox.line("reg-certs renew -r x --rotate").code(0);
    assert!(ran.err().ends_with("reg-certs: \"x\" is not running and presents it when it starts\n"), "{ran:?}");
    sandbox.line("reg-up start x -q").code(0);
    let served = sandbox.line("reg-certs verify -r x -q").code(0).json();
    assert_eq!(served["certificate"]["sha256"], ran.json()["sha256"]);
}

#[test]
fn a_renewal_that_was_cut_off_is_undone_or_ended() {
    let sandbox = sandbox();
    start(&sandbox, "embedded", None);
    for at in 0..25 {
        let mut command = sandbox.command(sandbox.path("bin/reg-certs"));
        command.args(["renew", "-r", "x", "--rotate", "-q"]).stdout(std::process::Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(at * 2));
        let _ = child.kill();
        child.wait().unwrap();
        // Whatever was cut off: the files fit each other once anybody has looked, and the registry presents them.
        sandbox.line("reg-certs renew -r x -q").code(0);
        let checks = sandbox.sh("reg-certs verify \"$XDG_STATE_HOME/reg/instances/x/tls.crt\" -r x -q").code(0).json();
        assert_eq!(failed(&checks), Vec::new(), "{checks:#}");
    }
}

#[test]
fn an_adopted_registry_is_restarted_by_the_command_of_its_mode() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    // A server that reads its certificate once, as a service manager would run it.
    let serve = "[ ! -e pid ] || kill \"$(cat pid)\"; port=$(cat port 2> /dev/null || echo 0); rm -f said
        cp localhost.chain.pem loaded.pem; cp localhost.key loaded.key
        until reg-up serve --in-memory --port $port --cert loaded.pem --key loaded.key > /dev/null 2> said & echo $! > pid
            until grep -Eq 'Ctrl-C|error' said; do sleep 0.02; done; grep -q Ctrl-C said; do sleep 0.05; done
        sed -n 's/.*127.0.0.1:\\([0-9]*\\);.*/\\1/p' said > port";
    sandbox.write("service", serve);
    sandbox.sh("setsid sh service < /dev/null > /dev/null 2>&1").code(0);
    let port = std::fs::read_to_string(sandbox.path("port")).unwrap();
    let mode = |more: &str| {
        let text = format!("[modes.edge.registry]\nurl = \"https://localhost:{}\"\ntype = \"distribution\"\n{more}", port.trim());
        sandbox.write("config/reg/config.toml", text);
    };
    mode("");
    let unknown = sandbox.line("reg-certs renew localhost.pem -r edge --force").code(6);
    assert!(
        unknown.err().ends_with(
            "reg-certs: error: \"edge\" does not present the new certificate yet: it is not known how it is restarted\n\
             reg-certs: hint: restart it yourself, or say how with `restartCommand` in its mode of the config file\n"
        ),
        "{unknown:?}"
    );
    mode("restartCommand = \"setsid sh service < /dev/null\"\ntls = { caFile = \"home/.local/share/reg/ca/ca.pem\" }\n");
    let ran = sandbox.line("reg-certs renew localhost.pem -r edge --rotate").code(0);
    assert!(ran.err().ends_with("reg-certs: \"edge\" presents it, after a restart\n"), "{ran:?}");
    sandbox.line("reg-certs verify localhost.pem -r edge -q -o name").code(0);
    // What is presented already is left alone.
    let again = sandbox.line("reg-certs renew localhost.pem -r edge").code(0);
    assert!(again.err().ends_with("stays; --force renews it now\nreg-certs: \"edge\" presents it\n"), "{again:?}");
}

#[test]
fn a_file_keeps_its_shape() {
    let sandbox = sandbox();
    issue(&sandbox, "a.example");
    issue(&sandbox, "b.example");
    let read = |file: &str| std::fs::read(sandbox.path(file)).unwrap();
    // DER stays DER.
    let pem = String::from_utf8(read("a.example.pem")).unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    sandbox.write("a.der", base64::Engine::decode(&base64::engine::general_purpose::STANDARD, base64).unwrap());
    let renewed = sandbox.line("reg-certs renew a.der --force -q").code(0).json();
    assert!(read("a.der").starts_with(&[0x30, 0x82]));
    assert_eq!(sandbox.line("reg-certs show a.der").code(0).json()["sha256"], renewed["sha256"]);
    // A root that stood behind the certificate stands there again.
    sandbox.sh("cat a.example.pem home/.local/share/reg/ca/ca.pem > with-root.pem").code(0);
    let renewed = sandbox.line("reg-certs renew with-root.pem --force -q").code(0).json();
    let shown = sandbox.line("reg-certs show with-root.pem").code(0).json();
    assert_eq!((&shown["sha256"], &shown["chain"][0]["subject"]), (&renewed["sha256"], &shown["issuer"]));
    // A file of many loses none.
    sandbox.sh("cat a.example.pem b.example.pem > both.pem").code(0);
    let before = read("both.pem");
    let text = "reg-certs: error: SANDBOX/both.pem holds another certificate, too: \"CN=b.example\", which did not sign the one before it\n\
                reg-certs: hint: give each certificate a file of its own\n";
    for flag in ["", " --force"] {
        sandbox.line(&format!("reg-certs renew both.pem{flag}")).is(9, "", text);
    }
    assert_eq!(read("both.pem"), before);
}

#[test]
fn a_chain_is_renewed_with_its_certificate() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    sandbox.sh("ln -s localhost.chain.pem link.pem").code(0);
    for file in ["localhost.chain.pem", "link.pem"] {
        let renewed = sandbox.line(&format!("reg-certs renew {file} --force -q")).code(0).json();
        assert_eq!(renewed["certFile"], json!(sandbox.path("localhost.pem")));
        for file in ["localhost.pem", "localhost.chain.pem"] {
            assert_eq!(sandbox.line(&format!("reg-certs show {file}")).code(0).json()["sha256"], renewed["sha256"], "{file}");
        }
    }
    std::fs::remove_file(sandbox.path("localhost.pem")).unwrap();
    let alone = sandbox.line("reg-certs renew localhost.chain.pem --force -q").code(0).json();
    assert_eq!(alone["certFile"], json!(sandbox.path("localhost.chain.pem")));
}
