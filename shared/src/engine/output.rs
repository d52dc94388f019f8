//! What a container writes, line by line, as the log of a process has it.

use std::pin::Pin;

use bollard::query_parameters::LogsOptionsBuilder;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Engine;
use super::fault::fault;
use super::log::Entry;
use crate::error::Result;

impl Engine {
    /// The lines of a container, oldest first: those written at or after `since`, and of these the last `tail`. With `follow` it goes on
    /// until the container ends.
    pub fn output(
        &self,
        id: &str,
        follow: bool,
        tail: Option<usize>,
        since: Option<OffsetDateTime>,
    ) -> BoxStream<'static, Result<Entry>> {
        let tail = tail.map_or("all".to_owned(), |lines| lines.to_string());
        let mut options = LogsOptionsBuilder::new().stdout(true).stderr(true).timestamps(true).follow(follow).tail(&tail);
        if let Some(since) = since {
            // The engine is asked for whole seconds; the rest of the first one is left out below.
            options = options.since(i32::try_from(since.unix_timestamp()).unwrap_or(i32::MAX));
        }
        let frames = self.docker.logs(id, Some(options.build()));
        let lines = Lines { frames: Box::pin(frames), half: None };
        let late = move |entry: &Entry| since.is_none_or(|since| entry.time >= since);
        stream::try_unfold(lines, |mut lines| async { Ok(lines.next().await?.map(|entry| (entry, lines))) })
            .filter(move |entry| std::future::ready(entry.as_ref().map_or(true, late)))
            .boxed()
    }
}

type Frames = Pin<Box<dyn Stream<Item = Result<bollard::container::LogOutput, bollard::errors::Error>> + Send>>;

/// Lines out of the pieces that an engine cuts them into: one that is longer than 16 KiB comes in several.
struct Lines {
    frames: Frames,
    half: Option<Entry>,
}

impl Lines {
    async fn next(&mut self) -> Result<Option<Entry>> {
        while let Some(frame) = self.frames.next().await {
            let (entry, whole) = read(frame.map_err(fault)?.into_bytes());
            let Some(entry) = entry else { continue };
            let entry = match self.half.take() {
                Some(half) => Entry { line: half.line + &entry.line, ..half },
                None => entry,
            };
            if whole {
                return Ok(Some(entry));
            }
            self.half = Some(entry);
        }
        Ok(self.half.take())
    }
}

/// A piece with its time in front, and whether its line ends here.
fn read(frame: Bytes) -> (Option<Entry>, bool) {
    let text = String::from_utf8_lossy(&frame);
    let whole = text.ends_with('\n');
    let entry = text.split_once(' ').and_then(|(time, line)| {
        let time = OffsetDateTime::parse(time, &Rfc3339).ok()?;
        Some(Entry { time, line: line.trim_end_matches(['\n', '\r']).to_owned(), cut: false, lost: 0 })
    });
    (entry, whole)
}

#[cfg(test)]
mod tests {
    use bollard::container::LogOutput;

    use super::*;

    #[tokio::test]
    async fn a_line_that_comes_in_pieces_is_one() {
        let frames =
            ["2026-11-20T10:00:00.5Z one\n", "2026-11-20T10:00:01Z tw", "2026-11-20T10:00:02Z o\n", "2026-11-20T10:00:03Z end"];
        let frames = frames.map(|text| Ok(LogOutput::StdOut { message: Bytes::from_static(text.as_bytes()) }));
        let mut lines = Lines { frames: Box::pin(stream::iter(frames)), half: None };
        let mut seen = Vec::new();
        while let Some(entry) = lines.next().await.unwrap() {
            seen.push((entry.time.second(), entry.line));
        }
        assert_eq!(seen, [(0, "one".to_owned()), (1, "two".to_owned()), (3, "end".to_owned())]);
    }
}
