//! The house rules that a machine can check: each failure says what to do.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report, in its helpers too")]

mod files;
mod layers;
mod source;
