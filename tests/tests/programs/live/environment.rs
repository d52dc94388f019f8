//! Variables that mean something to a real registry mean nothing to one that reg-up starts.

use super::{Real, with_each_registry};
use crate::sandbox;

with_each_registry!(nothing_leaks_in);

fn nothing_leaks_in(real: &Real) {
    let sandbox = sandbox();
    let mut command = sandbox.command(sandbox.path("bin/reg-up"));
    command
        .args(real.arguments(&[]))
        .env("REGISTRY_STORAGE_DELETE_ENABLED", "false")
        .env("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", sandbox.path("wrong"))
        .env("REGISTRY_HTTP_ADDR", "127.0.0.1:1")
        .env("REGISTRY_HTTP_SECRET", "known to everybody")
        .env("REGISTRY_AUTH", "silly")
        .env("REGISTRY_AUTH_SILLY_REALM", "silly")
        .env("REGISTRY_AUTH_SILLY_SERVICE", "silly")
        .env("OTEL_TRACES_EXPORTER", "otlp");
    let registry = sandbox.finish(command, "").code(0).json();
    // Cleaning up deletes.
    let report = sandbox.run_with("reg-test", ["push-pull", "-r", "-"], &registry.to_string()).code(0).json();
    let last = report["checks"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["name"], &last["outcome"]), (&"clean-up".into(), &"pass".into()), "{report:#}");
    assert!(!sandbox.path("wrong").exists());
}
