//! Certificates and what is made of them.

pub mod server;
