//! What a registry runs in: native processes and containers, their logs and their ports. Knows no registry type.
//!
//! A registry that we start outlives us, so nothing here is kept in memory: a [`process::Process`] is written to a file and
//! recognised again, a container is found by its labels ([`owner::Owner`]), a [`log`] is a folder of files or what the [`Engine`] kept, a
//! [`port`] is asked of the system.

mod connect;
pub mod container;
mod errand;
mod fault;
mod image;
pub mod log;
mod output;
pub mod owner;
pub mod port;
pub mod process;
pub mod spec;

pub use connect::{Engine, NAMES, Places};
pub use image::Image;
