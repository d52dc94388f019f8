//! Issue, check and renew TLS certificates.

fn main() -> std::process::ExitCode {
    reg_shared::cli::main(&reg_certs::PROGRAM)
}
