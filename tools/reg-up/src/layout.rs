//! The layout that a registry begins with, and its administrator.
//!
//! A layout given again is laid over the one that is there, which reg-init and reg-ns have changed since: what it does not name stays.
//! With a layout somebody must be able to log in and set the registry up, so an administrator with a generated password is made.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use reg_shared::cli::Context;
use reg_shared::converge;
use reg_shared::document::CredentialReference;
use reg_shared::error::{Error, Result};
use reg_shared::htpasswd::{self, Text};
use reg_shared::instance::{ADMIN_PASSWORD, LAYOUT, Settings};
use reg_shared::layout::{ADMIN, Layout, merge};
use reg_shared::registry::Laid;
use reg_shared::secret::Secret;

use crate::cli::SettingsArgs;
use crate::settings::{Files, HTPASSWD, read};

/// Lays the layout of the flags over the settings. `dir` is the folder of the instance that is there.
///
/// # Errors
/// A layout that is not understood.
pub(crate) fn lay_over(
    context: &Context,
    args: &SettingsArgs,
    dir: Option<&Path>,
    settings: &mut Settings,
    files: &mut Files,
) -> Result<()> {
    let stored = if settings.layout { dir.map(|dir| of(dir, files)).transpose()? } else { None };
    if let Some(path) = &args.layout {
        let wanted = context.layout(path)?;
        let layout = merge(&stored.clone().unwrap_or_default(), &wanted, false, Some(ADMIN)).with_admin(ADMIN);
        layout.check().map_err(|fault| Error::input(format!("{}: {fault}", path.display())))?;
        if stored.as_ref() != Some(&layout) {
            files.push((LAYOUT, layout.to_text().into_bytes()));
        }
        settings.layout = true;
    }
    if settings.layout && !settings.htpasswd && args.layout.is_none() {
        return Err(Error::usage("without users nobody could use a registry that has a layout")
            .hint("`--without layout,htpasswd` takes both away"));
    }
    if settings.layout { administrator(dir, settings, files) } else { Ok(()) }
}

/// Adds the administrator to the users, unless there is one of that name.
fn administrator(dir: Option<&Path>, settings: &mut Settings, files: &mut Files) -> Result<()> {
    let at = files.iter().position(|(name, _)| *name == HTPASSWD);
    let there = match (at, dir.filter(|_| settings.htpasswd)) {
        (Some(at), _) => files[at].1.clone(),
        (None, Some(dir)) => fs::read(dir.join(HTPASSWD)).unwrap_or_default(),
        (None, None) => Vec::new(),
    };
    let mut users = Text::parse(&there);
    settings.htpasswd = true;
    if users.get(ADMIN).is_some() {
        return Ok(());
    }
    // One that was made before is the one that documents already name.
    let kept = dir.and_then(|dir| fs::read_to_string(dir.join(ADMIN_PASSWORD)).ok()).map(Secret::from_line);
    let password = match kept {
        Some(password) => password,
        None => {
            let password = Secret::password()?;
            files.push((ADMIN_PASSWORD, format!("{}\n", password.expose()).into_bytes()));
            password
        }
    };
    users.set(ADMIN, &htpasswd::hash(&password, htpasswd::DEFAULT_COST)?);
    files.retain(|(name, _)| *name != HTPASSWD);
    files.push((HTPASSWD, users.to_bytes()));
    Ok(())
}

/// The layout that an instance will have: of the files that are copied in, else of its folder.
///
/// # Errors
/// When it cannot be read or understood.
pub(crate) fn of(dir: &Path, files: &Files) -> Result<Layout> {
    let path = dir.join(LAYOUT);
    let bytes = match files.iter().find(|(name, _)| *name == LAYOUT) {
        Some((_, bytes)) => bytes.clone(),
        None => read("the layout", &path)?,
    };
    Layout::parse(&String::from_utf8_lossy(&bytes), &path.display().to_string())
}

/// The layout that a registry is started with; its secrets only when it really is.
///
/// # Errors
/// Those of [`of`], and a header that cannot be read.
pub(crate) fn laid(context: &Context, dir: &Path, files: &Files, secrets: bool) -> Result<Laid> {
    let layout = of(dir, files)?;
    let headers = if secrets { converge::headers(context, &layout)? } else { BTreeMap::new() };
    Ok(Laid { file: dir.join(LAYOUT), layout, headers })
}

/// How the tools log in.
pub(crate) fn credential(dir: &Path, settings: &Settings) -> Option<CredentialReference> {
    let password_file = Some(dir.join(ADMIN_PASSWORD)).filter(|path| settings.layout && path.exists())?;
    Some(CredentialReference { username: ADMIN.to_owned(), password_file: Some(password_file), password_env: None })
}
