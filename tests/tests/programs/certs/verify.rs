//! Every fault has its own row and its own words.

use super::{detail, failed, has, issue, rows};
use crate::certificates::{Authority, self_signed};
use crate::sandbox;

#[test]
fn a_good_one_passes_and_says_why() {
    let sandbox = sandbox();
    sandbox.run("reg-certs", ["ca", "--name", "Team", "-q"]).code(0);
    let end = super::day(&issue(&sandbox, "localhost 127.0.0.1")["notAfter"]);
    let ran = sandbox.line("reg-certs verify localhost.pem --host 127.0.0.1").code(0);
    let text = format!(
        "reg-certs: pass chain: it leads to \"CN=Team\" of SANDBOX/home/.local/share/reg/ca/ca.pem\n\
         reg-certs: pass order: one certificate\n\
         reg-certs: pass host: it is for 127.0.0.1\n\
         reg-certs: pass time: good for 396 more days, until {end}\n\
         reg-certs: pass key: SANDBOX/localhost.key is its key\n\
         reg-certs: pass usage: for servers\n\
         reg-certs: pass names: localhost, 127.0.0.1\n\
         reg-certs: pass algorithms: ecdsa-p256, signed with ecdsa-with-SHA256\n"
    );
    assert_eq!(ran.err(), text);
    assert_eq!(ran.json()["summary"], serde_json::json!({"pass": 8, "fail": 0, "skip": 0}));
    // Nobody asked for a host, and a pipe has no key beside it.
    let pem = std::fs::read_to_string(sandbox.path("localhost.pem")).unwrap();
    let piped = sandbox.line_with("reg-certs verify - -q", &pem).code(0).json();
    let skipped: Vec<_> = rows(&piped).into_iter().filter(|(_, outcome)| outcome == "skip").map(|(name, _)| name).collect();
    assert_eq!((skipped, &piped["subject"]), (vec!["host".to_owned(), "key".to_owned()], &serde_json::json!("standard input")));
}

#[test]
fn each_fault_has_its_own_words() {
    let sandbox = sandbox();
    let authority = Authority::new(&sandbox, "ca");
    authority.sign(&sandbox, "good", &["a.example"], 90);
    authority.sign(&sandbox, "old", &["a.example"], -3);
    Authority::new(&sandbox, "other");
    self_signed(&sandbox, "own", &["a.example"]);
    authority.sign(&sandbox, "else", &["a.example"], 90);
    sandbox.sh("cp else.key swapped.key; cp good.crt swapped.crt; cp good.crt open.crt; cp good.key open.key; chmod 644 open.key; chmod 600 good.key else.key old.key own.key swapped.key").code(0);
    let is = |line: &str, expected: &[(&str, &str)]| {
        let found = sandbox.line(&format!("reg-certs verify {line} -q")).code(7);
        let expected: Vec<_> = expected.iter().map(|(name, why)| ((*name).to_owned(), (*why).to_owned())).collect();
        let place = sandbox.path("").display().to_string();
        let found: Vec<_> = failed(&found.json())
            .into_iter()
            .map(|(name, why)| (name, why.replace(place.trim_end_matches('/'), "SANDBOX")))
            .collect();
        assert_eq!(found, expected, "{line}");
    };
    sandbox.line("reg-certs verify good.crt --ca ca.pem --host a.example -q -o name").code(0);
    is("good.crt --ca ca.pem --host b.example", &[("host", "it is not for b.example but for a.example")]);
    is(
        "good.crt --ca other.pem",
        &[("chain", "it was signed by \"CN=ca for a test\", which is not known here; --ca FILE names it")],
    );
    is("own.crt --ca other.pem", &[("chain", "it signed itself, and is not believed here; --ca FILE believes it")]);
    is("swapped.crt --ca ca.pem", &[("key", "SANDBOX/swapped.key is not its key")]);
    is(
        "open.crt --ca ca.pem",
        &[("key", "SANDBOX/open.key is open to everybody on this machine (mode 644); `chmod 600` closes it")],
    );
    let old = sandbox.line("reg-certs verify old.crt --ca ca.pem --host b.example -q").code(7).json();
    // Two faults are two rows; the chain itself is sound.
    let names: Vec<_> = failed(&old).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["host", "time"], "{old:#}");
    assert!(detail(&old, "time").starts_with("it expired on 20") && detail(&old, "time").ends_with(", 3 days ago"), "{old:#}");
    // An authority that was made anew under its old name.
    Authority::new(&sandbox, "ca");
    is("good.crt --ca ca.pem", &[("chain", "it names \"CN=ca for a test\" as its signer, but was signed by another key")]);
    // Whoever names it believes it.
    sandbox.line("reg-certs verify own.crt --ca own.crt --host a.example -q -o name").code(0);
}

#[test]
fn faults_that_only_openssl_makes() {
    let sandbox = sandbox();
    if !has(&sandbox, "openssl") {
        return;
    }
    let script = "
        openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=Root -days 90 -addext keyUsage=keyCertSign 2> /dev/null
        openssl req -x509 -newkey rsa:2048 -nodes -keyout nosign.key -out nosign.pem -subj /CN=NoSign -days 90 -addext keyUsage=digitalSignature 2> /dev/null
        leaf() { # name, key, days or dates, extensions, authority
            openssl req -new -newkey $2 -nodes -keyout $1.key -out $1.csr -subj /CN=$1 2> /dev/null
            printf \"$4\" > ext
            openssl x509 -req -in $1.csr -CA ${5-ca}.pem -CAkey ${5-ca}.key -extfile ext $3 -out $1.pem 2> /dev/null; }
        san='subjectAltName=DNS:a.example\\n'
        leaf sha1 rsa:2048 '-sha1 -days 9' $san
        leaf short rsa:1024 '-days 9' $san
        leaf client rsa:2048 '-days 9' \"${san}extendedKeyUsage=clientAuth\\n\"
        leaf code rsa:2048 '-days 9' \"${san}extendedKeyUsage=codeSigning\\n\"
        leaf cn rsa:2048 '-days 9' 'keyUsage=digitalSignature\\n'
        leaf sub rsa:2048 '-days 9' \"${san}basicConstraints=CA:TRUE\\n\"
        leaf crypt rsa:2048 '-days 9' \"${san}keyUsage=keyEncipherment\\n\"
        leaf nosigned rsa:2048 '-days 9' $san nosign
        leaf below rsa:2048 '-days 9' $san cn
        cat cn.pem >> below.pem";
    sandbox.sh(script).code(0);
    for (name, check, why) in [
        ("sha1", "algorithms", "it was signed with sha1WithRSAEncryption, which is not believed any more"),
        ("short", "algorithms", "it has a key that is too weak: rsa-1024"),
        ("client", "usage", "it is for clients only (clientAuth), not for servers"),
        ("code", "usage", "it is for neither servers nor clients: codeSigning"),
        ("cn", "names", "it has no subject alternative name, and a common name alone is not believed any more"),
        ("cn", "host", "it is not for a.example: it names no host"),
        ("sub", "usage", "it is an authority's certificate, which clients do not take from a server"),
        ("crypt", "usage", "its key may not sign a handshake: keyEncipherment"),
        ("below", "chain", "its certificate is signed by one that is not an authority's"),
        ("nosigned", "usage", "\"CN=NoSign\" may not sign certificates (no keyCertSign)"),
    ] {
        let authority = if name == "nosigned" { "nosign.pem" } else { "ca.pem" };
        let found = sandbox.line(&format!("reg-certs verify {name}.pem --ca {authority} --host a.example -q")).code(7).json();
        assert!(failed(&found).contains(&(check.to_owned(), why.to_owned())), "{name}: {found:#}");
    }
    let sha1 = sandbox.line("reg-certs verify sha1.pem --ca ca.pem -q").code(7).json();
    assert_eq!(detail(&sha1, "chain"), "it was signed with sha1WithRSAEncryption, which is not believed any more");
    // Without a host that was asked for, a client's certificate is as good as any.
    sandbox.line("reg-certs verify client.pem --ca ca.pem -q -o name").code(0);
}

#[test]
fn one_from_the_future_and_an_authority_of_the_past() {
    let sandbox = sandbox();
    let mut params = rcgen::CertificateParams::new(["a.example".to_owned()]).unwrap();
    let now = time::OffsetDateTime::now_utc();
    (params.not_before, params.not_after) = (now + time::Duration::days(2), now + time::Duration::days(9));
    let key = rcgen::KeyPair::generate().unwrap();
    sandbox.write("future.pem", params.self_signed(&key).unwrap().pem());
    let found = sandbox.line("reg-certs verify future.pem --ca future.pem -q").code(7).json();
    let day = (now + time::Duration::days(2)).date();
    assert_eq!(failed(&found), [("time".to_owned(), format!("it is not valid before {day}; is this machine's clock right?"))]);

    let mut params = rcgen::CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, "Past");
    (params.not_before, params.not_after) =
        (now - time::Duration::days(9), now - time::Duration::days(1) - time::Duration::hours(1));
    let past = rcgen::CertifiedIssuer::self_signed(params, rcgen::KeyPair::generate().unwrap()).unwrap();
    sandbox.write("past/ca.pem", past.pem());
    sandbox.write("past/ca.key", past.key().serialize_pem());
    sandbox.sh("chmod 400 past/ca.key").code(0);
    let mut leaf = rcgen::CertificateParams::new(["a.example".to_owned()]).unwrap();
    (leaf.not_before, leaf.not_after) = (now - time::Duration::days(5), now + time::Duration::days(5));
    sandbox.write("leaf.pem", leaf.signed_by(&key, &*past).unwrap().pem());
    let found = sandbox.line("reg-certs verify leaf.pem --ca past -q").code(7).json();
    let day = (now - time::Duration::days(1) - time::Duration::hours(1)).date();
    assert_eq!(failed(&found), [("time".to_owned(), format!("its authority \"CN=Past\" expired on {day}, 2 days ago"))]);
    let text = format!(
        "reg-certs: error: the authority \"CN=Past\" expired on {day}\nreg-certs: hint: `reg-certs ca --dir DIR` makes another one\n"
    );
    sandbox.line("reg-certs issue localhost --ca past --out . -q").is(9, "", &text);
}

#[test]
fn a_key_that_is_missing_or_encrypted() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    let none = "reg-certs: error: cannot read the private key \"none\": no such file or directory\n";
    sandbox.line("reg-certs verify localhost.pem --key-file none -q").is(3, "", none);
    sandbox.write(
        "old.key",
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n",
    );
    let found = sandbox.line("reg-certs verify localhost.pem --key-file old.key -q").code(7).json();
    assert_eq!(detail(&found, "key"), "the private key \"old.key\" is encrypted");
}

#[test]
fn a_key_that_is_named_is_compared_wherever_the_certificate_comes_from() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    issue(&sandbox, "other.example");
    let pem = std::fs::read_to_string(sandbox.path("localhost.pem")).unwrap();
    sandbox.sh("reg-certs issue localhost --out . -q | reg-up start x --port 0 --tls - -q").code(0);
    let url = sandbox.line("reg-up info x").code(0).json()["url"].as_str().unwrap().to_owned();
    for subject in ["localhost.pem", "-", "-r x", &url] {
        let verify = |key: &str| sandbox.line_with(&format!("reg-certs verify {subject} --key-file {key} -q"), &pem);
        assert_eq!(detail(&verify("localhost.key").json(), "key"), "localhost.key is its key", "{subject}");
        let wrong = verify("other.example.key").code(7).json();
        assert_eq!(failed(&wrong)[0], ("key".to_owned(), "other.example.key is not its key".to_owned()), "{subject}");
    }
    // In no order that a server could show, the key still is the server's own.
    sandbox.sh("cat home/.local/share/reg/ca/ca.pem localhost.pem > wrong.pem").code(0);
    let wrong = sandbox.line("reg-certs verify wrong.pem --key-file localhost.key -q").code(7).json();
    assert_eq!(detail(&wrong, "key"), "localhost.key is its key");
}

#[test]
fn der_and_pipes_are_as_good_as_files() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    if has(&sandbox, "openssl") {
        sandbox.sh("openssl x509 -in localhost.pem -outform DER -out localhost.der").code(0);
        let verified = sandbox.line("reg-certs verify localhost.der -q").code(0).json();
        assert_eq!(detail(&verified, "key"), format!("{} is its key", sandbox.path("localhost.key").display()));
    }
    let verified = sandbox.sh("reg-certs verify <(cat localhost.pem) --key-file <(cat localhost.key) -q").code(0).json();
    assert!(detail(&verified, "key").ends_with(" is its key"), "{verified:#}");
    sandbox.sh("reg-certs verify localhost.pem --key-file <(cat localhost.key) -q -o name").code(0);
}
