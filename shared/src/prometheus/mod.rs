//! Prometheus' formats as values: what a registry tells about itself, and what Prometheus is told about a registry.
//!
//! Text in, values out; fetches nothing and knows no registry.

mod text;
mod watch;

pub use text::{Sample, Samples};
pub use watch::{Endpoint, Watched};
