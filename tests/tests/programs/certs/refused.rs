//! What is no certificate's business is refused, with what was meant.

use super::issue;
use crate::sandbox;

#[test]
fn names_that_are_none() {
    let sandbox = sandbox();
    for (name, what, hint) in [
        ("localhost:5000", "\"localhost:5000\" has a port, and a certificate is for a host on all its ports", "write localhost"),
        ("[::1]:5000", "\"[::1]:5000\" has a port, and a certificate is for a host on all its ports", "write ::1"),
        (
            "https://registry.example",
            "a server's certificate needs a host name or an address",
            "write registry.example, or add --client for a client",
        ),
        ("ops@example.com", "a server's certificate needs a host name or an address", "for a client add --client"),
        ("a.*.example", "\"a.*.example\" is not a host name", "a wildcard is the whole first label, like *.example.com"),
        ("*.com", "\"*.com\" is not a host name", "a wildcard needs two labels behind it, like *.example.com"),
    ] {
        let text = format!("reg-certs: error: {what}\nreg-certs: hint: {hint}\n").replace("localhost:5000", "localhost:PORT");
        sandbox.run("reg-certs", ["issue", name]).is(2, "", &text.replace("[::1]:5000", "[::1]:PORT"));
    }
    for (name, what) in
        [("", "\"\" is not a host name"), ("a b", "\"a b\" is not a host name"), ("1.2.3", "\"1.2.3\" is not a host name")]
    {
        sandbox.run("reg-certs", ["issue", name]).is(2, "", &format!("reg-certs: error: {what}\n"));
    }
    assert!(!sandbox.path("home/.local").exists(), "an authority was made for nothing");
}

#[test]
fn authorities_that_are_none() {
    let sandbox = sandbox();
    let is = |line: &str, code: i32, text: &str| sandbox.line(line).is(code, "", text);
    is(
        "reg-certs issue a --ca none --out .",
        3,
        "reg-certs: error: there is no authority in none: SANDBOX/none does not exist\n\
         reg-certs: hint: `reg-certs ca --dir none` makes one\n",
    );
    sandbox.line("reg-certs issue leaf --out . -q").code(0);
    is(
        "reg-certs issue a --ca leaf.pem --out .",
        3,
        "reg-certs: error: SANDBOX/leaf.pem is not an authority's certificate: it may not sign others\n",
    );
    sandbox.line("reg-certs ca --dir keyless -q").code(0);
    std::fs::remove_file(sandbox.path("keyless/ca.key")).unwrap();
    is(
        "reg-certs issue a --ca keyless --out .",
        3,
        "reg-certs: error: cannot read the private key \"SANDBOX/keyless/ca.key\": no such file or directory\n\
         reg-certs: hint: only where its key is can an authority sign; --ca-key names the file\n",
    );
    is(
        "reg-certs issue a --ca keyless --ca-key leaf.key --out .",
        3,
        "reg-certs: error: the key in leaf.key is not the key of the authority in SANDBOX/keyless/ca.pem\n",
    );
    sandbox.write("text", "hello\n");
    is("reg-certs issue a --ca keyless --ca-key text --out .", 3, "reg-certs: error: \"text\" holds no PEM private key\n");
    is(
        "reg-certs issue a --ca text --out .",
        3,
        "reg-certs: error: \"SANDBOX/text\" holds no certificate\n\
         reg-certs: hint: it should hold `-----BEGIN CERTIFICATE-----` blocks\n",
    );
}

#[test]
fn files_without_end() {
    let sandbox = sandbox();
    let is = |line: &str, what: &str| {
        let text = format!("reg-certs: error: cannot read {what} has more than 1 MiB\n");
        sandbox.line(line).is(3, "", &text);
    };
    is("reg-certs show /dev/zero", "the certificates in \"/dev/zero\": it");
    is("reg-certs expires /dev/zero", "the certificates in \"/dev/zero\": it");
    is("reg-certs issue --csr /dev/zero --out .", "the request /dev/zero: it");
    sandbox.line("reg-certs ca --dir own -q").code(0);
    is("reg-certs issue a --ca own --ca-key /dev/zero --out .", "the private key \"/dev/zero\": it");
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let sandbox = sandbox();
    sandbox.write("file", "");
    let ran = sandbox.line("reg-certs issue localhost --out file -q");
    ran.is(1, "", "reg-certs: error: cannot use the folder SANDBOX/file: file exists\n");
    let mut command = sandbox.command(sandbox.path("bin/reg-certs"));
    command.env_remove("HOME").args(["issue", "localhost"]);
    sandbox.checked(command, "").is(
        1,
        "",
        "reg-certs: error: there is no place for certificates: neither HOME nor XDG_DATA_HOME is set\n\
         reg-certs: hint: name folders with --ca and --out\n",
    );
}

#[test]
fn a_host_to_ask_for_that_is_none() {
    let sandbox = sandbox();
    issue(&sandbox, "registry.example");
    for (host, hint) in [
        ("https://registry.example:5000/v2/", "write --host registry.example"),
        ("https://[::1]:5000", "write --host ::1"),
        ("urn:uuid:1", "write a name or an address"),
        ("ops@registry.example", "write a name or an address"),
        ("*.registry.example", "write a name that it stands for, like www.registry.example"),
    ] {
        let text = format!("reg-certs: error: \"{host}\" is not a host that clients ask for\nreg-certs: hint: {hint}\n");
        sandbox.line(&format!("reg-certs verify registry.example.pem --host {host}")).is(
            2,
            "",
            &text.replace("[::1]:5000", "[::1]:PORT"),
        );
    }
}

#[test]
fn the_command_of_a_hint_is_as_a_shell_reads_it() {
    let sandbox = sandbox();
    sandbox.run("reg-certs", ["issue", "a.example", "--ca", "my ca"]).is(
        3,
        "",
        "reg-certs: error: there is no authority in my ca: SANDBOX/my ca does not exist\n\
         reg-certs: hint: `reg-certs ca --dir 'my ca'` makes one\n",
    );
    sandbox.run("reg-certs", ["ca", "--dir", "own", "-q"]).code(0);
    sandbox.write("my key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    sandbox.run("reg-certs", ["issue", "a.example", "--ca", "own", "--ca-key", "my key"]).is(
        3,
        "",
        "reg-certs: error: the private key \"my key\" is encrypted\n\
         reg-certs: hint: `openssl pkey -in 'my key' -out key.pem` writes it without a password\n",
    );
}
