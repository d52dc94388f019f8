//! The embedded registry over real HTTP, on disk and in memory.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test a panic is the report, in its helpers too")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "and what it printed is shown with it")]

mod harness;
mod process;

mod bad_requests;
mod blobs;
mod catalog;
mod crash;
mod garbage;
mod logins;
mod manifests;
mod memory;
mod operators;
mod referrers;
mod slow_clients;
mod tls;
mod uploads;
