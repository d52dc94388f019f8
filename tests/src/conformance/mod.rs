//! The checks of the OCI conformance suite, under the same names, for any registry.
//!
//! The suite is the Go program `conformance` of opencontainers/distribution-spec (at 967efdc, of July 2026). A run here makes the same
//! requests in the same order, gives every check the name the suite gives it, skips by the same rules and counts the same way, so
//! that the results of both can be compared line by line. What is pushed follows from a seed.
//!
//! It is stricter in four places, where the suite lets anything pass by a slip: a ping is answered 200, not just anything; an empty
//! blob is looked at by SHA-512 as it is by SHA-256; "bad digest chunked and put chunk" sends its last chunk in the PUT; where digest
//! headers are required, the answer to the PUT of a manifest has one too. Left out is what the suite offers beside its checks:
//! read-only registries with content of their own, a filter for names, reports as files.
//!
//! In reading order: `options` and `report` are what goes in and comes out; `client` and `login` send requests; `blob` and `manifest`
//! say what each is to be answered; `content` and `kinds` make what is pushed; `suite`, `blobs` and `contents` are the tree.

mod blob;
mod blobs;
mod client;
mod content;
mod contents;
mod kinds;
mod login;
mod manifest;
mod options;
mod report;
mod suite;

pub use options::{Options, Switch, Version};
pub use report::{Check, Outcome, Report};

/// Runs every check against the registry at `base_url` (`http://localhost:5000`).
///
/// # Errors
/// When there is nothing to run: the URL is none, or TLS cannot be set up. What a registry does wrong is in the report.
pub async fn run(base_url: &str, options: &Options) -> anyhow::Result<Report> {
    Ok(suite::Suite::new(client::Registry::new(base_url, options)?).all().await)
}
