//! Prometheus' formats as values: what a registry tells about itself.
//!
//! Text in, values out; fetches nothing and knows no registry.

mod text;

pub use text::{Sample, Samples};
