//! TLS: which certificates are believed, what a certificate says, what a live server shows, and what a server of ours shows.
//!
//! Issues nothing (that is `reg-certs`).

pub mod algorithm;
pub mod certificate;
pub mod chain;
pub mod file;
pub mod handshake;
pub mod reason;
pub mod server;
pub mod trust;
