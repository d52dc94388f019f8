//! A body on its way out: counted, watched for standstill, and never completed when its source fails.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, Stream};
use tokio::time::Instant;

use super::request::ByteStream;
use crate::error::{Error, Result};

/// A source's piece may be the whole content; it goes out in parts of so many bytes, or a slow connection would seem to stand still.
const PART: usize = 64 << 10;

/// What is known of a body while it is being sent.
pub(super) struct Watch {
    state: Mutex<State>,
}

struct State {
    moved: Instant,
    sending: bool,
    fault: Option<Error>,
}

impl Watch {
    pub(super) fn new(sending: bool) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { moved: Instant::now(), sending, fault: None }) })
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn moved(&self, sending: bool) {
        self.with(|state| (state.moved, state.sending) = (Instant::now(), sending));
    }

    /// Why the source failed: the real reason for the broken connection that follows.
    pub(super) fn fault(&self) -> Option<Error> {
        self.with(|state| state.fault.take())
    }

    /// Returns when nothing has moved for `idle` while sending, or for `answer` after the last byte.
    pub(super) async fn standstill(&self, idle: Duration, answer: Duration) -> &'static str {
        loop {
            let (moved, sending) = self.with(|state| (state.moved, state.sending));
            let left = if sending { idle } else { answer }.saturating_sub(moved.elapsed());
            if left.is_zero() {
                return if sending { "takes no more bytes" } else { "does not answer" };
            }
            // The last byte may go meanwhile, and from then on the other limit holds.
            tokio::time::sleep(left.min(idle).min(answer)).await;
        }
    }
}

/// The stream as it goes to the connection. The last piece is held back until the source has ended as it should: HTTP stops reading
/// a body at its `Content-Length`, so bytes beyond it (or a failure found at the end, like a wrong digest) would go unnoticed.
pub(super) fn watched(
    source: ByteStream,
    length: u64,
    watch: Arc<Watch>,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    let outgoing = Outgoing { source, length, read: 0, sent: 0, piece: Bytes::new() };
    stream::try_unfold((outgoing, watch), |(mut outgoing, watch)| async move {
        match outgoing.next().await {
            Ok(Some(part)) => {
                watch.moved(outgoing.sent < outgoing.length);
                Ok(Some((part, (outgoing, watch))))
            }
            Ok(None) => Ok(None),
            Err(fault) => {
                watch.with(|state| state.fault = Some(fault));
                Err(std::io::Error::other("the source of the body failed"))
            }
        }
    })
}

struct Outgoing {
    source: ByteStream,
    length: u64,
    read: u64,
    sent: u64,
    /// What of the source's last piece is still to be sent.
    piece: Bytes,
}

impl Outgoing {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.piece.is_empty() {
            let Some(piece) = self.read_piece().await? else { return Ok(None) };
            self.piece = piece;
        }
        let part = self.piece.split_to(self.piece.len().min(PART));
        self.sent += part.len() as u64;
        Ok(Some(part))
    }

    async fn read_piece(&mut self) -> Result<Option<Bytes>> {
        let length = self.length;
        let wrong = |how: &str| Error::integrity(format!("the content is not the {length} bytes it was said to be: {how}"));
        if self.read == length {
            return Ok(None);
        }
        let Some(piece) = next_piece(&mut self.source).await? else {
            return Err(wrong(&format!("it ends after {}", self.read)));
        };
        self.read += piece.len() as u64;
        if self.read > length || self.read == length && next_piece(&mut self.source).await?.is_some() {
            return Err(wrong("it goes on"));
        }
        Ok(Some(piece))
    }
}

async fn next_piece(source: &mut ByteStream) -> Result<Option<Bytes>> {
    while let Some(piece) = source.next().await {
        match piece? {
            empty if empty.is_empty() => {}
            piece => return Ok(Some(piece)),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn through(pieces: Vec<Result<&'static str>>, length: u64) -> (String, Option<String>) {
        let watch = Watch::new(true);
        let source = stream::iter(pieces.into_iter().map(|piece| piece.map(Bytes::from))).boxed();
        let mut stream = Box::pin(watched(source, length, watch.clone()));
        let mut sent = String::new();
        while let Some(Ok(piece)) = stream.next().await {
            sent.push_str(std::str::from_utf8(&piece).unwrap());
        }
        (sent, watch.fault().map(|fault| fault.to_string()))
    }

    #[tokio::test]
    async fn exactly_the_promised_bytes_pass() {
        assert_eq!(through(vec![Ok("ab"), Ok(""), Ok("c")], 3).await, ("abc".to_owned(), None));
    }

    #[tokio::test]
    async fn a_large_piece_goes_out_in_parts() {
        let bytes = Bytes::from(vec![7; 3 * PART + 1]);
        let source = stream::iter([Ok(bytes.clone())]).boxed();
        let parts: Vec<_> = watched(source, bytes.len() as u64, Watch::new(true)).collect().await;
        let parts: Vec<_> = parts.into_iter().map(|part| part.unwrap().len()).collect();
        assert_eq!(parts, [PART, PART, PART, 1]);
    }

    #[tokio::test]
    async fn the_last_piece_is_not_sent_when_the_source_is_wrong() {
        let (sent, fault) = through(vec![Ok("ab"), Ok("c"), Ok("d")], 3).await;
        assert_eq!((sent.as_str(), fault.unwrap().contains("it goes on")), ("ab", true));
        let (sent, fault) = through(vec![Ok("ab")], 3).await;
        assert_eq!((sent.as_str(), fault.unwrap().contains("ends after 2")), ("ab", true));
        let (sent, fault) = through(vec![Ok("ab"), Ok("c"), Err(Error::integrity("wrong digest"))], 3).await;
        assert_eq!((sent.as_str(), fault.unwrap()), ("ab", "wrong digest".to_owned()));
    }
}
