//! TLS: certificates from files and documents, the address that clients should use, and what is said of certificates that nobody
//! believes.

mod certificate;
mod host;
mod trust;

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

/// Starts an instance with the certificate and key of this name; its document.
fn start(sandbox: &Sandbox, name: &str, more: &[&str]) -> Value {
    let (cert, key) = (format!("{name}.crt"), format!("{name}.key"));
    let args = ["start", "x", "--port", "0", "--cert", &cert, "--key", &key];
    sandbox.run("reg-up", args.iter().chain(more)).code(0).json()
}

/// A row of a report.
fn row(report: &Value, name: &str) -> (String, String) {
    let row = report["checks"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{report:#}"));
    (row["outcome"].as_str().unwrap().to_owned(), row["detail"].as_str().unwrap().to_owned())
}
