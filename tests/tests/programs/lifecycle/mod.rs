//! What becomes of a registry that runs: its status, its log, its end, its garbage; and the embedded server in the foreground.

mod garbage;
mod log;
mod metrics;
mod process;
mod removal;
mod render;
mod serve;
mod status;
mod targets;

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

/// Starts an instance on any free port; its document.
fn start(sandbox: &Sandbox, name: &str) -> Value {
    sandbox.run("reg-up", ["start", name, "--port", "0"]).code(0).json()
}

/// The status of an instance.
fn status(sandbox: &Sandbox, name: &str) -> Value {
    sandbox.run("reg-up", ["status", name]).code(0).json()
}

/// The registry of a document of its own, as other documents carry it.
fn carried(registry: &Value) -> Value {
    let mut registry = registry.clone();
    for field in ["schema", "kind"] {
        registry.as_object_mut().unwrap().shift_remove(field);
    }
    registry
}
