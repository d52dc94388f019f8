//! Manifests: put, get, their headers, and away with them.

use std::io;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError};
use std::time::SystemTime;

use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, LAST_MODIFIED, LOCATION};
use http::{HeaderMap, StatusCode};
use tokio::sync::SemaphorePermit;

use super::{CONTENT_DIGEST, is_known, name_content, unchanged};
use crate::embedded::answer::{self, Answer, Body, Refusal};
use crate::embedded::arrival::Arrival;
use crate::embedded::policy::Rights;
use crate::embedded::registry::Registry;
use crate::embedded::store::{Accepted, Found, Put, Store};
use crate::name::{Digest, Repository, Selector, Tag, quoted};
use crate::oci::code::Code;
use crate::oci::endpoint::Request;
use crate::oci::manifest::{SIZE_MAX, View};
use crate::oci::media;

const OCI_SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
const OCI_TAG: HeaderName = HeaderName::from_static("oci-tag");
/// So large a manifest needs no room of its own.
const SMALL_KIB: u64 = 64;

pub(super) async fn head(
    registry: &Registry,
    repository: Repository,
    selector: Selector,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let asked = selector.clone();
    let found = registry.ask(move |store| {
        let Some(found) = store.find_manifest(&repository, &asked)? else { return Ok(None) };
        Ok(store.measure_manifest(&found.digest)?.map(|length| (found, length)))
    });
    let (found, length) = found.await?.ok_or_else(|| unknown(&selector))?;
    if is_known(headers, &found.digest) {
        return Ok(dated(unchanged(&found.digest), found.since));
    }
    let mut answer = described(answer::empty(StatusCode::OK), found);
    answer::set(&mut answer, CONTENT_LENGTH, length);
    Ok(answer)
}

/// `Accept` is not looked at: a manifest is what it is, and a client that cannot read it will say so better than a 404 does.
pub(super) async fn get(
    registry: &Registry,
    repository: Repository,
    selector: Selector,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let asked = selector.clone();
    let found = registry.ask(move |store| {
        let Some(found) = store.find_manifest(&repository, &asked)? else { return Ok(None) };
        Ok(store.read_manifest(&found.digest)?.map(|bytes| (found, bytes)))
    });
    let (found, bytes) = found.await?.ok_or_else(|| unknown(&selector))?;
    if is_known(headers, &found.digest) {
        return Ok(dated(unchanged(&found.digest), found.since));
    }
    Ok(described(http::Response::new(Body::Whole(bytes)), found))
}

fn described(mut answer: Answer, found: Found) -> Answer {
    name_content(&mut answer, &found.digest);
    answer::set(&mut answer, CONTENT_TYPE, found.media_type);
    dated(answer, found.since)
}

/// Tells since when a tag points to what it does; the protocol has no other place for it. Whoever caches asks again each time, and
/// does not guess from the date how long the tag will stay (RFC 9111, 4.2.2).
fn dated(mut answer: Answer, since: Option<SystemTime>) -> Answer {
    // HTTP has no dates before Unix.
    if let Some(since) = since.filter(|since| *since >= SystemTime::UNIX_EPOCH) {
        answer::set(&mut answer, LAST_MODIFIED, httpdate::fmt_http_date(since));
        answer::set(&mut answer, CACHE_CONTROL, "no-cache");
    }
    answer
}

pub(super) async fn put(
    registry: &Registry,
    repository: Repository,
    (selector, mut tags): (Selector, Vec<Tag>),
    headers: &HeaderMap,
    body: &mut Arrival,
    rights: Rights,
) -> Result<Answer, Refusal> {
    let media_type = media_type(headers)?;
    let _room = room(registry, body.announced()).await?;
    let Some(bytes) = body.whole(SIZE_MAX).await? else {
        let message = format!("the manifest is larger than {SIZE_MAX} bytes");
        return Err(Refusal::new(Code::ManifestInvalid, message).with_status(StatusCode::PAYLOAD_TOO_LARGE));
    };
    let wanted = match selector {
        Selector::Digest(digest) => Some(digest),
        Selector::Tag(tag) => {
            tags = vec![tag];
            None
        }
    };
    let by_digest = wanted.is_some();
    let (to, pointing) = (repository.clone(), tags.clone());
    let one = registry.policy.as_ref().map(|policy| Arc::clone(&policy.tags));
    let put = registry.ask(move |store| {
        let accepted = match accept(bytes, media_type, wanted) {
            Ok(accepted) => accepted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let _one = one.as_ref().map(|one| one.lock().unwrap_or_else(PoisonError::into_inner));
        if let Err(refusal) = may_put(store, &rights, &to, &pointing)? {
            return Ok(Err(refusal));
        }
        Ok(match store.put_manifest(&to, &accepted, &pointing)? {
            Put::Missing(blobs) => Err(Refusal::of_digests(Code::ManifestBlobUnknown, "the repository has no such blob", &blobs)),
            Put::Done => Ok((accepted.digest, accepted.view.subject.map(|subject| subject.digest))),
        })
    });
    let (digest, subject) = put.await??;
    registry.metrics.manifests.fetch_add(1, Relaxed);
    Ok(created(repository, digest, subject, if by_digest { &tags } else { &[] }))
}

/// Room for a large manifest in the memory that all of them share. Nearly all manifests are small and come without.
async fn room(registry: &Registry, announced: Option<u64>) -> Result<Option<SemaphorePermit<'_>>, Refusal> {
    let kib = announced.unwrap_or(u64::MAX).min(SIZE_MAX as u64).div_ceil(1024);
    if kib <= SMALL_KIB {
        return Ok(None);
    }
    // It fits: it was just limited to 4 MiB.
    Ok(Some(registry.manifest_memory.acquire_many(kib as u32).await.map_err(io::Error::other)?))
}

fn created(repository: Repository, digest: Digest, subject: Option<Digest>, tags: &[Tag]) -> Answer {
    let mut answer = answer::empty(StatusCode::CREATED);
    answer::set(&mut answer, CONTENT_DIGEST, &digest);
    answer::set(&mut answer, LOCATION, Request::ManifestGet(repository, digest.into()).path());
    if let Some(subject) = subject {
        answer::set(&mut answer, OCI_SUBJECT, subject);
    }
    if !tags.is_empty() {
        answer::set(&mut answer, OCI_TAG, tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", "));
    }
    answer
}

/// Whether all tags may be pointed somewhere: what may be done with one depends on whether it is there.
fn may_put(store: &Store, rights: &Rights, repository: &Repository, tags: &[Tag]) -> io::Result<Result<(), Refusal>> {
    for tag in tags.iter().filter(|_| rights.are_limited()) {
        let there = store.find_manifest(repository, &tag.clone().into())?.is_some();
        if let Err(refusal) = rights.put(repository, tag, there) {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

/// Whether a manifest may go, with all tags that point to it.
fn may_delete(store: &Store, rights: &Rights, repository: &Repository, selector: &Selector) -> io::Result<Result<(), Refusal>> {
    let Selector::Digest(digest) = selector else { return Ok(Ok(())) };
    if !rights.are_limited() {
        return Ok(Ok(()));
    }
    let mut pointing = Vec::new();
    for tag in store.tags(repository)? {
        if store.find_manifest(repository, &tag.clone().into())?.is_some_and(|found| found.digest == *digest) {
            pointing.push(tag);
        }
    }
    Ok(rights.delete(repository, pointing.iter()))
}

pub(super) async fn delete(
    registry: &Registry,
    repository: Repository,
    selector: Selector,
    rights: Rights,
) -> Result<Answer, Refusal> {
    let asked = selector.clone();
    let one = registry.policy.as_ref().map(|policy| Arc::clone(&policy.tags));
    let removed = registry.ask(move |store| {
        let _one = one.as_ref().map(|one| one.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(match may_delete(store, &rights, &repository, &asked)? {
            Ok(()) => Ok(store.remove_manifest(&repository, &asked)?),
            Err(refusal) => Err(refusal),
        })
    });
    if !removed.await?? {
        return Err(unknown(&selector));
    }
    Ok(answer::empty(StatusCode::ACCEPTED))
}

fn unknown(selector: &Selector) -> Refusal {
    match selector {
        Selector::Tag(tag) => Refusal::new(Code::ManifestUnknown, format!("the repository has no tag {}", quoted(tag.as_str()))),
        Selector::Digest(digest) => {
            Refusal::of_digests(Code::ManifestUnknown, "the repository has no such manifest", std::slice::from_ref(digest))
        }
    }
}

/// The media type a manifest comes under, without parameters. Only the four that are known are taken: garbage collection must know
/// what a manifest names.
fn media_type(headers: &HeaderMap) -> Result<String, Refusal> {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let value = value.split(';').next().unwrap_or_default().trim();
    if media::MANIFESTS.contains(&value) {
        return Ok(value.to_owned());
    }
    let message = format!("Content-Type is {}, and a manifest is one of {}", quoted(value), media::MANIFESTS.join(", "));
    Err(Refusal::new(Code::ManifestInvalid, message))
}

/// Reads a manifest and checks all that can be checked without the repository.
fn accept(bytes: bytes::Bytes, media_type: String, wanted: Option<Digest>) -> Result<Accepted, Refusal> {
    let digest = match wanted {
        None => Digest::sha256(&bytes),
        Some(wanted) => {
            let actual = Digest::of(wanted.algorithm(), &bytes);
            if actual != wanted {
                return Err(Refusal::new(Code::DigestInvalid, format!("the manifest that came has the digest {actual}")));
            }
            wanted
        }
    };
    let view = View::read(&bytes, &media_type).map_err(|fault| Refusal::new(Code::ManifestInvalid, fault))?;
    Ok(Accepted { bytes, media_type, digest, view })
}
