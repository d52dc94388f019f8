//! Whole programs: what a user types, what they see, what is left behind. One module a behaviour.

mod generated;
mod usage;

use reg_tests::sandbox::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::new(env!("CARGO_BIN_EXE_reg-multicall"))
}
