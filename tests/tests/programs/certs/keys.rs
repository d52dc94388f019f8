//! Private keys: readable by their owner only, from their first moment, and never lost.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::issue;
use crate::sandbox;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn no_umask_opens_them() {
    for umask in ["000", "022", "077"] {
        let sandbox = sandbox();
        sandbox.sh(&format!("umask {umask}; reg-certs issue localhost -q > /dev/null")).code(0);
        let share = sandbox.path("home/.local/share/reg");
        for (file, expected) in [("ca", 0o700), ("ca/ca.key", 0o400), ("certs", 0o700), ("certs/localhost.key", 0o600)] {
            assert_eq!(mode(&share.join(file)), expected, "{file} with umask {umask}");
        }
    }
}

#[test]
fn nobody_can_read_one_even_for_a_moment() {
    let sandbox = sandbox();
    let folder = sandbox.path("out");
    std::fs::create_dir(&folder).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::Relaxed) {
                for entry in std::fs::read_dir(&folder).unwrap().flatten() {
                    // A file may go between two looks.
                    let (Ok(metadata), Ok(text)) = (entry.metadata(), std::fs::read_to_string(entry.path())) else { continue };
                    seen += 1;
                    assert!(!text.contains("PRIVATE") || metadata.permissions().mode() & 0o077 == 0, "{:?}", entry.path());
                }
            }
            seen
        });
        for at in 0..20 {
            sandbox.sh(&format!("umask 000; reg-certs issue h{at} --out out -q > /dev/null")).code(0);
            sandbox.sh(&format!("umask 000; reg-certs issue h{at} --out out --force -q > /dev/null")).code(0);
        }
        done.store(true, Ordering::Relaxed);
        assert!(watch.join().unwrap() > 0);
    });
}

#[test]
fn another_key_is_never_lost_without_force() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    let key = std::fs::read(sandbox.path("localhost.key")).unwrap();
    let text = "reg-certs: error: the key SANDBOX/localhost.key is there and is ecdsa-p256, not rsa-2048\n\
                reg-certs: hint: --force replaces it, --out DIR puts the new one elsewhere\n";
    sandbox.line("reg-certs issue localhost --key rsa-2048 --out . -q").is(9, "", text);
    // A key of somebody else's gets a certificate; it is not replaced.
    std::fs::remove_file(sandbox.path("localhost.pem")).unwrap();
    let again = sandbox.line("reg-certs issue localhost --out .");
    assert!(
        again.err().starts_with("reg-certs: SANDBOX/localhost.key is there without its certificate, which is issued now\n"),
        "{again:?}"
    );
    assert_eq!(again.code(0).json()["outcome"], "new");
    assert_eq!(std::fs::read(sandbox.path("localhost.key")).unwrap(), key);
    assert_eq!(issue(&sandbox, "localhost --force")["outcome"], "rotated");
    assert_ne!(std::fs::read(sandbox.path("localhost.key")).unwrap(), key);
}

#[test]
fn a_pair_that_a_crash_left_is_mended() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    issue(&sandbox, "other");
    // The key of a rotation that was cut off before its certificate.
    std::fs::copy(sandbox.path("other.key"), sandbox.path("localhost.key")).unwrap();
    assert_eq!(sandbox.line("reg-certs verify localhost.pem -q").code, 7);
    let mended = sandbox.line("reg-certs issue localhost --out .");
    assert!(
        mended
            .err()
            .starts_with("reg-certs: SANDBOX/localhost.pem is not the certificate of SANDBOX/localhost.key, which gets one now\n"),
        "{mended:?}"
    );
    assert_eq!(mended.code(0).json()["outcome"], "renewed");
    sandbox.line("reg-certs verify localhost.pem --host localhost -q -o name").code(0);
    // A chain that was not written any more comes back.
    std::fs::remove_file(sandbox.path("localhost.chain.pem")).unwrap();
    assert_eq!(issue(&sandbox, "localhost")["outcome"], "kept");
    assert_eq!(std::fs::read(sandbox.path("localhost.chain.pem")).unwrap(), std::fs::read(sandbox.path("localhost.pem")).unwrap());
}

#[test]
fn no_key_is_in_any_output() {
    let sandbox = sandbox();
    let ran = sandbox
        .sh("reg-certs issue localhost --out . -vv; reg-certs show localhost.pem; reg-certs verify localhost.pem -vv; \
                          reg-certs renew localhost.pem --rotate -vv");
    let key = std::fs::read_to_string(sandbox.path("localhost.key")).unwrap();
    let secret = key.lines().nth(1).unwrap();
    assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret) && !ran.stdout.contains("PRIVATE"), "{ran:?}");
}

#[test]
fn an_authoritys_key_that_everybody_may_read_is_told() {
    let sandbox = sandbox();
    sandbox.line("reg-certs ca --dir own -q -o name").code(0);
    issue(&sandbox, "a.example --ca own");
    for mode in ["666", "644", "606"] {
        sandbox.sh(&format!("chmod {mode} own/ca.key")).code(0);
        let text = format!(
            "reg-certs: warning: everybody on this machine may use the authority's key SANDBOX/own/ca.key (mode {mode}): \
             `chmod 400 SANDBOX/own/ca.key`\n"
        );
        sandbox.line("reg-certs issue a.example --ca own --out . -q -o name").is(0, "SANDBOX/a.example.pem\n", &text);
    }
    sandbox.sh("chmod 440 own/ca.key").code(0);
    sandbox.line("reg-certs issue a.example --ca own --out . -q -o name").is(0, "SANDBOX/a.example.pem\n", "");
}

#[test]
fn a_private_key_in_a_certificate_s_own_file_is_not_lost() {
    let sandbox = sandbox();
    issue(&sandbox, "a.example");
    sandbox.sh("cat a.example.key >> a.example.pem; rm a.example.key").code(0);
    let read = |file: &str| std::fs::read_to_string(sandbox.path(file)).unwrap();
    let before = read("a.example.pem");
    let alone = "reg-certs: error: SANDBOX/a.example.pem holds a private key, too, which would be lost\n\
                 reg-certs: hint: `openssl pkey -in SANDBOX/a.example.pem -out SANDBOX/a.example.key` writes it into a file of its own; \
                 then take it out of SANDBOX/a.example.pem\n";
    for line in [
        "reg-certs issue a.example --out .",
        "reg-certs issue a.example b.example --out .",
        "reg-certs renew a.example.pem",
        "reg-certs renew a.example.pem --force",
        "reg-certs renew a.example.pem --rotate --key-file a.example.pem",
    ] {
        sandbox.line(line).is(9, "", alone);
        assert_eq!((read("a.example.pem"), sandbox.path("a.example.key").exists()), (before.clone(), false), "{line}");
    }
    // Beside its key it may stay as it is, and be replaced by whoever says so.
    sandbox.sh("sed -n '/PRIVATE KEY/,$p' a.example.pem > a.example.key; chmod 600 a.example.key").code(0);
    assert_eq!(sandbox.line("reg-certs issue a.example --out . -q").code(0).json()["outcome"], "kept");
    let beside = "reg-certs: error: SANDBOX/a.example.pem holds a private key, too, which would be lost\n\
                  reg-certs: hint: take it out of SANDBOX/a.example.pem first: its key lies beside it\n";
    sandbox.line("reg-certs issue a.example b.example --out . -q").is(9, "", beside);
    assert_eq!(sandbox.line("reg-certs issue a.example --out . --force -q").code(0).json()["outcome"], "rotated");
    sandbox.sh("cat a.example.key >> a.example.chain.pem").code(0);
    sandbox.line("reg-certs renew a.example.pem --force").is(9, "", &beside.replace("a.example.pem", "a.example.chain.pem"));
    assert!(read("a.example.chain.pem").contains("PRIVATE KEY"));
}

#[test]
fn behind_a_link_the_old_key_is_replaced() {
    let sandbox = sandbox();
    issue(&sandbox, "localhost");
    let script = "mkdir secret; mv localhost.key secret/own; ln -s secret/own localhost.key; mv localhost.pem real; ln -s real localhost.pem";
    sandbox.sh(script).code(0);
    let before = std::fs::read(sandbox.path("secret/own")).unwrap();
    assert_eq!(sandbox.line("reg-certs issue localhost --out . --force -q").code(0).json()["outcome"], "rotated");
    assert!(sandbox.path("localhost.key").is_symlink() && sandbox.path("localhost.pem").is_symlink());
    assert_ne!(std::fs::read(sandbox.path("secret/own")).unwrap(), before);
    assert_eq!(mode(&sandbox.path("secret/own")), 0o600);
    sandbox.line("reg-certs verify localhost.pem --host localhost -q -o name").code(0);
}

#[test]
fn only_what_was_left_behind_is_taken_away() {
    let sandbox = sandbox();
    for name in [".reg-certs-a1B2c3", ".reg-certs-notes", ".reg-certs-a1B2c3.pem"] {
        sandbox.write(&format!("out/{name}"), "");
    }
    std::fs::create_dir(sandbox.path("out/.reg-certs-folder")).unwrap();
    sandbox.line("reg-certs issue localhost --out out -q -o name").code(0);
    let mut left: Vec<String> =
        std::fs::read_dir(sandbox.path("out")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    let own = [".reg-certs-a1B2c3.pem", ".reg-certs-folder", ".reg-certs-notes"];
    assert_eq!(left, [&own[..], &["localhost.chain.pem", "localhost.key", "localhost.pem"]].concat());
}
