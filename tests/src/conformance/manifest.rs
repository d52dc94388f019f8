//! What is asked of manifests, tags and referrers.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::Value;

use super::client::{Registry, Request};
use super::content::{IMAGE, INDEX, Manifest};
use super::options::Switch;
use super::report::{Found, Outcome};

/// The list of a repository's tags.
#[derive(Deserialize)]
struct Tags {
    tags: Option<Vec<String>>,
}

/// A list of referrers: an index.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    schema_version: Option<u64>,
    media_type: Option<String>,
    manifests: Option<Vec<Value>>,
}

/// What refers to a manifest.
pub(super) struct Referrers {
    pub(super) descriptors: Vec<Value>,
    /// The registry has filtered them by artifact type, and says so.
    pub(super) filtered: bool,
}

/// A request for a manifest, which takes either OCI type.
pub(super) fn asking(method: Method, url: Url) -> Request {
    Request::new(method, url).header(ACCEPT, INDEX).header(ACCEPT, IMAGE)
}

impl Registry<'_> {
    /// The URL of a manifest, by tag or digest.
    pub(super) fn manifest_url(&self, repository: &str, reference: &str) -> Url {
        self.url(&format!("{repository}/manifests/{reference}"))
    }

    /// A manifest is there, by HEAD.
    pub(super) async fn head_manifest(&self, repository: &str, reference: &str, manifest: &Manifest) -> Found {
        let answer = self.send(asking(Method::HEAD, self.manifest_url(repository, reference))).await?;
        let required = self.options.has(Switch::ManifestDigestHeader);
        answer.status(&[200])?.says(CONTENT_TYPE.as_str(), manifest.media_type)?.length(manifest.bytes.len())?;
        answer.digest(&manifest.digest, required).map(drop)
    }

    /// A manifest is there, by GET.
    pub(super) async fn get_manifest(&self, repository: &str, reference: &str, manifest: &Manifest) -> Found {
        let required = self.options.has(Switch::ManifestDigestHeader);
        self.serves(self.manifest_url(repository, reference), manifest, required).await
    }

    async fn serves(&self, url: Url, manifest: &Manifest, required: bool) -> Found {
        let answer = self.send(asking(Method::GET, url)).await?;
        answer.status(&[200])?.holds(&manifest.bytes)?.says(CONTENT_TYPE.as_str(), manifest.media_type)?;
        answer.length(manifest.bytes.len())?.digest(&manifest.digest, required).map(drop)
    }

    /// Pushes a manifest, or offers a corrupt one that is to be refused. The tags that the registry says it set.
    pub(super) async fn put_manifest(
        &self,
        repository: &str,
        reference: &str,
        manifest: &Manifest,
        tags: &[&str],
    ) -> Found<Vec<String>> {
        let mut url = self.manifest_url(repository, reference);
        if !tags.is_empty() {
            url.query_pairs_mut().extend_pairs(tags.iter().map(|tag| ("tag", tag)));
        }
        let request = Request::new(Method::PUT, url).header(CONTENT_TYPE, manifest.media_type).streamed(manifest.bytes.clone());
        let answer = self.send(request).await?;
        if manifest.corrupt {
            return answer.status(&[400]).map(|_| Vec::new());
        }
        answer.status(&[201])?.digest(&manifest.digest, self.options.has(Switch::ManifestDigestHeader))?;
        if let Some(subject) = manifest.subject.as_deref().filter(|_| self.options.has(Switch::Referrer)) {
            answer.says("oci-subject", subject)?;
        }
        self.serves(answer.location()?, manifest, false).await?;
        Ok(answer.headers("oci-tag").flat_map(|tags| tags.split(',')).map(|tag| tag.trim().to_owned()).collect())
    }

    /// The tags of a repository, after `last` where one is given; none for a repository that is not there.
    pub(super) async fn tags(&self, repository: &str, last: Option<&str>) -> Found<Vec<String>> {
        let mut url = self.url(&format!("{repository}/tags/list"));
        if let Some(last) = last {
            url.query_pairs_mut().append_pair("last", last);
        }
        let answer = self.send(Request::new(Method::GET, url)).await?;
        match answer.status(&[200, 404])?.status {
            404 => Ok(Vec::new()),
            _ => answer.json::<Tags>().map(|list| list.tags.unwrap_or_default()),
        }
    }

    /// What refers to a manifest, filtered where a type is given.
    pub(super) async fn referrers(&self, repository: &str, subject: &str, artifact_type: Option<&str>) -> Found<Referrers> {
        let mut url = self.url(&format!("{repository}/referrers/{subject}"));
        if let Some(artifact_type) = artifact_type {
            url.query_pairs_mut().append_pair("artifactType", artifact_type);
        }
        let answer = self.send(Request::new(Method::GET, url)).await?;
        let list: Index = answer.status(&[200])?.says(CONTENT_TYPE.as_str(), INDEX)?.json()?;
        if list.schema_version != Some(2) || list.media_type.as_deref() != Some(INDEX) {
            return Err(answer.fault(Outcome::Fail, "not an index by schemaVersion and mediaType"));
        }
        let filtered = answer.header("oci-filters-applied").split(',').any(|filter| filter.trim() == "artifactType");
        Ok(Referrers { descriptors: list.manifests.unwrap_or_default(), filtered })
    }
}
