//! Blobs: whole, in ranges, their headers, and away with them.

use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderValue, IF_RANGE, RANGE};
use http::{HeaderMap, StatusCode};

use super::{entity_tag, is_known, name_content, unchanged};
use crate::embedded::answer::{self, Answer, Body, Refusal};
use crate::embedded::registry::Registry;
use crate::name::{Digest, Repository};
use crate::oci::code::Code;

/// A blob so small is read together with its headers: one hop to a thread instead of two.
const SMALL: u64 = 128 << 10;

pub(super) async fn head(
    registry: &Registry,
    repository: Repository,
    digest: Digest,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let asked = digest.clone();
    let Some(length) = registry.ask(move |store| store.promise_blob(&repository, &asked)).await? else {
        return Err(unknown(digest));
    };
    if is_known(headers, &digest) {
        return Ok(unchanged(&digest));
    }
    let mut answer = described(answer::empty(StatusCode::OK), &digest);
    answer::set(&mut answer, CONTENT_LENGTH, length);
    Ok(answer)
}

pub(super) async fn get(
    registry: &Registry,
    repository: Repository,
    digest: Digest,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let wanted = wanted_range(headers, &digest);
    let asked = digest.clone();
    let opened = registry.ask(move |store| {
        let Some(content) = store.open_blob(&repository, &asked)? else { return Ok(None) };
        let length = content.length();
        let range = wanted.map_or(Ok(0..length), |wanted| wanted.within(length));
        let Ok(range) = range else { return Ok(Some((length, None))) };
        let size = range.end - range.start;
        let body = if size <= SMALL {
            Body::Whole(content.read_at(range.start, size as usize, Vec::new())?)
        } else {
            Body::file(content, range.start, range.end)
        };
        Ok(Some((length, Some((range, body)))))
    });
    let Some((length, part)) = opened.await? else {
        return Err(unknown(digest));
    };
    if is_known(headers, &digest) {
        return Ok(unchanged(&digest));
    }
    let Some((range, body)) = part else {
        return Err(Refusal::new(Code::RangeInvalid, format!("the blob has {length} bytes"))
            .with_header(CONTENT_RANGE, format!("bytes */{length}")));
    };
    let mut answer = described(http::Response::new(body), &digest);
    if wanted.is_some() {
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        answer::set(&mut answer, CONTENT_RANGE, format!("bytes {}-{}/{length}", range.start, range.end - 1));
    }
    Ok(answer)
}

pub(super) async fn delete(registry: &Registry, repository: Repository, digest: Digest) -> Result<Answer, Refusal> {
    let asked = digest.clone();
    if !registry.ask(move |store| store.remove_blob(&repository, &asked)).await? {
        return Err(unknown(digest));
    }
    Ok(answer::empty(StatusCode::ACCEPTED))
}

fn described(mut answer: Answer, digest: &Digest) -> Answer {
    name_content(&mut answer, digest);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    answer
}

fn unknown(digest: Digest) -> Refusal {
    Refusal::of_digests(Code::BlobUnknown, "the repository has no such blob", &[digest])
}

/// One range of bytes, as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    From(u64, Option<u64>),
    Last(u64),
    /// It ends before it begins.
    Impossible,
}

impl Wanted {
    /// What it is of a blob of this length, the end excluded; or that nothing of it is there.
    fn within(self, length: u64) -> Result<std::ops::Range<u64>, ()> {
        let range = match self {
            Self::From(first, last) => first..last.map_or(length, |last| last.saturating_add(1).min(length)),
            Self::Last(count) => length.saturating_sub(count)..length,
            Self::Impossible => return Err(()),
        };
        if range.is_empty() { Err(()) } else { Ok(range) }
    }
}

/// The range a client wants. One that cannot be read, and several at once, count as none: the answer is the whole blob (RFC 9110,
/// 14.2). So does a range that was meant for another content (`If-Range`).
fn wanted_range(headers: &HeaderMap, digest: &Digest) -> Option<Wanted> {
    if headers.get(IF_RANGE).is_some_and(|tag| tag.as_bytes() != entity_tag(digest).as_bytes()) {
        return None;
    }
    let (first, last) = headers.get(RANGE)?.to_str().ok()?.trim().strip_prefix("bytes=")?.split_once('-')?;
    match (first.trim(), last.trim()) {
        ("", last) => last.parse().ok().map(Wanted::Last),
        (first, "") => first.parse().ok().map(|first| Wanted::From(first, None)),
        (first, last) => {
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            Some(if last < first { Wanted::Impossible } else { Wanted::From(first, Some(last)) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &'static str) -> Option<Result<std::ops::Range<u64>, ()>> {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static(text));
        wanted_range(&headers, &Digest::sha256("")).map(|wanted| wanted.within(2048))
    }

    #[test]
    fn ranges_by_the_rfc() {
        for (text, expected) in [
            ("bytes=500-1499", Some(Ok(500..1500))),
            ("bytes=500-", Some(Ok(500..2048))),
            ("bytes=-500", Some(Ok(1548..2048))),
            ("bytes=-5000", Some(Ok(0..2048))),
            ("bytes=2000-5000", Some(Ok(2000..2048))),
            ("bytes=0-0", Some(Ok(0..1))),
            ("bytes=0-18446744073709551615", Some(Ok(0..2048))),
            ("bytes=500-0", Some(Err(()))),
            ("bytes=2048-", Some(Err(()))),
            ("bytes=5000-10000", Some(Err(()))),
            ("bytes=-0", Some(Err(()))),
            ("bytes=0-1,5-6", None),
            ("bytes=a-b", None),
            ("bytes=-", None),
            ("bytes=18446744073709551616-", None),
            ("lines=1-2", None),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
    }
}
