//! Where certificates come from: files, or a document; and how a new one takes over.

use serde_json::json;

use super::{row, start};
use crate::certificates::Authority;
use crate::sandbox;

#[test]
fn a_certificate_document_is_as_good_as_files() {
    let sandbox = sandbox();
    let authority = Authority::new(&sandbox, "ca");
    authority.sign(&sandbox, "server", &["localhost"], 90);
    let chain = [std::fs::read(sandbox.path("server.crt")).unwrap(), std::fs::read(sandbox.path("ca.pem")).unwrap()].concat();
    sandbox.write("chain.pem", chain);
    let document = json!({
        "schema": "reg/v1", "kind": "certificate",
        "certFile": sandbox.path("server.crt"), "keyFile": sandbox.path("server.key"),
        "caFile": sandbox.path("ca.pem"), "chainFile": sandbox.path("chain.pem"),
    });
    sandbox.write("certificate.json", document.to_string());
    for (name, file) in [("from-file", "certificate.json"), ("from-pipe", "-")] {
        let args = ["start", name, "--port", "0", "--tls", file];
        let registry = sandbox.run_with("reg-up", args, &document.to_string()).code(0).json();
        assert_eq!(registry["tls"]["caFile"], sandbox.instance(name).join("ca.crt").display().to_string());
        let report = sandbox.run_with("reg-test", ["health", "-r", "-"], &registry.to_string()).code(0).json();
        // The chain was served, not the certificate alone.
        let detail = row(&report, "tls").1;
        assert_eq!(detail, "TLSv1.3, 2 in the chain, good for 90 more days");
        sandbox.run("reg-up", ["remove", name, "--purge"]).code(0);
    }
    let empty = sandbox.run_with("reg-up", ["start", "x", "--tls", "-"], "").code(3);
    assert!(empty.stderr.contains("the program before this one printed nothing"), "{empty:?}");
}

#[test]
fn a_new_certificate_takes_over_with_replace() {
    let sandbox = sandbox();
    let authority = Authority::new(&sandbox, "ca");
    authority.sign(&sandbox, "old", &["localhost"], 10);
    authority.sign(&sandbox, "new", &["localhost"], 300);
    let first = start(&sandbox, "old", &["--ca-file", "ca.pem"]);
    let health = || row(&sandbox.run("reg-test", ["health", "-r", "x"]).code(0).json(), "tls").1;
    assert_eq!(health(), "TLSv1.3, 1 in the chain, good for 10 more days: renew it soon");
    let refused = sandbox.run("reg-up", ["start", "x", "--cert", "new.crt", "--key", "new.key"]).code(9);
    assert!(refused.stderr.contains("its certificate is another one; its private key is another one\n"), "{refused:?}");
    let second = start(&sandbox, "new", &["--ca-file", "ca.pem", "--replace"]);
    assert_eq!(second, first);
    assert_eq!(health(), "TLSv1.3, 1 in the chain, good for 300 more days");
    // The same ones again are no change.
    assert_eq!(start(&sandbox, "new", &["--ca-file", "ca.pem"]), first);
}

#[test]
fn curl_and_openssl_accept_it() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "ca").sign(&sandbox, "server", &["localhost"], 90);
    let url = start(&sandbox, "server", &["--ca-file", "ca.pem"])["url"].as_str().unwrap().to_owned();
    let place = url.trim_start_matches("https://");
    let curl = sandbox.sh(&format!("curl --silent --show-error --fail --cacert ca.pem {url}/v2/")).code(0);
    assert_eq!(curl.stdout, "{}");
    assert_ne!(sandbox.sh(&format!("curl --silent {url}/v2/")).code, 0, "curl believes anything");
    let handshake = "openssl s_client -brief -verify_return_error -verify_hostname localhost -CAfile ca.pem";
    let openssl = sandbox.sh(&format!("{handshake} -connect {place} </dev/null 2>&1")).code(0);
    assert!(openssl.stdout.contains("Verification: OK") && openssl.stdout.contains("TLSv1.3"), "{openssl:?}");
    let openssl = sandbox.sh(&format!("{handshake} -tls1_2 -connect {place} </dev/null 2>&1")).code(0);
    assert!(openssl.stdout.contains("TLSv1.2"), "{openssl:?}");
    assert_ne!(sandbox.sh(&format!("{handshake} -tls1_1 -connect {place} </dev/null 2>&1")).code, 0);
}
