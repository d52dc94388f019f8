//! What a registry's own program says to a configuration.

use std::io::Write as _;
use std::path::Path;

use super::Registry;
use super::plan::{ask, run};
use crate::error::{Error, Result};
use crate::lint::{Format, Reader};
use crate::version::Version;
use crate::{distribution, zot};

impl Registry {
    /// The format of its configuration file, when it has one that is known here.
    #[must_use]
    pub fn format(self) -> Option<Format> {
        match self {
            Self::Zot => Some(Format::Zot),
            Self::Distribution => Some(Format::Distribution),
            Self::Embedded | Self::Harbor | Self::Oci => None,
        }
    }

    /// The argument that makes its program check the configuration named behind it and end, with code 0 when it is right; none for one
    /// that has no such check.
    #[must_use]
    pub fn check(self) -> Option<&'static str> {
        match self {
            Self::Zot => Some(zot::VERIFY),
            Self::Distribution | Self::Embedded | Self::Harbor | Self::Oci => None,
        }
    }
}

/// A configuration that zot does not take; `words` are its own.
pub(super) fn not_taken(words: &str) -> Error {
    Error::input(format!("zot does not take the configuration: {words}"))
}

/// The same, out of all that [`Registry::check`] made it print.
#[must_use]
pub fn refused(told: &str) -> Error {
    not_taken(&zot::complaint(told))
}

/// Who will read a configuration: this program, with its release, its extensions and the keys that it tells itself.
///
/// # Errors
/// When the program cannot be run, or is another.
pub async fn reader(format: Format, program: &Path) -> Result<Reader> {
    let another = |fault: Error| fault.context(format!("{} is not {}", program.display(), format.name()));
    match format {
        Format::Zot => {
            let build = zot::Build::parse(&ask(program, zot::VERSION).await?).map_err(another)?;
            zot_reader(&build, Some(program)).await
        }
        Format::Distribution => {
            let version = distribution::parse_version(&ask(program, distribution::VERSION).await?).map_err(another)?;
            Ok(Reader::new(format, Some(version)))
        }
    }
}

/// The same of a zot that was asked already. Without its program, which is in an image, it tells no keys itself.
pub(super) async fn zot_reader(build: &zot::Build, program: Option<&Path>) -> Result<Reader> {
    let mut reader = Reader::new(Format::Zot, build.version);
    if build.version.is_some() {
        reader.extensions = Some(build.extensions.clone());
    }
    if build.version.is_none_or(|version| version >= Version::new(2, 1, 16))
        && let Some(program) = program
        && let Ok((0, schema)) = run(program, &[zot::SCHEMA.as_ref()]).await
        && let Some(start) = schema.find('{')
        && let Ok(with) = reader.clone().with_schema(schema[start..].trim_end())
    {
        return Ok(with);
    }
    Ok(reader)
}

/// Has zot check a configuration: its words when it refuses. Files that the configuration names need not be there, but for those with
/// credentials. Other programs have no such check.
///
/// # Errors
/// When the program cannot be run.
pub async fn verify(format: Format, program: &Path, text: &str) -> Result<Option<String>> {
    if format != Format::Zot {
        return Ok(None);
    }
    let cannot = |fault| Error::io("cannot write a temporary file", fault);
    let suffix = if crate::yaml::is_json(text) { ".json" } else { ".yaml" };
    // 0600 from its first moment: there may be secrets in it.
    let mut file = tempfile::Builder::new().prefix("reg-verify-").suffix(suffix).tempfile().map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    let (code, told) = run(program, &[zot::VERIFY.as_ref(), file.path().as_ref()]).await?;
    Ok((code != 0).then(|| zot::complaint(&told)))
}
