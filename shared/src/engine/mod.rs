//! What a registry runs in: native processes, their logs and their ports. Knows no registry type.
//!
//! A registry that we start outlives us, so nothing here is kept in memory: a [`process::Process`] is written to a file and
//! recognised again, a [`log`] is a folder of files, a [`port`] is asked of the system.

pub mod log;
pub mod port;
pub mod process;
pub mod shell;
