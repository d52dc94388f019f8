//! What the tests of `reg` run against.

pub mod hostile;
