//! Look after what is in an OCI registry: repositories, tags, manifests.

fn main() -> std::process::ExitCode {
    reg_shared::cli::main(&reg_ns::PROGRAM)
}
