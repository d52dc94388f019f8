//! What an answer that is not a success means, for people and for the exit code.

use ::http::StatusCode;

use super::client::Client;
use super::code::{Body, Code, Entry};
use crate::error::Error;
use crate::exit::Exit;
use crate::http::{Origin, Response, says, target};

/// An answer other than the one hoped for: its status and what the registry says to it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: Option<Code>,
    /// As sent, for those who look for something in it.
    pub(super) text: String,
    error: Error,
}

impl Refusal {
    /// Reads the body as far as an error's body is read.
    pub(super) async fn read(client: &Client, response: Response) -> Self {
        let status = response.status();
        let place = Origin::of(response.url());
        let at_home = place == Origin::of(client.base());
        if status.is_redirection() {
            return Self { status, code: None, text: String::new(), error: redirected(&response, &place) };
        }
        let text = String::from_utf8_lossy(&response.excerpt().await).into_owned();
        let entry = serde_json::from_str(&text).ok().and_then(|body: Body| body.errors.into_iter().next()).unwrap_or_default();
        let code = Code::parse(&entry.code);
        let who = if at_home { "the registry".to_owned() } else { place.to_string() };
        let error = Error::new(kind(status, code), fact(&who, status, &entry, client));
        let error = match hint(status, &text, at_home, client) {
            Some(hint) => error.hint(hint),
            None => error,
        };
        Self { status, code, text, error }
    }

    pub(super) fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// The error, for whoever has no better use for it.
    pub(super) fn into_error(self) -> Error {
        self.error
    }
}

fn fact(who: &str, status: StatusCode, entry: &Entry, client: &Client) -> String {
    let code = if Code::parse(&entry.code).is_some() { format!(" {}", entry.code) } else { String::new() };
    match entry.message.as_str() {
        "" => format!("{who} answered {}{code}", status.as_u16()),
        message => format!("{who} says {} ({}{code})", says(message, &client.secrets()), status.as_u16()),
    }
}

fn kind(status: StatusCode, code: Option<Code>) -> Exit {
    match (status.as_u16(), code) {
        (_, Some(Code::Unsupported)) | (405 | 501, _) => Exit::Unsupported,
        (401 | 403, _) => Exit::Denied,
        (404, _) => Exit::NotFound,
        (409 | 412, _) => Exit::Conflict,
        (_, Some(Code::DigestInvalid | Code::SizeInvalid)) => Exit::Integrity,
        _ => Exit::Failed,
    }
}

fn hint(status: StatusCode, text: &str, at_home: bool, client: &Client) -> Option<String> {
    match status.as_u16() {
        401 if !at_home => Some(format!("the registry redirects there; credentials go to {} only", Origin::of(client.base()))),
        401 if client.is_anonymous() => Some("log in: -u USER with --password-stdin".to_owned()),
        401 => Some("check the user name and the password".to_owned()),
        400 if text.contains("HTTP request to an HTTPS server") => Some("write the URL with https://".to_owned()),
        413 => Some("a proxy in front of the registry may limit how much one request may carry".to_owned()),
        _ => None,
    }
}

fn redirected(response: &Response, place: &Origin) -> Error {
    match target(response.url(), response.headers()) {
        Ok(url) => Error::failed(format!("{place} redirects to {}, which is not followed with what is sent", Origin::of(&url)))
            .hint(format!("if that is the registry: name it as {}", Origin::of(&url))),
        Err(error) => error,
    }
}
