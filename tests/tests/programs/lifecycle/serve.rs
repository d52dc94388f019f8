//! `serve`: the embedded registry in the foreground, as containers and systemd run it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::time::Duration;

use reg_tests::sandbox::{Ran, Sandbox};
use serde_json::{Value, json};

use crate::client::{Client, Image, tag};
use crate::process::{ended, signal, until};
use crate::sandbox;

/// A server in the foreground.
struct Serving<'a> {
    sandbox: &'a Sandbox,
    child: Child,
    /// As a registry document.
    registry: Value,
}

impl<'a> Serving<'a> {
    /// Starts one on any free port and waits until it says where it is.
    fn start(sandbox: &'a Sandbox, flags: &[&str]) -> Self {
        let mut command = sandbox.command(sandbox.path("bin/reg-up"));
        let log = std::fs::File::create(sandbox.path("serve.log")).unwrap();
        command.args(["serve", "--port", "0"]).args(flags).stdin(std::process::Stdio::null()).stderr(log);
        let child = command.spawn().unwrap();
        let mut url = None;
        until("it serves", || {
            let log = std::fs::read_to_string(sandbox.path("serve.log")).unwrap();
            url = log
                .lines()
                .find_map(|line| Some(line.strip_prefix("reg-up: serving ")?.strip_suffix("; Ctrl-C stops it")?.to_owned()));
            url.is_some()
        });
        Self { sandbox, child, registry: json!({"schema": "reg/v1", "kind": "registry", "url": url}) }
    }

    fn address(&self) -> String {
        self.registry["url"].as_str().unwrap().trim_start_matches("http://").to_owned()
    }

    /// How it ends when it gets this signal; its log.
    fn end(self, name: &str) -> (Ran, String) {
        signal(self.child.id(), name);
        let ran = ended(self.sandbox, self.child);
        (ran, std::fs::read_to_string(self.sandbox.path("serve.log")).unwrap())
    }
}

#[test]
fn it_serves_until_it_is_told_to_stop_and_ends_well() {
    let sandbox = sandbox();
    for (flags, name) in [(&["--in-memory"][..], "TERM"), (&["--data", "data"], "TERM"), (&["--in-memory"], "INT")] {
        let serving = Serving::start(&sandbox, flags);
        sandbox.run_with("reg-test", ["all", "--write", "-r", "-"], &serving.registry.to_string()).code(0);
        let (ran, log) = serving.end(name);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{log}");
        for line in log.lines().skip(1) {
            let line: Value = serde_json::from_str(line).unwrap();
            assert!(line["time"].is_string() && line["message"].is_string(), "{line}");
        }
    }
    assert!(!sandbox.path("state/reg").exists(), "it is no instance");
}

#[test]
fn what_is_in_memory_is_gone_and_what_is_in_a_folder_stays() {
    let sandbox = sandbox();
    let image = Image::new(b"somewhere");
    for (flags, stays) in [(&["--in-memory"][..], false), (&["--data", "data"], true)] {
        let serving = Serving::start(&sandbox, flags);
        Client::of(&serving.registry).push("team/app", "v1", &image).unwrap();
        assert_eq!(serving.end("TERM").0.code, 0);
        let serving = Serving::start(&sandbox, flags);
        assert_eq!(Client::of(&serving.registry).pull("team/app", &tag("v1")).is_ok(), stays);
        serving.end("TERM");
    }
}

#[test]
fn requests_under_way_end_before_it_does() {
    let sandbox = sandbox();
    let serving = Serving::start(&sandbox, &["--in-memory"]);
    let image = Image::new(&[7; 8 << 20]);
    Client::of(&serving.registry).push("team/app", "v1", &image).unwrap();
    let mut pull = TcpStream::connect(serving.address()).unwrap();
    let digest = reg_shared::name::Digest::sha256(&image.blobs[1]);
    write!(pull, "GET /v2/team/app/blobs/{digest} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
    let mut begun = [0; 1000];
    pull.read_exact(&mut begun).unwrap();
    let (address, pid) = (serving.address(), serving.child.id());
    signal(pid, "TERM");
    until("it accepts nothing more", || TcpStream::connect(&address).is_err());
    // Longer than a program that is not a server may take to clean up.
    std::thread::sleep(Duration::from_secs(17));
    let mut rest = Vec::new();
    pull.read_to_end(&mut rest).unwrap();
    let whole = [&begun[..], &rest].concat();
    assert!(whole.ends_with(&image.blobs[1]), "{} bytes of {} came", whole.len(), image.blobs[1].len());
    let ran = ended(&sandbox, serving.child);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let sandbox = sandbox();
    let serving = Serving::start(&sandbox, &["--in-memory"]);
    let mut upload = TcpStream::connect(serving.address()).unwrap();
    upload.write_all(b"POST /v2/team/app/blobs/uploads/ HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nhalf").unwrap();
    let metrics = || sandbox.run_with("reg-test", ["health", "-r", "-"], &serving.registry.to_string());
    metrics().code(0);
    signal(serving.child.id(), "TERM");
    until("it accepts nothing more", || TcpStream::connect(serving.address()).is_err());
    let (ran, log) = serving.end("TERM");
    assert_eq!(ran.code, 143, "{log}");
    assert!(log.ends_with("reg-up: error: interrupted\n"), "{log}");
}

#[test]
fn a_port_or_a_folder_that_is_taken_is_named() {
    let sandbox = sandbox();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = sandbox.run("reg-up", ["serve", "--in-memory", "--port", &port.to_string()]).code(9);
    assert_eq!(
        refused.stderr,
        format!("reg-up: error: port {port} of 127.0.0.1 is taken\nreg-up: hint: --port 0 takes a free one\n")
    );
    let serving = Serving::start(&sandbox, &["--data", "data"]);
    let refused = sandbox.run("reg-up", ["serve", "--data", "data", "--port", "0"]).code(9);
    let holder = serving.child.id();
    assert_eq!(refused.stderr, format!("reg-up: error: the data folder \"data\" is in use by another server (process {holder})\n"));
    serving.end("TERM");
}

#[test]
fn wrong_flags_and_files_are_told_before_anything_is_served() {
    let sandbox = sandbox();
    sandbox.write("photos/cat.jpg", "meow");
    sandbox.write("text", "hello\n");
    for (line, code, text) in [
        (
            "reg-up serve --in-memory --bind 0.0.0.0",
            2,
            "0.0.0.0 is reachable by others, and nothing would ask them to log in\n\
             reg-up: hint: add --htpasswd FILE, or --open when everybody may read, write and delete",
        ),
        (
            "reg-up serve",
            2,
            "the following required arguments were not provided: --data <DIR>\n\
             reg-up: hint: `reg-up serve --help` shows what it takes",
        ),
        (
            "reg-up serve --data photos --port 0",
            3,
            "the folder \"photos\" is not empty and holds no registry\nreg-up: hint: give an empty or a new folder",
        ),
        ("reg-up serve --data text --port 0", 1, "cannot make the data folder \"text\": file exists"),
        ("reg-up serve --in-memory --htpasswd no", 3, "cannot read the htpasswd file \"no\": no such file or directory"),
        ("reg-up serve --in-memory --cert text --key text", 3, "\"text\" holds no PEM certificate"),
    ] {
        sandbox.line(line).is(code, "", &format!("reg-up: error: {text}\n"));
    }
    assert_eq!(std::fs::read_dir(sandbox.path("photos")).unwrap().count(), 1);
}
