//! What a client is made with, and what it tells of its work.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::http::{Method, StatusCode};

use super::retry::Retry;
use crate::tls::trust::Trust;

/// How long to wait for what. No limit holds for a blob as a whole.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// Name look-up, TCP and TLS together.
    pub connect: Duration,
    /// Between the bytes of a body, in either direction.
    pub idle: Duration,
    /// From a request without a body to the end of the answer's headers.
    pub answer: Duration,
    /// From the last byte of a body sent (or of a request that changes something) to the end of the answer's headers: a registry
    /// may move a large blob into place before it answers.
    pub commit: Duration,
    /// For all of a body that is read into memory (a manifest, a page, a token).
    pub document: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            answer: Duration::from_secs(60),
            commit: Duration::from_secs(600),
            document: Duration::from_secs(300),
        }
    }
}

/// What a client is made with.
#[derive(Clone, Default)]
pub struct Options {
    /// Which certificates are believed.
    pub trust: Trust,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// How often to try.
    pub retry: Retry,
    /// Is told of every exchange.
    pub observer: Option<Observer>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("trust", &self.trust)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Is called with every [`Event`], from whatever thread it happens on; must not block.
pub type Observer = Arc<dyn Fn(&Event) + Send + Sync>;

/// What happened on the wire. Holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The headers of an answer are there.
    Answered {
        /// The method.
        method: Method,
        /// The redacted URL.
        url: String,
        /// The status.
        status: StatusCode,
        /// From the request to these headers.
        elapsed: Duration,
    },
    /// There was no answer.
    Failed {
        /// The method.
        method: Method,
        /// The redacted URL.
        url: String,
        /// Why, for people.
        reason: String,
        /// From the request to its failure.
        elapsed: Duration,
    },
    /// The next try waits.
    Waiting {
        /// The origin that is left alone.
        origin: String,
        /// For so long.
        wait: Duration,
    },
}
