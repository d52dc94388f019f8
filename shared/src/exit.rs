//! The exit codes of all tools: what a script may rely on.

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; also: nothing had to change.
    Ok,
    /// Could not be done.
    Failed,
    /// Wrong flags or operands.
    Usage,
    /// A document, file or configuration was not understood, or an input file is missing.
    Input,
    /// The registry cannot be reached, TLS was refused, or it was not ready in time.
    Unreachable,
    /// Not authenticated or not allowed.
    Denied,
    /// This type of registry cannot do that.
    Unsupported,
    /// Done, and the answer is no.
    Negative,
    /// The named registry object does not exist.
    NotFound,
    /// It exists already, differs from what was asked, or somebody else holds it.
    Conflict,
    /// Bytes do not match their digest.
    Integrity,
    /// Ended by SIGINT; the next run resumes.
    Interrupted,
    /// Ended by SIGTERM; the next run resumes.
    Terminated,
}

impl Exit {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 13] = [
        Self::Ok,
        Self::Failed,
        Self::Usage,
        Self::Input,
        Self::Unreachable,
        Self::Denied,
        Self::Unsupported,
        Self::Negative,
        Self::NotFound,
        Self::Conflict,
        Self::Integrity,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The process's exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Unreachable => 4,
            Self::Denied => 5,
            Self::Unsupported => 6,
            Self::Negative => 7,
            Self::NotFound => 8,
            Self::Conflict => 9,
            Self::Integrity => 10,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The name in error documents and manuals.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Input => "input",
            Self::Unreachable => "unreachable",
            Self::Denied => "denied",
            Self::Unsupported => "unsupported",
            Self::Negative => "negative",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Integrity => "integrity",
            Self::Interrupted | Self::Terminated => "interrupted",
        }
    }

    /// One line for manuals.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "done (also: nothing had to change)",
            Self::Failed => "could not be done",
            Self::Usage => "wrong flags or operands",
            Self::Input => "a document, file or configuration was not understood, or an input file is missing",
            Self::Unreachable => "the registry cannot be reached, TLS was refused, or it was not ready in time",
            Self::Denied => "not authenticated or not allowed",
            Self::Unsupported => "this type of registry cannot do that",
            Self::Negative => "done, and the answer is no: a check failed",
            Self::NotFound => "the named registry object does not exist",
            Self::Conflict => "it exists already, differs from what was asked, or somebody else holds it",
            Self::Integrity => "bytes do not match their digest",
            Self::Interrupted => "ended by SIGINT; the next run resumes",
            Self::Terminated => "ended by SIGTERM; the next run resumes",
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
