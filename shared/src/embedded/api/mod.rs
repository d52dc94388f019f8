//! The distribution protocol over HTTP: a parsed request in, an answer out.
//!
//! Here are headers, status codes and bodies; what is true of the registry is [`store`](super::store)'s and
//! [`uploads`](super::uploads)'.

mod blob;
mod list;
mod manifest;
mod upload;

use http::header::{ALLOW, ETAG, HeaderName, IF_NONE_MATCH};
use http::{HeaderMap, Method, StatusCode};

use super::answer::{self, Answer, Refusal};
use super::arrival::Arrival;
use super::policy::Rights;
use super::registry::Registry;
use crate::name::Digest;
use crate::oci::code::Code;
use crate::oci::endpoint::{Invalid, Request};

const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

/// Answers a request of somebody who may ask.
pub(super) async fn answer(
    registry: &Registry,
    request: Request,
    headers: &HeaderMap,
    body: &mut Arrival,
    rights: Rights,
) -> Result<Answer, Refusal> {
    match request {
        Request::Ping => Ok(answer::json(StatusCode::OK, &serde_json::json!({}))),
        Request::Catalog(page) => list::catalog(registry, page, rights).await,
        Request::Tags(repository, page) => list::tags(registry, repository, page).await,
        Request::Referrers(repository, subject, artifact_type, page) => {
            list::referrers(registry, repository, subject, artifact_type, page).await
        }
        Request::ManifestHead(repository, selector) => manifest::head(registry, repository, selector, headers).await,
        Request::ManifestGet(repository, selector) => manifest::get(registry, repository, selector, headers).await,
        Request::ManifestPut(repository, selector, tags) => {
            manifest::put(registry, repository, (selector, tags), headers, body, rights).await
        }
        Request::ManifestDelete(repository, selector) => manifest::delete(registry, repository, selector, rights).await,
        Request::BlobHead(repository, digest) => blob::head(registry, repository, digest, headers).await,
        Request::BlobGet(repository, digest) => blob::get(registry, repository, digest, headers).await,
        Request::BlobDelete(repository, digest) => blob::delete(registry, repository, digest).await,
        Request::UploadStart(repository, algorithm) => upload::start(registry, &repository, algorithm).await,
        Request::UploadWhole(repository, digest) => upload::whole(registry, &repository, &digest, body).await,
        // Of a repository that may not be read, or of any, nothing is mounted: that would tell what it holds.
        Request::UploadMount(repository, digest, from)
            if rights.are_limited() && !from.as_ref().is_some_and(|from| rights.read(from.as_str())) =>
        {
            upload::start(registry, &repository, Some(digest.algorithm())).await
        }
        Request::UploadMount(repository, digest, from) => upload::mount(registry, repository, digest, from).await,
        Request::UploadStatus(repository, id) => upload::status(registry, &repository, &id).await,
        Request::UploadChunk(repository, id) => upload::chunk(registry, &repository, &id, headers, body).await,
        Request::UploadFinish(repository, id, digest) => upload::finish(registry, &repository, &id, &digest, headers, body).await,
        Request::UploadCancel(repository, id) => upload::cancel(registry, &repository, &id).await,
    }
}

/// The refusal of what is no request; with the methods that the path takes when it was only the method.
pub(super) fn refuse(method: &Method, path: &str, query: Option<&str>, invalid: Invalid) -> Refusal {
    const METHODS: [Method; 6] = [Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::PATCH, Method::DELETE];
    if invalid.code != Code::Unsupported {
        return invalid.into();
    }
    let taken = |other: &&Method| {
        *other != method && !matches!(Request::parse(other, path, query), Err(Invalid { code: Code::Unsupported, .. }))
    };
    let allowed = METHODS.iter().filter(taken).map(Method::as_str).collect::<Vec<_>>().join(", ");
    Refusal::from(invalid).with_header(ALLOW, allowed)
}

/// Sets what names content: its digest, and the same as an entity tag.
fn name_content(answer: &mut Answer, digest: &Digest) {
    answer::set(answer, CONTENT_DIGEST, digest);
    answer::set(answer, ETAG, entity_tag(digest));
}

fn entity_tag(digest: &Digest) -> String {
    format!("\"{digest}\"")
}

/// Whether the client has the content already and said so (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, digest: &Digest) -> bool {
    let wanted = entity_tag(digest);
    let tags = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|value| value.split(',')).map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == wanted)
}

/// The answer to a client that has the content already.
fn unchanged(digest: &Digest) -> Answer {
    let mut answer = answer::empty(StatusCode::NOT_MODIFIED);
    name_content(&mut answer, digest);
    answer
}
