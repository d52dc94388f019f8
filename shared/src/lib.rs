//! What the reg tools share, as a library of its own.
//!
//! Modules in reading order; a module may use only those above it, which a test checks (`tests/tests/house/layers.rs`).

pub mod name;

pub mod exit;

pub mod error;

pub mod secret;

pub mod shell;

pub mod version;

mod duration;

pub mod size;

mod yaml;

pub mod document;

pub mod layout;

pub mod access;

pub mod retention;

pub mod tls;

pub mod http;

pub mod auth;

pub mod oci;

pub mod options;

pub mod zot;

pub mod distribution;

pub mod lint;

pub mod overlay;

pub mod advisory;

pub mod file;

pub mod htpasswd;

pub mod prometheus;

pub mod systemd;

pub mod engine;

pub mod compose;

pub mod embedded;

pub mod instance;

pub mod registry;

pub mod mode;

pub mod cli;

pub mod converge;
