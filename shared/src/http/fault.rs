//! Why there was no answer, in the words of people, and whether another try may help.

use std::error::Error as StdError;
use std::io;

use reqwest::Url;

use super::origin::Origin;
use crate::error::Error;
use crate::tls::reason;

/// The cure of a refused connection.
const REFUSED: &str = "is it running, and is the port right?";

/// A request without an answer.
pub(super) struct Fault {
    pub(super) error: Error,
    pub(super) cure: Cure,
}

/// Whether to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cure {
    /// The connection broke: a repeatable request is sent again.
    Again,
    /// Nothing listens there: try again only if it did before.
    IfItEverAnswered,
    /// Trying again changes nothing.
    None,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { error, cure: Cure::None }
    }
}

/// Why `url` did not answer.
pub(super) fn explain(error: &reqwest::Error, url: &Url) -> Fault {
    let place = Origin::of(url);
    let causes = || chain(error);
    if let Some(tls) = causes().find_map(tls_error) {
        let (fact, hint) = reason::explain(tls);
        let error = Error::unreachable(format!("no TLS connection to {place}: {fact}"));
        return Fault::from(match hint {
            Some(hint) => error.hint(hint),
            None => error,
        });
    }
    let cannot_reach = |why: &str| Error::unreachable(format!("cannot reach {place}: {why}"));
    let io = causes().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    let text = causes().last().map(ToString::to_string).unwrap_or_default();
    match io {
        Some(io::ErrorKind::ConnectionRefused) => {
            return Fault { error: cannot_reach("connection refused").hint(REFUSED), cure: Cure::IfItEverAnswered };
        }
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
            return Fault { error: cannot_reach("no route to it"), cure: Cure::IfItEverAnswered };
        }
        _ => {}
    }
    if causes().any(|cause| cause.to_string().contains("dns error")) {
        return Fault { error: cannot_reach("its name is not known"), cure: Cure::IfItEverAnswered };
    }
    if error.is_timeout() {
        return Fault { error: cannot_reach("it does not accept a connection in time"), cure: Cure::IfItEverAnswered };
    }
    if error.is_connect() && causes().any(|cause| cause.to_string().contains("tunnel")) {
        return cannot_reach("the proxy does not let us through").into();
    }
    if let Some(fault) = causes().find_map(|cause| cause.downcast_ref::<hyper::Error>())
        && fault.is_parse()
    {
        return not_http(url, &place, fault).into();
    }
    if error.is_builder() {
        return Error::failed(format!("{place} cannot be asked that: {text}")).into();
    }
    Fault { error: broke(&place), cure: Cure::Again }
}

/// The error of a body that does not go on.
pub(super) fn in_body(error: &reqwest::Error, url: &Url) -> Error {
    let place = Origin::of(url);
    match chain(error).find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
        Some(fault) if fault.is_parse() => not_http(url, &place, fault),
        _ => broke(&place),
    }
}

/// An error and what caused it, outermost first.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| (*error).source())
}

fn broke(place: &Origin) -> Error {
    Error::unreachable(format!("the connection to {place} broke"))
}

fn not_http(url: &Url, place: &Origin, fault: &hyper::Error) -> Error {
    if fault.is_parse_too_large() {
        return Error::unreachable(format!("{place} sent more headers than are read"));
    }
    let error = Error::unreachable(format!("{place} does not speak http"));
    if url.scheme() == "http" { error.hint("it may speak TLS: write the URL with https://") } else { error }
}

/// What rustls says, in however many I/O errors it is wrapped.
fn tls_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    match cause.downcast_ref::<io::Error>() {
        Some(wrapper) => tls_error(wrapper.get_ref()?),
        None => cause.downcast_ref(),
    }
}
