//! What an engine says, as our errors.

use bollard::errors::Error as Engine;

use crate::error::{Error, Result};
use crate::exit::Exit;

/// An error of the library, with the engine's own words marked as such.
pub(super) fn fault(fault: Engine) -> Error {
    match fault {
        Engine::DockerResponseServerError { status_code, message } => {
            let kind = match status_code {
                // What it was asked came from flags: limits, an image's name.
                400 => Exit::Usage,
                401 | 403 => Exit::Denied,
                404 => Exit::NotFound,
                409 => Exit::Conflict,
                _ => Exit::Failed,
            };
            said(&message).with_kind(kind)
        }
        Engine::DockerStreamError { error } => said(&error),
        Engine::RequestTimeoutError => Error::unreachable("the container engine does not answer"),
        Engine::IOError { .. } | Engine::HyperResponseError { .. } | Engine::HyperLegacyError { .. } => {
            Error::unreachable("the connection to the container engine broke").caused_by(fault)
        }
        _ => Error::failed("the container engine's answer cannot be understood").caused_by(fault),
    }
}

/// The engine's words on one line.
pub(super) fn said(message: &str) -> Error {
    let words = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let error = Error::failed(format!("the engine says: {}", words.trim_end_matches('.')));
    if words.contains("no space left on device") {
        return error.hint("`docker system df` shows what the engine keeps, `docker image prune` removes images that nothing uses");
    }
    error
}

/// What there is, or none when the engine knows no such thing.
pub(super) fn found<T>(answer: Result<T, Engine>) -> Result<Option<T>> {
    match answer {
        Ok(thing) => Ok(Some(thing)),
        Err(Engine::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(other) => Err(fault(other)),
    }
}

/// Done, also when it was done already or the thing is gone.
pub(super) fn gone(answer: Result<(), Engine>) -> Result<()> {
    match answer {
        // 409 with these words: another removal is at it.
        Err(Engine::DockerResponseServerError { status_code: 409, message }) if message.contains("already in progress") => Ok(()),
        answer => found(answer).map(|_| ()),
    }
}
