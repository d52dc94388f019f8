//! The one error of the library: what could not be done, why, what helps, and which exit code says so.
//!
//! An error is a fact about a named thing, then a hint: lower case, one line, no full stop, no Rust types. It is built from the
//! inside out: the lowest layer states the fact, callers put what they were doing in front with [`Error::context`], and whoever
//! knows the cure adds it with [`Error::hint`]. Secrets never enter one. Only `cli` prints errors.

use std::fmt;
use std::io::ErrorKind;

use crate::exit::Exit;
use crate::name::InvalidName;

/// What everything here returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What could not be done, with the exit code that tells a script.
#[derive(Debug)]
pub struct Error {
    kind: Exit,
    what: String,
    hint: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error that ends a program with `kind`.
    #[must_use]
    pub fn new(kind: Exit, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), hint: None, source: None }
    }

    /// [`Exit::Failed`]: could not be done.
    #[must_use]
    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(Exit::Failed, what)
    }

    /// [`Exit::Usage`]: wrong flags or operands.
    #[must_use]
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// [`Exit::Input`]: a document or file was not understood or is missing.
    #[must_use]
    pub fn input(what: impl Into<String>) -> Self {
        Self::new(Exit::Input, what)
    }

    /// [`Exit::Unreachable`]: cannot be reached, or not in time.
    #[must_use]
    pub fn unreachable(what: impl Into<String>) -> Self {
        Self::new(Exit::Unreachable, what)
    }

    /// [`Exit::Denied`]: not authenticated or not allowed.
    #[must_use]
    pub fn denied(what: impl Into<String>) -> Self {
        Self::new(Exit::Denied, what)
    }

    /// [`Exit::Unsupported`]: this type of registry cannot do that.
    #[must_use]
    pub fn unsupported(what: impl Into<String>) -> Self {
        Self::new(Exit::Unsupported, what)
    }

    /// [`Exit::NotFound`]: the named object does not exist.
    #[must_use]
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(Exit::NotFound, what)
    }

    /// [`Exit::Conflict`]: exists already, differs, or is held by somebody else.
    #[must_use]
    pub fn conflict(what: impl Into<String>) -> Self {
        Self::new(Exit::Conflict, what)
    }

    /// [`Exit::Integrity`]: bytes do not match their digest.
    #[must_use]
    pub fn integrity(what: impl Into<String>) -> Self {
        Self::new(Exit::Integrity, what)
    }

    /// A file that was named cannot be used: `what` names what was tried and the path ("cannot read /etc/x"). [`Exit::Input`] when it is
    /// not there, a folder, or not text; [`Exit::Denied`] when the system does not allow it; else [`Exit::Failed`].
    #[must_use]
    pub fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        let input = matches!(source.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory | ErrorKind::InvalidData);
        let fault = Self::output(what, source);
        if input { fault.with_kind(Exit::Input) } else { fault }
    }

    /// The same for what is made, changed or run here: nothing that was given is at fault. [`Exit::Denied`] or [`Exit::Failed`].
    #[must_use]
    pub fn output(what: impl Into<String>, source: std::io::Error) -> Self {
        let kind = if source.kind() == ErrorKind::PermissionDenied { Exit::Denied } else { Exit::Failed };
        Self::new(kind, what).caused_by(Reason(source))
    }

    /// Puts what was being done in front: `cannot start "dev": …`. Kind and hint stay.
    #[must_use]
    pub fn context(self, what: impl Into<String>) -> Self {
        let hint = self.hint.clone();
        Self { kind: self.kind, what: what.into(), hint, source: Some(Box::new(self)) }
    }

    /// Says what to do about it, as a command where it can be. A hint given deeper down is replaced.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Keeps the cause; it is shown behind the fact.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Ends with another exit code.
    #[must_use]
    pub fn with_kind(mut self, kind: Exit) -> Self {
        self.kind = kind;
        self
    }

    /// The exit code.
    #[must_use]
    pub fn kind(&self) -> Exit {
        self.kind
    }

    /// What to do about it.
    #[must_use]
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        let mut source = std::error::Error::source(self);
        // Our own errors print their own sources.
        let ours = self.source.as_ref().is_some_and(|source| source.is::<Error>());
        if ours {
            return write!(f, ": {}", source.map(ToString::to_string).unwrap_or_default());
        }
        let mut last = self.what.clone();
        while let Some(cause) = source {
            let text = cause.to_string();
            // Libraries often repeat the inner text in the outer one.
            if !last.contains(&text) {
                write!(f, ": {text}")?;
            }
            last = text;
            source = cause.source();
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<InvalidName> for Error {
    fn from(name: InvalidName) -> Self {
        Self::input(name.to_string())
    }
}

/// An operating system error in the words of people: lower case and without "(os error 2)".
#[derive(Debug)]
struct Reason(std::io::Error);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let text = text.split(" (os error").next().unwrap_or_default();
        let mut chars = text.chars();
        match chars.next() {
            Some(first) => write!(f, "{}{}", first.to_lowercase(), chars.as_str()),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Reason {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_stands_in_front_and_keeps_kind_and_hint() {
        let error = Error::conflict("the port is taken").hint("try --port 0").context("cannot start \"dev\"");
        assert_eq!(error.to_string(), "cannot start \"dev\": the port is taken");
        assert_eq!(error.kind(), Exit::Conflict);
        assert_eq!(error.hint_text(), Some("try --port 0"));
        assert_eq!(error.context("no").to_string(), "no: cannot start \"dev\": the port is taken");
    }

    #[test]
    fn a_system_error_reads_like_a_sentence() {
        let missing = std::io::Error::from_raw_os_error(2);
        let error = Error::io("cannot read \"x\"", missing);
        assert_eq!(error.to_string(), "cannot read \"x\": no such file or directory");
        assert_eq!(error.kind(), Exit::Input);
    }

    #[test]
    fn what_the_system_does_not_allow_is_denied_in_every_case() {
        for (errno, read, written) in [
            (2, Exit::Input, Exit::Failed),
            (13, Exit::Denied, Exit::Denied),
            (1, Exit::Denied, Exit::Denied),
            (21, Exit::Input, Exit::Failed),
            (28, Exit::Failed, Exit::Failed),
        ] {
            let fault = || std::io::Error::from_raw_os_error(errno);
            assert_eq!((Error::io("x", fault()).kind(), Error::output("x", fault()).kind()), (read, written), "{errno}");
        }
    }
}
