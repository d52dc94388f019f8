//! What the reg tools share, as a library of its own.
//!
//! Modules in reading order; a module may use only those above it, which a test checks (`tests/tests/layers.rs`).

pub mod name;

pub mod secret;

pub mod exit;

pub mod error;

pub mod tls;

pub mod http;

pub mod auth;

pub mod oci;
