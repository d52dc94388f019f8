//! The distribution protocol, by the OCI distribution spec 1.1. Knows no vendor.
//!
//! The wire is described once, as data: [`endpoint::Request`] is what can be asked, [`code::Code`] what can go wrong, [`media`] the
//! media types, [`manifest`] a reading view of raw bytes. The client in here and the embedded server both use these, so neither
//! can drift from the other.

pub mod code;
pub mod endpoint;
pub mod manifest;
pub mod media;
