//! Ports for tests that must name one before anybody listens there.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below what systems hand out to those who ask for any port: neither another test's `--port 0` nor a connection can take one of these.
const FIRST: u16 = 12_000;
const MANY: u16 = 20_000;

/// How many were looked at.
static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port of 127.0.0.1 that nobody listens on. No two calls of a process get the same one, and other processes begin elsewhere.
///
/// # Panics
/// When all are taken.
#[must_use]
pub fn free() -> u16 {
    let [low, high, ..] = std::process::id().to_le_bytes();
    let start = u16::from_le_bytes([low, high]).wrapping_mul(97) % MANY;
    for _ in 0..MANY {
        let next = NEXT.fetch_add(1, Ordering::Relaxed) % MANY;
        let port = FIRST + (start + next) % MANY;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("all ports from {FIRST} to {} are taken", FIRST + MANY);
}
