//! For cron: what expires, the first first, and 7 when something must be renewed.

use serde_json::json;

use super::{day, issue};
use crate::certificates::Authority;
use crate::sandbox;

#[test]
fn the_exit_code_and_a_line_tell_what_must_be_renewed() {
    let sandbox = sandbox();
    let authority = Authority::new(&sandbox, "ca");
    authority.sign(&sandbox, "soon", &["soon.example"], 12);
    authority.sign(&sandbox, "late", &["late.example"], 90);
    authority.sign(&sandbox, "gone", &["gone.example"], -3);
    sandbox.line("reg-certs expires late.crt -q -o name").is(0, "late.crt\n", "");
    let ran = sandbox.line("reg-certs expires late.crt soon.crt gone.crt");
    let document = ran.clone().code(7).json();
    let rows: Vec<_> =
        document["certificates"].as_array().unwrap().iter().map(|row| (row["file"].clone(), row["renew"].clone())).collect();
    assert_eq!(rows, [(json!("gone.crt"), json!(true)), (json!("soon.crt"), json!(true)), (json!("late.crt"), json!(false))]);
    let ends: Vec<String> = document["certificates"].as_array().unwrap().iter().map(|row| day(&row["notAfter"])).collect();
    assert_eq!(
        ran.err(),
        format!(
            "reg-certs: warning: gone.crt: the certificate for gone.example expired ({})\n\
             reg-certs: warning: soon.crt: the certificate for soon.example expires in 12 days ({})\n",
            ends[0], ends[1]
        )
    );
    assert_eq!(document["withinSeconds"], 30 * 86_400);
    sandbox.line("reg-certs expires late.crt soon.crt --within 7d -q -o name").is(0, "soon.crt\nlate.crt\n", "");
    sandbox.line("reg-certs expires late.crt --within 100d -q -o name").code(7);
}

#[test]
fn folders_are_read_with_all_that_is_below_them() {
    let sandbox = sandbox();
    std::fs::create_dir_all(sandbox.path("etc/deep/er")).unwrap();
    sandbox.write("etc/readme.txt", "-----BEGIN CERTIFICATE-----\nnot one\n");
    sandbox.write("etc/other.crt", [0x30, 0x82, 0, 0]);
    issue(&sandbox, "localhost");
    sandbox.sh("cp localhost.* etc/deep/er; ln -s deep/er/localhost.pem etc/link.pem; ln -s .. etc/deep/circle").code(0);
    // The same file by two names is one; the chain is a file of its own.
    let listed = sandbox.line("reg-certs expires etc -q -o name").code(0);
    assert_eq!(listed.stdout.lines().count(), 2, "{listed:?}");
    let same = sandbox.line_with("reg-certs expires - -q", "localhost.pem\n\nlocalhost.pem\n").code(0).json();
    assert_eq!(same["certificates"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_read_does_not_hide_the_others() {
    let sandbox = sandbox();
    let authority = Authority::new(&sandbox, "ca");
    authority.sign(&sandbox, "late", &["late.example"], 90);
    authority.sign(&sandbox, "gone", &["gone.example"], -3);
    sandbox.write("bad.pem", "-----BEGIN CERTIFICATE-----\n!\n");
    let bad = "reg-certs: warning: \"bad.pem\" is not a PEM file of certificates\n";
    let none = "reg-certs: warning: cannot read the certificates in \"none\": no such file or directory\n";
    sandbox.line("reg-certs expires bad.pem late.crt none -q -o name").is(3, "late.crt\n", &format!("{bad}{none}"));
    let ran = sandbox.line_with("reg-certs expires - -q -o name", "none\ngone.crt\n").code(7);
    assert_eq!(ran.stdout, "gone.crt\n");
    assert!(ran.err().starts_with(none), "{ran:?}");
    // Below a folder it is no operand; only a file that should be one is told.
    sandbox
        .sh("mkdir etc; mv bad.pem late.crt etc; echo key > etc/key.pem; mkfifo etc/fifo.pem; ln -s /dev/zero etc/zero.pem")
        .code(0);
    sandbox.sh("head -c 2000000 /dev/zero > etc/large.pem").code(0);
    let bad = "reg-certs: warning: \"etc/bad.pem\" is not a PEM file of certificates\n";
    sandbox.line("reg-certs expires etc -q -o name").is(0, "etc/late.crt\n", bad);
    // A byte order mark is no reason.
    sandbox.sh("(printf '\\357\\273\\277'; cat etc/late.crt) > bom.pem").code(0);
    sandbox.line("reg-certs expires bom.pem -q -o name").is(0, "bom.pem\n", "");
}

#[test]
fn a_path_that_is_none_is_an_error() {
    let sandbox = sandbox();
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.line("reg-certs expires empty").is(
        3,
        "",
        "reg-certs: error: there is no certificate there\n\
         reg-certs: hint: certificates are PEM files, or DER files that end in .crt, .cer or .der\n",
    );
    let none = "reg-certs: error: cannot read the certificates in \"none.pem\": no such file or directory\n";
    sandbox.line("reg-certs expires none.pem").is(3, "", none);
    let bad = sandbox.line("reg-certs expires x --within soon");
    assert_eq!(bad.code, 2, "{bad:?}");
}

#[test]
fn a_time_has_a_unit() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    for command in ["expires", "renew"] {
        sandbox.line(&format!("reg-certs {command} localhost.pem --within 30")).is(
            2,
            "",
            &format!(
                "reg-certs: error: invalid value '30' for '--within <TIME>': a number alone has no unit; days are 30d\n\
                 reg-certs: hint: `reg-certs {command} --help` shows what it takes\n"
            ),
        );
    }
}

#[test]
fn a_short_life_is_judged_as_renew_judges_it() {
    let sandbox = sandbox();
    issue(&sandbox, "short.example --days 20");
    let listed = sandbox.line("reg-certs expires short.example.pem").code(0);
    assert_eq!((listed.err(), &listed.json()["certificates"][0]["renew"]), (String::new(), &json!(false)));
    assert_eq!(sandbox.line("reg-certs renew short.example.pem -q").code(0).json()["outcome"], "kept");
    // Who names a time means it.
    sandbox.line("reg-certs expires short.example.pem --within 30d -q").code(7);
    // A long one by thirty days.
    Authority::new(&sandbox, "ca").sign(&sandbox, "late", &["late.example"], 29);
    assert_eq!(sandbox.line("reg-certs expires late.crt -q").code(7).json()["withinSeconds"], 30 * 86_400);
}
