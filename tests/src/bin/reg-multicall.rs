//! Every tool in one binary, by the name it is called by.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let called = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&called).file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    match reg_tests::PROGRAMS.iter().find(|program| program.name == name) {
        Some(program) => reg_shared::cli::main(program),
        None => ExitCode::from(127),
    }
}
