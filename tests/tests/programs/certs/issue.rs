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
fn no_name_and_no_use_is_lost_without_force() {
    let sandbox = sandbox();
    let first = issue(&sandbox, "localhost 127.0.0.1");
    let bytes = || ["localhost.pem", "localhost.key"].map(|file| std::fs::read(sandbox.path(file)).unwrap());
    let before = bytes();
    for (words, lost) in [
        ("localhost other", "127.0.0.1"),
        ("localhost --client", "127.0.0.1, servers"),
        ("localhost 127.0.0.1 --client", "servers"),
        ("localhost --both", "127.0.0.1"),
    ] {
        let text = format!(
            "reg-certs: error: SANDBOX/localhost.pem is there and is for {lost}, which was not asked for\n\
             reg-certs: hint: --force replaces it and its key, --out DIR puts the new one elsewhere\n"
        );
        sandbox.line(&format!("reg-certs issue {words} --out .")).is(9, "", &text);
        assert_eq!(bytes(), before, "{words}");
    }
    // It will do for less than it is for.
    let less = issue(&sandbox, "localhost");
    assert_eq!((&less["outcome"], &less["sha256"]), (&json!("kept"), &first["sha256"]));
    let forced = issue(&sandbox, "localhost --client --force");
    assert_eq!((&forced["outcome"], &forced["names"]), (&json!("rotated"), &json!(["localhost"])));
    assert_ne!(forced["publicKeySha256"], first["publicKeySha256"]);
}

#[test]
fn more_names_and_uses_issue_it_anew_for_the_same_key() {
    let sandbox = sandbox();
    let first = issue(&sandbox, "localhost");
    for (words, missing) in [("localhost 127.0.0.1", "127.0.0.1"), ("localhost 127.0.0.1 ::1 --both", "::1, clients")] {
        let ran = sandbox.line(&format!("reg-certs issue {words} --out .")).code(0);
        let note = format!("reg-certs: SANDBOX/localhost.pem is issued anew for its key: it is not for {missing}\n");
        assert!(ran.err().starts_with(&note), "{ran:?}");
        let document = ran.json();
        assert_eq!((&document["outcome"], &document["publicKeySha256"]), (&json!("renewed"), &first["publicKeySha256"]));
    }
    assert_eq!(issue(&sandbox, "localhost ::1")["names"], json!(["localhost", "127.0.0.1", "::1"]));
}

#[test]
fn a_near_end_or_a_longer_life_issues_it_anew_for_the_same_key() {
    let sandbox = sandbox();
    let first = issue(&sandbox, "localhost --days 5");
    // A short life is no reason by itself; only its last third is.
    assert_eq!(issue(&sandbox, "localhost --days 5")["outcome"], "kept");
    assert_eq!(issue(&sandbox, "localhost")["outcome"], "kept");
    let ran = sandbox.line("reg-certs issue localhost --days 50 --out .").code(0);
    let note = "reg-certs: SANDBOX/localhost.pem is issued anew for its key: it was made for 5 days, not 50\n";
    assert!(ran.err().starts_with(note), "{ran:?}");
    let longer = ran.json();
    assert_eq!((&longer["outcome"], &longer["publicKeySha256"]), (&json!("renewed"), &first["publicKeySha256"]));
    assert_eq!((longer["daysLeft"].as_i64(), &issue(&sandbox, "localhost --days 20")["outcome"]), (Some(49), &json!("kept")));
    let authority = Authority::new(&sandbox, "ca");
    authority.sign(&sandbox, "old", &["old"], 20);
    std::fs::rename(sandbox.path("old.crt"), sandbox.path("old.pem")).unwrap();
    sandbox.write("ca.key", authority.key());
    sandbox.sh("chmod 400 ca.key").code(0);
    let ran = sandbox.line("reg-certs issue old --ca ca.pem --out .").code(0);
    assert!(ran.err().starts_with("reg-certs: SANDBOX/old.pem is issued anew for its key: it expires on "), "{ran:?}");
}

#[test]
fn a_life_that_its_authority_cuts_short_is_not_asked_for_again() {
    let sandbox = sandbox();
    sandbox.line("reg-certs ca --dir short --days 90 -q -o name").code(0);
    let first = sandbox.line("reg-certs issue localhost --days 300 --ca short --out .").code(0);
    assert!(first.err().contains("reg-certs: warning: it is good until "), "{first:?}");
    let again = sandbox.line("reg-certs issue localhost --days 300 --ca short --out . -q").code(0).json();
    assert_eq!((&again["outcome"], &again["sha256"]), (&json!("kept"), &first.json()["sha256"]));
}

#[test]
fn a_name_too_long_for_a_file_gets_a_short_one() {
    let sandbox = sandbox();
    let label = "a".repeat(60);
    let host = format!("{label}.{label}.{label}.{label}.example");
    let document = issue(&sandbox, &host);
    assert_eq!(document["names"], json!([host]));
    for field in ["certFile", "chainFile", "keyFile"] {
        let file = std::path::PathBuf::from(document[field].as_str().unwrap());
        assert!(file.is_file() && file.file_name().unwrap().len() <= 255, "{document:#}");
    }
    assert_eq!(issue(&sandbox, &host)["outcome"], "kept");
    // What differs behind the part that is left is another name.
    let other = format!("{}b", &host[..host.len() - 1]);
    assert_eq!(issue(&sandbox, &other)["outcome"], "new");
    let keys =
        std::fs::read_dir(sandbox.path(".")).unwrap().flatten().filter(|file| file.path().extension().is_some_and(|e| e == "key"));
    assert_eq!(keys.count(), 2);
}

#[test]
fn a_uri_is_one_without_slashes_too() {
    let sandbox = sandbox();
    let uuid = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    assert_eq!(issue(&sandbox, &format!("registry.example {uuid}"))["names"], json!(["registry.example", uuid]));
    assert_eq!(issue(&sandbox, &format!("{uuid} --client"))["names"], json!([uuid]));
    if super::has(&sandbox, "openssl") {
        let text = sandbox.sh("openssl x509 -in registry.example.pem -noout -ext subjectAltName").code(0).stdout;
        assert!(text.contains(&format!("DNS:registry.example, URI:{uuid}")), "{text}");
    }
}

#[test]
fn a_certificate_of_another_authority_is_not_replaced() {
    let sandbox = sandbox();
    Authority::new(&sandbox, "other").sign(&sandbox, "localhost", &["localhost"], 90);
    std::fs::rename(sandbox.path("localhost.crt"), sandbox.path("localhost.pem")).unwrap();
    let before = std::fs::read(sandbox.path("localhost.pem")).unwrap();
    let text = "reg-certs: error: SANDBOX/localhost.pem is there and was signed by another authority: \"CN=other for a test\"\n\
                reg-certs: hint: --force replaces it and its key, --out DIR puts the new one elsewhere\n";
    sandbox.line("reg-certs issue localhost --out . -q").is(9, "", text);
    assert_eq!(std::fs::read(sandbox.path("localhost.pem")).unwrap(), before);
    assert_eq!(issue(&sandbox, "localhost --force")["outcome"], "rotated");
}
