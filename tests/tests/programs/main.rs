//! Whole programs: what a user types, what they see, what is left behind. One module a behaviour.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report, in its helpers too")]

mod adopted;
mod certificates;
mod certs;
mod client;
mod completions;
mod config;
mod configure;
mod crash;
mod credentials;
mod denied;
mod disk;
mod docker;
mod examples;
mod generated;
mod hostile;
mod init;
mod input;
mod lifecycle;
mod lint;
mod live;
mod messages;
mod ns;
mod output;
mod pipelines;
mod process;
mod random;
mod readme;
mod resolve;
mod schemas;
mod secrets;
mod start;
mod streams;
mod tls;
mod usage;
mod users;

use std::time::{Duration, Instant};

use reg_tests::sandbox::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::new(env!("CARGO_BIN_EXE_reg-multicall"))
}

/// A sandbox in which an embedded registry of this name runs.
fn with_instance(name: &str) -> Sandbox {
    let sandbox = sandbox();
    sandbox.run("reg-up", ["start", name, "--port", "0", "-q"]).code(0);
    sandbox
}

/// Waits until something is there, for a time that is enough on any machine.
fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "what was waited for did not happen within a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}
