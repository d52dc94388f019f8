//! What a command is about: an instance of ours, a registry that a mode adopts, or one that is merely known by its URL.

use reg_shared::cli::{Context, Target};
use reg_shared::document::Registry;
use reg_shared::error::{Error, Result};
use reg_shared::instance::Instance;

use crate::cli::SubjectArgs;

/// The registry that NAME or `-r` says; by NAME only instances are found.
pub(crate) fn target(context: &Context, args: &SubjectArgs) -> Result<Target> {
    match &args.name {
        Some(name) => context.instance(&name.parse()?),
        None => context.target(&args.registry_args()),
    }
}

/// The instance that NAME or `-r` says.
///
/// # Errors
/// [`reg_shared::exit::Exit::Unsupported`] for a registry that reg-up did not start.
pub(crate) fn instance(context: &Context, args: &SubjectArgs, what: &str) -> Result<(Instance, Registry)> {
    let target = target(context, args)?;
    match target.instance {
        Some(instance) => Ok((instance, target.registry)),
        None => Err(Error::unsupported(format!("cannot {what} {}: reg-up did not start it", target.registry.title()))
            .hint("`reg-up list` shows what it started")),
    }
}
