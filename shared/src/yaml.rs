//! YAML text of values.
//!
//! The one place that names the YAML library. Programs of both YAML generations read what we write, so a text that either could
//! take for something else (`yes`, `0755`, `22:22`, `=`) is quoted.

use serde::Serialize;

use crate::error::{Error, Result};

/// The value as a YAML document.
///
/// # Errors
/// [`crate::exit::Exit::Input`] when the value cannot be written, such as a path that is not UTF-8.
pub(crate) fn to_string(value: &impl Serialize) -> Result<String> {
    serde_saphyr::to_string(value).map_err(|error| Error::input("cannot be written as YAML").caused_by(error))
}
