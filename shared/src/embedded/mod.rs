//! The embedded registry server: a small, complete registry for laptops, CI and tests.
//!
//! It speaks the OCI distribution spec 1.1 (and what 1.2-dev adds), keeps blobs once for all repositories in a folder whose
//! [`layout`] is one page, or in memory, and needs nothing but that. What it is not: replicated, quota-keeping, scanning. For
//! more there are zot, Distribution and Harbor.
//!
//! In reading order: `layout` (the folder), `files` (disk or memory), `store` (the rules), `garbage`, then the way of a request:
//! `server`, `certificates`, `connection`, `registry`, `login`, `policy`, `stamp`, `arrival`, `api` with `uploads`, `answer`, `log` and `metrics`; `admin` is what
//! operators ask.
//!
//! ```no_run
//! # async fn example() -> reg_shared::error::Result<()> {
//! use reg_shared::embedded::{Data, Options, Server};
//!
//! let server = Server::bind(Options::new(([127, 0, 0, 1], 0).into(), Data::Memory)).await?;
//! let address = server.address();
//! server.run(async { /* until this is done */ }).await
//! # }
//! ```

mod admin;
mod answer;
mod api;
mod arrival;
mod certificates;
mod connection;
mod files;
mod garbage;
pub mod layout;
mod log;
mod login;
mod metrics;
mod policy;
mod registry;
mod server;
mod stamp;
mod store;
mod uploads;

pub use crate::document::Swept;
pub use admin::{COLLECT_PATH, HEALTH_PATH, METRICS_PATH, token_file};
pub use arrival::Pace;
pub use garbage::{CollectOptions, collect_garbage};
pub use log::Log;
pub use registry::SERVER_NAME;
pub use server::{Data, Limits, Options, Server};
