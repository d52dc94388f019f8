//! The checks of one kind of content: push, list, HEAD, pull, referrers, delete.

use std::collections::BTreeSet;

use reg_shared::name::Digest;
use serde_json::Value;

use super::client::Registry;
use super::content::{Content, Manifest};
use super::options::Switch;
use super::report::{Fault, Found, Outcome};
use super::suite::Suite;

impl Suite<'_> {
    /// All checks of a content.
    pub(super) async fn content(&mut self, at: &str, content: &Content) {
        let repo = self.options.repo1.as_str();
        let tagged = self.push_content(&format!("{at}/push"), repo, content).await;
        self.check(format!("{at}/tag-list"), &[Switch::TagList], async |registry| tag_list(registry, repo, content).await).await;
        self.look(&format!("{at}/head"), repo, content).await;
        self.pull(&format!("{at}/pull"), repo, content).await;
        if !content.referrers.is_empty() {
            self.check(format!("{at}/referrers"), &[Switch::Referrer], async |registry| referrers(registry, repo, content).await)
                .await;
        }
        self.clean_up(at, repo, content, &tagged).await;
    }

    /// Blobs, then manifests by digest, then by tag; the tags that are set.
    async fn push_content<'c>(&mut self, at: &str, repo: &str, content: &'c Content) -> BTreeSet<&'c str> {
        let mut tagged = BTreeSet::new();
        for blob in &content.blobs {
            self.push_somehow(at, repo, blob).await;
        }
        let needs: &[_] = if content.tag_params { &[Switch::Push, Switch::TagParam] } else { &[Switch::Push] };
        for manifest in &content.manifests {
            let mut tags: Vec<_> = content.tags_of(manifest).collect();
            if !content.tag_params {
                tags.clear();
            }
            self.check(format!("{at}/manifest-by-digest"), needs, async |registry| {
                let set = registry.put_manifest(repo, &manifest.digest.to_string(), manifest, &tags).await?;
                let (set, unset): (Vec<_>, Vec<_>) = tags.iter().copied().partition(|tag| set.iter().any(|set| set == tag));
                tagged.extend(set);
                Fault::all(unset.iter().map(|tag| Fault::new(Outcome::Skip, format!("no OCI-Tag names {tag}"))).collect())
            })
            .await;
        }
        for (tag, manifest) in content.tagged_manifests().filter(|(tag, _)| !tagged.contains(tag)).collect::<Vec<_>>() {
            let pushed = self.check(format!("{at}/manifest-by-tag"), &[Switch::Push], async |registry| {
                registry.put_manifest(repo, tag, manifest, &[]).await.map(drop)
            });
            if pushed.await == Outcome::Pass {
                tagged.insert(tag);
            }
        }
        tagged
    }

    /// HEAD of all that was pushed.
    async fn look(&mut self, at: &str, repo: &str, content: &Content) {
        for (name, reference, manifest) in content.to_pull("manifest-head-by-tag", "manifest-head-by-digest") {
            self.check(format!("{at}/{name}"), &[Switch::Pull], async |registry| {
                registry.head_manifest(repo, &reference, manifest).await
            })
            .await;
        }
        for blob in &content.blobs {
            self.head_blob(at, repo, blob).await;
        }
    }

    /// GET of all that was pushed.
    async fn pull(&mut self, at: &str, repo: &str, content: &Content) {
        for (name, reference, manifest) in content.to_pull("manifest-by-tag", "manifest-by-digest") {
            self.check(format!("{at}/{name}"), &[Switch::Pull], async |registry| {
                registry.get_manifest(repo, &reference, manifest).await
            })
            .await;
        }
        for blob in &content.blobs {
            self.get_blob(at, repo, blob).await;
        }
    }

    /// Deletes the tags that were set, then manifests, the last one first, then blobs.
    pub(super) async fn clean_up(&mut self, at: &str, repo: &str, content: &Content, tagged: &BTreeSet<&str>) {
        let at = format!("{at}/delete");
        for tag in tagged {
            self.delete_manifest(format!("{at}/tag-delete"), [Switch::TagDelete, Switch::TagAtomic], repo, tag).await;
        }
        for manifest in content.manifests.iter().rev() {
            let needs = [Switch::ManifestDelete, Switch::ManifestAtomic];
            self.delete_manifest(format!("{at}/manifest-delete"), needs, repo, &manifest.digest.to_string()).await;
        }
        for blob in &content.blobs {
            self.delete_blob(&at, repo, blob).await;
        }
    }
}

impl Content {
    /// The tags that are to point to a manifest.
    fn tags_of<'c>(&'c self, manifest: &Manifest) -> impl Iterator<Item = &'c str> {
        self.tags.iter().filter(|(_, digest)| **digest == manifest.digest).map(|(tag, _)| tag.as_str())
    }

    /// Every tag with the manifest it is to point to.
    fn tagged_manifests(&self) -> impl Iterator<Item = (&str, &Manifest)> {
        let manifest = |digest: &Digest| self.manifests.iter().find(|manifest| manifest.digest == *digest);
        self.tags.iter().filter_map(move |(tag, digest)| Some((tag.as_str(), manifest(digest)?)))
    }

    /// What can be pulled: a name for each check, the tag or the digest, and the manifest that is to come.
    fn to_pull(&self, by_tag: &'static str, by_digest: &'static str) -> Vec<(&'static str, String, &Manifest)> {
        let tags = self.tagged_manifests().map(|(tag, manifest)| (by_tag, tag.to_owned(), manifest));
        let digests = self.manifests.iter().map(|manifest| (by_digest, manifest.digest.to_string(), manifest));
        tags.chain(digests).filter(|(_, _, manifest)| !manifest.corrupt).collect()
    }
}

/// The list holds every tag, and begins behind `last`.
async fn tag_list(registry: &Registry<'_>, repo: &str, content: &Content) -> Found {
    let mut tags = registry.tags(repo, None).await?;
    let fault = |what: String| Fault::new(Outcome::Fail, what);
    let missing = content.tags.keys().filter(|tag| !tags.contains(tag));
    let mut faults: Vec<_> = missing.map(|tag| fault(format!("the list misses {tag}"))).collect();
    if tags.len() >= 2 {
        tags.sort();
        let (before, behind) = tags.split_at(tags.len() / 2);
        let last = before.last().map(String::as_str);
        let part = registry.tags(repo, last).await?;
        let kept = before.iter().filter(|tag| part.contains(tag)).map(|tag| fault(format!("last={last:?} keeps {tag}")));
        let missing = behind.iter().filter(|tag| !part.contains(tag)).map(|tag| fault(format!("last={last:?} misses {tag}")));
        faults.extend(kept.chain(missing));
    }
    Fault::all(faults)
}

/// The list of each subject holds its referrers, and, filtered by artifact type, those of that type alone.
async fn referrers(registry: &Registry<'_>, repo: &str, content: &Content) -> Found {
    let mut faults = Vec::new();
    for (subject, expected) in &content.referrers {
        let types: BTreeSet<_> = expected.iter().filter_map(|referrer| referrer["artifactType"].as_str()).collect();
        for filter in std::iter::once(None).chain(types.into_iter().map(Some)) {
            let list = match registry.referrers(repo, subject, filter).await {
                Ok(list) => list,
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            };
            let applied = filter.filter(|_| list.filtered);
            let fits = |referrer: &Value| applied.is_none_or(|filter| referrer["artifactType"] == filter);
            if filter.is_some() && applied.is_none() {
                faults.push(Fault::new(Outcome::Skip, "OCI-Filters-Applied does not name artifactType"));
            }
            let missing =
                expected.iter().filter(|wanted| fits(wanted) && !list.descriptors.iter().any(|listed| describes(listed, wanted)));
            faults.extend(missing.map(|wanted| Fault::new(Outcome::Fail, format!("the referrers of {subject} miss {wanted}"))));
            let others = list.descriptors.iter().filter(|listed| !fits(listed));
            faults
                .extend(others.map(|listed| Fault::new(Outcome::Error, format!("filtered by {filter:?}, and there is {listed}"))));
        }
    }
    Fault::all(faults)
}

/// A listed descriptor says all that it should; it may have more annotations.
fn describes(listed: &Value, wanted: &Value) -> bool {
    ["digest", "mediaType", "size", "artifactType"].iter().all(|field| listed[field] == wanted[field])
        && wanted["annotations"].as_object().into_iter().flatten().all(|(key, value)| listed["annotations"][key] == *value)
}
