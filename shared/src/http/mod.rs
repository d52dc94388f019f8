//! One HTTP client: TLS roots, timeouts, retries, redirects by our own rules, capped bodies, no cookies.
//!
//! The rules, whoever calls:
//! - HTTP/1.1 only; Go registries serve blobs twice as fast over it as over HTTP/2.
//! - A credential goes to the origin (scheme, host and port) it was given for. A redirect to another origin loses it for good, a
//!   redirect from https to http is refused, and so is one from the network into this machine or its link-local neighbourhood.
//! - Nothing waits for ever: connecting, an answer, the next bytes each have a limit. A blob as a whole has none.
//! - What is read into memory has a cap.
//! - URLs are shown redacted, headers never. Nothing is printed: an [`Observer`] is told of every exchange.
//!
//! Knows nothing of OCI.

mod client;
mod fault;
mod options;
mod origin;
mod outgoing;
mod redirect;
mod request;
mod response;
mod retry;
mod words;

pub use ::http::{HeaderValue, Method, StatusCode, header};
pub use client::Client;
pub use options::{Event, Observer, Options, Timeouts};
pub use origin::{Origin, redacted, trespasses};
pub use redirect::target;
pub use request::{Body, ByteStream, Request};
pub use reqwest::Url;
pub use response::Response;
pub use retry::{Retry, is_transient};
pub use words::says;
