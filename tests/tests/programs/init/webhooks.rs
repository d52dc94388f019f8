//! Webhooks: whoever the layout names is told of a push, with the header that only they know.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use reg_tests::live;

use super::{Http, changes, effect, generated};
use crate::live::Real;
use crate::process::pid;
use crate::sandbox;

/// Somebody who is told: the address, and what comes.
fn listener() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/told", listener.local_addr().unwrap());
    let (sender, told) = mpsc::channel();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { return };
            let sender = sender.clone();
            std::thread::spawn(move || {
                let _ = connection.set_read_timeout(Some(Duration::from_millis(500)));
                let (mut request, mut piece) = (Vec::new(), [0; 4096]);
                while let Ok(length @ 1..) = connection.read(&mut piece) {
                    request.extend_from_slice(&piece[..length]);
                }
                let _ = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = sender.send(String::from_utf8_lossy(&request).into_owned());
            });
        }
    });
    (address, told)
}

/// Waits until it is told of something.
fn told_of(told: &mpsc::Receiver<String>, what: &str) -> String {
    let mut all = Vec::new();
    loop {
        match told.recv_timeout(Duration::from_secs(30)) {
            Ok(request) if request.contains(what) => return request,
            Ok(request) => all.push(request),
            Err(_) => panic!("nobody was told of {what}: {all:#?}"),
        }
    }
}

fn a_push_is_told(real: &Real) {
    let sandbox = sandbox();
    let (address, told) = listener();
    sandbox.write("plain.yaml", "namespaces: [{name: team}]\n");
    sandbox.write("header", "Bearer let-me-in\n");
    sandbox.write(
        "team.yaml",
        format!(
            "namespaces: [{{name: team}}]\nwebhooks: [{{name: ci, url: '{address}', events: [push, delete], headerFile: header}}]\n"
        ),
    );
    let registry = real.start(&sandbox, &["--layout", "plain.yaml", "-q"]);
    let before = pid(&sandbox, "x");
    let ran = sandbox.line("reg-init apply -r x --layout team.yaml -q").code(0);
    assert_eq!(changes(&ran.json()), ["create webhook ci"]);
    let why = if registry["type"] == "zot" {
        "it reads whom it tells only when it starts"
    } else {
        "it reads its configuration only when it starts"
    };
    assert_eq!(effect(&ran), format!("1 change: it was restarted: {why}"));
    assert_ne!(pid(&sandbox, "x"), before);
    for text in [&ran.stdout, &ran.stderr, &std::fs::read_to_string(sandbox.instance("x").join("layout.json")).unwrap()] {
        assert!(!text.contains("let-me-in"), "{text}");
    }
    let http = Http::of(&registry);
    let admin = generated(&sandbox, "x", "admin");
    assert_eq!(http.push(Some(("admin", &admin)), "team/app", "v1", "x").1, 201);
    let event = told_of(&told, "team/app");
    assert!(event.to_lowercase().contains("authorization: bearer let-me-in"), "{event}");
    sandbox.line("reg-init apply -r x --layout team.yaml -q --detailed-exitcode").code(0);
    // It goes as it came.
    let gone = sandbox.line("reg-init apply -r x --layout plain.yaml --prune -q").code(0);
    assert_eq!(changes(&gone.json()), ["remove webhook ci"]);
    assert_eq!(http.push(Some(("admin", &admin)), "team/later", "v1", "y").1, 201);
    while let Ok(request) = told.recv_timeout(Duration::from_secs(2)) {
        assert!(!request.contains("team/later"), "{request}");
    }
}

#[test]
fn distribution() {
    Real::find("distribution", live::DISTRIBUTION).iter().for_each(a_push_is_told);
}

#[test]
fn distribution3() {
    Real::find("distribution", live::DISTRIBUTION3).iter().for_each(a_push_is_told);
}

#[test]
fn zot() {
    Real::find("zot", live::ZOT).iter().for_each(a_push_is_told);
}

#[test]
fn the_embedded_registry_tells_nobody_and_says_so() {
    let sandbox = crate::with_instance("dev");
    sandbox.write("team.yaml", "namespaces: []\nwebhooks: [{name: ci, url: 'https://ci.example'}]\n");
    let plan = sandbox.line("reg-init plan -r dev --layout team.yaml").code(0).json();
    assert_eq!(
        plan["gaps"],
        serde_json::json!([{"object": "webhook", "name": "ci", "field": "url", "reason": "the embedded registry tells nobody"}])
    );
}
