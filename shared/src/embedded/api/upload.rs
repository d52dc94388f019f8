//! Uploads: begin, mount, add, ask, finish, cancel.

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderName, LOCATION, RANGE};
use http::{HeaderMap, StatusCode};

use super::CONTENT_DIGEST;
use crate::embedded::answer::{self, Answer, Refusal};
use crate::embedded::arrival::Arrival;
use crate::embedded::registry::Registry;
use crate::name::{Algorithm, Digest, Repository};
use crate::oci::code::Code;
use crate::oci::endpoint::Request;

const UPLOAD_ID: HeaderName = HeaderName::from_static("docker-upload-uuid");

pub(super) async fn start(registry: &Registry, repository: &Repository, algorithm: Option<Algorithm>) -> Result<Answer, Refusal> {
    let id = registry.uploads.start(repository, algorithm.unwrap_or(Algorithm::Sha256)).await?;
    Ok(standing(StatusCode::ACCEPTED, repository, &id, 0))
}

pub(super) async fn whole(
    registry: &Registry,
    repository: &Repository,
    digest: &Digest,
    body: &mut Arrival,
) -> Result<Answer, Refusal> {
    registry.uploads.receive_whole(repository, digest, body).await?;
    Ok(created(repository, digest))
}

/// A blob that cannot be mounted is to be uploaded: the answer has begun an upload for it.
pub(super) async fn mount(
    registry: &Registry,
    repository: Repository,
    digest: Digest,
    from: Option<Repository>,
) -> Result<Answer, Refusal> {
    let (to, mounted) = (repository.clone(), digest.clone());
    if registry.ask(move |store| store.mount(&to, &mounted, from.as_ref())).await? {
        return Ok(created(&repository, &digest));
    }
    start(registry, &repository, Some(digest.algorithm())).await
}

pub(super) async fn status(registry: &Registry, repository: &Repository, id: &str) -> Result<Answer, Refusal> {
    let length = registry.uploads.length(repository, id).await?;
    Ok(standing(StatusCode::NO_CONTENT, repository, id, length))
}

pub(super) async fn chunk(
    registry: &Registry,
    repository: &Repository,
    id: &str,
    headers: &HeaderMap,
    body: &mut Arrival,
) -> Result<Answer, Refusal> {
    let turn = registry.uploads.take(repository, id).await?;
    let expected = match continues(headers, turn.length()) {
        Ok(expected) => expected,
        Err(refusal) => return Err(refuse_range(refusal, repository, id, turn)),
    };
    let turn = turn.receive(body, expected).await?;
    let length = turn.length();
    turn.pause();
    Ok(standing(StatusCode::ACCEPTED, repository, id, length))
}

pub(super) async fn finish(
    registry: &Registry,
    repository: &Repository,
    id: &str,
    digest: &Digest,
    headers: &HeaderMap,
    body: &mut Arrival,
) -> Result<Answer, Refusal> {
    let mut turn = registry.uploads.take(repository, id).await?;
    // Without a body, a range says nothing about it.
    let expected = match continues(headers, turn.length()) {
        _ if body.announced() == Some(0) => None,
        Ok(expected) => expected,
        Err(refusal) => return Err(refuse_range(refusal, repository, id, turn)),
    };
    turn.expect(digest.algorithm());
    turn.receive(body, expected).await?.finish(digest).await?;
    Ok(created(repository, digest))
}

pub(super) async fn cancel(registry: &Registry, repository: &Repository, id: &str) -> Result<Answer, Refusal> {
    registry.uploads.take(repository, id).await?.discard().await?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// How many bytes a chunk says it has, if it says so, and that it goes on where the upload stands.
fn continues(headers: &HeaderMap, length: u64) -> Result<Option<u64>, Refusal> {
    let Some(value) = headers.get(CONTENT_RANGE) else {
        return Ok(None);
    };
    let Some((first, last)) = value.to_str().ok().and_then(read_range) else {
        return Err(Refusal::new(Code::BlobUploadInvalid, "Content-Range is not <first>-<last>"));
    };
    if first != length {
        let message = format!("the chunk begins at {first}, and the upload goes on at {length}");
        return Err(Refusal::new(Code::RangeInvalid, message));
    }
    let expected = last - first + 1;
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced != expected) {
        return Err(Refusal::new(Code::SizeInvalid, "Content-Range and Content-Length do not fit"));
    }
    Ok(Some(expected))
}

/// `<first>-<last>` of the distribution spec; also `bytes <first>-<last>/<length>` of HTTP, which some clients send.
fn read_range(text: &str) -> Option<(u64, u64)> {
    let text = text.trim();
    let text = text.strip_prefix("bytes").map_or(text, |rest| rest.trim_start_matches([' ', '=']));
    let (first, last) = text.split('/').next()?.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse::<u64>().ok()?);
    (first <= last && last < u64::MAX).then_some((first, last))
}

/// A range that does not fit is answered with where the upload stands.
fn refuse_range(refusal: Refusal, repository: &Repository, id: &str, turn: crate::embedded::uploads::Turn<'_>) -> Refusal {
    let length = turn.length();
    turn.pause();
    refusal
        .with_header(LOCATION, Request::UploadStatus(repository.clone(), id.to_owned()).path())
        .with_header(RANGE, progress(length))
}

/// How far an upload got: the position of its last byte. An empty one says `0-0`, as Distribution does; the spec leaves it open.
fn progress(length: u64) -> String {
    format!("0-{}", length.saturating_sub(1))
}

/// Where an upload stands and goes on.
fn standing(status: StatusCode, repository: &Repository, id: &str, length: u64) -> Answer {
    let mut answer = answer::empty(status);
    answer::set(&mut answer, LOCATION, Request::UploadStatus(repository.clone(), id.to_owned()).path());
    answer::set(&mut answer, RANGE, progress(length));
    answer::set(&mut answer, UPLOAD_ID, id);
    answer
}

/// Where a blob is now.
fn created(repository: &Repository, digest: &Digest) -> Answer {
    let mut answer = answer::empty(StatusCode::CREATED);
    answer::set(&mut answer, LOCATION, Request::BlobGet(repository.clone(), digest.clone()).path());
    answer::set(&mut answer, CONTENT_DIGEST, digest);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_chunks() {
        assert_eq!(read_range("0-9"), Some((0, 9)));
        assert_eq!(read_range("bytes 5-9/*"), Some((5, 9)));
        for bad in ["", "9", "9-5", "-5", "5-", "a-b", "0-18446744073709551615", "0-18446744073709551616"] {
            assert_eq!(read_range(bad), None, "{bad}");
        }
    }
}
