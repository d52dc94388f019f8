//! What is issued, when it is kept, and when it is issued again.

use serde_json::json;

use super::{day, issue};
use crate::certificates::Authority;
use crate::sandbox;

#[test]
fn it_is_what_clients_want() {
    let sandbox = sandbox();
    let names = "Registry.Example *.registry.example bücher.example 127.0.0.1 [::1] ops@example.com spiffe://example/ci";
    let document = issue(&sandbox, names);
    let expected = [
        "registry.example",
        "*.registry.example",
        "xn--bcher-kva.example",
        "127.0.0.1",
        "::1",
        "ops@example.com",
        "spiffe://example/ci",
    ];
    assert_eq!(document["names"], json!(expected));
    assert_eq!(document["subject"], "CN=registry.example");
    assert_eq!(document["ca"], false);
    assert_eq!(document["keyUsages"], json!(["digitalSignature"]));
    assert_eq!(document["extendedKeyUsages"], json!(["serverAuth"]));
    assert_eq!(document["certFile"], json!(sandbox.path("registry.example.pem")));
    assert_eq!(document["keyFile"], json!(sandbox.path("registry.example.key")));
    assert_eq!(document["chainFile"], json!(sandbox.path("registry.example.chain.pem")));
    // 128 random bits, and no two alike.
    let serial = |document: &serde_json::Value| document["serial"].as_str().unwrap().to_owned();
    let other = issue(&sandbox, &format!("{names} --force"));
    assert!((31..=32).contains(&serial(&document).len()) && serial(&document) != serial(&other), "{document}");
    // An hour for clocks that are late, and not a day more than 398.
    let at = |time: &serde_json::Value| {
        time::OffsetDateTime::parse(time.as_str().unwrap(), &time::format_description::well_known::Rfc3339).unwrap()
    };
    let life = at(&document["notAfter"]) - at(&document["notBefore"]);
    assert_eq!(life, time::Duration::days(397) + time::Duration::hours(1));
    assert!(time::OffsetDateTime::now_utc() - at(&document["notBefore"]) >= time::Duration::hours(1));
}

#[test]
fn usages_are_those_that_were_asked_for() {
    let sandbox = sandbox();
    for (flags, expected) in [
        ("s --server", json!(["serverAuth"])),
        ("c --client", json!(["clientAuth"])),
        ("b --both", json!(["serverAuth", "clientAuth"])),
        ("ci@example.com --client", json!(["clientAuth"])),
    ] {
        assert_eq!(issue(&sandbox, flags)["extendedKeyUsages"], expected, "{flags}");
    }
    assert_eq!(issue(&sandbox, "r --key rsa-2048")["keyUsages"], json!(["digitalSignature", "keyEncipherment"]));
}

#[test]
fn the_first_one_makes_the_authority_and_says_so() {
    let sandbox = sandbox();
    sandbox.run("reg-certs", ["ca", "--name", "Known", "-q"]).code(0);
    let ran = sandbox.line("reg-certs issue localhost");
    let end = day(&ran.json()["notAfter"]);
    let file = "SANDBOX/home/.local/share/reg/certs/localhost.pem";
    assert_eq!(ran.err(), format!("reg-certs: issued {file} for localhost, good until {end}\n"));
    let other = crate::sandbox();
    let first = other.line("reg-certs issue localhost").code(0);
    assert!(first.err().starts_with("reg-certs: made the authority \"CN=reg CA "), "{first:?}");
}

#[test]
fn what_is_there_and_good_stays() {
    let sandbox = sandbox();
    let first = issue(&sandbox, "localhost 127.0.0.1");
    let bytes = || ["localhost.pem", "localhost.key", "localhost.chain.pem"].map(|file| std::fs::read(sandbox.path(file)).unwrap());
    let before = bytes();
    let again = sandbox.line("reg-certs issue 127.0.0.1 localhost --out . -q").code(0).json();
    // The file is named by the first of them.
    assert_eq!(again["outcome"], "new");
    let kept = sandbox.line("reg-certs issue localhost 127.0.0.1 --out .");
    let text = "reg-certs: SANDBOX/localhost.pem is good for 396 more days and stays; --force issues another\n";
    assert_eq!(kept.err(), text);
    let kept = kept.code(0).json();
    assert_eq!((&kept["outcome"], &kept["sha256"]), (&json!("kept"), &first["sha256"]));
    assert_eq!(bytes(), before);
    let forced = issue(&sandbox, "localhost 127.0.0.1 --force");
    assert_eq!(forced["outcome"], "rotated");
    assert_ne!(forced["publicKeySha256"], first["publicKeySha256"]);
}

#[test]
fn other_names_uses_or_a_near_end_issue_it_anew_for_the_same_key() {
    let sandbox = sandbox();
    let first = issue(&sandbox, "localhost --days 20");
    let end = day(&first["notAfter"]);
    for (words, why) in [
        ("localhost 127.0.0.1 --days 5", "it is for localhost".to_owned()),
        ("localhost 127.0.0.1 --both --days 5", "it is for another use".to_owned()),
    ] {
        let ran = sandbox.line(&format!("reg-certs issue {words} --out .")).code(0);
        let note = format!("reg-certs: SANDBOX/localhost.pem is issued anew for its key: {why}\n");
        assert!(ran.err().starts_with(&note), "{ran:?}");
        let document = ran.json();
        assert_eq!((&document["outcome"], &document["publicKeySha256"]), (&json!("renewed"), &first["publicKeySha256"]));
    }
    // A short life is no reason by itself; only its last third is.
    assert_eq!(issue(&sandbox, "localhost 127.0.0.1 --both --days 5")["outcome"], "kept");
    let authority = Authority::new(&sandbox, "ca");
    authority.sign(&sandbox, "old", &["old"], 20);
    std::fs::rename(sandbox.path("old.crt"), sandbox.path("old.pem")).unwrap();
    sandbox.write("ca.key", authority.key());
    let ran = sandbox.line("reg-certs issue old --ca ca.pem --out .").code(0);
    assert!(ran.err().contains("is issued anew for its key: it expires on "), "{ran:?}");
    assert_eq!(end.len(), 10);
}

#[test]
fn a_certificate_of_another_authority_is_not_replaced() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "other").sign(&sandbox, "localhost", &["localhost"], 90);
    std::fs::rename(sandbox.path("localhost.crt"), sandbox.path("localhost.pem")).unwrap();
    let before = std::fs::read(sandbox.path("localhost.pem")).unwrap();
    let text = "reg-certs: error: SANDBOX/localhost.pem is there, signed by another authority: \"CN=other for a test\"\n\
                reg-certs: hint: --out DIR puts the new one elsewhere, --force replaces the one that is there and its key\n";
    sandbox.line("reg-certs issue localhost --out . -q").is(9, "", text);
    assert_eq!(std::fs::read(sandbox.path("localhost.pem")).unwrap(), before);
    assert_eq!(issue(&sandbox, "localhost --force")["outcome"], "rotated");
}
