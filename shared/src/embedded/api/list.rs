//! Lists, in pages: repositories, tags, referrers.

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LINK};
use serde_json::json;

use crate::embedded::answer::{self, Answer, Refusal};
use crate::embedded::policy::Rights;
use crate::embedded::registry::Registry;
use crate::embedded::store::Listed;
use crate::name::{Digest, Repository, Tag};
use crate::oci::endpoint::{Page, Request};
use crate::oci::media;

/// So many entries are on a page at most, whatever `n` says.
const PAGE_MAX: usize = 10_000;
/// A page of referrers ends before it has so many bytes: clients read an index only up to 4 MiB.
const REFERRERS_BYTES: usize = 3 << 20;
const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");

pub(super) async fn catalog(registry: &Registry, page: Page, rights: Rights) -> Result<Answer, Refusal> {
    let (n, last) = (size(&page), page.last.clone());
    let listed = registry.ask(move |store| store.catalog(n, last.as_deref(), |name| rights.read(name))).await?;
    let mut answer = answer::json(StatusCode::OK, &json!({ "repositories": listed.items }));
    link(&mut answer, &page, listed.more, listed.items.last(), Request::Catalog);
    Ok(answer)
}

pub(super) async fn tags(registry: &Registry, repository: Repository, page: Page) -> Result<Answer, Refusal> {
    let (n, last, of) = (size(&page), page.last.clone(), repository.clone());
    let listed = registry.ask(move |store| {
        let tags = store.tags(&of)?.into_iter();
        Ok(Listed::first(n, tags.filter(|tag| last.as_deref().is_none_or(|last| tag.as_str() > last))))
    });
    let listed = listed.await?;
    let mut answer = answer::json(StatusCode::OK, &json!({ "name": repository, "tags": listed.items }));
    link(&mut answer, &page, listed.more, listed.items.last().map(Tag::as_str), |page| Request::Tags(repository, page));
    Ok(answer)
}

/// `n` and `last` (a digest) work as for tags; the spec has only the `Link`.
pub(super) async fn referrers(
    registry: &Registry,
    repository: Repository,
    subject: Digest,
    artifact_type: Option<String>,
    page: Page,
) -> Result<Answer, Refusal> {
    let (n, last) = (size(&page), page.last.clone());
    let (of, about, wanted) = (repository.clone(), subject.clone(), artifact_type.clone());
    let listed = registry.ask(move |store| {
        let (mut count, mut bytes) = (0, 0);
        store.referrers(&of, &about, wanted.as_deref(), last.as_deref(), |_, size| {
            count += 1;
            bytes += size;
            count <= n && (count == 1 || bytes <= REFERRERS_BYTES)
        })
    });
    let (manifests, more) = listed.await?;
    let index = json!({ "schemaVersion": 2, "mediaType": media::OCI_INDEX, "manifests": manifests });
    let mut answer = answer::json(StatusCode::OK, &index);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::OCI_INDEX));
    if artifact_type.is_some() {
        answer.headers_mut().insert(FILTERS_APPLIED, HeaderValue::from_static("artifactType"));
    }
    let last = manifests.last().map(|descriptor| descriptor.digest.to_string());
    link(&mut answer, &page, more, last, |page| Request::Referrers(repository, subject, artifact_type, page));
    Ok(answer)
}

fn size(page: &Page) -> usize {
    page.n.unwrap_or(PAGE_MAX).min(PAGE_MAX)
}

/// Sets the `Link` to the next page if there is one (RFC 8288).
fn link(answer: &mut Answer, page: &Page, more: bool, last: Option<impl ToString>, request: impl FnOnce(Page) -> Request) {
    if let Some(last) = last.filter(|_| more) {
        let next = request(Page { n: page.n, last: Some(last.to_string()) });
        answer::set(answer, LINK, format!("<{}>; rel=\"next\"", next.path()));
    }
}
