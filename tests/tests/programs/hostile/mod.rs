//! reg-test against a registry that breaks and lies, and reg-up beside programs that are no registry.

mod faults;
mod interrupted;
mod stranger;
