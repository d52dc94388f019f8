//! A request is signed under a policy.

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use reg_tests::sandbox::Sandbox;
use serde_json::json;

use super::has;
use crate::sandbox;

/// Writes a request for these names as `x.csr` and its key as `x.secret`.
fn request(sandbox: &Sandbox, names: &[&str], ca: bool) {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    if ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let key = KeyPair::generate().unwrap();
    sandbox.write("x.csr", params.serialize_request(&key).unwrap().pem().unwrap());
    sandbox.write("x.secret", key.serialize_pem());
    sandbox.sh("chmod 600 x.secret").code(0);
}

#[test]
fn it_gets_a_certificate_for_its_own_key() {
    let sandbox = sandbox();
    request(&sandbox, &["a.example", "127.0.0.1"], false);
    let document = sandbox.line("reg-certs issue --csr x.csr --out . -q").code(0).json();
    assert_eq!(document["names"], json!(["a.example", "127.0.0.1"]));
    assert_eq!((&document["outcome"], document.get("keyFile")), (&json!("new"), None));
    let checks = sandbox.line("reg-certs verify a.example.pem --key-file x.secret --host a.example -q").code(0).json();
    assert_eq!(checks["summary"]["fail"], 0, "{checks:#}");
    assert!(!sandbox.path("a.example.key").exists());
    let csr = std::fs::read_to_string(sandbox.path("x.csr")).unwrap();
    let again = sandbox.line_with("reg-certs issue --csr - --out . -q a.example 127.0.0.1 b.example", &csr).code(0).json();
    assert_eq!((&again["outcome"], &again["sha256"]), (&json!("kept"), &document["sha256"]));
    assert_eq!(sandbox.line("reg-certs issue --csr x.csr --out . -q --force").code(0).json()["outcome"], "renewed");
}

#[test]
fn what_it_may_not_have_is_refused() {
    let sandbox = sandbox();
    let is = |line: &str, code: i32, text: &str| sandbox.line(line).is(code, "", text);
    request(&sandbox, &["a.example", "b.example"], false);
    is(
        "reg-certs issue a.example --csr x.csr --out .",
        9,
        "reg-certs: error: x.csr: it asks for \"b.example\", which was not allowed\n\
         reg-certs: hint: allowed are the names on the command line; add b.example to allow it\n",
    );
    request(&sandbox, &["a.example"], true);
    is("reg-certs issue --csr x.csr --out .", 3, "reg-certs: error: x.csr: it asks to be an authority, which is not signed here\n");
    request(&sandbox, &[], false);
    is(
        "reg-certs issue --csr x.csr --out .",
        3,
        "reg-certs: error: x.csr: it asks for no subject alternative name, and a common name alone is not believed any more\n\
         reg-certs: hint: `openssl req -addext subjectAltName=DNS:HOST` adds one\n",
    );
    sandbox.write("text", "hello\n");
    is(
        "reg-certs issue --csr text --out .",
        3,
        "reg-certs: error: text: this is not a request (PKCS #10)\n\
         reg-certs: hint: it should hold a `-----BEGIN CERTIFICATE REQUEST-----` block, or be the same as DER\n",
    );
    is("reg-certs issue --csr none --out .", 3, "reg-certs: error: cannot read the request none: no such file or directory\n");
    // Signed by another key than it names.
    request(&sandbox, &["a.example"], false);
    let csr = std::fs::read_to_string(sandbox.path("x.csr")).unwrap();
    let lines: Vec<&str> = csr.lines().collect();
    let last = lines[lines.len() - 2];
    let other: String = last
        .chars()
        .map(|c| {
            if c == 'A' {
                'B'
            } else if c.is_ascii_lowercase() {
                'A'
            } else {
                c
            }
        })
        .collect();
    sandbox.write("x.csr", csr.replace(last, &other));
    let broken = sandbox.line("reg-certs issue --csr x.csr --out .").code(3);
    let known = ["the request is not signed by the key it names", "the request cannot be read", "this is not a request (PKCS #10)"];
    assert!(known.iter().any(|why| broken.stderr.contains(why)), "{broken:?}");
}

#[test]
fn it_does_not_take_the_place_of_another_keys() {
    let sandbox = sandbox();
    super::issue(&sandbox, "a.example");
    request(&sandbox, &["a.example"], false);
    for force in ["", " --force"] {
        let text = "reg-certs: error: SANDBOX/a.example.key is there and belongs to another key than the request's\n\
                    reg-certs: hint: --out DIR puts the new certificate elsewhere\n";
        sandbox.line(&format!("reg-certs issue --csr x.csr --out .{force}")).is(9, "", text);
    }
}

#[test]
fn requests_of_openssl_are_taken_and_weak_ones_not() {
    let sandbox = sandbox();
    if !has(&sandbox, "openssl") {
        return;
    }
    let new = "openssl req -new -nodes -subj /CN=o -addext subjectAltName=DNS:o.example";
    for (key, code) in [("rsa:2048", 0), ("ec -pkeyopt ec_paramgen_curve:P-384", 0), ("ed25519", 0), ("rsa:1024", 3)] {
        sandbox.sh(&format!("{new} -newkey {key} -keyout o.secret -out o.csr 2> /dev/null")).code(0);
        let ran = sandbox.line("reg-certs issue --csr o.csr --out o --force -q").code(code);
        if code == 0 {
            sandbox.sh("openssl verify -x509_strict -CAfile home/.local/share/reg/ca/ca.pem o/o.example.pem").code(0);
        } else {
            ran.is(3, "", "reg-certs: error: o.csr: its key is too weak: rsa-1024\n");
        }
    }
}

#[test]
fn what_openssl_and_older_programs_write_is_told_or_taken() {
    let sandbox = sandbox();
    let empty = "reg-certs: error: standard input is empty: the program before this one printed nothing\n";
    sandbox.line_with("reg-certs issue --csr - --out .", "").is(3, "", empty);
    request(&sandbox, &["a.example"], false);
    let csr = std::fs::read_to_string(sandbox.path("x.csr")).unwrap();
    sandbox.write("x.csr", csr.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"));
    sandbox.line("reg-certs issue --csr x.csr --out . -q").code(0);
    if !has(&sandbox, "openssl") {
        return;
    }
    sandbox.sh("openssl req -new -nodes -subj /CN=o -addext subjectAltName=DNS:o.example -newkey ec -pkeyopt ec_paramgen_curve:P-521 -keyout o.secret -out o.csr 2> /dev/null").code(0);
    let ran = sandbox.line("reg-certs issue --csr o.csr --out o");
    ran.is(3, "", "reg-certs: error: o.csr: its kind of key is not supported here: ecdsa-p521\n");
}

#[test]
fn a_request_as_der_is_taken() {
    let sandbox = sandbox();
    let params = CertificateParams::new(["a.example".to_owned()]).unwrap();
    let key = KeyPair::generate().unwrap();
    sandbox.write("x.der", params.serialize_request(&key).unwrap().der());
    let document = sandbox.line("reg-certs issue --csr x.der --out . -q").code(0).json();
    assert_eq!(document["names"], json!(["a.example"]));
    assert_eq!(sandbox.sh("reg-certs issue --csr - --out . -q < x.der").code(0).json()["sha256"], document["sha256"]);
    sandbox.sh("head -c 100 x.der > cut.der").code(0);
    sandbox.line("reg-certs issue --csr cut.der --out .").is(3, "", "reg-certs: error: cut.der: the request cannot be read\n");
}

#[test]
fn a_request_for_other_names_is_signed_with_force_only() {
    let sandbox = sandbox();
    let key = KeyPair::generate().unwrap();
    for (file, names) in [("one", ["a.example", "b.example"]), ("two", ["a.example", "c.example"])] {
        let params = CertificateParams::new(names.map(ToOwned::to_owned).to_vec()).unwrap();
        sandbox.write(file, params.serialize_request(&key).unwrap().pem().unwrap());
    }
    sandbox.line("reg-certs issue --csr one --out . -q -o name").code(0);
    let text = "reg-certs: error: SANDBOX/a.example.pem is there and is for b.example, which was not asked for\n\
                reg-certs: hint: --force replaces it, --out DIR puts the new one elsewhere\n";
    sandbox.line("reg-certs issue --csr two --out . -q").is(9, "", text);
    assert_eq!(sandbox.line("reg-certs issue --csr two --out . -q --force").code(0).json()["outcome"], "renewed");
}
