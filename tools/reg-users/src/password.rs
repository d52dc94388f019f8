//! New passwords: given, or generated and kept where they are found again.
//!
//! A generated password is safe before the file that needs it changes: written out in full, flushed, under a name of its own; it gets its
//! right name when the change is done, and is gone when the change failed.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::htpasswd;
use reg_shared::name::quoted;
use reg_shared::secret::Secret;
use reg_shared::shell;
use tempfile::NamedTempFile;

use crate::cli::NewPasswordArgs;

/// The password of one user, and what is still to be done with it.
pub(crate) struct NewPassword {
    pub(crate) secret: Secret,
    pub(crate) show: bool,
    pub(crate) kept: Option<Kept>,
}

impl NewPasswordArgs {
    /// Refuses what would lose a generated password, before anything else is done.
    ///
    /// # Errors
    /// [`Exit::Usage`].
    pub(crate) fn check(&self, context: &Context) -> Result<()> {
        if self.generate && !self.show && self.out.is_none() {
            return Err(Error::usage("nobody would get to know the generated password")
                .hint("--show prints it, --out DIR keeps it in a file"));
        }
        if self.show { may_show(context) } else { Ok(()) }
    }

    /// Takes, asks for or generates the password.
    ///
    /// # Errors
    /// A password that bcrypt would not take whole; a file of that name in DIR, unless it may be `replaced`.
    pub(crate) async fn get(&self, context: &Context, user: &str, replace: bool) -> Result<NewPassword> {
        if !self.generate {
            let secret = context.new_password(&self.given, user).await.map_err(|fault| match fault.kind() {
                Exit::Usage => fault.hint("add --password-stdin, --password-file FILE, --password-env VARIABLE or --generate"),
                _ => fault,
            })?;
            htpasswd::check_password(&secret)?;
            return Ok(NewPassword { secret, show: false, kept: None });
        }
        let secret = Secret::password()?;
        let kept = self.out.as_deref().map(|dir| Kept::stage(context, dir, user, &secret, replace)).transpose()?;
        Ok(NewPassword { secret, show: self.show, kept })
    }
}

/// Whether secrets may be printed: never where a document is expected.
///
/// # Errors
/// [`Exit::Usage`].
pub(crate) fn may_show(context: &Context) -> Result<()> {
    if context.output.wraps_files() {
        return Err(Error::usage("--show prints a password as raw text, never in a document")
            .hint("leave out -o and REG_OUTPUT, or keep the password with --out DIR"));
    }
    Ok(())
}

/// The file that a user's generated password is or will be in.
///
/// # Errors
/// [`Exit::Usage`] for a name that cannot be a file's.
pub(crate) fn file_of(context: &Context, dir: &Path, user: &str) -> Result<PathBuf> {
    if user.contains('/') || user.len() > 200 {
        return Err(Error::usage(format!("the password of {} cannot be kept in a file of that name", quoted(user)))
            .hint("give it a password with --password-file, --password-env or --password-stdin"));
    }
    Ok(context.absolute(dir)?.join(format!("{user}.password")))
}

/// A password in a file that does not have its name yet.
pub(crate) struct Kept {
    file: NamedTempFile,
    pub(crate) path: PathBuf,
    replace: bool,
}

impl Kept {
    /// Writes the password into DIR, which is made for its owner only.
    ///
    /// # Errors
    /// [`Exit::Conflict`] when the file is there and must not be replaced; when it cannot be written.
    pub(crate) fn stage(context: &Context, dir: &Path, user: &str, password: &Secret, replace: bool) -> Result<Self> {
        let path = file_of(context, dir, user)?;
        if !replace && path.exists() {
            return Err(taken(&path));
        }
        let cannot = |fault| Error::output(format!("cannot keep the password in {}", path.display()), fault);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(cannot)?;
        let mut file = tempfile::Builder::new()
            .prefix(&format!(".{user}.password-"))
            .permissions(Permissions::from_mode(0o600))
            .tempfile_in(dir)
            .map_err(cannot)?;
        let mut write = || {
            file.write_all(password.expose().as_bytes())?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()
        };
        write().map_err(cannot)?;
        Ok(Self { file, path, replace })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When somebody was faster; then the password stays in the file that it is in, and the error names it.
    pub(crate) fn finish(self) -> Result<PathBuf> {
        let Self { file, path, replace } = self;
        let named = if replace { file.persist(&path) } else { file.persist_noclobber(&path) };
        match named {
            Ok(_) => Ok(path),
            Err(fault) => {
                let why = if fault.error.kind() == ErrorKind::AlreadyExists {
                    taken(&path)
                } else {
                    Error::io(format!("cannot write {}", path.display()), fault.error)
                };
                let kept = fault.file.keep().map(|(_, kept)| kept.display().to_string()).unwrap_or_default();
                Err(why.hint(format!("the password is in {kept}")))
            }
        }
    }
}

/// Gives all files their names, also when one of them cannot have its own; tells where each is, by what it came with.
///
/// # Errors
/// The first of [`Kept::finish`].
pub(crate) fn finish_all<K>(all: impl IntoIterator<Item = (K, Kept)>) -> Result<Vec<(K, PathBuf)>> {
    let finished: Vec<_> = all.into_iter().map(|(key, kept)| kept.finish().map(|path| (key, path))).collect();
    finished.into_iter().collect()
}

fn taken(path: &Path) -> Error {
    Error::conflict(format!("{} is there already, and may be the password of another registry", path.display()))
        .hint(format!("take it with --password-file {}, or another folder with --out", shell::word(path.as_os_str())))
}
