//! Whole programs: what a user types, what they see, what is left behind. One module a behaviour.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report, in its helpers too")]

mod certificates;
mod client;
mod crash;
mod generated;
mod lifecycle;
mod live;
mod process;
mod random;
mod start;
mod tls;
mod usage;

use reg_tests::sandbox::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::new(env!("CARGO_BIN_EXE_reg-multicall"))
}
