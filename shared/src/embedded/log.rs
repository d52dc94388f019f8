//! The access log: one JSON object a line, about one request each.
//!
//! A line holds no header and of the query only the parameters of the protocol, so no credential and no foreign secret gets into it.

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use http::{Method, StatusCode};
use serde::Serialize;
use time::OffsetDateTime;
use time::macros::format_description;

/// Takes the lines, without their line ends.
#[derive(Clone)]
pub struct Log(Arc<dyn Fn(&str) + Send + Sync>);

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

/// One request that was answered.
#[derive(Debug)]
pub(super) struct Served<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) status: StatusCode,
    /// Bytes of the body that were taken over by the connection.
    pub(super) bytes: u64,
    pub(super) ms: f64,
    pub(super) remote: String,
    pub(super) user: Option<&'a str>,
    pub(super) agent: Option<&'a str>,
    pub(super) error: Option<&'a str>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    level: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    request: Option<Request<'a>>,
}

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    path: &'a str,
    status: u16,
    bytes: u64,
    ms: f64,
    remote: &'a str,
    user: Option<&'a str>,
    agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl Log {
    /// A log whose lines go to `sink`. It is called on the server's tasks, so it should not block for long.
    pub fn new(sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    /// No log.
    #[must_use]
    pub fn none() -> Self {
        Self::new(|_| {})
    }

    pub(super) fn served(&self, served: &Served<'_>) {
        let request = Request {
            method: served.method.as_str(),
            path: served.path,
            status: served.status.as_u16(),
            bytes: served.bytes,
            ms: (served.ms * 1000.0).round() / 1000.0,
            remote: &served.remote,
            user: served.user,
            agent: served.agent,
            error: served.error,
        };
        let level = if served.status.is_server_error() { "error" } else { "info" };
        self.line(level, "request", Some(request));
    }

    /// Something about the server itself.
    pub(super) fn say(&self, level: &'static str, message: &str) {
        self.line(level, message, None);
    }

    fn line(&self, level: &'static str, message: &str, request: Option<Request<'_>>) {
        // Numbers and texts: serialising them cannot fail.
        if let Ok(text) = serde_json::to_string(&Line { time: now(), level, message, request }) {
            (self.0)(&text);
        }
    }
}

fn now() -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    OffsetDateTime::now_utc().format(&format).unwrap_or_default()
}

/// The path as the log shows it: with the protocol's own parameters, and of any other only that it was there.
pub(super) fn shown_path(path: &str, query: Option<&str>) -> String {
    const OURS: [&str; 9] = ["digest", "digest-algorithm", "mount", "from", "n", "last", "tag", "artifactType", "dryRun"];
    let mut shown = path.to_owned();
    let mut separator = '?';
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let ours = pair.split_once('=').is_some_and(|(name, _)| OURS.contains(&name));
        // Writing to a String cannot fail.
        let _ = write!(shown, "{separator}{}", if ours { pair } else { "…" });
        separator = '&';
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_parameter_is_shown_without_its_value() {
        assert_eq!(shown_path("/v2/a/tags/list", Some("n=3&token=hunter2&x")), "/v2/a/tags/list?n=3&…&…");
        assert_eq!(shown_path("/v2/", None), "/v2/");
    }
}
