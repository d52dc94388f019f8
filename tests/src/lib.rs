//! What the tests of whole programs and of registries stand on.

pub mod conformance;
pub mod manual;
pub mod sandbox;

use reg_shared::cli::Program;

/// All tools.
pub const PROGRAMS: [&Program; 2] = [&reg_test::PROGRAM, &reg_up::PROGRAM];
