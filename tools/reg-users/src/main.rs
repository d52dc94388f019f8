//! Manage the users of htpasswd files and of the registries that read them.

fn main() -> std::process::ExitCode {
    reg_shared::cli::main(&reg_users::PROGRAM)
}
