//! Users and robots of an htpasswd file: those who are new get a password, those who go are taken out.
//!
//! A generated password is in its file before its user is in the htpasswd file, and a file that is there already is used: whatever kills a
//! run in between, the next one makes the same user with the same password.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::{Managed, Planned};
use crate::cli::{Context, read_password_file, read_reference};
use crate::error::{Error, Result};
use crate::file::{File, How};
use crate::htpasswd::{self, Text};
use crate::layout::{Layout, Verb};
use crate::name::quoted;
use crate::registry::MARK;
use crate::secret::Secret;

/// What became of the users.
#[derive(Debug)]
pub(super) struct Users {
    /// The htpasswd file as it will be.
    pub(super) text: Vec<u8>,
    /// The files with generated passwords, of those who are new.
    pub(super) generated: Vec<PathBuf>,
}

/// Works out the htpasswd file; writes the files of generated passwords into `folder`.
///
/// # Errors
/// A password that cannot be read or taken; no folder for one that must be generated.
pub(super) async fn users(context: &Context, managed: &Managed, planned: &Planned, folder: Option<&Path>) -> Result<Users> {
    let htpasswd = managed.htpasswd.as_ref().ok_or_else(|| no_file(managed))?;
    let there = htpasswd.read()?.unwrap_or_default();
    let mut text = Text::parse(&there);
    let marks = Text::parse(&there);
    // What a killed program left.
    for mark in marks.users().filter(|user| user.name_text().starts_with(MARK)) {
        text.remove(&mark.name_text());
    }
    let mut generated = Vec::new();
    let gone = planned.changes.iter().filter(|change| change.verb == Verb::Remove && matches!(&*change.object, "user" | "robot"));
    for change in gone {
        text.remove(&change.name);
    }
    let mut hashed = Vec::new();
    for name in planned.newcomers() {
        let password = match given(context, &planned.after, name)? {
            Some(password) => password,
            None => {
                let file = file_of(managed, folder, name)?;
                let password = if file.exists() { read_password_file(&file)? } else { keep(&file)? };
                generated.push(file);
                password
            }
        };
        let about = |fault: Error| fault.context(format!("cannot take the password of {}", quoted(name)));
        htpasswd::check_password(&password).map_err(about)?;
        let hash = tokio::task::spawn_blocking(move || htpasswd::hash(&password, htpasswd::DEFAULT_COST));
        hashed.push((name, hash));
    }
    for (name, hash) in hashed {
        let hash = context
            .interrupt
            .or(async { hash.await.map_err(|fault| Error::failed("hashing broke off").caused_by(fault))? })
            .await?;
        text.set(name, &hash);
    }
    Ok(Users { text: text.to_bytes(), generated })
}

/// The password that the layout refers to.
fn given(context: &Context, layout: &Layout, name: &str) -> Result<Option<Secret>> {
    let user = layout.users.iter().find(|user| user.name == name).map(|user| (&user.password_file, &user.password_env));
    let robot = layout.robots.iter().find(|robot| robot.name == name).map(|robot| (&robot.secret_file, &robot.secret_env));
    let Some((file, variable)) = user.or(robot) else { return Ok(None) };
    let what = format!("the password of {}", quoted(name));
    context.interrupt.reading(|| read_reference(file.as_deref(), variable.as_deref(), &what))
}

/// The file that a generated password is or will be in.
fn file_of(managed: &Managed, folder: Option<&Path>, name: &str) -> Result<PathBuf> {
    if name.contains('/') || name.len() > 200 {
        return Err(Error::input(format!("the password of {} cannot be kept in a file of that name", quoted(name)))
            .hint("refer to a password with `passwordFile` or `passwordEnv`"));
    }
    let folder = folder.or(managed.folder()).ok_or_else(|| {
        Error::usage(format!("there is no place for the generated password of {}", quoted(name)))
            .hint("--out DIR names a folder; or the layout refers to a password with `passwordFile` or `passwordEnv`")
    })?;
    Ok(folder.join(format!("{name}.password")))
}

/// Generates a password and keeps it in a file, 0600 from its first moment.
fn keep(path: &Path) -> Result<Secret> {
    let cannot = |fault| Error::output(format!("cannot keep a password in {}", path.display()), fault);
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(cannot)?;
    }
    let password = Secret::password()?;
    let line = zeroize::Zeroizing::new(format!("{}\n", password.expose()));
    let file = File::find(path)?;
    file.recover()?;
    file.write(None, line.as_bytes(), How { in_place: false, mode: 0o600 })?;
    Ok(password)
}

fn no_file(managed: &Managed) -> Error {
    Error::unsupported(format!("cannot add users to {}: its htpasswd file is not known", managed.registry.title()))
        .hint("`htpasswd` in its mode of the config file names it")
}
