//! What the tests stand on: the conformance checks, a hostile registry, a home for whole programs, live registries, the generator of
//! pages.

pub mod conformance;
pub mod docker;
pub mod hostile;
pub mod live;
pub mod manual;
pub mod mask;
pub mod port;
mod ran;
pub mod sandbox;
pub mod schemas;

use reg_shared::cli::Program;

/// All tools.
pub const PROGRAMS: [&Program; 6] =
    [&reg_certs::PROGRAM, &reg_init::PROGRAM, &reg_ns::PROGRAM, &reg_test::PROGRAM, &reg_up::PROGRAM, &reg_users::PROGRAM];
