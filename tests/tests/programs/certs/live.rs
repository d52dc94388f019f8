//! Every type of key, in front of the clients that people have: openssl, curl, skopeo, against real registries.

use reg_tests::live::{self, Program};

use super::{failed, has};
use crate::live::layout::Layout;
use crate::sandbox;

const KEYS: [&str; 5] = ["ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-4096"];

#[test]
fn openssl_finds_nothing_wrong_in_its_strict_mode() {
    let sandbox = sandbox();
    if !has(&sandbox, "openssl") {
        return;
    }
    for authority in KEYS {
        sandbox.line(&format!("reg-certs ca --dir {authority} --key {authority} -q -o name")).code(0);
        for key in KEYS.into_iter().filter(|key| *key != "rsa-4096" || authority == "ecdsa-p256") {
            let out = format!("{authority}-{key}");
            let issue = format!(
                "reg-certs issue a.example *.a.example 127.0.0.1 ::1 --both --ca {authority} --key {key} --out {out} -q -o name"
            );
            sandbox.line(&issue).code(0);
            let verify = format!("openssl verify -x509_strict -CAfile {authority}/ca.pem");
            for more in
                ["-purpose sslserver -verify_hostname b.a.example", "-purpose sslclient", "-verify_ip ::1", "-verify_ip 127.0.0.1"]
            {
                sandbox.sh(&format!("{verify} {more} {out}/a.example.pem")).code(0);
            }
            let other = sandbox.sh(&format!("{verify} -verify_hostname c.example {out}/a.example.pem"));
            assert_ne!(other.code, 0, "{other:?}");
        }
    }
}

/// One registry after the other with every type of key; Ed25519 is not for everybody.
fn with_every_key(kind: &str, program: Option<Program>) {
    let binary = program.map(Program::find);
    if matches!(binary, Some(None)) {
        return;
    }
    let binary = binary.flatten().map_or(String::new(), |binary| format!(" --binary {}", binary.display()));
    let sandbox = sandbox();
    if !(has(&sandbox, "openssl") && has(&sandbox, "curl") && has(&sandbox, "skopeo")) {
        return;
    }
    Layout::make(&sandbox.path("there"), "one");
    for key in KEYS {
        let start = format!(
            "reg-certs issue localhost --key {key} --out {key} -q | reg-up start {key} --type {kind}{binary} --port 0 --tls - -q"
        );
        let started = sandbox.sh(&start).code(0);
        let url = started.json()["url"].as_str().unwrap().to_owned();
        let place = url.trim_start_matches("https://");
        let ca = sandbox.path("home/.local/share/reg/ca/ca.pem");
        let ca = ca.display();
        sandbox.sh(&format!("curl --silent --show-error --fail --cacert {ca} {url}/v2/ > /dev/null")).code(0);
        let shake = format!(
            "openssl s_client -brief -verify_return_error -verify_hostname localhost -CAfile {ca} -connect {place} < /dev/null 2>&1"
        );
        let shaken = sandbox.sh(&shake).code(0);
        assert!(shaken.stdout.contains("Verification: OK"), "{key}: {shaken:?}");
        let copy =
            format!("skopeo --insecure-policy copy --all --preserve-digests --quiet oci:there:app docker://{place}/team/app:v1");
        assert_ne!(sandbox.sh(&copy).code, 0, "{key}: skopeo believes anything");
        // Where trust puts it, skopeo finds it.
        sandbox.line(&format!("reg-certs trust --containers --user -r {key} -q -o name")).code(0);
        sandbox.sh(&copy).code(0);
        sandbox.line(&format!("reg-certs untrust --containers --user -r {key} -q -o name")).code(0);
        assert_ne!(sandbox.sh(&copy).code, 0, "{key}: skopeo still believes it");
        let verified = sandbox.line(&format!("reg-certs verify {url} -q")).code(0).json();
        assert_eq!((failed(&verified), verified["certificate"]["key"].as_str()), (Vec::new(), Some(key)));
        sandbox.line(&format!("reg-test push-pull -r {key} -q -o name")).code(0);
        sandbox.line(&format!("reg-up remove {key} --purge -q -o name")).code(0);
    }
}

#[test]
fn clients_believe_the_embedded_registry() {
    with_every_key("embedded", None);
}

#[test]
fn clients_believe_distribution() {
    with_every_key("distribution", Some(live::DISTRIBUTION));
}

#[test]
fn clients_believe_distribution3() {
    with_every_key("distribution", Some(live::DISTRIBUTION3));
}

#[test]
fn clients_believe_zot() {
    with_every_key("zot", Some(live::ZOT));
}
