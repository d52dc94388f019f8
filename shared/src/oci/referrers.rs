//! Referrers: what says something about a manifest, by the API or by the tag that stands in for it.
//!
//! A registry without the API (Distribution, all versions) answers 404; then the list is an index under the tag
//! `<algorithm>-<digits>`, which whoever pushes a referrer has to keep (distribution spec, "Referrers Tag Schema").

use serde_json::{Value, json};

use super::client::Client;
use super::endpoint::{Page, Request};
use super::manifest::{Descriptor, Manifest, View};
use super::media::OCI_INDEX;
use super::pages::{Entry, Pages};
use crate::auth::{Access, Scopes};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::name::{Digest, InvalidName, Repository, Selector, Tag};

/// How often the list under the fallback tag is put again when somebody else's entry went lost or won.
const MERGES_MAX: usize = 5;

/// An entry of a page; ordered by its digest.
struct Referrer(Descriptor);

impl PartialEq for Referrer {
    fn eq(&self, other: &Self) -> bool {
        self.0.digest == other.0.digest
    }
}

impl Eq for Referrer {}

impl PartialOrd for Referrer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Referrer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.digest.cmp(&other.0.digest)
    }
}

impl Entry for Referrer {
    fn read(body: &[u8]) -> Result<Vec<Self>, serde_json::Error> {
        let view: View = serde_json::from_slice(body)?;
        let entries = view.manifests.ok_or_else(|| serde::de::Error::custom("it is no image index"))?;
        Ok(entries.into_iter().map(Referrer).collect())
    }

    fn key(&self) -> String {
        self.0.digest.to_string()
    }
}

impl Client {
    /// The manifests whose subject is `subject`, of one artifact type or all, sorted by digest, each once. None when there are none,
    /// also when the subject itself does not exist.
    ///
    /// # Errors
    /// Those of [`Pages::next`].
    pub async fn referrers(
        &self,
        repository: &Repository,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Vec<Descriptor>> {
        match self.referrers_by_api(repository, subject, artifact_type).await? {
            Some(referrers) => Ok(referrers),
            None => self.fallback_list(repository, subject, artifact_type).await,
        }
    }

    /// The same, without the tag that stands in for the list: `None` when the registry keeps no list.
    ///
    /// # Errors
    /// Those of [`Pages::next`].
    pub async fn referrers_by_api(
        &self,
        repository: &Repository,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Option<Vec<Descriptor>>> {
        let wanted = artifact_type.map(str::to_owned);
        let first = self.url(&Request::Referrers(repository.clone(), subject.clone(), wanted, Page::default()))?;
        let what = format!("list the referrers of {repository}@{subject}");
        let mut pages = Pages::<Referrer>::new(self, Scopes::repository(repository, Access::Pull), what, first);
        let mut all: Vec<Referrer> = Vec::new();
        loop {
            match pages.next().await {
                Ok(Some(page)) => {
                    // A registry that does not filter sends all, and says nothing.
                    let kept = |entry: &Referrer| pages.filtered() || is_of_type(&entry.0, artifact_type);
                    all.extend(page.into_iter().filter(kept));
                }
                Ok(None) => break,
                Err(error) if all.is_empty() && matches!(error.kind(), Exit::NotFound | Exit::Unsupported) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        all.sort_unstable();
        all.dedup();
        Ok(Some(all.into_iter().map(|entry| entry.0).collect()))
    }

    async fn fallback_list(&self, repository: &Repository, subject: &Digest, wanted: Option<&str>) -> Result<Vec<Descriptor>> {
        let selector = Selector::Tag(fallback_tag(subject)?);
        let view = match self.manifest(repository, &selector).await {
            Ok((_, view)) => view,
            Err(error) if error.kind() == Exit::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut entries: Vec<_> = view.manifests.unwrap_or_default().into_iter().map(Referrer).collect();
        entries.retain(|entry| is_of_type(&entry.0, wanted));
        entries.sort_unstable();
        entries.dedup();
        Ok(entries.into_iter().map(|entry| entry.0).collect())
    }

    /// Takes a manifest that is gone out of the list under its subject's fallback tag. Says whether the list is there and empty now.
    ///
    /// # Errors
    /// Those of [`Self::manifest`] and [`Self::manifest_put`].
    pub async fn referrer_forget(&self, repository: &Repository, subject: &Digest, referrer: &Digest) -> Result<bool> {
        let selector = Selector::Tag(fallback_tag(subject)?);
        let list = match self.manifest(repository, &selector).await {
            Ok((list, _)) => list,
            Err(error) if error.kind() == Exit::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let mut index: Value = serde_json::from_slice(&list.bytes).map_err(unreadable)?;
        let Some(entries) = index.get_mut("manifests").and_then(Value::as_array_mut) else { return Ok(false) };
        let before = entries.len();
        let digest = referrer.to_string();
        entries.retain(|entry| entry.get("digest").and_then(Value::as_str) != Some(&digest));
        let (after, empty) = (entries.len(), entries.is_empty());
        if after != before {
            let bytes = serde_json::to_vec(&index).map_err(unreadable)?;
            let digest = Digest::sha256(&bytes);
            self.put_bytes(repository, &selector, &Manifest { bytes: bytes.into(), media_type: list.media_type, digest }).await?;
        }
        Ok(empty)
    }

    /// Enters a manifest into the list under its subject's fallback tag, beside what stands there, and looks again whether it stayed:
    /// two writers may have read the same list.
    pub(super) async fn add_to_fallback(
        &self,
        repository: &Repository,
        subject: &Digest,
        manifest: &Manifest,
        view: &View,
    ) -> Result<()> {
        let selector = Selector::Tag(fallback_tag(subject)?);
        for _ in 0..MERGES_MAX {
            let list = match self.manifest(repository, &selector).await {
                Ok((list, _)) => Some(list),
                Err(error) if error.kind() == Exit::NotFound => None,
                Err(error) => return Err(error),
            };
            let Some(merged) = merge(list.as_ref(), manifest, view)? else { return Ok(()) };
            self.put_bytes(repository, &selector, &merged).await?;
        }
        Err(Error::conflict(format!("other writers keep replacing the list of referrers under the tag {selector}")))
    }
}

fn is_of_type(descriptor: &Descriptor, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| descriptor.artifact_type.as_deref() == Some(wanted))
}

/// The tag that lists the referrers of `subject`: at most 32 characters of the algorithm and 64 of the digits.
///
/// # Errors
/// None that happen: algorithm and digits make a tag.
pub fn fallback_tag(subject: &Digest) -> Result<Tag, InvalidName> {
    let hex: String = subject.hex().chars().take(64).collect();
    format!("{}-{hex}", subject.algorithm().as_str()).parse()
}

fn unreadable(fault: serde_json::Error) -> Error {
    Error::failed("the list of referrers under the fallback tag cannot be read").caused_by(fault)
}

/// The list with the manifest in it; `None` when it is there already. The other entries stay as they are, unknown fields included.
fn merge(list: Option<&Manifest>, manifest: &Manifest, view: &View) -> Result<Option<Manifest>> {
    let mut index: Value = match list {
        Some(list) => serde_json::from_slice(&list.bytes).map_err(unreadable)?,
        None => json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [] }),
    };
    let Some(entries) = index.get_mut("manifests").and_then(Value::as_array_mut) else {
        return Err(Error::failed("what stands under the fallback tag is no image index"));
    };
    let digest = manifest.digest.to_string();
    if entries.iter().any(|entry| entry.get("digest").and_then(Value::as_str) == Some(&digest)) {
        return Ok(None);
    }
    let descriptor = Descriptor {
        media_type: manifest.media_type.clone(),
        digest: manifest.digest.clone(),
        size: manifest.bytes.len() as u64,
        artifact_type: view.effective_artifact_type().map(str::to_owned),
        platform: None,
        annotations: view.annotations.clone(),
    };
    entries.push(serde_json::to_value(descriptor).map_err(unreadable)?);
    let bytes = serde_json::to_vec(&index).map_err(unreadable)?;
    let digest = Digest::sha256(&bytes);
    Ok(Some(Manifest { bytes: bytes.into(), media_type: OCI_INDEX.to_owned(), digest }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fallback_tag_of_a_long_digest_is_cut() {
        let subject = Digest::of(crate::name::Algorithm::Sha512, "x");
        let tag = fallback_tag(&subject).unwrap();
        assert_eq!(tag.as_str(), format!("sha512-{}", &subject.hex()[..64]));
    }

    #[test]
    fn merging_keeps_what_others_wrote_and_happens_once() {
        let bytes = br#"{"schemaVersion":2,"config":{"mediaType":"application/x","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[],"annotations":{"b":"1","a":"2"}}"#;
        let manifest = Manifest {
            bytes: bytes.as_slice().into(),
            media_type: super::super::media::OCI_MANIFEST.to_owned(),
            digest: Digest::sha256(bytes),
        };
        let view = View::read(bytes, &manifest.media_type).unwrap();
        let other = br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"m","digest":"sha256:0","size":1,"new":true}],"x":1}"#;
        let list = Manifest { bytes: other.as_slice().into(), media_type: OCI_INDEX.to_owned(), digest: Digest::sha256(other) };
        let merged = merge(Some(&list), &manifest, &view).unwrap().unwrap();
        let value: Value = serde_json::from_slice(&merged.bytes).unwrap();
        assert_eq!(value["x"], 1);
        assert_eq!(value["manifests"][0]["new"], true);
        assert_eq!(value["manifests"][1]["artifactType"], "application/x");
        assert_eq!(value["manifests"][1]["annotations"], json!({"b": "1", "a": "2"}));
        assert!(merge(Some(&merged), &manifest, &view).unwrap().is_none());
    }
}
