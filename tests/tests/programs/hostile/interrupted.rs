//! A registry that keeps reg-test waiting: Ctrl-C ends it, and what was begun is taken back.

use reg_tests::hostile::Hostile;

use crate::process::{ended, signal, spawn, until};
use crate::sandbox;

#[test]
fn whoever_waits_can_be_interrupted() {
    for (fault, name, code) in [("put-slow", "INT", 130), ("headers-slow", "TERM", 143), ("informational", "INT", 130)] {
        let sandbox = sandbox();
        let hostile = Hostile::start();
        let (url, repository) = (hostile.url(), format!("fault/{fault}"));
        let waiting = spawn(&sandbox, "reg-test", &["push-pull", "-r", &url, "--repository", &repository]);
        let method = if fault == "put-slow" { "PUT" } else { "POST" };
        until("it waits", || hostile.seen_with(fault).iter().any(|seen| seen.method == method));
        signal(waiting.id(), name);
        let ran = ended(&sandbox, waiting).code(code);
        // The rows so far are a whole document.
        assert_eq!(ran.json()["checks"][0]["name"], "api", "{ran:?}");
        assert!(ran.stderr.ends_with("reg-test: error: interrupted\n"), "{fault}: {ran:?}");
        until("the upload is taken back", || hostile.open_uploads() == 0);
        assert!(hostile.tags_put(&repository).is_empty(), "{fault}: a manifest was put");
    }
}
