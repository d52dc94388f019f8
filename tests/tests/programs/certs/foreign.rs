//! Authorities and certificates that others made: read, checked, and signed with.

use super::{detail, failed, has};
use crate::sandbox;

#[test]
fn openssl_made_it() {
    let sandbox = sandbox();
    if !has(&sandbox, "openssl") {
        return;
    }
    for (at, key) in
        ["rsa:3072", "ec -pkeyopt ec_paramgen_curve:P-384", "ec -pkeyopt ec_paramgen_curve:P-521", "ed25519"].iter().enumerate()
    {
        let script = format!(
            "mkdir o{at}; cd o{at}
            openssl req -x509 -newkey {key} -nodes -keyout ca.key -out ca.pem -subj '/C=DE/O=Exämple, Inc./CN=Open CA' -utf8 -days 200 \\
                -addext keyUsage=critical,keyCertSign,cRLSign 2> /dev/null
            openssl req -new -newkey {key} -nodes -keyout leaf.key -out leaf.csr -subj /CN=leaf 2> /dev/null
            printf 'subjectAltName=DNS:leaf.example,IP:10.0.0.1\\nextendedKeyUsage=serverAuth\\nkeyUsage=digitalSignature\\n' > ext
            openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -extfile ext -days 100 -out leaf.pem 2> /dev/null"
        );
        sandbox.sh(&script).code(0);
        let verified = sandbox.line(&format!("reg-certs verify o{at}/leaf.pem --ca o{at} --host leaf.example -q")).code(0).json();
        assert_eq!((failed(&verified), &verified["summary"]["skip"]), (Vec::new(), &serde_json::json!(0)), "{verified:#}");
        // It signs, and what others made of it is renewed.
        sandbox.line(&format!("reg-certs issue a.example 127.0.0.1 --ca o{at} --out o{at} -q -o name")).code(0);
        sandbox.line(&format!("reg-certs renew o{at}/leaf.pem --ca o{at} --force -q -o name")).code(0);
        for file in ["a.example", "leaf"] {
            sandbox.sh(&format!("openssl verify -x509_strict -purpose sslserver -CAfile o{at}/ca.pem o{at}/{file}.pem")).code(0);
        }
        sandbox.sh(&format!("openssl verify -verify_hostname leaf.example -CAfile o{at}/ca.pem o{at}/leaf.pem")).code(0);
    }
}

#[test]
fn an_intermediate_of_openssl_signs_and_its_chain_is_served() {
    let sandbox = sandbox();
    if !has(&sandbox, "openssl") {
        return;
    }
    let script = "
        ku=critical,keyCertSign,cRLSign
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj /CN=Root -days 90 -addext keyUsage=$ku 2> /dev/null
        openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout sub.key -out sub.csr -subj /CN=Sub 2> /dev/null
        printf 'basicConstraints=critical,CA:TRUE,pathlen:0\\nkeyUsage=%s\\nsubjectKeyIdentifier=hash\\n' $ku > ext
        openssl x509 -req -in sub.csr -CA root.pem -CAkey root.key -extfile ext -days 80 -out sub.crt 2> /dev/null
        mkdir sub; cat sub.crt root.pem > sub/ca.pem; cp sub.key sub/ca.key";
    sandbox.sh(script).code(0);
    sandbox.line("reg-certs issue localhost --ca sub --out . -q -o name").code(0);
    sandbox.sh("openssl verify -x509_strict -CAfile root.pem -untrusted sub.crt localhost.pem").code(0);
    assert_eq!(sandbox.sh("grep -c BEGIN localhost.chain.pem").stdout, "2\n");
    let verified = sandbox.line("reg-certs verify localhost.chain.pem --ca root.pem --host localhost -q").code(0).json();
    assert_eq!(detail(&verified, "order"), "2 certificates, each signed by the next");
    // Alone it leads nowhere.
    let alone = sandbox.line("reg-certs verify localhost.pem --ca root.pem -q").code(7).json();
    assert_eq!(detail(&alone, "chain"), "it was signed by \"CN=Sub\", which is not known here; --ca FILE names it");
    // The wrong way round, other clients give up.
    sandbox.sh("cat sub.crt localhost.pem > wrong.pem; cat localhost.pem root.pem sub.crt > mixed.pem").code(0);
    let wrong = sandbox.line("reg-certs verify wrong.pem --ca root.pem --key-file localhost.key -q").code(7).json();
    assert_eq!(detail(&wrong, "order"), "the server's own certificate must come first, and is number 2");
    let mixed = sandbox.line("reg-certs verify mixed.pem --ca root.pem -q").code(7).json();
    assert_eq!(detail(&mixed, "order"), "number 2, \"CN=Root\", did not sign number 1");
}

#[test]
fn mkcert_made_it() {
    let sandbox = sandbox();
    if !has(&sandbox, "mkcert") {
        return;
    }
    sandbox.sh("mkdir ca; CAROOT=$PWD/ca mkcert localhost 127.0.0.1 ::1 2> /dev/null").code(0);
    sandbox.sh("CAROOT=$PWD/ca mkcert -ecdsa other.example 2> /dev/null").code(0);
    for (file, host) in [("localhost+2", "localhost"), ("other.example", "other.example")] {
        let verified = sandbox.line(&format!("reg-certs verify {file}.pem --ca ca --host {host} -q")).code(0).json();
        assert_eq!(failed(&verified), Vec::new(), "{verified:#}");
        assert!(detail(&verified, "key").ends_with(&format!("{file}-key.pem is its key")), "{verified:#}");
        sandbox.line(&format!("reg-certs renew {file}.pem --ca ca --rotate -q -o name")).code(0);
        sandbox.line(&format!("reg-certs verify {file}.pem --ca ca --host {host} -q -o name")).code(0);
    }
    sandbox.line("reg-certs issue registry.example --ca ca --out . -q -o name").code(0);
    if has(&sandbox, "openssl") {
        sandbox
            .sh("openssl verify -x509_strict -CAfile ca/rootCA.pem registry.example.pem localhost+2.pem other.example.pem")
            .code(0);
    }
}

#[test]
fn an_authority_signs_whatever_its_name_is_made_of() {
    let sandbox = sandbox();
    if !has(&sandbox, "openssl") {
        return;
    }
    // Twice the same kind, two values in one part, a part in letters of its own, an object identifier, an old kind of text.
    for (at, (name, flags)) in [
        ("/DC=com/DC=example/CN=Directory", ""),
        ("/O=Team/CN=Two+serialNumber=7", "-multivalue-rdn"),
        ("/O=Exämple/CN=Ω", "-utf8 -nameopt utf8"),
        ("/OU=a/OU=b/OU=a/1.2.3.4=x/CN=Same", ""),
    ]
    .iter()
    .enumerate()
    {
        let script = format!(
            "mkdir n{at}; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout n{at}/ca.key -out n{at}/ca.pem \\
             -days 90 -addext keyUsage=critical,keyCertSign,cRLSign -subj '{name}' {flags} 2> /dev/null"
        );
        sandbox.sh(&script).code(0);
        for key in ["ecdsa-p256", "rsa-2048"] {
            sandbox.line(&format!("reg-certs issue localhost --ca n{at} --out n{at}/{key} --key {key} -q -o name")).code(0);
            sandbox.sh(&format!("openssl verify -x509_strict -CAfile n{at}/ca.pem n{at}/{key}/localhost.pem")).code(0);
        }
        let verified = sandbox.line(&format!("reg-certs verify n{at}/rsa-2048/localhost.pem --ca n{at} --host localhost -q"));
        assert_eq!(failed(&verified.code(0).json()), Vec::new(), "{name}");
    }
}
