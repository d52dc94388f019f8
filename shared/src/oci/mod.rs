//! The distribution protocol, by the OCI distribution spec 1.1. Knows no vendor.
//!
//! The wire is described once, as data: [`endpoint::Request`] is what can be asked, [`code::Code`] what can go wrong, [`media`] the
//! media types, [`manifest`] a reading view of raw bytes. The client in here and the embedded server both use these, so neither
//! can drift from the other.
//!
//! [`Client`] has the operations; each file behind it holds those of one kind of object.

pub mod code;
pub mod endpoint;
pub mod image;
pub mod manifest;
pub mod media;

mod answer;
mod blobs;
mod client;
mod content;
mod hashed;
mod link;
mod list;
mod manifests;
mod pages;
mod pull;
mod push;
mod referrers;
mod session;
mod untag;

pub use blobs::BlobHead;
pub use client::{Client, Document, Options, Ping};
pub use content::Content;
pub use manifests::{ManifestHead, Resolved};
pub use pages::Pages;
pub use pull::Blob;
pub use push::Put;
pub use referrers::fallback_tag;
