//! `gc`: what no manifest needs goes, everything else stays; of a running registry and of a stopped one.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{carried, start, status};
use crate::client::{Client, Image, tag};
use crate::process::{ended, signal, spawn, until};
use crate::sandbox;

/// The counts of a report.
fn counts(report: &Value) -> [u64; 4] {
    ["blobsRemoved", "bytesRemoved", "blobsKept", "bytesKept"].map(|field| report[field].as_u64().unwrap())
}

#[test]
fn what_was_deleted_goes_and_what_is_referenced_stays_online_and_offline() {
    for online in [true, false] {
        let sandbox = sandbox();
        let registry = start(&sandbox, "x");
        let client = Client::of(&registry);
        let (kept, gone) = (Image::new(b"kept"), Image::new(&[7; 100_000]));
        client.push("team/app", "kept", &kept).unwrap();
        client.push("team/app", "gone", &gone).unwrap();
        client.delete("team/app", &gone);
        if !online {
            sandbox.run("reg-up", ["stop", "x"]).code(0);
        }
        let gc = |more: &[&str]| sandbox.run("reg-up", ["gc", "x"].iter().chain(more)).code(0).json();

        // An upload whose manifest is still to come looks the same: nothing young is taken.
        let young = gc(&[]);
        assert_eq!(young["online"], online);
        assert_eq!(counts(&young)[0], 0, "{young}");
        let dry = gc(&["--grace", "0s", "--dry-run"]);
        let done = gc(&["--grace", "0s"]);
        let bytes = (gone.blobs[0].len() + gone.blobs[1].len()) as u64;
        // The manifest went with the deletion or goes now; the two blobs go now.
        assert!(counts(&done)[0] >= 2 && counts(&done)[1] >= bytes, "{done}");
        assert_eq!((&dry["dryRun"], &done["dryRun"]), (&true.into(), &false.into()));
        assert_eq!(counts(&dry), counts(&done), "dry {dry}, done {done}");
        assert_eq!(counts(&done)[2], 3, "{done}");
        assert_eq!(done["registry"], carried(&registry));
        let after = gc(&["--grace", "0s"]);
        assert_eq!(counts(&after)[..2], [0, 0], "{after}");

        let client = Client::of(&sandbox.run("reg-up", ["start", "x"]).code(0).json());
        assert_eq!(client.pull("team/app", &tag("kept")).unwrap(), kept.digest);
        assert!(!client.has_blob("team/app", &gone.blobs[1]));
    }
}

#[test]
fn a_dry_run_removes_nothing() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    let client = Client::of(&registry);
    let gone = Image::new(&[7; 1000]);
    client.push("team/app", "gone", &gone).unwrap();
    client.delete("team/app", &gone);
    let dry = sandbox.run("reg-up", ["gc", "x", "--grace", "0s", "--dry-run"]).code(0).json();
    assert!(counts(&dry)[0] >= 2, "{dry}");
    assert!(client.has_blob("team/app", &gone.blobs[1]));
}

#[test]
fn it_works_with_a_login_and_tls_and_shows_no_token() {
    let sandbox = sandbox();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    sandbox.write("cert.pem", pair.cert.pem());
    sandbox.write("key.pem", pair.signing_key.serialize_pem());
    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("secret", 4).unwrap()));
    let flags = ["--cert", "cert.pem", "--key", "key.pem", "--htpasswd", "htpasswd"];
    sandbox.run("reg-up", ["start", "x", "--port", "0"].iter().chain(&flags)).code(0);
    let ran = sandbox.run("reg-up", ["gc", "x", "-vv"]).code(0);
    assert_eq!(ran.json()["online"], true);
    let token = std::fs::read_to_string(sandbox.instance("x").join("data/embedded/admin-token")).unwrap();
    assert!(token.trim().len() >= 32);
    assert!(!format!("{ran:?}").contains(token.trim()));
}

#[test]
fn the_report_for_people() {
    let sandbox = sandbox();
    start(&sandbox, "x");
    sandbox.run("reg-up", ["gc", "x", "-o", "table"]).is(
        0,
        "REGISTRY            http://127.0.0.1:PORT\nDRY RUN             false\nBLOBS REMOVED       0\nBYTES REMOVED       0\n\
         UPLOADS REMOVED     0\nBLOBS KEPT          0\nBYTES KEPT          0\nSECONDS             N.NNN\n",
        "",
    );
}

#[test]
fn one_that_cannot_be_asked_says_when_it_does_it_by_itself() {
    let sandbox = sandbox();
    let registry = start(&sandbox, "x");
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    let mut registry = carried(&registry);
    registry["type"] = "zot".into();
    registry["instance"]["config"] = "zot.json".into();
    std::fs::write(sandbox.instance("x").join("registry.json"), registry.to_string()).unwrap();
    let config = sandbox.instance("x").join("zot.json");
    std::fs::write(&config, r#"{"storage":{"gc":true,"gcInterval":"24h","gcDelay":"90m"}}"#).unwrap();
    let ran = sandbox.run("reg-up", ["gc", "x"]).code(0);
    let schedule = serde_json::json!({ "enabled": true, "intervalSeconds": 86400.0, "delaySeconds": 5400.0 });
    assert_eq!((&ran.json()["schedule"], &ran.json()["blobsRemoved"]), (&schedule, &Value::Null));
    let said = "reg-up: zot at http://127.0.0.1:PORT collects its garbage by itself: every 86400 s, what is older than 5400 s; \
                it cannot be asked to do it now\n";
    assert_eq!(ran.err(), said);
    std::fs::write(&config, r#"{"storage":{"gc":false}}"#).unwrap();
    let ran = sandbox.run("reg-up", ["gc", "x"]).code(0);
    assert_eq!(ran.json()["schedule"]["enabled"], false);
    assert!(ran.err().ends_with(" does not collect its garbage: `storage.gc` is off in SANDBOX/state/reg/instances/x/zot.json\n"));
    std::fs::write(&config, r#"{"storage":{"gcDelay":"1d"}}"#).unwrap();
    sandbox.run("reg-up", ["gc", "x"]).is(
        3,
        "",
        "reg-up: error: SANDBOX/state/reg/instances/x/zot.json: storage.gcDelay: expected a duration like \"24h\", found \"1d\"\n",
    );
}

#[test]
fn of_a_strange_registry_nobody_collects_the_garbage() {
    let sandbox = sandbox();
    let document = r#"{"schema":"reg/v1","kind":"registry","url":"https://registry.example","type":"oci"}"#;
    sandbox.run_with("reg-up", ["gc", "-r", "-"], document).is(
        6,
        "",
        "reg-up: error: cannot collect the garbage of oci at https://registry.example: reg-up did not start it\n\
         reg-up: hint: `reg-up list` shows what it started\n",
    );
    let unknown = sandbox.run("reg-up", ["gc", "y"]);
    unknown.is(8, "", "reg-up: error: there is no instance \"y\"\nreg-up: hint: there are none yet; `reg-up start y` makes one\n");
}

/// A Distribution whose program does this when it is to collect garbage; none where there is no Distribution.
fn collecting(sandbox: &Sandbox, what: &str) -> Option<String> {
    let program = reg_tests::live::DISTRIBUTION.find()?;
    let script = format!("#!/bin/sh\ncase \"$1\" in garbage-collect) {what};; esac\nexec {} \"$@\"\n", program.display());
    let path = sandbox.write("registry", script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = path.display().to_string();
    sandbox.run("reg-up", ["start", "x", "--port", "0", "--type", "distribution", "--binary", &path]).code(0);
    Some(path)
}

const STOPPING: &str = "reg-up: stopping \"x\": what is pushed while its garbage is collected would be lost\n";
const STARTING: &str = "reg-up: starting \"x\" (distribution 2.8.2) at http://127.0.0.1:PORT\n";

#[test]
fn a_registry_that_was_stopped_for_it_runs_again_whatever_comes_of_it() {
    let sandbox = sandbox();
    if collecting(&sandbox, "echo 'the storage is broken' >&2; exit 3").is_none() {
        return;
    }
    let said = format!(
        "{STOPPING}reg-up: log: the storage is broken\n{STARTING}reg-up: error: cannot collect the garbage of \"x\": \
         `SANDBOX/registry garbage-collect` ended with exit code 3\n"
    );
    sandbox.line("reg-up gc x").is(1, "", &said);
    assert_eq!(status(&sandbox, "x")["state"], "running");
}

#[test]
fn an_interrupted_collection_ends_and_the_registry_runs_again() {
    let sandbox = sandbox();
    if collecting(&sandbox, "echo > begun; exec sleep 100").is_none() {
        return;
    }
    let gc = spawn(&sandbox, "reg-up", &["gc", "x"]);
    until("it began", || sandbox.instance("x").join("begun").exists());
    signal(gc.id(), "INT");
    let left = ended(&sandbox, gc).code(130);
    let said = format!("{STOPPING}{STARTING}reg-up: error: cannot collect the garbage of \"x\": interrupted\n");
    assert_eq!(left.err(), said);
    assert_eq!(status(&sandbox, "x")["state"], "running");
}

#[test]
fn nobody_starts_a_registry_while_its_garbage_is_collected_even_when_reg_up_was_killed() {
    let sandbox = sandbox();
    if collecting(&sandbox, "echo > begun; while ! [ -e go ]; do sleep 0.1; done").is_none() {
        return;
    }
    let gc = spawn(&sandbox, "reg-up", &["gc", "x"]);
    let folder = sandbox.instance("x");
    until("it began", || folder.join("begun").exists());
    signal(gc.id(), "KILL");
    ended(&sandbox, gc).code(137);
    let starting = spawn(&sandbox, "reg-up", &["start", "x"]);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(status(&sandbox, "x")["state"], "stopped");
    std::fs::write(folder.join("go"), "").unwrap();
    ended(&sandbox, starting).code(0);
    assert_eq!(status(&sandbox, "x")["state"], "running");
}
