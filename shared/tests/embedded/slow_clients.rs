//! Clients that take their time: they are cut off, and nobody else notices.

use std::time::Duration;

use reg_shared::embedded::{Data, Limits, Options, Pace};
use reg_shared::name::Digest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::harness::{REPO, Running, noise};

/// Longer than any limit of these tests, however slow the machine is.
const LONG: Duration = Duration::from_secs(60);

/// A server of little patience.
async fn impatient(connections: usize) -> Running {
    let mut options = Options::new(([127, 0, 0, 1], 0).into(), Data::Memory);
    let pace = Pace { window: Duration::from_secs(2), bytes: 1000 };
    options.limits = Limits { connections, head: Duration::from_secs(2), pace, ..Limits::default() };
    Running::with(options).await
}

async fn connect(registry: &Running) -> TcpStream {
    TcpStream::connect(registry.url.trim_start_matches("http://")).await.unwrap()
}

/// Sends a piece every tenth of a second until the server has had enough, and returns what it said.
async fn drip(mut stream: TcpStream, piece: &[u8]) -> String {
    let mut answer = Vec::new();
    let dripping = async {
        loop {
            tokio::select! {
                read = stream.read_buf(&mut answer) => if matches!(read, Ok(0) | Err(_)) { break },
                () = tokio::time::sleep(Duration::from_millis(100)) => if stream.write_all(piece).await.is_err() { break },
            }
        }
    };
    tokio::time::timeout(LONG, dripping).await.expect("it is never cut off");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_end_is_cut_off() {
    let registry = impatient(10).await;
    let mut stream = connect(&registry).await;
    stream.write_all(b"GET /v2/ HTTP/1.1\r\n").await.unwrap();
    assert_eq!(drip(stream, b"x: y\r\n").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_is_cut_off_and_kept_as_far_as_it_came() {
    let registry = impatient(10).await;
    let location = registry.start_upload(REPO).await;
    let mut stream = connect(&registry).await;
    let head = format!("PATCH {location} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = drip(stream, b"x").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("the body comes too slowly"), "{answer}");
    let range = registry.get(&location).await.expect(204).header("range").to_owned();
    assert!(range.starts_with("0-"), "{range}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_keeps_pace_may_take_long() {
    let registry = impatient(10).await;
    let bytes = noise(1, 12_000);
    let digest = Digest::sha256(&bytes);
    let mut stream = connect(&registry).await;
    let head = format!("POST /v2/{REPO}/blobs/uploads/?digest={digest} HTTP/1.1\r\nHost: x\r\nContent-Length: 12000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    // Longer than the window in all, but never nearly as long without progress.
    for piece in bytes.chunks(1000) {
        stream.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(220)).await;
    }
    let mut answer = vec![0; 13];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 201 ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_cut_off() {
    let registry = impatient(10).await;
    let digest = registry.push_blob(REPO, &noise(2, 32 << 20)).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(registry.url.trim_start_matches("http://").parse().unwrap()).await.unwrap();
    stream.write_all(format!("GET /v2/{REPO}/blobs/{digest} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
    let cut = async {
        loop {
            let lines = registry.lines.lock().unwrap().join("\n");
            if lines.contains(r#""method":"GET""#) {
                return lines;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(LONG, cut).await.expect("it is never cut off");
    let mut got = Vec::new();
    drop(stream.read_to_end(&mut got).await);
    assert!(got.len() < 32 << 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_hold_nobody_else_up() {
    let registry = impatient(8).await;
    // More than there are places for.
    let mut slow = Vec::new();
    for _ in 0..24 {
        let mut stream = connect(&registry).await;
        stream.write_all(b"GET /v2/ HTTP/1.1\r\n").await.unwrap();
        slow.push(tokio::spawn(drip(stream, b"x: y\r\n")));
    }
    tokio::time::timeout(LONG, registry.get("/v2/")).await.expect("nobody is served").expect(200);
    for slow in slow {
        slow.await.unwrap();
    }
}
