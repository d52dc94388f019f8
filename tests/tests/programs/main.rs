//! Whole programs: what a user types, what they see, what is left behind. One module a behaviour.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report, in its helpers too")]

mod adopted;
mod config;
mod generated;
mod input;
mod messages;
mod output;
mod process;
mod random;
mod resolve;
mod start;
mod streams;
mod usage;

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
