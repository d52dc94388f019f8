//! Start, stop and watch registries on this machine.

fn main() -> std::process::ExitCode {
    reg_shared::cli::main(&reg_up::PROGRAM)
}
