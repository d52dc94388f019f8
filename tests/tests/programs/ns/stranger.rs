//! reg-ns against a registry that breaks and lies.

use reg_tests::hostile::{Hostile, PASSWORD};

use crate::sandbox;

/// A command on a repository with a fault, and what becomes of it.
const FAULTS: &[(&str, i32, &str)] = &[
    ("tags fault/tags-loop", 1, "pagination does not advance: a page links to one that was read before"),
    ("tags fault/tags-same", 1, "pagination does not advance: a page has no new entry"),
    ("tags fault/tags-bad", 1, "sent a bad list: \"../../x\\u{1b}[31m\" is not a tag"),
    ("tags fault/tags-elsewhere", 1, "which is not followed"),
    ("tags fault/status-403", 5, "the registry says \"not now\" (403 UNKNOWN)"),
    ("manifest fault/manifest-endless:v1", 1, "sent more than the 4194304 bytes that are read of such an answer"),
    ("manifest fault/manifest-digest-lies:v1", 10, "the registry names the digest sha256:"),
    ("manifest fault/manifest-ambiguous:v1 --raw", 1, "could be read two ways"),
    ("manifest fault/error-escape:v1", 8, "\\u{1b}[2J"),
    ("tag fault/manifest-immutable:v1 v2", 9, "the registry says \"the tag is immutable\" (409 DENIED)"),
    ("rm fault/status-405:v1", 6, "405"),
];

#[test]
fn what_is_wrong_is_told_and_has_its_exit_code() {
    let sandbox = sandbox();
    let hostile = Hostile::start();
    for (line, code, why) in FAULTS {
        let ran = sandbox.line(&format!("reg-ns {line} -r {} --registry-type oci -q", hostile.url())).code(*code);
        assert!(ran.stderr.contains(why) && ran.stdout.is_empty(), "{ran:?}");
        assert!(!ran.stderr.contains('\u{1b}'), "an escape sequence reached the terminal: {ran:?}");
    }
}

#[test]
fn odd_lists_are_read_whole() {
    let sandbox = sandbox();
    let hostile = Hostile::start();
    for (fault, expected) in [("tags-null", 0), ("tags-many", 100_000)] {
        let ran = sandbox.line(&format!("reg-ns tags fault/{fault} -r {} --registry-type oci -q -o name", hostile.url())).code(0);
        assert_eq!(ran.stdout.lines().count(), expected, "{fault}");
    }
}

#[test]
fn a_password_goes_nowhere_else() {
    let sandbox = sandbox();
    sandbox.write("password", PASSWORD);
    let hostile = Hostile::start();
    for (line, code) in [("manifest fault/error-echo:v1", 5), ("tags fault/realm-elsewhere", 5), ("tags fault/basic", 0)] {
        let url = hostile.url();
        let ran = sandbox.line(&format!("reg-ns {line} -r {url} --registry-type oci -u me --password-file password -v")).code(code);
        assert!(!format!("{ran:?}").contains(PASSWORD), "{ran:?}");
    }
    assert!(hostile.leaks().is_empty(), "{:#?}", hostile.leaks());
}
