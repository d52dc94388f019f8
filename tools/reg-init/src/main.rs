//! Converge an OCI registry to its layout.

fn main() -> std::process::ExitCode {
    reg_shared::cli::main(&reg_init::PROGRAM)
}
