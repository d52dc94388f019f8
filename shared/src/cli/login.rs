//! How to log in: as the flags say, else as the registry's document, else as the auth files of Docker and Podman.
//!
//! A password is read when a registry is talked to, not before: `reg-up info -r prod` needs none.

use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::environment::Environment;
use super::{AccessArgs, Context};

use crate::document::{CredentialReference, Registry};
use crate::error::{Error, Result};
use crate::name::quoted;
use crate::secret::Secret;

/// The most that is read of a password file, in bytes: what is longer is no password.
const PASSWORD_FILE_MAX: u64 = 64 << 10;

/// How to log in.
#[derive(Debug, Clone)]
pub enum Login {
    /// As the Docker and Podman auth files say, if they say anything.
    AuthFile,
    /// Not at all.
    Anonymous,
    /// As this user, with the password that the reference leads to.
    Reference(CredentialReference),
    /// As this user, with a password from standard input.
    User(String, Secret),
}

impl Context {
    /// How to log in. The registry's document then says the same, so that the next program of a pipe logs in as this one does.
    pub(super) fn login(&self, args: &AccessArgs, registry: &mut Registry) -> Result<Login> {
        if args.anonymous {
            registry.credential = None;
            return Ok(Login::Anonymous);
        }
        let Some(username) = &args.username else {
            return Ok(registry.credential.clone().map_or(Login::AuthFile, Login::Reference));
        };
        if args.password_stdin {
            // Nobody can read it again: the next program must be told anew.
            registry.credential = None;
            return Ok(Login::User(username.clone(), self.password_from_standard_input()?));
        }
        if args.password_file.is_none() && args.password_env.is_none() {
            return Err(no_password(username));
        }
        let reference = CredentialReference {
            username: username.clone(),
            password_file: args.password_file.as_deref().map(|path| self.absolute(path)).transpose()?,
            password_env: args.password_env.clone(),
        };
        registry.credential = Some(reference.clone());
        Ok(Login::Reference(reference))
    }
}

impl Context {
    /// The password on standard input.
    pub(super) fn password_from_standard_input(&self) -> Result<Secret> {
        let text = self.standard_input()?;
        let text = without_mark(text);
        if text.trim().is_empty() {
            let what = if text.is_empty() { "is empty" } else { "holds nothing but white space" };
            return Err(Error::input(format!("standard input {what}, where a password was expected"))
                .hint("`--password-file FILE` reads it from a file, `--password-env VARIABLE` from the environment"));
        }
        Ok(Secret::from_line(text))
    }
}

/// The password that a reference leads to.
pub(super) fn password(reference: &CredentialReference) -> Result<Secret> {
    match (&reference.password_file, &reference.password_env) {
        (Some(path), _) => read_password_file(path),
        (None, Some(variable)) => read_password_variable(variable, &reference.username),
        (None, None) => Err(no_password(&reference.username)),
    }
}

/// The password in a file.
///
/// # Errors
/// [`crate::exit::Exit::Input`]: not there, empty, or not text.
pub fn read_password_file(path: &Path) -> Result<Secret> {
    read_password_in(path, &format!("the password file {}", path.display()))
}

/// The same, of a file that errors call `what`.
///
/// # Errors
/// Those of [`read_password_file`].
pub fn read_password_in(path: &Path, what: &str) -> Result<Secret> {
    let cannot = |fault| Error::io(format!("cannot read {what}"), fault);
    let mut bytes = Zeroizing::new(Vec::new());
    let file = std::fs::File::open(path).map(|file| file.take(PASSWORD_FILE_MAX + 1));
    file.and_then(|mut file| file.read_to_end(&mut bytes)).map_err(cannot)?;
    if bytes.len() as u64 > PASSWORD_FILE_MAX {
        return Err(Error::input(format!("{what} is longer than {PASSWORD_FILE_MAX} bytes")));
    }
    let mut text = String::new();
    bytes.as_slice().read_to_string(&mut text).map_err(cannot)?;
    let text = without_mark(text);
    if text.trim().is_empty() {
        return Err(Error::input(format!("{what} {}", if text.is_empty() { "is empty" } else { "holds nothing but white space" })));
    }
    Ok(Secret::from_line(text))
}

/// The secret that a reference in a document leads to, when it has one; errors call it `what`.
///
/// # Errors
/// Those of [`read_password_file`], and a variable that is not set.
pub fn read_reference(file: Option<&Path>, variable: Option<&str>, what: &str) -> Result<Option<Secret>> {
    match (file, variable) {
        (Some(path), _) => read_password_in(path, &format!("{what} in {}", path.display())).map(Some),
        (None, Some(variable)) => Environment::named(variable)
            .map(|text| Some(Secret::new(text)))
            .ok_or_else(|| Error::input(format!("the environment variable {variable}, where {what} should be, is not set"))),
        (None, None) => Ok(None),
    }
}

/// The text without the byte order mark that some editors put in front of it.
fn without_mark(mut text: String) -> String {
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    text
}

/// The password of a user in a variable.
pub(super) fn read_password_variable(variable: &str, username: &str) -> Result<Secret> {
    Environment::named(variable).map(Secret::new).ok_or_else(|| {
        Error::input(format!(
            "the environment variable {variable}, where the password of {} should be, is not set",
            quoted(username)
        ))
    })
}

fn no_password(username: &str) -> Error {
    Error::usage(format!("no password is known for the user {}", quoted(username)))
        .hint("add --password-stdin, --password-file FILE or --password-env VARIABLE")
}
