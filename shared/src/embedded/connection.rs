//! A connection that counts its bytes, and ends when the other side does not take what is sent to it.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::arrival::Pace;
use super::registry::Registry;

/// A stream whose writes must keep pace.
#[derive(Debug)]
pub(super) struct Paced<S> {
    stream: S,
    registry: Arc<Registry>,
    pace: Pace,
    /// Runs while a write waits; when it ends, the other side was too slow.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Bytes it took since it was last found to be in time.
    taken: u64,
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S, registry: Arc<Registry>) -> Self {
        let pace = registry.pace;
        Self { stream, registry, pace, waiting: None, taken: 0 }
    }

    fn wrote(&mut self, count: usize) {
        let count = count as u64;
        self.registry.metrics.sent_bytes.fetch_add(count, Relaxed);
        if self.waiting.is_some() {
            self.taken += count;
            if self.taken >= self.pace.bytes {
                self.in_time();
            }
        }
    }

    fn in_time(&mut self) {
        self.waiting = None;
        self.taken = 0;
    }

    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let end = self.pace.window;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + end)));
        waiting.as_mut().poll(cx).map(|()| io::ErrorKind::TimedOut.into())
    }

    /// What a write came to, or that it has waited too long.
    fn judge(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match polled {
            Poll::Ready(Ok(count)) => {
                self.wrote(count);
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(fault)) => Poll::Ready(Err(fault)),
            Poll::Pending => self.poll_patience(cx).map(Err),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.registry.metrics.received_bytes.fetch_add((buffer.filled().len() - before) as u64, Relaxed);
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.judge(cx, polled)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.judge(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Pending => self.poll_patience(cx).map(Err),
            Poll::Ready(done) => {
                // All is on its way: the next answer starts afresh.
                self.in_time();
                Poll::Ready(done)
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(cx) {
            Poll::Pending => self.poll_patience(cx).map(Err),
            done => done,
        }
    }
}
