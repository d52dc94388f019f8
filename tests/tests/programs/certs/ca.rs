//! An authority is made once; a second call finds it, and another one is not made over it.

use serde_json::json;

use super::{day, has};
use crate::sandbox;

#[test]
fn the_second_call_finds_it_and_changes_nothing() {
    let sandbox = sandbox();
    let made = sandbox.run("reg-certs", ["ca", "--name", "Team CA"]);
    let folder = "SANDBOX/home/.local/share/reg/ca";
    assert_eq!(
        made.err(),
        format!(
            "reg-certs: made the authority \"CN=Team CA\" in {folder}\nreg-certs: nothing believes it yet: `reg-certs trust --system` makes \
             this system do so\n"
        )
    );
    let first = made.code(0).json();
    let file = sandbox.path("home/.local/share/reg/ca/ca.pem");
    assert_eq!(first["outcome"], "new");
    assert_eq!((&first["certFile"], &first["caFile"]), (&json!(file), &json!(file)));
    assert_eq!(first.get("keyFile"), None);
    assert_eq!((&first["ca"], &first["keyUsages"]), (&json!(true), &json!(["keyCertSign", "cRLSign"])));
    let bytes = std::fs::read(&file).unwrap();
    for again in ["reg-certs ca", "reg-certs ca --days 3650 --key ecdsa-p256"] {
        let found = sandbox.line(again);
        assert_eq!(found.err(), "reg-certs: the authority \"CN=Team CA\" is there, good for 3649 more days\n");
        let found = found.code(0).json();
        assert_eq!((&found["outcome"], &found["sha256"]), (&json!("kept"), &first["sha256"]));
        assert_eq!(std::fs::read(&file).unwrap(), bytes);
    }
    sandbox.line("reg-certs ca -q -o name").is(0, &format!("{folder}/ca.pem\n"), "");
}

#[test]
fn another_one_is_not_made_over_it() {
    let sandbox = sandbox();
    sandbox.run("reg-certs", ["ca", "--name", "One", "--dir", "one", "-q"]).code(0);
    let named = sandbox.line("reg-certs ca --dir named");
    assert!(
        named.err().ends_with("nothing believes it yet: `reg-certs trust --system --ca named` makes this system do so\n"),
        "{named:?}"
    );
    for (flags, why) in [
        (&["--name", "Two"][..], "its name is \"CN=One\", not \"CN=Two\""),
        (&["--key", "ed25519"], "its key is ecdsa-p256, not ed25519"),
        (&["--days", "30"], "it was made for 3650 days, not 30"),
        (&["--constrain", "example.com"], "it may sign for anything, not for example.com only"),
    ] {
        let text = format!(
            "reg-certs: error: there is another authority in SANDBOX/one: {why}\n\
             reg-certs: hint: `--dir DIR` makes one in a folder of its own\n"
        );
        sandbox.run("reg-certs", ["ca", "--dir", "one"].iter().chain(flags)).is(9, "", &text);
    }
}

#[test]
fn a_crash_between_key_and_certificate_is_mended() {
    let sandbox = sandbox();
    let first = sandbox.line("reg-certs ca --dir own -q").code(0).json();
    std::fs::remove_file(sandbox.path("own/ca.pem")).unwrap();
    sandbox.write("own/.reg-certs-cut0ff", "half a ke");
    let again = sandbox.line("reg-certs ca --dir own");
    assert!(
        again.err().starts_with("reg-certs: SANDBOX/own/ca.key is there without its certificate, which is made now\n"),
        "{again:?}"
    );
    let again = again.code(0).json();
    assert_eq!(again["publicKeySha256"], first["publicKeySha256"]);
    assert_ne!(again["sha256"], first["sha256"]);
    assert!(!sandbox.path("own/.reg-certs-cut0ff").exists());
}

#[test]
fn names_and_days_that_are_none_are_refused() {
    let sandbox = sandbox();
    let long = "a".repeat(65);
    for (name, shown) in [("", "\"\""), (long.as_str(), &format!("\"{long}\""))] {
        let text =
            format!("reg-certs: error: {shown} is not a name for an authority\nreg-certs: hint: a name has 1 to 64 characters\n");
        sandbox.run("reg-certs", ["ca", "--name", name, "--dir", "x"]).is(2, "", &text);
    }
    let days = sandbox.line("reg-certs ca --days 0");
    assert_eq!(days.code, 2, "{days:?}");
    let constraint = sandbox.line("reg-certs ca --constrain 10.0.0.0/33");
    constraint.is(
        2,
        "",
        "reg-certs: error: \"10.0.0.0/33\" is neither a domain nor a network\n\
         reg-certs: hint: a domain is written example.com, which holds for all below it, a network 10.0.0.0/8\n",
    );
}

#[test]
fn a_constrained_one_signs_for_its_own_only_and_clients_see_to_it() {
    let sandbox = sandbox();
    let made = sandbox.line("reg-certs ca --dir own --name Own --constrain example.com 10.0.0.0/8 -q").code(0).json();
    assert_eq!(made["permitted"], json!(["example.com", "10.0.0.0/8"]));
    for good in ["example.com", "a.b.example.com", "*.example.com", "10.1.2.3"] {
        sandbox.run("reg-certs", ["issue", good, "--ca", "own", "--out", "good", "-q"]).code(0);
    }
    for bad in ["example.org", "notexample.com", "192.168.0.1", "::1"] {
        let text = format!(
            "reg-certs: error: the authority \"CN=Own\" may not sign for {bad}\n\
             reg-certs: hint: it was made for other names only (name constraints); `reg-certs ca --dir DIR` makes another one\n"
        );
        sandbox.run("reg-certs", ["issue", bad, "--ca", "own", "--out", "bad", "-q"]).is(9, "", &text);
        assert!(std::fs::read_dir(sandbox.path("bad")).unwrap().next().is_none(), "something was written for {bad}");
    }
    // No constraint is of URIs, which would be free otherwise.
    let text = "reg-certs: error: the authority \"CN=Own\" may not sign for spiffe://evil.com/admin\n\
                reg-certs: hint: it was made for other names only (name constraints); `reg-certs ca --dir DIR` makes another one\n";
    let line = "reg-certs issue spiffe://evil.com/admin a.example.com --ca own --out bad -q";
    sandbox.line(line).is(9, "", text);
    assert!(std::fs::read_dir(sandbox.path("bad")).unwrap().next().is_none(), "something was written for a URI");
    let mut params = rcgen::CertificateParams::new(["a.example.com".to_owned()]).unwrap();
    params.subject_alt_names.push(rcgen::SanType::URI("spiffe://evil.com/admin".try_into().unwrap()));
    let key = rcgen::KeyPair::generate().unwrap();
    sandbox.write("uri.csr", params.serialize_request(&key).unwrap().pem().unwrap());
    sandbox.line("reg-certs issue --csr uri.csr --ca own --out bad -q").is(9, "", text);
    let read = |file: &str| std::fs::read_to_string(sandbox.path(file)).unwrap();
    let own = rcgen::KeyPair::from_pem(&read("own/ca.key")).unwrap();
    let own = rcgen::Issuer::from_ca_cert_pem(&read("own/ca.pem"), own).unwrap();
    sandbox.write("old/uri.pem", params.signed_by(&key, &own).unwrap().pem());
    sandbox.write("old/uri.key", key.serialize_pem());
    sandbox.line("reg-certs renew old/uri.pem --ca own --force -q").is(9, "", text);
    // A network alone excludes all names.
    sandbox.line("reg-certs ca --dir net --constrain 10.0.0.0/8 -q").code(0);
    sandbox.line("reg-certs issue 10.0.0.1 --ca net --out good -q").code(0);
    assert_eq!(sandbox.line("reg-certs issue localhost --ca net --out bad -q").code, 9);
    if !has(&sandbox, "openssl") {
        return;
    }
    for good in ["example.com", "a.b.example.com", "_wildcard.example.com", "10.1.2.3"] {
        sandbox.sh(&format!("openssl verify -x509_strict -CAfile own/ca.pem good/{good}.pem")).code(0);
    }
    // Whoever has its key and signs for more is not believed: neither by OpenSSL nor by us.
    let script =
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout x.key -subj /CN=x -out x.csr 2> /dev/null
        printf 'subjectAltName=DNS:%s\\nextendedKeyUsage=serverAuth\\n' example.org > ext
        openssl x509 -req -in x.csr -CA own/ca.pem -CAkey own/ca.key -extfile ext -days 9 -out x.pem 2> /dev/null
        openssl verify -CAfile own/ca.pem x.pem";
    let openssl = sandbox.sh(script);
    assert!(openssl.code != 0 && openssl.stderr.contains("permitted subtree violation"), "{openssl:?}");
    let ours = sandbox.line("reg-certs verify x.pem --ca own -q").code(7).json();
    assert_eq!(super::failed(&ours), [("chain".to_owned(), "its authority may not sign for these names".to_owned())]);
}

#[test]
fn one_that_expires_earlier_ends_what_it_signs() {
    let sandbox = sandbox();
    let made = sandbox.line("reg-certs ca --dir short --days 10 -q").code(0).json();
    let ran = sandbox.line("reg-certs issue localhost --ca short --out .");
    let end = day(&made["notAfter"]);
    assert_eq!(
        ran.err(),
        format!(
            "reg-certs: issued SANDBOX/localhost.pem for localhost, good until {end}\n\
             reg-certs: warning: it is good until {end}, not for 397 days: its authority expires then\n"
        )
    );
    assert_eq!(ran.code(0).json()["notAfter"], made["notAfter"]);
}
