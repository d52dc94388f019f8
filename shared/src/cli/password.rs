//! The password of a user that a command is about: from where the flags say, or from a person at a terminal, who does not see it typed.
//!
//! Asks only when standard input and standard error are terminals. Whatever ends the asking, a signal too, the terminal shows again what is
//! typed.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, ValueHint};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::Context;
use super::login::{read_password_file, read_password_variable};
use crate::error::{Error, Result};
use crate::name::quoted;
use crate::secret::Secret;

/// The flags that say where a password is.
#[derive(Debug, Clone, Default, Args)]
pub struct PasswordArgs {
    /// Read the password from standard input
    #[arg(long, conflicts_with_all = ["password_file", "password_env"])]
    pub password_stdin: bool,
    /// Read the password from a file
    #[arg(long, value_name = "FILE", conflicts_with = "password_env", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
    /// Take the password from an environment variable
    #[arg(long, value_name = "VARIABLE")]
    pub password_env: Option<String>,
}

impl Context {
    /// The password of a user, as it is.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Usage`] when there is nobody to ask, [`crate::exit::Exit::Input`] for one that is not where it should be.
    pub async fn password(&self, args: &PasswordArgs, user: &str) -> Result<Secret> {
        match self.given(args, user)? {
            Some(password) => Ok(password),
            None => self.ask(&format!("Password of {}: ", quoted(user)), user).await,
        }
    }

    /// A new password for a user; a person types it twice.
    ///
    /// # Errors
    /// Those of [`Self::password`]; two that differ.
    pub async fn new_password(&self, args: &PasswordArgs, user: &str) -> Result<Secret> {
        if let Some(password) = self.given(args, user)? {
            return Ok(password);
        }
        let first = self.ask(&format!("New password of {}: ", quoted(user)), user).await?;
        let second = self.ask("The same again: ", user).await?;
        if first == second { Ok(first) } else { Err(Error::input("the two passwords differ")) }
    }

    fn given(&self, args: &PasswordArgs, user: &str) -> Result<Option<Secret>> {
        if args.password_stdin {
            return self.password_from_standard_input().map(Some);
        }
        match (&args.password_file, &args.password_env) {
            (Some(path), _) => self.interrupt.reading(|| read_password_file(path)).map(Some),
            (None, Some(variable)) => read_password_variable(variable, user).map(Some),
            (None, None) => Ok(None),
        }
    }

    async fn ask(&self, prompt: &str, user: &str) -> Result<Secret> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            let what = format!("no password was given for {}, and there is no terminal to ask at", quoted(user));
            return Err(Error::usage(what).hint("add --password-stdin, --password-file FILE or --password-env VARIABLE"));
        }
        let hidden = Hidden::begin(prompt)?;
        let read = tokio::task::spawn_blocking(|| {
            let mut line = Zeroizing::new(String::new());
            let read = std::io::stdin().lock().read_line(&mut line);
            read.map(|length| (length > 0).then(|| Secret::from_line(line.as_str())))
        });
        let line = self.interrupt.or(async { read.await.map_err(|_| Error::failed("cannot read the terminal")) }).await;
        drop(hidden);
        let line = line?.map_err(|fault| Error::io("cannot read the terminal", fault).with_kind(crate::exit::Exit::Input))?;
        line.ok_or_else(|| Error::input("no password was typed"))
    }
}

/// A terminal that does not show what is typed.
struct Hidden {
    before: Termios,
}

impl Hidden {
    fn begin(prompt: &str) -> Result<Self> {
        let cannot = |fault: rustix::io::Errno| Error::failed("cannot hide what is typed").caused_by(fault);
        let before = tcgetattr(std::io::stdin()).map_err(cannot)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &hidden).map_err(cannot)?;
        // The prompt comes when typing is safe.
        let mut stderr = std::io::stderr().lock();
        let _ = write!(stderr, "{prompt}").and_then(|()| stderr.flush());
        Ok(Self { before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.before);
        // The line end that was typed was not shown.
        let _ = writeln!(std::io::stderr().lock());
    }
}
