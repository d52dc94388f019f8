//! Something else on the port: it is never taken for a registry.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use reg_tests::port;
use reg_tests::sandbox::Sandbox;

use crate::process::{ended, port_of, runs, spawn, until};
use crate::sandbox;

/// A program that answers every request with the same bytes, one every `pause`.
fn answering(address: &str, answer: &'static str, pause: Duration) -> SocketAddr {
    let listener = TcpListener::bind(address).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                for byte in answer.as_bytes().chunks(if pause.is_zero() { answer.len() } else { 1 }) {
                    if stream.write_all(byte).is_err() {
                        return;
                    }
                    std::thread::sleep(pause);
                }
            });
        }
    });
    address
}

/// What answers, and what is said of it.
const STRANGERS: &[(&str, &str)] = &[
    (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<html></html>",
        "what answers at URL is not a registry",
    ),
    (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        "what answers at URL is not a registry",
    ),
    ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "URL answers 503 Service Unavailable"),
    ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "URL answers 404 Not Found"),
    (
        "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "URL redirects to URL/login, so it is no registry itself",
    ),
    (
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"router\"\r\nContent-Type: text/html\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n",
        "what answers at URL is not a registry",
    ),
    ("SSH-2.0-OpenSSH_9.2\r\n", "URL does not speak http"),
];

fn says(sandbox: &Sandbox, url: &str, why: &str) {
    let status = sandbox.run("reg-up", ["status", "-r", url]).code(0).json();
    assert_eq!(status["state"], "unhealthy");
    let reason = status["reason"].as_str().unwrap();
    assert!(reason.contains(why), "{reason}, not {why}");
    let health = sandbox.run("reg-test", ["all", "--write", "-r", url]).code(4).json();
    assert_eq!(health["checks"].as_array().unwrap().len(), 1, "nothing else is tried");
    assert_eq!(health["checks"][0]["outcome"], "fail");
    let detail = health["checks"][0]["detail"].as_str().unwrap();
    assert!(detail.contains(why), "{detail}, not {why}");
}

#[test]
fn other_programs_are_no_registry() {
    let sandbox = sandbox();
    for (answer, why) in STRANGERS {
        let url = format!("http://{}", answering("127.0.0.1:0", answer, Duration::ZERO));
        says(&sandbox, &url, &why.replace("URL", &url));
    }
}

#[test]
fn one_that_answers_a_byte_at_a_time_is_given_up() {
    let sandbox = sandbox();
    let url = format!("http://{}", answering("127.0.0.1:0", STRANGERS[0].0, Duration::from_secs(1)));
    says(&sandbox, &url, &format!("{url} does not answer, given up after 5 s"));
}

#[test]
fn waiting_for_a_registry_outlasts_what_is_there_before_it() {
    let sandbox = sandbox();
    let port = port::free();
    let url = format!("http://127.0.0.1:{port}");
    let waiting = spawn(&sandbox, "reg-test", &["health", "-r", &url, "--wait", "60s"]);
    std::thread::sleep(Duration::from_millis(500));
    sandbox.run("reg-up", ["start", "x", "--port", &port.to_string()]).code(0);
    let ran = ended(&sandbox, waiting).code(0);
    assert_eq!(ran.json()["summary"]["fail"], 0);
}

#[test]
fn a_port_of_somebody_else_is_refused_with_his_name() {
    let sandbox = sandbox();
    let address = answering("127.0.0.1:0", STRANGERS[0].0, Duration::ZERO);
    let refused = sandbox.run("reg-up", ["start", "x", "--port", &address.port().to_string()]).code(9);
    let text = format!("reg-up: error: cannot start \"x\": port {} is taken by ", address.port());
    assert!(refused.stderr.starts_with(&text), "{refused:?}");
    assert!(refused.stderr.contains(&format!("(pid {})", std::process::id())), "{refused:?}");
}

/// A registry that does not listen, on a port that somebody else gets meanwhile.
fn overtaken(sandbox: &Sandbox, port: u16) -> std::process::Child {
    let silent = crate::start::pretender(sandbox, "exec tail -n 0 -f \"$0\"");
    let port = port.to_string();
    let args = ["start", "slow", "--type", "distribution", "--binary", silent.to_str().unwrap(), "--port", &port, "--wait", "8s"];
    let starting = spawn(sandbox, "reg-up", &args);
    until("its process is written down", || sandbox.instance("slow").join("process.json").exists());
    starting
}

#[test]
fn whoever_takes_the_port_first_is_not_taken_for_ours() {
    let sandbox = sandbox();
    let port = port::free();
    let starting = overtaken(&sandbox, port);
    let page = answering(&format!("127.0.0.1:{port}"), STRANGERS[0].0, Duration::ZERO);
    let ran = ended(&sandbox, starting).code(4);
    let text = format!("it was not ready within 8 s: what answers at http://{page} is not a registry");
    assert!(ran.stderr.contains(&text), "{ran:?}");
    assert!(!sandbox.instance("slow").exists());
}

#[test]
fn not_even_when_it_is_a_registry() {
    let sandbox = sandbox();
    let port = port::free();
    let starting = overtaken(&sandbox, port);
    let mut other = sandbox.command(sandbox.path("bin/reg-up"));
    other.args(["serve", "--in-memory", "--port", &port.to_string()]).stderr(std::process::Stdio::null());
    let mut other = other.spawn().unwrap();
    let ran = ended(&sandbox, starting).code(9);
    let text = format!("it was not ready within 8 s: port {port} is taken by ");
    assert!(ran.stderr.contains(&text) && ran.stderr.contains(&format!("(pid {})", other.id())), "{ran:?}");
    assert!(!sandbox.instance("slow").exists());
    assert!(runs(other.id()), "the other one was not touched");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn an_instance_whose_port_somebody_else_has_is_not_running() {
    let sandbox = sandbox();
    let registry = sandbox.run("reg-up", ["start", "x", "--port", "0"]).code(0).json();
    sandbox.run("reg-up", ["stop", "x"]).code(0);
    answering(&format!("127.0.0.1:{}", port_of(&registry)), STRANGERS[0].0, Duration::ZERO);
    let status = sandbox.run("reg-up", ["status", "x"]).code(0).json();
    assert_eq!((&status["state"], &status["reason"]), (&"stopped".into(), &serde_json::Value::Null));
}
