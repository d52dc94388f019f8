//! Prove that an OCI registry works.

fn main() -> std::process::ExitCode {
    reg_shared::cli::main(&reg_test::PROGRAM)
}
