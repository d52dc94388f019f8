//! What is wrong with the settings is said before anything is begun: exact texts, and nothing is left.

use super::{fails, nothing_of};
use crate::sandbox;

#[test]
fn others_get_in_only_with_a_login_or_on_purpose() {
    let sandbox = sandbox();
    fails(
        sandbox.run("reg-up", ["start", "x", "--bind", "0.0.0.0", "--port", "0"]),
        2,
        "reg-up: error: cannot start \"x\": 0.0.0.0 is reachable by others, and nothing would ask them to log in\n\
         reg-up: hint: add --htpasswd FILE, or --open when everybody may read, write and delete\n",
    );
    assert!(nothing_of(&sandbox, "x"));
    let open = sandbox.run("reg-up", ["start", "x", "--bind", "0.0.0.0", "--port", "0", "--open"]).code(0).json();
    assert!(open["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{open}");
    let htpasswd = sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    let htpasswd = htpasswd.to_str().unwrap();
    sandbox.run("reg-up", ["start", "y", "--bind", "0.0.0.0", "--port", "0", "--htpasswd", htpasswd]).code(0);
}

#[test]
fn files_that_are_missing_or_wrong_are_named() {
    let sandbox = sandbox();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    sandbox.write("cert.pem", pair.cert.pem());
    sandbox.write("key.pem", pair.signing_key.serialize_pem());
    sandbox.write("other.pem", rcgen::KeyPair::generate().unwrap().serialize_pem());
    sandbox.write("text", "hello\n");
    sandbox.write("torn.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    sandbox.write("list.json", r#"{"schema":"reg/v1","kind":"instances","instances":[]}"#);
    sandbox.write("half.json", r#"{"schema":"reg/v1","kind":"certificate","certFile":"cert.pem"}"#);
    let cert_key = |cert, key| vec!["--cert", cert, "--key", key];
    for (flags, code, why) in [
        (cert_key("nowhere", "key.pem"), 3, "cannot read the certificate \"nowhere\": no such file or directory"),
        (cert_key("cert.pem", "nowhere"), 3, "cannot read the key \"nowhere\": no such file or directory"),
        (cert_key("text", "key.pem"), 3, "\"text\" holds no PEM certificate"),
        (cert_key("torn.pem", "key.pem"), 3, "\"torn.pem\" holds a certificate that cannot be read"),
        (cert_key("cert.pem", "text"), 3, "\"text\" holds no PEM private key"),
        (cert_key("cert.pem", "other.pem"), 3, "the key in \"other.pem\" is not the key of the certificate in \"cert.pem\""),
        (vec!["--htpasswd", "nowhere"], 3, "cannot read the htpasswd file nowhere: no such file or directory"),
        (vec!["--tls", "nowhere"], 3, "cannot read nowhere: no such file or directory"),
        (
            vec!["--tls", "text"],
            3,
            "text: line 1, column 1: not JSON: expected value\nreg-up: hint: reg tools print JSON into a pipe; in Nushell put `| to json` in front",
        ),
        (
            vec!["--tls", "list.json"],
            3,
            "list.json: .kind: expected \"certificate\", found \"instances\"\nreg-up: hint: --cert and --key name the files directly",
        ),
        (vec!["--tls", "half.json"], 3, "half.json: the field \"keyFile\" is missing"),
        (vec!["--data", "text"], 1, "cannot make the data folder TEXT: file exists"),
        (vec!["--data", "/proc/nowhere"], 1, "cannot make the data folder /proc/nowhere: no such file or directory"),
        (vec!["--type", "zot", "--binary", "nowhere"], 3, "cannot run NOWHERE: no such file or directory"),
        (vec!["--type", "zot", "--binary", "/bin/true"], 3, "/bin/true is not zot: `--version` does not answer like zot"),
    ] {
        let why = why.replace("TEXT", sandbox.path("text").to_str().unwrap());
        let why = why.replace("NOWHERE", sandbox.path("nowhere").to_str().unwrap());
        let ran = sandbox.run("reg-up", ["start", "x", "--port", "0"].into_iter().chain(flags.iter().copied()));
        fails(ran, code, &format!("reg-up: error: cannot start \"x\": {why}\n"));
        assert!(nothing_of(&sandbox, "x"), "{flags:?}");
    }
}

#[test]
fn an_encrypted_key_is_told_with_its_cure() {
    let sandbox = sandbox();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    sandbox.write("cert.pem", pair.cert.pem());
    sandbox.write("my key.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    fails(
        sandbox.run("reg-up", ["start", "x", "--cert", "cert.pem", "--key", "my key.pem"]),
        3,
        "reg-up: error: cannot start \"x\": the key in \"my key.pem\" is encrypted, and a server cannot ask for its password\n\
         reg-up: hint: `openssl pkey -in 'my key.pem' -out key.pem` writes it without a password\n",
    );
}

#[test]
fn a_line_that_logs_nobody_in_is_told() {
    let sandbox = sandbox();
    sandbox.write("htpasswd", format!("alice:{}\nbob:$apr1$x$y\nnobody\n", bcrypt::hash("secret", 4).unwrap()));
    let started = sandbox.run("reg-up", ["start", "x", "--port", "0", "--htpasswd", "htpasswd"]).code(0);
    let warnings = started.stderr.lines().filter(|line| line.contains("warning")).collect::<Vec<_>>();
    assert_eq!(
        warnings,
        [
            "reg-up: warning: htpasswd: line 2 logs nobody in: its hash is not bcrypt (`reg-users passwd` makes it one)",
            "reg-up: warning: htpasswd: line 3 logs nobody in: it has no colon between user and hash",
        ]
    );
}

#[test]
fn a_type_that_is_not_installed_on_a_machine_without_an_engine_says_all_that_would_help() {
    let sandbox = sandbox();
    let mut command = sandbox.command(sandbox.path("bin/reg-up"));
    command.env("PATH", sandbox.path("bin")).args(["start", "--type", "zot"]);
    fails(
        sandbox.finish(command, ""),
        4,
        &format!(
            "reg-up: error: cannot start \"zot\": there is no zot on PATH, and no container engine for it: cannot reach the container \
             engine at unix://{}: there is no such socket\n\
             reg-up: hint: install zot or name its program with --binary, start Docker or Podman, or take --type embedded, which needs \
             nothing\n",
            sandbox.path("no-engine").display()
        ),
    );
    assert!(nothing_of(&sandbox, "zot"));
}
