//! What a certificate says, from a file, a pipe or a server.

use serde_json::json;

use super::{has, issue};
use crate::sandbox;

#[test]
fn files_pipes_and_documents_say_the_same() {
    let sandbox = sandbox();
    let document = issue(&sandbox, "localhost 127.0.0.1");
    let pem = std::fs::read_to_string(sandbox.path("localhost.pem")).unwrap();
    let shown = sandbox.line("reg-certs show localhost.pem").code(0).json();
    for field in
        ["subject", "names", "serial", "sha256", "publicKeySha256", "notBefore", "notAfter", "keyUsages", "extendedKeyUsages"]
    {
        assert_eq!(shown[field], document[field], "{field}");
    }
    assert_eq!((&shown["certFile"], shown.get("outcome")), (&json!(sandbox.path("localhost.pem")), None));
    let piped = sandbox.line_with("reg-certs show -", &pem).code(0).json();
    assert_eq!((&piped["sha256"], piped.get("certFile")), (&document["sha256"], None));
    let passed = sandbox.line_with("reg-certs show -", &document.to_string()).code(0).json();
    assert_eq!((&passed["sha256"], &passed["keyFile"]), (&document["sha256"], &document["keyFile"]));
    sandbox.line_with("reg-certs show -", "").is(
        3,
        "",
        "reg-certs: error: standard input is empty: the program before this one printed nothing\n\
         reg-certs: hint: run that program alone and look at its error\n",
    );
}

#[test]
fn a_table_is_for_people() {
    let sandbox = sandbox();
    sandbox.run("reg-certs", ["ca", "--name", "Team", "-q"]).code(0);
    issue(&sandbox, "localhost 127.0.0.1");
    let table = sandbox.line("reg-certs show localhost.pem -o table").code(0);
    for line in [
        "SUBJECT      CN=localhost",
        "ISSUER       CN=Team",
        "NAMES        localhost, 127.0.0.1",
        "KEY TYPE     ecdsa-p256",
        "USED FOR     serverAuth",
    ] {
        assert!(table.stdout.lines().any(|known| known == line), "{table:?}");
    }
}

#[test]
fn a_chain_is_shown_whole_and_der_is_read() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    sandbox.sh("cat localhost.pem home/.local/share/reg/ca/ca.pem > both.pem").code(0);
    let shown = sandbox.line("reg-certs show both.pem").code(0).json();
    assert_eq!((&shown["ca"], &shown["chain"][0]["ca"]), (&json!(false), &json!(true)));
    if !has(&sandbox, "openssl") {
        return;
    }
    sandbox.sh("openssl x509 -in localhost.pem -outform der -out localhost.der").code(0);
    assert_eq!(sandbox.line("reg-certs show localhost.der").code(0).json()["sha256"], shown["sha256"]);
    assert_eq!(sandbox.sh("reg-certs show - < localhost.der").code(0).json()["sha256"], shown["sha256"]);
    let openssl = sandbox.sh("openssl x509 -in localhost.pem -noout -fingerprint -sha256").code(0).stdout;
    let digest = openssl.trim().rsplit('=').next().unwrap().replace(':', "").to_lowercase();
    assert_eq!(shown["sha256"], digest);
}

#[test]
fn what_is_none_is_told_with_its_place() {
    let sandbox = sandbox();
    sandbox.write("text", "hello\n");
    sandbox.write("der", [0x30, 0x82, 1, 2, 3]);
    let is = |line: &str, code: i32, text: &str| sandbox.line(line).is(code, "", text);
    is(
        "reg-certs show text",
        3,
        "reg-certs: error: \"text\" holds no certificate\n\
         reg-certs: hint: it should hold `-----BEGIN CERTIFICATE-----` blocks\n",
    );
    is("reg-certs show der", 3, "reg-certs: error: \"der\" is not a certificate\n");
    is(
        "reg-certs show registry.example",
        3,
        "reg-certs: error: cannot read the certificates in \"registry.example\": no such file or directory\n\
         reg-certs: hint: a file is expected; `https://registry.example` asks a server\n",
    );
    is(
        "reg-certs show http://localhost:1",
        2,
        "reg-certs: error: http://localhost:PORT is no server with a certificate: only https has one\n",
    );
    is("reg-certs show https://127.0.0.1:1", 4, "reg-certs: error: cannot reach 127.0.0.1:PORT: connection refused\n");
}

#[test]
fn a_pipe_is_read_when_somebody_writes_to_it() {
    let sandbox = sandbox();
    let document = issue(&sandbox, "localhost");
    sandbox.sh("mkfifo pipe").code(0);
    let nobody = "reg-certs: error: cannot read the certificates in \"pipe\": it is a pipe, and nothing was written to it\n";
    for command in ["show pipe", "expires pipe", "verify pipe"] {
        sandbox.line(&format!("reg-certs {command}")).is(3, "", nobody);
    }
    let request = "reg-certs: error: cannot read the request pipe: it is a pipe, and nothing was written to it\n";
    sandbox.line("reg-certs issue --csr pipe --out .").is(3, "", request);
    let slow = sandbox.sh("reg-certs show <(sleep 0.3; cat localhost.pem)").code(0).json();
    assert_eq!(slow["sha256"], document["sha256"]);
}

#[test]
fn a_serial_number_has_two_digits_a_byte() {
    let sandbox = sandbox();
    let mut params = rcgen::CertificateParams::new(["a.example".to_owned()]).unwrap();
    for (bytes, expected) in [(&[0x0a, 0xbc][..], "0abc"), (&[0x00, 0xff], "ff"), (&[0x01, 0x00], "0100")] {
        params.serial_number = Some(rcgen::SerialNumber::from_slice(bytes));
        sandbox.write("own.pem", params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().pem());
        assert_eq!(sandbox.line("reg-certs show own.pem").code(0).json()["serial"], expected);
    }
}
