//! What the system does not allow ends with 5 in every tool, whether it was to be read or written.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::live;
use reg_tests::sandbox::{Ran, Sandbox};

use crate::sandbox;

/// Runs a line as somebody who owns nothing in the sandbox; none when this machine lets nobody be one.
fn as_nobody(sandbox: &Sandbox, line: &str) -> Option<Ran> {
    let become_one = "setpriv --reuid 54321 --regid 54321 --clear-groups";
    if sandbox.sh(&format!("{become_one} reg-users --version")).code != 0 {
        live::skip("setpriv", "only root becomes somebody else, who may run the tests' programs");
        return None;
    }
    Some(sandbox.sh(&format!("export HOME=$PWD/nobody XDG_STATE_HOME=$PWD/nobody; exec {become_one} {line}")))
}

#[test]
fn one_code_for_files_that_are_not_for_this_user() {
    let sandbox = sandbox();
    std::fs::set_permissions(sandbox.path("."), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::create_dir(sandbox.path("shut")).unwrap();
    sandbox
        .sh("reg-certs ca --dir own -q -o name; cp own/ca.pem ca.pem; reg-certs issue localhost --ca own --out . -q -o name")
        .code(0);
    sandbox.write("secret", "secret\n");
    sandbox.write("people.csv", "name,password\nanna,secret\n");
    sandbox.write("config.json", "{}");
    sandbox.write("htpasswd", "");
    sandbox.write("given", "secret\n");
    sandbox.sh("chmod 600 secret people.csv config.json; chmod 700 shut; chmod 755 own; mkdir -m 700 hidden; cp own/* hidden; chmod 644 htpasswd; chmod 644 given").code(0);
    for (line, error) in [
        ("reg-certs show shut/x.pem", "cannot read the certificates in \"shut/x.pem\": permission denied"),
        ("reg-certs issue a --ca own --out .", "cannot read the private key \"SANDBOX/own/ca.key\": permission denied"),
        ("reg-certs issue a --ca hidden --out .", "cannot read the certificates in \"SANDBOX/hidden/ca.pem\": permission denied"),
        ("reg-certs ca --dir shut/ca", "cannot use the folder SANDBOX/shut/ca: permission denied"),
        ("reg-certs trust --docker --host a --ca ca.pem --root .", "SANDBOX/etc/docker/certs.d/a/ca.crt is not yours to change"),
        ("reg-users list --file shut/htpasswd", "cannot look at SANDBOX/shut/htpasswd: permission denied"),
        ("reg-users add a --file htpasswd --password-file secret", "cannot read the password file secret: permission denied"),
        (
            "reg-users add a --file htpasswd --password-file given --cost 4",
            "cannot write SANDBOX/htpasswd: no file may be made in the folder SANDBOX",
        ),
        (
            "reg-users add a --file htpasswd --generate --out shut/a --cost 4",
            "cannot keep the password in SANDBOX/shut/a/a.password: permission denied",
        ),
        ("reg-users import people.csv --file htpasswd", "cannot read people.csv: permission denied"),
        ("reg-up lint config.json --type zot", "cannot read config.json: permission denied"),
        (
            "reg-test health -r https://127.0.0.1:1 --ca-file shut/ca.pem",
            "cannot read the certificates in \"SANDBOX/shut/ca.pem\": permission denied",
        ),
        ("reg-test health -r @secret", "cannot read secret: permission denied"),
    ] {
        let Some(ran) = as_nobody(&sandbox, line) else { return };
        let tool = line.split(' ').next().unwrap();
        assert_eq!((ran.code, ran.err().lines().next()), (5, Some(format!("{tool}: error: {error}").as_str())), "{ran:?}");
    }
}

#[test]
fn a_good_certificate_whose_key_is_shut_is_good() {
    let sandbox = sandbox();
    std::fs::set_permissions(sandbox.path("."), std::fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.sh("reg-certs ca --dir own -q -o name; cp own/ca.pem .; reg-certs issue localhost --ca own --out . -q -o name").code(0);
    let Some(ran) = as_nobody(&sandbox, "reg-certs verify localhost.pem --ca ca.pem -q") else { return };
    let document = ran.code(0).json();
    let key = document["checks"].as_array().unwrap().iter().find(|row| row["name"] == "key").unwrap().clone();
    let why = format!("cannot read the private key \"{}\": permission denied", sandbox.path("localhost.key").display());
    assert_eq!((key["outcome"].as_str(), key["detail"].as_str()), (Some("skip"), Some(why.as_str())));
    let asked = as_nobody(&sandbox, "reg-certs verify localhost.pem --ca ca.pem --key-file localhost.key -q").unwrap();
    asked.is(5, "", "reg-certs: error: cannot read the private key \"localhost.key\": permission denied\n");
}

#[test]
fn what_is_shut_below_a_folder_is_no_good_news() {
    let sandbox = sandbox();
    std::fs::set_permissions(sandbox.path("."), std::fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.sh("mkdir -p etc/shut etc/listed; chmod 755 etc; reg-certs issue localhost --out etc -q -o name").code(0);
    sandbox.sh("cp etc/localhost.pem etc/listed/a.pem; chmod 744 etc/listed; chmod 700 etc/shut; chmod 644 etc/*.pem").code(0);
    let told = |what: &str| format!("reg-certs: warning: cannot read {what}: permission denied\n");
    let Some(ran) = as_nobody(&sandbox, "reg-certs expires etc -q -o name") else { return };
    let expected = [told("the certificates in \"etc/listed/a.pem\""), told("the folder etc/shut")].concat();
    ran.is(5, "etc/localhost.chain.pem\netc/localhost.pem\n", &expected);
}
