//! What real registries do beyond storing images, when reg-up asks them to: pages, questions, webhooks, limits, an audit log.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc;

use reg_shared::zot::{self, Build};
use reg_tests::live::{self, DISTRIBUTION, DISTRIBUTION3, Program, ZOT, ZOT_OLD};
use serde_json::Value;

use super::Real;
use crate::process::{LONG, until};
use crate::sandbox;

/// A zot that has these extensions; says so when it has not.
pub(super) fn zot_with(extensions: &[&str]) -> Option<Real> {
    let real = Real::find("zot", ZOT)?;
    let output = Command::new(real.binary.as_ref()?).arg(zot::VERSION).output().unwrap();
    let build = Build::parse(&String::from_utf8([output.stdout, output.stderr].concat()).unwrap()).unwrap();
    match extensions.iter().find(|wanted| !build.extensions.iter().any(|own| own == *wanted)) {
        None => Some(real),
        Some(missing) => {
            live::skip("zot", &format!("this zot is built without {missing}"));
            None
        }
    }
}

/// The status of a GET.
fn status(url: &str, more: &[&str]) -> String {
    let output = Command::new("curl").args(["-so", "/dev/null", "-w", "%{http_code}"]).args(more).arg(url).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_zot_from_before_webhooks_is_too_old_for_them_however_much_is_built_in() {
    let Some(real) = Real::find("zot", ZOT_OLD) else { return };
    sandbox().run("reg-up", real.arguments(&["--webhook", "http://127.0.0.1:1/"])).is(
        6,
        "",
        "reg-up: error: cannot start \"x\": zot 2.0.4 has no webhooks: they are there since 2.1.3\n",
    );
}

#[test]
fn zot_has_pages_and_answers_questions() {
    let Some(real) = zot_with(&["search", "ui", "scrub"]) else { return };
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &["--with", "ui,scrub,audit", "--cors", "http://ui.example"]);
    let url = registry["url"].as_str().unwrap();
    assert_eq!(registry["endpoints"]["ui"], format!("{url}/"));
    assert_eq!(status(&format!("{url}/"), &[]), "200");
    let search = format!("{url}/v2/_zot/ext/search?query=%7BRepoListWithNewestImage%7BResults%7BName%7D%7D%7D");
    assert_eq!(status(&search, &[]), "200");
    let answer = Command::new("curl").args(["-si", "-H", "Origin: http://ui.example", &format!("{url}/v2/")]).output().unwrap();
    assert!(
        String::from_utf8_lossy(&answer.stdout).to_lowercase().contains("access-control-allow-origin: http://ui.example"),
        "{answer:?}"
    );
    sandbox.line("reg-test push -r x -q").code(0);
    let audit = std::fs::read_to_string(sandbox.instance("x").join("audit.log")).unwrap();
    assert!(audit.contains("\"action\":\"PUT\""), "{audit}");
    // Switched off again, nothing answers there.
    sandbox.line("reg-up configure x -q --without search,ui").code(0);
    assert_eq!(status(&search, &[]), "404");
}

#[test]
fn zot_finds_what_was_damaged() {
    let Some(real) = zot_with(&["scrub"]) else { return };
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &["--with", "scrub"]);
    sandbox.line("reg-test push -r x -q").code(0);
    let blobs = sandbox.path(registry["instance"]["data"].as_str().unwrap()).join("reg-test/reg-probe/blobs/sha256");
    let layer = std::fs::read_dir(blobs).unwrap().map(|blob| blob.unwrap().path());
    let layer = layer.max_by_key(|blob| std::fs::metadata(blob).unwrap().len()).unwrap();
    std::fs::write(layer, "not what it was").unwrap();
    // It begins a few seconds after its start; how often then, is the interval.
    sandbox.line("reg-up restart x -q").code(0);
    until("it is told", || sandbox.line("reg-up logs x").code(0).stdout.contains("blobs/manifest affected"));
}

#[test]
fn zot_scans_and_says_where_its_list_of_holes_comes_from() {
    let Some(real) = zot_with(&["search"]) else { return };
    let sandbox = sandbox();
    let started = sandbox.run("reg-up", real.arguments(&["--with", "cve"])).code(0);
    let warning = "reg-up: warning: zot gets the list of known holes from ghcr.io by itself, and finds none before it is there; its log \
        tells when it does not come\n";
    assert!(started.stderr.contains(warning), "{started:?}");
    until("it goes for the list", || sandbox.line("reg-up logs x").code(0).stdout.contains("updating cve-db"));
    sandbox.line("reg-test push-pull -r x -q").code(0);
}

#[test]
fn zot_takes_so_many_requests_and_no_more() {
    let Some(real) = Real::find("zot", ZOT) else { return };
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &["--rate-limit", "5"]);
    let url = format!("{}/v2/?[1-200]", registry["url"].as_str().unwrap());
    let output = Command::new("curl").args(["-s", "-o", "/dev/null", "-w", "%{http_code}\n", &url]).output().unwrap();
    let codes = String::from_utf8(output.stdout).unwrap();
    assert!(codes.lines().any(|code| code == "429"), "{codes}");
}

/// An address that answers 200 to everybody, and what it was sent.
fn listener() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut text = vec![0; 64 << 10];
            let read = stream.read(&mut text).unwrap_or_default();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            if sender.send(String::from_utf8_lossy(&text[..read]).into_owned()).is_err() {
                return;
            }
        }
    });
    (url, receiver)
}

fn tells_of_a_push(real: &Real, kind: &str) {
    let sandbox = sandbox();
    let (url, told) = listener();
    sandbox.write("header", "Bearer hook\n");
    real.start(&sandbox, &["--webhook", &url, "--webhook-header-file", "header"]);
    sandbox.line("reg-test push -r x -q").code(0);
    let text = told.recv_timeout(LONG).unwrap();
    assert!(text.to_lowercase().contains("authorization: bearer hook\r\n") && text.contains(kind), "{text}");
}

#[test]
fn zot_tells_of_a_push() {
    zot_with(&["events"]).iter().for_each(|real| tells_of_a_push(real, "zotregistry"));
}

fn distribution(program: Program) {
    Real::find("distribution", program).iter().for_each(|real| tells_of_a_push(real, "application/vnd.docker.distribution.events"));
}

#[test]
fn distribution_tells_of_a_push() {
    distribution(DISTRIBUTION);
}

#[test]
fn distribution3_tells_of_a_push() {
    distribution(DISTRIBUTION3);
}

fn nothing_can_be_written_or_deleted(program: Program) {
    let Some(real) = Real::find("distribution", program) else { return };
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &["--with", "read-only", "--cors", "*"]);
    let url = registry["url"].as_str().unwrap();
    assert_eq!(status(&format!("{url}/v2/a/blobs/uploads/"), &["-X", "POST"]), "405");
    let answer = Command::new("curl").args(["-si", &format!("{url}/v2/")]).output().unwrap();
    assert!(String::from_utf8_lossy(&answer.stdout).contains("Access-Control-Allow-Origin: *"), "{answer:?}");
    let writable: Value = sandbox.line("reg-up configure x -q --without read-only,delete").code(0).json();
    let url = writable["url"].as_str().unwrap();
    until("it takes uploads again", || status(&format!("{url}/v2/a/blobs/uploads/"), &["-X", "POST"]) == "202");
    let digest = reg_shared::name::Digest::sha256("");
    assert_eq!(status(&format!("{url}/v2/a/blobs/{digest}"), &["-X", "DELETE"]), "405");
}

#[test]
fn distribution_is_read_only_or_keeps_everything() {
    nothing_can_be_written_or_deleted(DISTRIBUTION);
}

#[test]
fn distribution3_is_read_only_or_keeps_everything() {
    nothing_can_be_written_or_deleted(DISTRIBUTION3);
}
