//! The body of a request on its way in: bounded in time, counted, and never left lying in the connection's way.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::time::{Instant, timeout};

use super::answer::Refusal;
use crate::oci::code::Code;

/// How slow the other side may be: `bytes` must move in each `window`, or less when that ends it. Only time that is spent waiting for
/// it counts.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long a stretch may take.
    pub window: Duration,
    /// How long a stretch is, in bytes.
    pub bytes: u64,
}

impl Default for Pace {
    /// 64 KiB a minute.
    fn default() -> Self {
        Self { window: Duration::from_secs(60), bytes: 64 << 10 }
    }
}

/// How much of an unwanted body is read so that the client, still sending, gets to see why it is unwanted.
const DRAIN_BYTES: u64 = 32 << 20;

/// The body of a request.
#[derive(Debug)]
pub(super) struct Arrival {
    body: Incoming,
    pace: Pace,
    /// What is left of the window, and what came in it.
    patience: Duration,
    in_window: u64,
    /// The client waits for our consent before it sends.
    awaits_consent: bool,
    begun: bool,
}

impl Arrival {
    pub(super) fn new(body: Incoming, headers: &HeaderMap, pace: Pace) -> Self {
        let awaits_consent = headers.contains_key(http::header::EXPECT);
        Self { body, pace, patience: pace.window, in_window: 0, awaits_consent, begun: false }
    }

    /// The `Content-Length`, when the client gave one.
    pub(super) fn announced(&self) -> Option<u64> {
        self.body.size_hint().exact()
    }

    /// The next bytes; nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        self.begun = true;
        loop {
            let waiting = Instant::now();
            let Ok(frame) = timeout(self.patience, self.body.frame()).await else {
                return Err(
                    Refusal::new(Code::BlobUploadInvalid, "the body comes too slowly").with_status(StatusCode::REQUEST_TIMEOUT)
                );
            };
            self.patience = self.patience.saturating_sub(waiting.elapsed());
            match frame {
                None => return Ok(None),
                Some(Err(_)) => return Err(Refusal::new(Code::SizeInvalid, "the body ends before its announced length")),
                Some(Ok(frame)) => {
                    let Ok(bytes) = frame.into_data() else { continue };
                    self.in_window += bytes.len() as u64;
                    if self.in_window >= self.pace.bytes {
                        self.in_window = 0;
                        self.patience = self.pace.window;
                    }
                    return Ok(Some(bytes));
                }
            }
        }
    }

    /// The whole body, when it has at most `limit` bytes; nothing when it has more.
    pub(super) async fn whole(&mut self, limit: usize) -> Result<Option<Bytes>, Refusal> {
        let announced = self.announced().unwrap_or(0);
        if announced > limit as u64 {
            return Ok(None);
        }
        let mut whole = BytesMut::with_capacity(announced as usize);
        while let Some(bytes) = self.next().await? {
            if whole.len() + bytes.len() > limit {
                return Ok(None);
            }
            whole.extend_from_slice(&bytes);
        }
        Ok(Some(whole.freeze()))
    }

    /// Reads on behind the answer, within bounds: closing a connection with bytes unread would take the answer away from a client
    /// that is still sending. One that waits for consent is not sending.
    pub(super) fn drain(mut self) {
        if self.body.is_end_stream() || (self.awaits_consent && !self.begun) {
            return;
        }
        tokio::spawn(async move {
            let mut left = DRAIN_BYTES;
            while let Ok(Some(bytes)) = self.next().await {
                left = left.saturating_sub(bytes.len() as u64);
                if left == 0 {
                    break;
                }
            }
        });
    }
}
